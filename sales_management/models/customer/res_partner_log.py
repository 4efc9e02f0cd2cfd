from contextlib import contextmanager

from odoo import models


class ResPartner(models.Model):
    """Customers whose exports and changes of owners are kept."""

    _name = "res.partner"
    _inherit = ["res.partner", "sales.logged.mixin"]

    @contextmanager
    def _around_partner_write(self, vals):
        with super()._around_partner_write(vals), self._noting_owners(vals):
            yield
