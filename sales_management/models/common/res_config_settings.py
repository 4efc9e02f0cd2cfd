from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The settings of all capabilities, in one place as the settings page is one."""

    _inherit = "res.config.settings"

    deal_number_on_documents = fields.Boolean(related="company_id.deal_number_on_documents", readonly=False)
    notice_quiet_from = fields.Float(related="company_id.notice_quiet_from", readonly=False)
    notice_quiet_to = fields.Float(related="company_id.notice_quiet_to", readonly=False)
    sales_process_enabled = fields.Boolean(related="company_id.sales_process_enabled", readonly=False)
    won_on_confirm = fields.Boolean(related="company_id.won_on_confirm", readonly=False)
    process_skip_rate_target = fields.Float(related="company_id.process_skip_rate_target", readonly=False)
    process_on_time_target = fields.Float(related="company_id.process_on_time_target", readonly=False)
    sales_quotation_enabled = fields.Boolean(related="company_id.sales_quotation_enabled", readonly=False)
    sales_approval_enabled = fields.Boolean(related="company_id.sales_approval_enabled", readonly=False)
    approval_validity_days = fields.Integer(related="company_id.approval_validity_days", readonly=False)
    approval_repeat_days = fields.Integer(related="company_id.approval_repeat_days", readonly=False)
    sales_promise_enabled = fields.Boolean(related="company_id.sales_promise_enabled", readonly=False)
    sales_customer_enabled = fields.Boolean(related="company_id.sales_customer_enabled", readonly=False)
    customer_duplicate_mode = fields.Selection(related="company_id.customer_duplicate_mode", readonly=False)
    promise_overdue_days = fields.Integer(related="company_id.promise_overdue_days", readonly=False)
    promise_draft_supply = fields.Boolean(related="company_id.promise_draft_supply", readonly=False)
    sales_promise_slips_used = fields.Boolean(related="company_id.sales_promise_slips_used", readonly=False)
    sales_promise_slip_days = fields.Integer(related="company_id.sales_promise_slip_days", readonly=False)
    promise_print = fields.Selection(related="company_id.promise_print", readonly=False)
    quotation_qr = fields.Boolean(related="company_id.quotation_qr", readonly=False)
    quotation_seal = fields.Image(related="company_id.quotation_seal", readonly=False)
    quotation_capitals = fields.Boolean(related="company_id.quotation_capitals", readonly=False)
    promise_hold_enabled = fields.Boolean(related="company_id.promise_hold_enabled", readonly=False)
    promise_hold_days = fields.Integer(related="company_id.promise_hold_days", readonly=False)
    promise_planner_id = fields.Many2one(related="company_id.promise_planner_id", readonly=False)
    promise_answer_days = fields.Integer(related="company_id.promise_answer_days", readonly=False)
    promise_ask_always = fields.Boolean(related="company_id.promise_ask_always", readonly=False)
    promise_vendor_days = fields.Selection(related="company_id.promise_vendor_days", readonly=False)
    promise_production_days = fields.Selection(related="company_id.promise_production_days", readonly=False)
    customer_pool_enabled = fields.Boolean(related="company_id.customer_pool_enabled", readonly=False)
    customer_pool_hidden = fields.Boolean(related="company_id.customer_pool_hidden", readonly=False)
    customer_pool_days = fields.Integer(related="company_id.customer_pool_days", readonly=False)
    customer_pool_warning_days = fields.Integer(related="company_id.customer_pool_warning_days", readonly=False)
    customer_pool_protection_days = fields.Integer(related="company_id.customer_pool_protection_days", readonly=False)
    customer_pool_claims_per_day = fields.Integer(related="company_id.customer_pool_claims_per_day", readonly=False)
    customer_pool_cooldown_days = fields.Integer(related="company_id.customer_pool_cooldown_days", readonly=False)
