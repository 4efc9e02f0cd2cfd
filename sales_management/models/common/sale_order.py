from odoo import models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sales.document.mixin", "sale.order"]
