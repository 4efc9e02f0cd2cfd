from odoo import fields, models


class SalesApprovalDelegationFact(models.Model):
    """Who gave whose part in approvals to whom: of one request, or for a time."""

    _name = "sales.approval.delegation.fact"
    _inherit = ["sales.fact.mixin"]
    _description = "Recorded Delegation"
    _order = "id desc"

    _fact_links = ("request_id", "order_id", "user_id", "delegate_id", "recorder_id")
    _fact_texts = ("comment",)

    kind = fields.Selection(
        [
            ("request", "One Request Given Away"),
            ("named", "Delegate Named"),
            ("changed", "Delegation Changed"),
            ("ended", "Delegation Deleted"),
        ],
        required=True,
        readonly=True,
    )
    request_id = fields.Many2one("sales.approval.request", readonly=True, ondelete="cascade", index="btree_not_null")
    order_id = fields.Many2one("sale.order", readonly=True, ondelete="cascade", index="btree_not_null")
    company_id = fields.Many2one("res.company", readonly=True, ondelete="cascade", index="btree_not_null")
    user_id = fields.Many2one(
        "res.users", string="Approver", readonly=True, ondelete="set null", index="btree_not_null"
    )
    user_name = fields.Char(string="Name of the Approver", readonly=True)
    delegate_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    delegate_name = fields.Char(string="Name of the Delegate", readonly=True)
    recorder_id = fields.Many2one("res.users", string="Recorded By", readonly=True, ondelete="set null")
    recorder_name = fields.Char(string="Name", readonly=True)
    date_from = fields.Date(string="From", readonly=True)
    date_to = fields.Date(string="Until", readonly=True)
    comment = fields.Text(readonly=True)
    recorded_at = fields.Datetime(string="On", required=True, readonly=True, default=fields.Datetime.now)
