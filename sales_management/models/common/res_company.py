from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    deal_number_on_documents = fields.Boolean(
        string="Print Deal Numbers",
        help="Print the deal number on quotations, delivery slips and invoices of this company.",
    )
