from odoo import api, models


class StockLocation(models.Model):
    """Where a location lies decides by which rules goods come to it, and of which warehouse its stock is."""

    _inherit = "stock.location"

    @api.model_create_multi
    def create(self, vals_list):
        locations = super().create(vals_list)
        if locations:
            self.env.registry.clear_cache()
        return locations

    def write(self, vals):
        result = super().write(vals)
        if not {"active", "location_id", "usage"}.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
