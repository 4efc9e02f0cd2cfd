from datetime import timedelta

import pytz

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.sales_management.tools.working_time import Attendance, WorkingTime


class ResourceCalendar(models.Model):
    """Working time of a calendar in a company: the attendances, the public time off, and our exceptions."""

    _inherit = "resource.calendar"

    def _get_working_time(self, company):
        """Working time of this calendar, or of none, in a company.

        :rtype: WorkingTime
        """
        return self._get_working_times([(self, company)])[self, company]

    @api.model
    def _get_working_times(self, pairs):
        """Working time of calendars in companies, in a number of queries that does not grow with them.

        Without a calendar work never stops, as core has it for a resource without one; exceptions hold all the same.
        A result is a snapshot, made to answer many questions: keep it while a method runs, and not longer.

        :param Iterable[tuple] pairs: ``(calendar, company)`` of one record each; the calendar may be none
        :rtype: dict[tuple, WorkingTime]
        """
        pairs = list(pairs)
        # Working time is the same whoever asks for it, and whichever companies are switched on meanwhile.
        calendars = self.browse().union(*(calendar for calendar, _company in pairs)).sudo()
        companies = self.env["res.company"].union(*(company for _calendar, company in pairs)).sudo()
        attendances = calendars._get_working_attendances()
        leaves = calendars._get_public_leaves(companies)
        exceptions = self.env["sales.calendar.exception"].sudo()._search_for(calendars, companies)
        return {
            (calendar, company): WorkingTime(
                attendances[calendar.id],
                calendar.sudo()._get_working_zone(),
                calendar.sudo()._filter_public_leaves(leaves, company),
                exceptions._get_day_rules(calendar, company),
            )
            for calendar, company in pairs
        }

    def _get_working_zone(self):
        return pytz.timezone(self.tz or "UTC")

    def _get_working_attendances(self):
        """Weekly pattern by the id of each of these calendars, ``False`` for none.

        :rtype: dict[int, list[Attendance]]
        """
        attendances = {False: [Attendance(weekday, 0, 24) for weekday in range(7)]}
        for calendar in self:
            attendances[calendar.id] = calendar._get_flexible_attendances() if calendar.flexible_hours else []
        rows = self.env["resource.calendar.attendance"].search_fetch(
            self._get_working_attendance_domain(),
            ["calendar_id", "dayofweek", "hour_from", "hour_to", "week_type", "day_period", "display_type"],
        )
        for row in rows:
            if row._is_work_period():
                week = int(row.week_type) if row.calendar_id.two_weeks_calendar else None
                attendances[row.calendar_id.id].append(
                    Attendance(int(row.dayofweek), row.hour_from, row.hour_to, week)
                )
        return attendances

    def _get_working_attendance_domain(self):
        return Domain("calendar_id", "in", self.filtered(lambda calendar: not calendar.flexible_hours).ids)

    def _get_flexible_attendances(self):
        """A flexible calendar says how much is worked and not when.

        The hours of a day lie around noon, as core draws them, and those of the week on its first days.
        """
        left, attendances = self.full_time_required_hours, []
        for weekday in range(7):
            hours = min(left, self.hours_per_day)
            if hours > 0:
                attendances.append(Attendance(weekday, 12 - hours / 2, 12 + hours / 2))
                left -= hours
        return attendances

    # === Time off === #

    def _get_public_leaves(self, companies):
        """Time off that is nobody's own, of these calendars or of all calendars of the companies."""
        return self.env["resource.calendar.leaves"].search_fetch(
            self._get_public_leave_domain(companies), ["calendar_id", "company_id", "date_from", "date_to"]
        )

    def _get_public_leave_domain(self, companies):
        in_companies = Domain("company_id", "in", [False, *companies.parent_ids.ids])
        return (
            Domain("resource_id", "=", False)
            & Domain("time_type", "=", "leave")
            & (Domain("calendar_id", "in", self.ids) | Domain("calendar_id", "=", False) & in_companies)
        )

    def _filter_public_leaves(self, leaves, company):
        """Spans in UTC, of the leaves that hold for this calendar in a company.

        Core lets time off end in the last second of a minute, mostly of the day, and means all of it.
        """
        companies = company.sudo().parent_ids | self.company_id
        spans = []
        for leave in leaves:
            if leave.calendar_id in (self, self.browse()) and (not leave.company_id or leave.company_id in companies):
                end = leave.date_to.replace(microsecond=0)
                spans.append((leave.date_from, end + timedelta(seconds=end.second == 59)))
        return spans
