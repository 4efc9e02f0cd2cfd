from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError


class SalesDocumentMixin(models.AbstractModel):
    """The single override points of creating, writing and deleting deals, their documents and the lines of these.

    Named before the model of core in ``_inherit``, so that capabilities see the values as the caller gave them.
    """

    _name = "sales.document.mixin"
    _description = "Sales Document Mixin"

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = self._prepare_document_create_values(vals_list)
        with self._around_document_create(vals_list):
            documents = super().create(vals_list)
            documents._after_document_create()
        return documents

    def write(self, vals):
        vals = self._prepare_document_write_values(vals)
        with self._around_document_write(vals):
            return super().write(vals)

    def unlink(self):
        with self._around_document_unlink():
            return super().unlink()

    def _write_as_it_was(self, vals):
        """Write past the hooks below: what is put back as it was is nothing new to check, to complete or to follow.

        No RPC reaches it; whoever calls it has checked what must be.
        """
        # pylint: disable-next=super-method-mismatch  # past the write of this class, which is what the method is for
        return super().write(vals)

    @api.model
    def default_get(self, fields):
        """Give what nobody gives the default of the code alone: a context or a user's own default decides it as little
        as a write."""
        defaults = super().default_get(fields)
        undefaulted = self._get_undefaulted_fields()
        defaults = {name: value for name, value in defaults.items() if name not in undefaulted}
        return defaults | self._get_own_defaults(undefaulted.intersection(fields))

    def _get_own_defaults(self, names):
        """What the code itself gives to fields that nobody else defaults: those that it computes need none."""
        defaults = {}
        for name in names & self._get_computed_only_fields():
            field = self._fields[name]
            if field.default and not field.compute:
                value = field.convert_to_cache(field.default(self), self, validate=False)
                defaults[name] = field.convert_to_write(value, self)
        return defaults

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

    @contextmanager
    def _around_document_create(self, vals_list):
        """Look at what records are added to, before they are created and after. To override: enter ``super()``'s, yield
        once, and issue no query unless your capability is switched on.

        :param list[dict] vals_list: values that the records are created with
        """
        yield

    def _after_document_create(self):
        """Follow these records into being. To override: issue no query unless your capability is switched on."""

    @contextmanager
    def _around_document_write(self, vals):
        """Look at these records before and after they are written. To override: enter ``super()``'s, and yield once.

        :param dict vals: values about to be written
        """
        yield

    @contextmanager
    def _around_document_unlink(self):
        """Look at these records before they are deleted, and at what hung on them after. To override: enter
        ``super()``'s, and yield once."""
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
