from odoo import models


class ResPartner(models.Model):
    """The address of a warehouse says in which time zone it lies."""

    _inherit = "res.partner"

    def _after_partner_write(self, vals):
        result = super()._after_partner_write(vals)
        if "tz" in vals and self._is_warehouse_address():
            self.env.registry.clear_cache()
        return result

    def _is_warehouse_address(self):
        # sudo: whoever changes an address need not see the warehouse there, archived ones too.
        warehouses = self.env["stock.warehouse"].sudo().with_context(active_test=False)
        return bool(warehouses.search_count([("partner_id", "in", self.ids)], limit=1))
