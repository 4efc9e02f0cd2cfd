from odoo import models


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["sales.document.mixin", "stock.picking"]
