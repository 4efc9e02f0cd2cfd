from odoo import models

from odoo.addons.sales_management.tools.discount import get_spread


class SaleOrder(models.Model):
    """Which lines are sold under the floor price of their product."""

    _inherit = "sale.order"

    def _measure_floor(self, memo):
        result = {}
        for order, found in self._get_offers(memo).items():
            # What is taken off the whole makes each line cheaper: it is spread over them.
            spread = get_spread(prices for quantity, prices in found.values() if quantity)
            under = [
                line.id or 0
                for line, (quantity, prices) in found.items()
                if prices.net >= 0 and line._is_under_floor(prices.net * spread, quantity or 1.0)
            ]
            result[order] = {"floor_line_ids": under, "floor_count": len(under)}
        return result
