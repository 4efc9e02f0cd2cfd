from odoo import fields, models


class SalesApprovalRequest(models.Model):
    """What somebody was asked to approve: one content of one document, with what was measured when it was asked."""

    _name = "sales.approval.request"
    _description = "Approval Request"
    _order = "id desc"

    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(string="Document", model_field="res_model", required=True, readonly=True)
    order_id = fields.Many2one(
        "sale.order", string="Quotation", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True, ondelete="set null")
    requester_id = fields.Many2one("res.users", string="Requested By", readonly=True, ondelete="set null")
    requested_at = fields.Datetime(string="Requested On", default=fields.Datetime.now, readonly=True)
    comment = fields.Text(string="Why", readonly=True, help="What the requester wants the approvers to know.")
    kind = fields.Selection(
        [("release", "Release"), ("change", "Change of an Order")], default="release", required=True, readonly=True
    )
    state = fields.Selection(
        [
            ("pending", "Pending"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
            ("recalled", "Recalled"),
            ("superseded", "Superseded"),
        ],
        default="pending",
        required=True,
        readonly=True,
        index=True,
    )
    digest = fields.Char(required=True, readonly=True, help="SHA-256 of what approval is asked for.")
    snapshot = fields.Json(readonly=True, help="What it says, line by line.")
    measures = fields.Json(
        readonly=True, groups="base.group_system", help="What was measured when it was asked: the evidence."
    )
    proposed_values = fields.Json(readonly=True, help="Changes of a confirmed order that its approval applies.")
    returned_values = fields.Json(readonly=True, help="What an approver would accept instead.")
    returned_digest = fields.Char(readonly=True, help="SHA-256 of the content that an approver would accept.")
    rule_ids = fields.Many2many("sales.approval.rule", string="Rules", readonly=True)
    step_ids = fields.One2many("sales.approval.request.step", "request_id", string="Steps", readonly=True)
    decision_ids = fields.One2many("sales.approval.decision", "request_id", string="Decisions", readonly=True)

    _one_pending = models.UniqueIndex(
        "(res_model, res_id, kind) WHERE state = 'pending'",
        "Approval of this document has been asked for already. Load the page again.",
    )
    _document_index = models.Index("(res_model, res_id)")
