from odoo import fields, models


class SalesQuotationFamily(models.Model):
    """One paper through its revisions. A quotation gets a family with its second revision; a deal may have many."""

    _name = "sales.quotation.family"
    _description = "Quotation Family"

    name = fields.Char(string="First Number", required=True, readonly=True, help="Number of the first revision.")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    order_ids = fields.One2many("sale.order", "quotation_family_id", string="Revisions", readonly=True)
