from odoo import api, fields, models
from odoo.tools import format_amount


class SalesApprovalRequest(models.Model):
    """What a user may do with a request, for the buttons; the actions ask again."""

    _inherit = "sales.approval.request"

    can_recall = fields.Boolean(compute="_compute_rights")
    can_withdraw = fields.Boolean(compute="_compute_rights")

    # === Computes === #

    @api.depends_context("uid")
    @api.depends("state", "requester_id", "decision_ids", "order_id.handed_over_at", "order_id.approval_digest")
    def _compute_rights(self):
        user = self.env.user
        for request in self:
            # sudo: who may do it depends on who asked and decided, not on what else he may read.
            known = request.sudo()
            order = known.order_id
            request.can_recall = known.state == "pending" and user in known.requester_id | order.user_id
            approved = known.decision_ids.filtered(lambda decision: decision.outcome == "approved")
            request.can_withdraw = (
                known.state == "approved"
                and user in approved.user_id | approved.on_behalf_of_id
                and order.approval_state == "approved"
                and order.approval_digest == known.digest
                and not order.handed_over_at
            )

    # === Words === #

    def _get_summary(self):
        """:return: which document it is and what it is about, in one line"""
        self.ensure_one()
        discount = self.env["sales.approval.rule"]._format_percent(self.effective_discount)
        amount = format_amount(self.env, self.amount_untaxed, self.currency_id)
        parts = [
            self.partner_name,
            self.document_name,
            self.env._("%(amount)s excl. tax", amount=amount),
            self.env._("%(discount)s eff. discount", discount=discount),
        ]
        if self.is_margin_shown:
            margin = self.env["sales.approval.rule"]._format_percent(self.margin)
            parts.append(self.env._("%(margin)s margin", margin=margin))
        return " · ".join(filter(None, parts))
