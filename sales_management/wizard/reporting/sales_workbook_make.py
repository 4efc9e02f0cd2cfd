from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.sales_management.tools.sales_period import get_period

PERIODS = [
    ("day", "Day"),
    ("week", "Week"),
    ("month", "Month"),
    ("quarter", "Quarter"),
    ("year", "Year"),
    ("custom", "From … To"),
]


class SalesWorkbookMake(models.TransientModel):
    """Asks of what a workbook is wanted."""

    _name = "sales.workbook.make"
    _inherit = ["sales.workbook.scope.mixin"]
    _description = "Make a Workbook"

    # A transient record goes by itself: what it names may go before.
    company_id = fields.Many2one(index=False)
    period_kind = fields.Selection(PERIODS, string="Period", default="month", required=True)
    day = fields.Date(
        string="With the Day",
        default=lambda self: self._default_day(),
        help="Any day of the period. A month begins on the day that the company chose for its targets.",
    )
    date_from = fields.Date(
        string="From", compute="_compute_dates", store=True, readonly=False, precompute=True, required=True
    )
    date_to = fields.Date(
        string="To", compute="_compute_dates", store=True, readonly=False, precompute=True, required=True
    )

    @api.model
    def _default_day(self):
        """:return: a day of the last month that is over"""
        today = fields.Date.context_today(self)
        return get_period("month", today, self.env.company.sales_month_start or 1).previous().end

    @api.depends("period_kind", "day", "company_id")
    def _compute_dates(self):
        for wizard in self:
            day = wizard.day or fields.Date.context_today(wizard)
            if wizard.period_kind == "custom":
                wizard.date_from, wizard.date_to = wizard.date_from or day, wizard.date_to or day
                continue
            period = get_period(wizard.period_kind, day, wizard.company_id.sales_month_start or 1)
            wizard.date_from, wizard.date_to = period.start, period.end

    # === Actions === #

    def action_make(self):
        """Make the workbook, at once or in the background, and open it.

        :return: action
        :rtype: dict
        :raise UserError: where the period ends before it begins, or no sheet is chosen
        """
        self.ensure_one()
        if self.create_uid != self.env.user or self.company_id not in self.env.user.company_ids:
            raise AccessError(self.env._("A workbook is made by whoever asks for it, of a company of theirs."))
        if self.date_to < self.date_from:
            raise UserError(self.env._("The period ends before it begins. Change one of the days."))
        if not self.sheet_ids:
            raise UserError(self.env._("Choose at least one sheet."))
        # sudo: nobody writes a workbook by hand: this one is for whoever asks, under their own rights.
        book = self.env["sales.workbook"].sudo().create(self._prepare_book())
        book._start()
        return book.with_user(self.env.user).get_formview_action()

    def _prepare_book(self):
        return {
            "user_id": self.env.user.id,
            "lang": self.env.lang,
            "company_id": self.company_id.id,
            "team_ids": [fields.Command.set(self.team_ids.ids)],
            "sheet_ids": [fields.Command.set(self.sheet_ids.ids)],
            "date_from": self.date_from,
            "date_to": self.date_to,
        }
