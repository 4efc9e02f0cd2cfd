from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.sales_management.tools.working_time import DayRule


class SalesCalendarException(models.Model):
    """A date that is free, or worked otherwise than its weekday says.

    Core knows time off and not its contrary: that a Saturday makes up for a day of a holiday.
    """

    _name = "sales.calendar.exception"
    _description = "Calendar Exception"
    _order = "date desc, id desc"
    _check_company_auto = True

    date = fields.Date(required=True)
    is_working = fields.Boolean(
        string="Working",
        help="Ticked, the date is worked, although it is a weekend or time off; else nobody works on it.",
    )
    hour_from = fields.Float(
        string="From",
        compute="_compute_hours",
        store=True,
        readonly=False,
        precompute=True,
        help="Without hours, the usual ones are worked: those of the weekday in each calendar, for a weekend those of "
        "the working weekday before it.",
    )
    hour_to = fields.Float(
        string="To",
        compute="_compute_hours",
        store=True,
        readonly=False,
        precompute=True,
        help="Without hours, the usual ones are worked. Hours that are given are worked without a break.",
    )
    name = fields.Char(string="Reason", help="For example the holiday, or what the date makes up for.")
    calendar_id = fields.Many2one(
        "resource.calendar",
        check_company=True,
        ondelete="cascade",
        help="Empty: it holds for all calendars. An exception of a calendar comes before one of all calendars.",
    )
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        ondelete="cascade",
        help="Empty: it holds for all companies. An exception of a company comes before one of all companies.",
    )

    _date_uniq = models.UniqueIndex(
        "(date, COALESCE(company_id, 0), COALESCE(calendar_id, 0))",
        "There is a calendar exception of this date for the same company and calendar already. Change that one.",
    )
    _working_hours_check = models.Constraint(
        """CHECK (
            NOT COALESCE(is_working, FALSE)
            OR (hour_from = 0 AND hour_to = 0)
            OR (0 <= hour_from AND hour_from < hour_to AND hour_to <= 24)
        )""",
        "The hours of a working date lie between 0:00 and 24:00 and end after they begin. "
        "Leave both empty for the usual hours.",
    )
    _free_hours_check = models.Constraint(
        "CHECK (COALESCE(is_working, FALSE) OR (hour_from = 0 AND hour_to IN (0, 24)))",
        "A date on which nobody works has no hours. Leave them empty, or tick Working and give the hours that remain.",
    )

    # === Compute === #

    @api.depends("is_working")
    def _compute_hours(self):
        """Take the hours of a date that is no longer worked; those of a working date are a person's."""
        for exception in self.filtered(lambda exception: not exception.is_working):
            exception.update({"hour_from": 0, "hour_to": 0})

    @api.depends("name", "is_working")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for exception in self:
            kind = self.env._("Working") if exception.is_working else self.env._("Free")
            exception.display_name = (
                self.env._("%(kind)s: %(reason)s", kind=kind, reason=exception.name) if exception.name else kind
            )

    # === Import === #

    @api.model
    def get_import_templates(self):
        folder = "/sales_management/static/csv"
        return [
            {
                "label": self.env._("Import Template for Calendar Exceptions"),
                "template": f"{folder}/calendar_exceptions.csv",
            },
            {
                "label": self.env._("China 2026: Holidays and the Weekends That Make up for Them"),
                "template": f"{folder}/calendar_exceptions_china_2026.csv",
            },
        ]

    # === Working time === #

    @api.model
    def _search_for(self, calendars, companies):
        """Exceptions of these calendars and companies, and those of all."""
        return self.search_fetch(
            self._get_exception_domain(calendars, companies),
            ["date", "is_working", "hour_from", "hour_to", "calendar_id", "company_id"],
        )

    @api.model
    def _get_exception_domain(self, calendars, companies):
        return Domain("calendar_id", "in", [False, *calendars.ids]) & Domain(
            "company_id", "in", [False, *companies.parent_ids.ids]
        )

    def _get_day_rules(self, calendar, company):
        """What these exceptions say of a calendar in a company.

        Where several speak of a date, the one of the calendar comes before that of all calendars; then that of the
        company before that of the company it is a branch of, and before that of all companies.

        :rtype: dict[datetime.date, DayRule]
        """
        ranks = {False: 0} | {parent.id: rank for rank, parent in enumerate(company.sudo().parent_ids, start=1)}
        calendars = {False, calendar.id}
        holding = self.filtered(
            lambda exception: exception.calendar_id.id in calendars and exception.company_id.id in ranks
        )
        by_rank = holding.sorted(lambda exception: (bool(exception.calendar_id), ranks[exception.company_id.id]))
        return {
            exception.date: DayRule(exception.is_working, exception.hour_from, exception.hour_to)
            for exception in by_rank
        }
