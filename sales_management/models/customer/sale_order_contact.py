from contextlib import contextmanager

from odoo import models


class SaleOrder(models.Model):
    """A quotation that is sent is a contact, by whatever way it goes."""

    _inherit = "sale.order"

    @contextmanager
    def _around_document_write(self, vals):
        with super()._around_document_write(vals):
            yield
        if vals.get("state") == "sent" and self.env["res.company"]._get_enabled_company_ids("sales_customer_enabled"):
            orders = self.sudo()  # sudo: whoever sends it was in touch with its customer
            orders.partner_id._touch_contacts()
            orders.opportunity_id._touch_leads()
