from odoo import api, fields, models


class SalesApprovalDelegation(models.Model):
    """The screen on which people name who stands in for them."""

    _inherit = "sales.approval.delegation"

    can_choose_user = fields.Boolean(
        compute="_compute_can_choose_user",
        help="Managers name who stands in for others, everybody else for themselves.",
    )

    # === Computes === #

    @api.depends_context("uid")
    def _compute_can_choose_user(self):
        self.can_choose_user = self.env.user.has_group("sales_team.group_sale_manager")
