from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_reporting_enabled = fields.Boolean(
        string="Sales Reports",
        help="Dashboards, the workbook and the weekly review of this company. Off: nothing is sent.",
    )

    # === Switches === #

    @api.model
    def _get_capability_groups(self):
        return super()._get_capability_groups() | {"sales_reporting_enabled": "sales_management.group_reporting"}

    def _after_switches_written(self, names):
        result = super()._after_switches_written(names)
        if "sales_reporting_enabled" in names:
            self.env["spreadsheet.dashboard"]._publish_sales_dashboards()
        return result
