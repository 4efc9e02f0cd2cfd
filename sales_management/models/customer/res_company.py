from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_customer_enabled = fields.Boolean(
        string="Customers of the Company",
        help="Customers belong to the company: whose they are, what they are worth and whether they are leaving is "
        "known, and nobody who leaves takes them along. Off: nothing is computed.",
    )

    # === Switches === #

    @api.model
    def _get_capability_groups(self):
        return super()._get_capability_groups() | {"sales_customer_enabled": "sales_management.group_customer"}
