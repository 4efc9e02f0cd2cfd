from odoo import api, fields, models
from odoo.fields import Domain


class SalesApprovalRequest(models.Model):
    """Who sees a request although neither the document nor the decision is his: who stands in for an approver today."""

    _inherit = "sales.approval.request"

    is_stand_in = fields.Boolean(
        compute="_compute_is_stand_in",
        search="_search_is_stand_in",
        help="You stand in today for somebody who is asked by it.",
    )

    # === Computes === #

    @api.depends_context("uid")
    @api.depends("step_ids.user_ids")
    def _compute_is_stand_in(self):
        delegators = self.env["sales.approval.delegation"]._get_delegators(self.env.user)
        for request in self:
            # sudo: who is asked decides who may see it.
            request.is_stand_in = bool(request.sudo().step_ids.user_ids & delegators) if delegators else False

    def _search_is_stand_in(self, operator, value):
        if operator != "in":
            return NotImplemented
        delegators = self.env["sales.approval.delegation"]._get_delegators(self.env.user)
        return Domain("step_ids.user_ids", "in", delegators.ids) if delegators else Domain.FALSE
