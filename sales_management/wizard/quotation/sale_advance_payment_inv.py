from odoo import models


class SaleAdvancePaymentInv(models.TransientModel):
    """A down payment asks for money as an invoice does, and needs no order in core."""

    _inherit = "sale.advance.payment.inv"

    def _create_invoices(self, sale_orders):
        # A down payment is made of the orders of the wizard, whichever are given.
        (sale_orders | self.sale_order_ids)._check_invoiceable()
        return super()._create_invoices(sale_orders)
