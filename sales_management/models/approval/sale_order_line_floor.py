from odoo import models


class SaleOrderLine(models.Model):
    """What a line brings in, and whether that is under the floor price of its product."""

    _inherit = "sale.order.line"

    def _get_net_amount(self):
        """:return: quantity and amount without tax; of one unit for a line without a quantity, which the customer may
            add
        :rtype: tuple[float, float]
        """
        self.ensure_one()
        if self.product_uom_qty:
            return self.product_uom_qty, self.price_subtotal
        return 1.0, self._get_untaxed_amount(self.tax_ids, self.price_unit * (1 - self.discount / 100), 1.0, {})

    def _is_under_floor(self, net, quantity):
        """Whether an amount without tax is less than the floor price asks for so many units.

        :param float net: amount in the currency of the order
        :param float quantity: in the unit of the line
        """
        self.ensure_one()
        company = self.order_id.company_id
        product = self.product_id.with_company(company)
        floor = product.approval_floor_price
        if not floor or not self.product_uom_id:
            return False
        least = product.uom_id._compute_price(floor, self.product_uom_id) * quantity
        return company.currency_id.compare_amounts(net / (self.order_id.currency_rate or 1.0), least) < 0
