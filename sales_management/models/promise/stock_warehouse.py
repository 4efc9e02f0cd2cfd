from odoo import fields, models


class StockWarehouse(models.Model):
    """When goods leave a warehouse."""

    _name = "stock.warehouse"
    _inherit = ["stock.warehouse", "sales.promise.static.mixin"]

    promise_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Warehouse Calendar",
        check_company=True,
        ondelete="restrict",
        help="Days on which goods leave this warehouse, holidays and calendar exceptions considered. Empty: the "
        "working hours of the company; without these, every day is worked.",
    )
    promise_cutoff = fields.Float(
        string="Cut-off Hour",
        help="What is promised from this hour on, by the clock of the warehouse, leaves on the next working day at the "
        "earliest. 0:00: there is no cut-off.",
    )

    _promise_cutoff_check = models.Constraint(
        "CHECK (promise_cutoff >= 0 AND promise_cutoff < 24)",
        "The cut-off hour of a warehouse lies between 0:00 and 23:59. Enter an hour between, or 0:00 for none.",
    )
