from odoo import api, models


class ResPartner(models.Model):
    """The single override points of creating and writing partners."""

    _inherit = "res.partner"

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners._after_partner_create()
        return partners

    def write(self, vals):
        result = super().write(vals)
        self._after_partner_write(vals)
        return result

    # === Hooks === #

    def _after_partner_create(self):
        """Follow these partners into being. To override: issue no query unless your capability is switched on."""

    def _after_partner_write(self, vals):
        """Follow a change of these partners.

        To override: issue no query unless ``vals`` holds a key that is yours.

        :param dict vals: values that were written
        """
