from datetime import datetime

from odoo import api, fields, models

from odoo.addons.sales_management.const import MONEY_METRICS
from odoo.addons.sales_management.tools.attainment import get_attainment, get_working_days

from .sales_target import SCOPE

#: From so many percent of what was expected by now on, a target is on course.
ON_COURSE = 95
#: What a target says of itself.
COURSES = [
    ("future", "Not Begun"),
    ("reached", "Reached"),
    ("on_course", "On Course"),
    ("behind", "Behind"),
    ("missed", "Missed"),
    ("none", "No Target"),
]


class SalesTarget(models.Model):
    """Where a target stands, and where its period will end if it goes on as it did."""

    _inherit = "sales.target"

    actual = fields.Monetary(
        string="Reached",
        compute="_compute_attainment",
        compute_sudo=True,
        help="What the scope of the target brought in its period, from orders, invoices, payments and deals. Of a "
        "closed target, what it was when it was closed.",
    )
    attainment = fields.Float(
        string="Attainment (%)",
        compute="_compute_attainment",
        compute_sudo=True,
        digits=(16, 1),
        help="Reached ÷ target. Of a target of zero there is none.",
    )
    gap = fields.Monetary(
        compute="_compute_attainment",
        compute_sudo=True,
        help="Target less what was reached. Below zero: more was reached.",
    )
    planned = fields.Monetary(
        string="Expected by Now",
        compute="_compute_attainment",
        compute_sudo=True,
        help="Target × working days that are over, today among them ÷ all working days of the period.",
    )
    run_rate = fields.Monetary(
        string="Per Working Day",
        compute="_compute_attainment",
        compute_sudo=True,
        help="Reached ÷ working days that are over, today among them.",
    )
    required_rate = fields.Monetary(
        string="Needed per Working Day",
        compute="_compute_attainment",
        compute_sudo=True,
        help="Gap ÷ working days that are left.",
    )
    expected_at_end = fields.Monetary(
        compute="_compute_attainment",
        compute_sudo=True,
        help="What the end of the period will bring at the rate so far: reached ÷ working days that are over × all "
        "working days. Before the period begins there is none.",
    )
    course = fields.Selection(
        COURSES,
        compute="_compute_attainment",
        compute_sudo=True,
        search="_search_course",
        help="Behind: under 95 % of what was expected by now. Missed: the period is over, and the target not reached.",
    )
    amount_note = fields.Char(
        string=" ", compute="_compute_amount_note", help="Whether tax is in the amounts: a setting of the company."
    )

    # === Computes === #

    @api.depends("amount", "metric", "company_id", "date_from", "date_to", "state", "closed_actual", *SCOPE)
    def _compute_attainment(self):
        actuals = self.filtered(lambda target: target.state == "open" and target.id)._get_actuals()
        days = self._get_days()
        todays = {company: company._get_sales_today() for company in self.company_id | self.env.company}
        for target in self:
            closed = target.state == "closed"
            actual = target.closed_actual if closed else actuals.get(target.id, actuals.get(target._origin.id, 0.0))
            digits = target.currency_id.decimal_places if target.currency_id else 2
            stand = get_attainment(actual, target.amount, days[target], digits)
            target.actual = actual
            target.attainment = stand.attainment or 0.0
            target.gap = stand.gap
            target.planned = stand.planned
            target.run_rate = stand.run_rate or 0.0
            target.required_rate = stand.required_rate or 0.0
            target.expected_at_end = stand.expected or 0.0
            target.course = target._get_course(stand, todays[target.company_id or self.env.company])

    def _get_course(self, stand, today):
        self.ensure_one()
        if not self.amount:
            return "none"
        if self.actual >= self.amount:
            return "reached"
        # By days, not by working days: on the last one of them something can still come in.
        if self.date_to and self.date_to < today:
            return "missed"
        if self.date_from and self.date_from > today:
            return "future"
        return "on_course" if 100 * self.actual >= ON_COURSE * stand.planned else "behind"

    @api.depends("metric", "company_id.sales_amount_tax", "closed_tax")
    @api.depends_context("lang")
    def _compute_amount_note(self):
        for target in self:
            if target.metric == "margin":
                target.amount_note = self.env._("excl. tax")
            else:
                is_money = target.metric in MONEY_METRICS and target.company_id
                # What is closed is told as it was counted then, whatever the company counts today.
                target.amount_note = target.company_id._get_amount_tax_label(target.closed_tax) if is_money else False

    # === Days === #

    def _get_days(self):
        """Working days of the periods of these targets: those that are over by the clock of the company, and all.

        :rtype: dict[sales.target, WorkingDays]
        """
        companies = self.company_id or self.env.company
        calendars = {company: (company.sudo().resource_calendar_id, company) for company in companies}
        times = self.env["resource.calendar"]._get_working_times(calendars.values())
        todays = {company: company._get_sales_today() for company in companies}
        found = {}
        for target in self:
            company = target.company_id or self.env.company
            key = (company, target.date_from, target.date_to)
            if key not in found:
                works_on = times[calendars[company]].works_on
                today = todays[company]
                first = target.date_from or today
                found[key] = get_working_days(first, target.date_to or first, today, works_on)
        return {
            target: found[target.company_id or self.env.company, target.date_from, target.date_to] for target in self
        }

    # === Search === #

    @api.model
    def _search_course(self, operator, value):
        if operator != "in":
            return NotImplemented
        # What lies in the future has not begun, and years ago nobody asks for the course of all.
        since = datetime(fields.Date.today().year - 1, 1, 1).date()
        targets = self.search([("date_to", ">=", since)])
        return [("id", "in", targets.filtered(lambda target: target.course in value).ids)]

    # === Actions === #

    def action_open_results(self):
        """Open what was reached of this target, line by line: the lines make the amount.

        :return: action
        :rtype: dict
        """
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("sales_management.sales_result_action")
        names = ("team_id", "user_id", "country_id", "state_id")
        domain = [
            ("metric", "=", self.metric),
            ("company_id", "=", self.company_id.id),
            ("date", ">=", self.date_from),
            ("date", "<=", self.date_to),
            *((name, "=", self[name].id) for name in names if self[name]),
        ]
        if self.categ_id:
            domain.append(("categ_id", "child_of", self.categ_id.id))
        return {
            **action,
            "name": self.display_name,
            "domain": domain,
            # What is counted is no money.
            "context": {"sales_counted_results": self.metric not in MONEY_METRICS},
            "views": [(False, kind) for kind in ("list", "kanban", "pivot", "graph")],
        }
