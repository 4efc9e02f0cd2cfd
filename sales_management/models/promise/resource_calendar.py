from odoo import models


class ResourceCalendar(models.Model):
    """When people work."""

    _name = "resource.calendar"
    _inherit = ["resource.calendar", "sales.promise.static.mixin"]
