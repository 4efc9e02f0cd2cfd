from contextlib import contextmanager
from functools import partial
from weakref import WeakKeyDictionary

from odoo import api, models

#: Where changes of owners are kept until the transaction ends.
NOTED = "sales.customer.log"
#: Imports that are running, by cursor, with what they changed: a file is one change, however many rows it has.
LOADING = WeakKeyDictionary()


class SalesLoggedMixin(models.AbstractModel):
    """Records whose exports, and whose owners changed in numbers, managers can read in the log."""

    _name = "sales.logged.mixin"
    _description = "Exports and Changes of Owners on a Log"

    # === ORM === #

    def export_data(self, fields_to_export):
        """The web client exports lists and groups by this as well, and so does RPC."""
        result = super().export_data(fields_to_export)
        self.env["sales.customer.log"]._record_export(self, fields_to_export)
        return result

    @api.model
    def load(self, fields, data):
        cursor = self.env.cr
        if cursor in LOADING or not self.env["sales.customer.log"]._get_log_company():
            return super().load(fields, data)
        LOADING[cursor] = {}
        try:
            result = super().load(fields, data)
        finally:
            noted = LOADING.pop(cursor)
        # Where a row was refused, nothing of the file was kept.
        if result.get("ids"):
            self._record_noted_owners(noted)
        return result

    # === Owners === #

    @contextmanager
    def _noting_owners(self, vals):
        """Remember whose these records were before they are written, and whose they are after.

        :param dict vals: values about to be written
        """
        company = self.env["sales.customer.log"]._get_log_company() if self and "user_id" in vals else None
        if not company:
            yield
            return
        # sudo: the owner of what one may write is no secret, and a rule may hide it once it is given away.
        former = {record.id: record.user_id.id for record in self.sudo()}
        yield
        noted = self._get_noted_owners().setdefault((self.env.uid, company.id, self._name), {})
        for record_id, user_id in former.items():
            # Of several changes in one go, the first owner and the last count.
            noted[record_id] = (noted.get(record_id, (user_id,))[0], vals["user_id"] or False)

    def _get_noted_owners(self):
        cursor = self.env.cr
        if cursor in LOADING:
            return LOADING[cursor]
        noted = cursor.precommit.data.get(NOTED)
        if noted is None:
            noted = cursor.precommit.data[NOTED] = {}
            cursor.precommit.add(partial(self._record_noted_before_commit))
        return noted

    @api.model
    def _record_noted_before_commit(self):
        self._record_noted_owners(self.env.cr.precommit.data.pop(NOTED, {}))

    @api.model
    def _record_noted_owners(self, noted):
        for (user_id, company_id, model), changes in noted.items():
            log = self.env["sales.customer.log"].with_user(user_id)
            log._record_owners(log.env["res.company"].browse(company_id), model, changes)
