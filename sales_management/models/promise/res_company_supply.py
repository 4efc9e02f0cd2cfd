from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    promise_overdue_days = fields.Integer(
        string="Overdue Supply",
        default=1,
        help="Working days from today in which a receipt or production that is overdue is taken to come.",
    )
    promise_draft_supply = fields.Boolean(
        string="Planned Supply",
        help="Requests for quotation and planned productions count as supply. Off: only what is confirmed does.",
    )

    _promise_overdue_days_positive = models.Constraint(
        "CHECK (promise_overdue_days >= 0)", "Overdue supply cannot be taken to come before today."
    )
