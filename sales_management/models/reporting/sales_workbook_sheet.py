from odoo import fields, models


class SalesWorkbookSheet(models.Model):
    """A topic that a workbook may have a sheet of."""

    _name = "sales.workbook.sheet"
    _description = "Sheet of a Workbook"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer()

    _code_unique = models.UniqueIndex("(code)", "There is such a sheet already.")
