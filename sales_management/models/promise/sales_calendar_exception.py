from odoo import models


class SalesCalendarException(models.Model):
    """Dates that are worked otherwise than their weekday says."""

    _name = "sales.calendar.exception"
    _inherit = ["sales.calendar.exception", "sales.promise.static.mixin"]
