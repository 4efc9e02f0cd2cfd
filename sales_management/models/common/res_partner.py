from odoo import models


class ResPartner(models.Model):
    """The single override point of what every write of a partner passes."""

    _inherit = "res.partner"

    # === ORM === #

    def write(self, vals):
        result = super().write(vals)
        self._after_partner_write(vals)
        return result

    # === Hooks === #

    def _after_partner_write(self, vals):
        """Follow a change of these partners.

        To override: issue no query unless ``vals`` holds a key that is yours.

        :param dict vals: values that were written
        """
