from odoo import fields, models


class SalesDocumentType(models.Model):
    """A kind of document that deals keep, such as a signed contract."""

    _name = "sales.document.type"
    _description = "Deal Document Type"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(copy=False, help="Short name for imports and integrations.")
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", ondelete="cascade", index=True, help="Empty: all companies use it.")
    active = fields.Boolean(default=True)

    _code_company_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "There is a document type with this code already. Choose another one.",
    )
