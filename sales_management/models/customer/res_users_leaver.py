from odoo import fields, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class ResUsers(models.Model):
    """Whoever is archived while customers are theirs: the managers hear of it, and the form says so."""

    _inherit = "res.users"

    leaver_warning = fields.Char(
        compute="_compute_leaver_warning",
        compute_sudo=True,
        groups="sales_team.group_sale_manager",
        help="What an archived user still has.",
    )

    # === Computes === #

    def _compute_leaver_warning(self):
        leavers = {}
        archived = self.filtered(lambda user: not user.active)
        if archived and self.env["res.company"]._get_enabled_company_ids("sales_customer_enabled"):
            found = self.env["sales.leaver"].search([("user_id", "in", archived.ids)])
            leavers = {leaver.user_id: leaver._describe() for leaver in found}
        for user in self:
            user.leaver_warning = leavers.get(user._origin)

    # === ORM === #

    def write(self, vals):
        leaving = self.browse()
        if "active" in vals and not vals["active"]:
            leaving = self.filtered("active")
        result = super().write(vals)
        if leaving and self.env["res.company"]._get_enabled_company_ids("sales_customer_enabled"):
            leaving._tell_leaving()
        return result

    # === Actions === #

    def action_hand_over_customers(self):
        """Ask to whom this person's customers and documents go.

        :return: action
        :rtype: dict
        :raise AccessError: for anybody but sales managers
        """
        self.ensure_one()
        self.env["sales.customer.handover"]._check_handover_right()
        return self.env["sales.customer.handover.plan"]._get_open_action(self)

    # === Notices === #

    def _tell_leaving(self):
        """Tell the sales managers of their companies once what these people leave behind."""
        enabled = self.env["res.company"].browse(
            self.env["res.company"]._get_enabled_company_ids("sales_customer_enabled")
        )
        # sudo: whoever archives a user need not see customers or managers.
        leavers = (
            self.env["sales.leaver"]
            .sudo()
            .with_context(allowed_company_ids=enabled.ids)
            .search([("user_id", "in", self.ids)])
        )
        if not leavers:
            return
        managers = self.env.ref("sales_team.group_sale_manager").sudo().all_user_ids
        self.env["sales.notice.mixin"]._send_notice(
            "handover",
            leavers,
            {
                leaver: managers.filtered(lambda user, of=leaver.user_id: user.company_ids & of.company_ids)
                for leaver in leavers
            },
            _lt("Archived users with customers"),
            lambda found: {leaver: leaver._describe() for leaver in found},
        )
