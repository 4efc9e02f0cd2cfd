from odoo import fields, models

#: As Python counts the days of a week.
WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]


class ResCompany(models.Model):
    """When the review of a week is sent, and who gets that of the whole company."""

    _inherit = "res.company"

    sales_review_day = fields.Selection(
        WEEKDAYS,
        string="Weekly Review On",
        default="0",
        help="From this day on, by the clock of the company, each leader of a team gets the review of the week before. "
        "Empty: it is sent to nobody, and made only when asked for.",
    )
    sales_review_user_ids = fields.Many2many(
        "res.users",
        "res_company_sales_review_user_rel",
        string="Whole Company To",
        domain="[('share', '=', False)]",
        help="Get a review of all teams. As everybody, they see in it what their own rights show them.",
    )
