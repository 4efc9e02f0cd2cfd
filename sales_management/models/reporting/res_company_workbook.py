from odoo import fields, models


class ResCompany(models.Model):
    """How long a workbook may be to be made while one waits."""

    _inherit = "res.company"

    sales_workbook_rows = fields.Integer(
        string="Workbooks in the Background From",
        default=20000,
        help="Rows above which a workbook is made in the background: whoever asked is told when it is ready.",
    )

    _sales_workbook_rows_check = models.Constraint(
        "CHECK (COALESCE(sales_workbook_rows, 0) >= 0)", "A number of rows is zero or more. Enter such a number."
    )
