from odoo import models
from odoo.tools.misc import formatLang


class SaleOrderLine(models.Model):
    """What an approver is shown of a line."""

    _inherit = "sale.order.line"

    def _prepare_evidence_values(self, offered):
        """
        :param tuple | None offered: quantity, and prices as :meth:`_get_offered_lines` gives them
        :return: values that JSON can hold
        :rtype: dict
        """
        self.ensure_one()
        quantity, prices = offered or (0, None)
        listed = prices.listed if prices else 0.0
        net = self.price_subtotal
        return {
            "line_id": self.id,
            "unit": self.product_uom_id.name or "",
            "list_price": listed / (quantity or 1.0),
            "net_price": (prices.net if prices else net) / (quantity or 1.0),
            "effective_discount": self.effective_discount,
            "margin": 100 * (net - self._get_measured_cost() * quantity) / net if net else None,
            "subtotal": net,
        }

    def _describe_returned_values(self, values):
        """
        :param dict values: price and discount that an approver would accept
        :return: what they are now and would be, for those that would change
        :rtype: list[str]
        """
        self.ensure_one()
        texts = []
        for name, dp in (("price_unit", "Product Price"), ("discount", "Discount")):
            if name in values and values[name] != self[name]:
                label = self._fields[name]._description_string(self.env)
                former, latter = (formatLang(self.env, value, dp=dp) for value in (self[name], values[name]))
                texts.append(f"{label} {former} → {latter}")
        return texts
