from odoo import fields, models


class SalesApprovalRule(models.Model):
    """When a document needs approval, and whose. Every condition that is set must apply; all matching rules apply."""

    _name = "sales.approval.rule"
    _inherit = ["sales.tracked.mixin"]
    _description = "Approval Rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        ondelete="cascade",
        index=True,
        tracking=True,
        help="Empty: it holds in all companies.",
    )
    model_id = fields.Many2one(
        "ir.model",
        string="Document",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env["ir.model"]._get("sale.order"),
        domain=[("model", "=", "sale.order")],
    )
    model = fields.Char(related="model_id.model", string="Model Name")
    enforcement = fields.Selection(
        [("warn", "Warn"), ("block", "Block")],
        default="warn",
        required=True,
        tracking=True,
        help="Warn lets the document go and records that the rule applies; block keeps it until it is approved.",
    )
    active_from = fields.Date(
        default=fields.Date.context_today,
        required=True,
        tracking=True,
        help="Until this date, in the time zone of the company, the rule asks nothing.",
    )
    team_ids = fields.Many2many("crm.team", string="Sales Teams", tracking=True, help="Empty: all teams.")
    deal_class_ids = fields.Many2many(
        "sales.deal.class", string="Deal Classes", tracking=True, help="Empty: deals of all classes, and of none."
    )
    domain = fields.Char(
        string="Condition", tracking=True, help="Further condition on the document. Empty: every document."
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")

    # === Conditions === #

    has_amount_min = fields.Boolean(string="By Amount", tracking=True)
    amount_min = fields.Monetary(
        string="From Amount",
        tracking=True,
        help="Applies from this amount on: total without tax, in the currency of the company at the rate of the "
        "document.",
    )
    has_discount_max = fields.Boolean(string="By Effective Discount", tracking=True)
    discount_max = fields.Float(
        string="Over Effective Discount (%)",
        digits=(5, 2),
        tracking=True,
        help="Applies over this discount: one minus the net price over the net price of the pricelist, of the whole "
        "document or of one line, however it came about.",
    )
    has_margin_min = fields.Boolean(string="By Margin", tracking=True)
    margin_min = fields.Float(
        string="Under Margin (%)", digits=(5, 2), tracking=True, help="Applies under this margin of the document."
    )
    has_line_margin_min = fields.Boolean(string="By Margin of a Line", tracking=True)
    line_margin_min = fields.Float(
        string="Under Line Margin (%)", digits=(5, 2), tracking=True, help="Applies when a line is under this margin."
    )
    has_payment_days_max = fields.Boolean(string="By Payment Days", tracking=True)
    payment_days_max = fields.Integer(
        string="Over Payment Days",
        tracking=True,
        help="Applies when the last part is due later than so many days after the invoice.",
    )
    has_validity_days_max = fields.Boolean(string="By Validity", tracking=True)
    validity_days_max = fields.Integer(
        string="Over Days of Validity", tracking=True, help="Applies when it is valid for more days than these."
    )
    below_floor_price = fields.Boolean(
        string="Under the Floor Price", tracking=True, help="Applies when a line is sold under its floor price."
    )
    category_ids = fields.Many2many(
        "product.category",
        string="Product Categories",
        tracking=True,
        help="Applies when a line is of one of these categories, or of one below them.",
    )
    is_customer_overdue = fields.Boolean(
        string="Customer Owes", tracking=True, help="Applies when invoices of the customer are overdue."
    )
    is_before_promise = fields.Boolean(
        string="Earlier Than Possible",
        tracking=True,
        help="Applies when the delivery date is earlier than the earliest that can be promised.",
    )
    has_changed_terms = fields.Boolean(
        string="Changed Terms",
        tracking=True,
        help="Applies when the payment terms, the pricelist, the incoterm or the terms and conditions are others than "
        "those of the customer and the company.",
    )

    step_ids = fields.One2many("sales.approval.step", "rule_id", string="Steps", copy=True)

    # === Computes === #

    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = rule.company_id.currency_id or self.env.company.currency_id
