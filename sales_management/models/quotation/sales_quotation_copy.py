from odoo import fields, models

#: Ways in which a quotation leaves the company, or is put aside.
WAYS = [
    ("mail", "Mail"),
    ("pdf", "PDF"),
    ("xlsx", "Excel"),
    ("portal", "Customer Portal"),
    ("signature", "Signature"),
    ("sent", "Marked as Sent"),
    ("print", "Internal Print"),
    ("replaced", "Replaced by a Revision"),
    ("discarded", "Discarded"),
]


class SalesQuotationCopy(models.Model):
    """What left the company, by which way, with its digest and its words: the archive of a quotation."""

    _name = "sales.quotation.copy"
    _inherit = ["sales.fact.mixin"]
    _description = "Archived Quotation"
    _order = "id desc"
    _rec_name = "order_name"

    _fact_links = ("order_id", "user_id", "attachment_id")
    _fact_texts = ("recipients", "order_name")

    order_id = fields.Many2one("sale.order", string="Quotation", required=True, ondelete="cascade", index=True)
    order_name = fields.Char(string="Number", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    revision = fields.Integer(readonly=True)
    way = fields.Selection(WAYS, required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="Recorded By", readonly=True, ondelete="set null")
    user_name = fields.Char(string="Name", readonly=True)
    recipients = fields.Char(readonly=True, help="Whom it went to, by name, where that is known.")
    left_at = fields.Datetime(string="On", required=True, readonly=True, default=fields.Datetime.now)
    digest = fields.Char(required=True, readonly=True, help="SHA-256 of what it said.")
    snapshot = fields.Json(readonly=True, help="What it said, line by line.")
    margins = fields.Json(readonly=True, groups=fields.NO_ACCESS, help="Cost and margin, line by line.")
    attachment_id = fields.Many2one("ir.attachment", string="File", readonly=True, ondelete="set null")
    file_digest = fields.Char(readonly=True, help="SHA-256 of the file.")
