from odoo import api, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def _get_release_switches(self):
        return [*super()._get_release_switches(), "sales_approval_enabled"]
