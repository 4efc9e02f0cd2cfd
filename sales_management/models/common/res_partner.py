from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    """The single override points of creating and writing partners."""

    _inherit = "res.partner"

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = self._prepare_partner_create_values(vals_list)
        partners = super().create(vals_list)
        partners._after_partner_create()
        return partners

    def write(self, vals):  # pylint: disable=method-required-super  # _write_partner calls it
        vals = self._prepare_partner_write_values(vals)
        with self._around_partner_write(vals):
            result = self._write_partner(vals)
            self._after_partner_write(vals)
        return result

    @api.model
    def default_get(self, fields):
        """Leave out what only the addon sets: neither a context nor a user's own default fills it."""
        computed = self._get_computed_only_fields()
        return {name: value for name, value in super().default_get(fields).items() if name not in computed}

    # === Hooks === #

    @api.model
    def _get_computed_only_fields(self):
        """Fields that only the addon itself sets, although the ORM would let RPC write them.

        :rtype: frozenset[str]
        """
        return frozenset()

    @api.model
    def _prepare_partner_create_values(self, vals_list):
        """Check and complete the values of partners about to be created. To override: as below.

        :rtype: list[dict]
        :raise UserError: when a field is given that nobody writes
        """
        self._check_computed_only_fields({name for vals in vals_list for name in vals})
        return vals_list

    def _prepare_partner_write_values(self, vals):
        """Check and complete the values about to be written on these partners.

        To override: return a new dictionary rather than change the given one, and issue no query unless ``vals`` holds
        a key that is yours.

        :rtype: dict
        :raise UserError: when a field is given that nobody writes
        """
        self._check_computed_only_fields(vals)
        return vals

    @api.model
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

    def _after_partner_create(self):
        """Follow these partners into being. To override: issue no query unless your capability is switched on."""

    def _write_partner(self, vals):
        """Write these partners past the hooks. To override: end with ``super()``'s."""
        # pylint: disable-next=super-method-mismatch  # past the write of this class, which is what the method is for
        return super().write(vals)

    @contextmanager
    def _around_partner_write(self, vals):
        """Look at these partners before they are written and after. To override: enter ``super()``'s, yield once, and
        issue no query unless ``vals`` holds a key that is yours.

        :param dict vals: values about to be written
        """
        yield

    def _after_partner_write(self, vals):
        """Follow a change of these partners.

        To override: issue no query unless ``vals`` holds a key that is yours.

        :param dict vals: values that were written
        """
        # By the zone of its address a company tells its days. sudo: whoever changes a partner need not see its company.
        if "tz" in vals and self.sudo().ref_company_ids:
            self.env.registry.clear_cache()
