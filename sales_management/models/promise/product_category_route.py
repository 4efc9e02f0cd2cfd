from odoo import models


class ProductCategory(models.Model):
    """Routes of a category decide by which rules its products come and go."""

    _inherit = "product.category"

    def write(self, vals):
        result = super().write(vals)
        if not {"parent_id", "route_ids"}.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result
