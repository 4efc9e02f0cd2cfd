from contextlib import contextmanager
from weakref import WeakSet

from odoo import api, models

#: Cursors on which an import is running. Their own cache would forget it with the first savepoint that is rolled back,
#: and an import goes on row by row after that, to name every row that it cannot take.
IMPORTING = WeakSet()


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["sales.document.mixin", "crm.lead"]

    # === ORM === #

    @api.model
    def load(self, fields, data):
        """Know an import by what it calls: the context that says so is the client's, and no permission."""
        with self._importing():
            return super().load(fields, data)

    @contextmanager
    def _importing(self):
        cursor = self.env.cr
        is_outermost = cursor not in IMPORTING
        IMPORTING.add(cursor)
        try:
            yield
        finally:
            if is_outermost:
                IMPORTING.discard(cursor)

    @api.model
    def _is_importing(self):
        """:return: whether deals are being imported from a file
        :rtype: bool
        """
        return self.env.cr in IMPORTING
