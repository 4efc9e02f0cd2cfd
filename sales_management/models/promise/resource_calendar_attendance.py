from odoo import models


class ResourceCalendarAttendance(models.Model):
    """When people work, by weekday."""

    _name = "resource.calendar.attendance"
    _inherit = ["resource.calendar.attendance", "sales.promise.static.mixin"]
