from odoo import fields, models


class StockWarehouse(models.Model):
    """Who plans what leaves a warehouse."""

    _inherit = "stock.warehouse"

    promise_planner_id = fields.Many2one(
        "res.users",
        string="Planner",
        domain="[('share', '=', False)]",
        ondelete="set null",
        help="Who is asked when goods of this warehouse can be there. Empty: the planner of the company.",
    )
