from odoo import api, models


class SalesCalendarException(models.Model):
    """A deadline in working hours that is open counts the calendar as it is."""

    _inherit = "sales.calendar.exception"

    @api.model_create_multi
    def create(self, vals_list):
        exceptions = super().create(vals_list)
        exceptions._refresh_deadlines()
        return exceptions

    def write(self, vals):
        result = super().write(vals)
        self._refresh_deadlines()
        return result

    def unlink(self):
        result = super().unlink()
        self._refresh_deadlines()
        return result

    @api.model
    def _refresh_deadlines(self):
        """Count open deadlines in working hours anew. All of them: the exceptions may have been of others before."""
        company_ids = self.env["res.company"]._get_enabled_company_ids("sales_process_enabled")
        if company_ids:
            domain = [("clock", "=", "working"), ("company_id", "in", list(company_ids))]
            self.env["sales.deal.task"]._search_open(domain)._refresh_deadlines()
