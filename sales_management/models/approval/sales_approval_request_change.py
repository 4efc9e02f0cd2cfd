from odoo import api, fields, models


class SalesApprovalRequest(models.Model):
    """Changes of confirmed orders: what is approved is made at once."""

    _inherit = "sales.approval.request"

    former_snapshot = fields.Json(readonly=True, help="What the order said when the change was requested.")

    # === Computes === #

    @api.depends_context("lang")
    @api.depends("former_snapshot")
    def _compute_change_text(self):
        changes = self.filtered(lambda request: request.kind == "change")
        result = super(SalesApprovalRequest, self - changes)._compute_change_text()
        for request in changes:
            request.change_text = "\n".join(request._describe_changes_since(request.former_snapshot or {})) or False
        return result

    # === Decision === #

    def _after_approved(self):
        result = super()._after_approved()
        self.filtered(lambda request: request.kind == "change" and request.order_id)._apply_changes()
        return result

    def _apply_changes(self):
        """Make the changes that were approved, with the rights of those who requested them."""
        for request in self:
            order = request.order_id.with_user(request.requester_id).with_company(request.company_id)
            order._apply_change(request.proposed_values, request.digest)
