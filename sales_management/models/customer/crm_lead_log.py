from contextlib import contextmanager

from odoo import models


class CrmLead(models.Model):
    """Deals whose exports and changes of owners are kept."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "sales.logged.mixin"]

    @contextmanager
    def _around_document_write(self, vals):
        with super()._around_document_write(vals), self._noting_owners(vals):
            yield
