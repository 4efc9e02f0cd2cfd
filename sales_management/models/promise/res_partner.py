from odoo import models


class ResPartner(models.Model):
    """The address of a warehouse says in which time zone it lies."""

    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        if "tz" in vals:
            self.env.registry.clear_cache()
        return result
