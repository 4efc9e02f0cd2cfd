from odoo import models


class StockRule(models.Model):
    """By which rules goods come and go."""

    _name = "stock.rule"
    _inherit = ["stock.rule", "sales.promise.static.mixin"]
