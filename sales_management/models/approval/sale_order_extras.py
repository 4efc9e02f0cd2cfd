from odoo import models

from odoo.addons.sales_management.exceptions import BlockedError
from odoo.addons.sales_management.tools.discount import get_line_discount

from .sale_order_change import CHANGING


class SaleOrder(models.Model):
    """What was delivered or spent beyond the offer is invoiced, too: its price is no way past the rules."""

    _inherit = "sale.order"

    def _check_extras(self, before, lines):
        """Refuse to lower the price of lines that are no part of the offer, where a rule would ask about it.

        :param Baseline before: this order before it was edited
        :param sale.order.line lines: those whose price was lowered
        :raise BlockedError: that says how to have it approved
        """
        self.ensure_one()
        if self.id in self.env.cr.cache.get(CHANGING, frozenset()) or lines._filter_offered():
            return
        discounts = [get_line_discount(prices) for _quantity, prices in lines._price_offered_lines().values()]
        measures = self._get_approval_measures()[self]
        measures = {**measures, "line_discount": max([measures.get("line_discount") or 0.0, *discounts])}
        found = self.env["sales.approval.rule"]._get_matching_rules(self, {self: measures})[self]
        rules = found.filtered(lambda rule: rule.enforcement == "block")
        if self._is_worse(before, rules, measures):
            raise BlockedError(
                self.env._(
                    "%(order)s is confirmed, and a lower price of what came on top of it needs approval: %(rules)s. "
                    "Enter its quantity as ordered together with the price, and request that change.",
                    order=self.name,
                    rules=", ".join(rules.mapped("name")),
                )
            )
