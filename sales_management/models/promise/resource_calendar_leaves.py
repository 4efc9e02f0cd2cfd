from odoo import models


class ResourceCalendarLeaves(models.Model):
    """Time off of all: that of one person moves no promise."""

    _name = "resource.calendar.leaves"
    _inherit = ["resource.calendar.leaves", "sales.promise.static.mixin"]

    def _is_static(self):
        return any(not leave.resource_id for leave in self)
