from odoo import fields, models


class AccountMove(models.Model):
    """When an invoice or credit note counts, where its own period is closed."""

    _inherit = "account.move"

    sales_counted_on = fields.Date(
        string="Counts for Sales On",
        readonly=True,
        copy=False,
        help="An invoice or credit note that was posted into a period whose targets were closed counts on the day of "
        "its posting. Empty: on its own date.",
    )
