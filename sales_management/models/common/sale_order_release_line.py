from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sales_management.tools.blocker import BLOCK, WARN


class SaleOrder(models.Model):
    """One line on the form that says in words why a quotation cannot leave, with the one button that helps."""

    _inherit = "sale.order"

    release_line = fields.Json(compute="_compute_release_line")

    # === Computes === #

    @api.depends(lambda self: ["state", "name", *self._get_release_dependencies()])
    def _compute_release_line(self):
        switches = self._get_release_switches()
        companies = self.env["res.company"]
        company_ids = frozenset().union(*(companies._get_enabled_company_ids(switch) for switch in switches))
        shown = self.filtered(lambda order: order.company_id.id in company_ids and order.state in ("draft", "sent"))
        (self - shown).release_line = False
        blockers = shown._get_release_blockers() if shown else {}
        for order in shown:
            order.release_line = order._prepare_release_line(blockers[order])

    # === Hooks === #

    @api.model
    def _get_release_switches(self):
        """Switches of the capabilities that may hold quotations back. To override: add yours.

        :rtype: list[str]
        """
        return []

    def _prepare_release_line(self, blockers):
        """What the line says of a quotation. To override: add to ``super()``'s.

        :param list[Blocker] blockers: what stands between it and its customer
        :rtype: dict
        """
        self.ensure_one()
        action = self._get_resolving_action(blockers)
        return {
            "name": self.name if self._origin else "",
            "words": [],
            "is_released": all(blocker.enforcement != BLOCK for blocker in blockers),
            "blocking": [blocker.message for blocker in blockers if blocker.enforcement == BLOCK],
            "warnings": [blocker.message for blocker in blockers if blocker.enforcement == WARN],
            "button": (action.get("name") or self.env._("Open")) if action else False,
        }

    # === Actions === #

    def action_resolve_release_blocker(self):
        """Do what the button of the line does: the first thing that brings this quotation nearer to its customer.

        :return: the action, or False where nothing is in the way any more
        :rtype: dict | bool
        """
        if len(self) != 1:
            raise UserError(self.env._("Open one quotation, and resolve there what is in its way."))
        self.check_access("read")
        return self._get_resolving_action(self._get_release_blockers()[self]) or False

    @api.model
    def _get_resolving_action(self, blockers):
        """:return: the action of what refuses, else of what warns; None without any"""
        ordered = sorted(blockers, key=lambda blocker: blocker.enforcement != BLOCK)
        return next((blocker.action for blocker in ordered if blocker.action), None)
