from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_quotation_enabled = fields.Boolean(
        string="Safe Quotations",
        help="Revisions, the tie to a deal, and the paper that the customer holds: what is replaced, or not released, "
        "cannot leave this company. Switched on, quotations that are there already stay as they are.",
    )

    # === Switches === #

    @api.model
    def _get_capability_groups(self):
        return super()._get_capability_groups() | {"sales_quotation_enabled": "sales_management.group_quotation"}
