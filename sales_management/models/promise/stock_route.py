from odoo import models


class StockRoute(models.Model):
    """Which routes there are, and where they hold."""

    _name = "stock.route"
    _inherit = ["stock.route", "sales.promise.static.mixin"]
