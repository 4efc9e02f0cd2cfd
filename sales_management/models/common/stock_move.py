from odoo import models


class StockMove(models.Model):
    _name = "stock.move"
    _inherit = ["sales.document.mixin", "stock.move"]
