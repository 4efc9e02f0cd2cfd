from odoo import fields, models


class ResCompany(models.Model):
    """Whether what a company sends holds what it says."""

    _inherit = "res.company"

    promise_hold_enabled = fields.Boolean(
        string="Hold Quantities of Sent Quotations",
        help="A quotation that is sent holds its quantities until it expires: nobody else is promised them. Quotations "
        "that were sent before hold nothing until they are sent again.",
    )
    promise_hold_days = fields.Integer(
        string="Hold For (Days)",
        default=7,
        help="How long a quotation without a date of expiry holds its quantities, in calendar days after it was sent.",
    )

    _promise_hold_days_check = models.Constraint(
        "CHECK (promise_hold_days BETWEEN 1 AND 365)",
        "Quotations hold their quantities for 1 to 365 days. Enter a number of days between.",
    )
