from odoo import models


class StockLocation(models.Model):
    """Where a location lies decides by which rules goods come to it."""

    _inherit = "stock.location"

    def write(self, vals):
        result = super().write(vals)
        if not {"active", "location_id", "usage"}.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result
