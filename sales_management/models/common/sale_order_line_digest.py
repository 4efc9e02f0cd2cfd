from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _is_outside_digest(self):
        """Whether core adds this line by itself, so that it is no part of what was offered and approved.

        Down payments, expenses and extras that were delivered have a quantity of zero: one with a quantity is an offer,
        whatever its flags say, for these a client can set. Expenses and extras come with orders, and take nothing off:
        on a quotation, or with a negative price, they are words and prices for the customer. To override: add your own
        kinds.

        :rtype: bool
        """
        self.ensure_one()
        if self.display_type:
            return self._is_own_downpayment_section()
        if self.product_uom_qty:
            return False
        is_extra = (self.is_expense or self.qty_delivered) and self.price_unit >= 0
        return self.is_downpayment or bool(is_extra and self.order_id.state == "sale")

    def _is_own_downpayment_section(self):
        """Whether core wrote this section above the lines of down payments: with words of its own, and no others."""
        if not self.is_downpayment or self.display_type != "line_section":
            return False
        codes = (code for code, _name in self.env["res.lang"].get_installed())
        return any(self.name == self.with_context(lang=code)._get_downpayment_description() for code in codes)
