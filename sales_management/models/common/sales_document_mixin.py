from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError


class SalesDocumentMixin(models.AbstractModel):
    """The single override points of creating and writing deals and their documents.

    Named before the model of core in ``_inherit``, so that capabilities see the values as the caller gave them.
    """

    _name = "sales.document.mixin"
    _description = "Sales Document Mixin"

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        documents = super().create(self._prepare_document_create_values(vals_list))
        documents._after_document_create()
        return documents

    def write(self, vals):
        vals = self._prepare_document_write_values(vals)
        with self._around_document_write(vals):
            return super().write(vals)

    @api.model
    def default_get(self, fields):
        """Give no default to what nobody gives: a context or a user's own default decides it as little as a write."""
        defaults = super().default_get(fields)
        return {name: value for name, value in defaults.items() if name not in self._get_undefaulted_fields()}

    # === Hooks === #

    @api.model
    def _get_computed_only_fields(self):
        """Fields that only the addon itself sets, although the ORM would let RPC write them.

        :rtype: frozenset[str]
        """
        return frozenset()

    @api.model
    def _get_undefaulted_fields(self):
        """Fields that a context or a user's own default never fills.

        :rtype: frozenset[str]
        """
        return self._get_computed_only_fields()

    @api.model
    def _prepare_document_create_values(self, vals_list):
        """Check and complete the values of records about to be created.

        To override: return a new list rather than change the given dictionaries, which belong to the caller.

        :param list[dict] vals_list: values as :meth:`create` got them
        :return: values that the records are created with
        :rtype: list[dict]
        :raise UserError: when a field is given that nobody writes
        """
        self._check_computed_only_fields({name for vals in vals_list for name in vals})
        return vals_list

    def _prepare_document_write_values(self, vals):
        """Check and complete the values about to be written on these records.

        To override: return a new dictionary rather than change the given one, and issue no query unless ``vals`` holds
        a key that is yours.

        :param dict vals: values as :meth:`write` got them
        :return: values that are written
        :rtype: dict
        :raise UserError: when a field is given that nobody writes
        """
        self._check_computed_only_fields(vals)
        return vals

    def _after_document_create(self):
        """Follow these records into being. To override: issue no query unless your capability is switched on."""

    @contextmanager
    def _around_document_write(self, vals):
        """Look at these records before and after they are written. To override: enter ``super()``'s, and yield once.

        :param dict vals: values about to be written
        """
        yield

    def _check_computed_only_fields(self, names):
        forbidden = self._get_computed_only_fields().intersection(names)
        if forbidden and not self.env.su:
            raise UserError(
                self.env._(
                    "%(fields)s (%(model)s) is filled in automatically. Leave it out of the import or the call.",
                    fields=", ".join(self._fields[name]._description_string(self.env) for name in sorted(forbidden)),
                    model=self.env["ir.model"]._get(self._name).name,
                )
            )
