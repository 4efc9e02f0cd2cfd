from contextlib import contextmanager

from odoo import models


class SaleOrder(models.Model):
    """What a customer signed is kept as it was."""

    _inherit = "sale.order"

    @contextmanager
    def _around_document_write(self, vals):
        with super()._around_document_write(vals):
            yield
            if vals.get("signature"):
                self._archive_signed()

    def _archive_signed(self):
        company_ids = self.env["res.company"]._get_enabled_company_ids("sales_quotation_enabled")
        orders = self.filtered(lambda order: order.company_id.id in company_ids) if company_ids else self.browse()
        if orders:
            orders._archive("signature", recipients={order: order.signed_by for order in orders})
