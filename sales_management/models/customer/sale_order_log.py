from contextlib import contextmanager

from odoo import models


class SaleOrder(models.Model):
    """Orders whose exports and changes of owners are kept."""

    _name = "sale.order"
    _inherit = ["sale.order", "sales.logged.mixin"]

    @contextmanager
    def _around_document_write(self, vals):
        with super()._around_document_write(vals), self._noting_owners(vals):
            yield
