from odoo import fields, models


class ResCompany(models.Model):
    """Whom a company asks for dates, and how long their answers count."""

    _inherit = "res.company"

    promise_planner_id = fields.Many2one(
        "res.users",
        string="Planner",
        ondelete="set null",
        help="Who is asked for a date that neither stock nor supply tells, unless the category of the product or the "
        "warehouse names somebody else.",
    )
    promise_answer_days = fields.Integer(
        string="Answers Count For (Days)",
        default=14,
        help="After so many calendar days an answer of a planner no longer counts, unless the order is confirmed by "
        "then: the date is computed again, and the salesperson is told.",
    )
    promise_ask_always = fields.Boolean(
        string="Always Let Ask Production",
        help="Production can be asked about every line, also where stock and supply tell a date: for a company whose "
        "stock figures or productions are not in Odoo yet.",
    )

    _promise_answer_days_check = models.Constraint(
        "CHECK (promise_answer_days BETWEEN 1 AND 365)",
        "Answers of planners count for 1 to 365 days. Enter a number of days between.",
    )
