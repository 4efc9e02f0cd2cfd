"""Calendars of companies, and short ways to give them time off and exceptions."""

from odoo.fields import Command

from odoo.addons.sales_management.tests.common import DealCommon


class CalendarCommon(DealCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.other_company = cls.env["res.company"].create({"name": "Ningbo Trading"})
        cls.Exception = cls.env["sales.calendar.exception"]
        cls.calendar = cls._create_calendar("Hangzhou")

    @classmethod
    def _create_calendar(cls, name, rows=None, **values):
        """A calendar of Monday to Friday, 8 to 12 and 13 to 17, with the break as a row as core has it."""
        rows = rows or [
            (weekday, *hours, period)
            for weekday in range(5)
            for hours, period in (((8, 12), "morning"), ((12, 13), "lunch"), ((13, 17), "afternoon"))
        ]
        attendances = [
            Command.create({
                "name": f"{weekday} {period}", "dayofweek": str(weekday), "hour_from": hour_from, "hour_to": hour_to,
                "day_period": period, **(week[0] if week else {}),
            })
            for weekday, hour_from, hour_to, period, *week in rows
        ]  # fmt: skip
        defaults = {"tz": "Asia/Shanghai", "company_id": False, "attendance_ids": [Command.clear(), *attendances]}
        return cls.env["resource.calendar"].create({"name": name, **defaults, **values})

    @classmethod
    def _create_exception(cls, day, is_working=False, **values):
        return cls.Exception.create({"date": day, "is_working": is_working, **values})

    @classmethod
    def _create_leave(cls, start, end, **values):
        defaults = {"calendar_id": cls.calendar.id, "resource_id": False, "company_id": cls.company.id}
        return cls.env["resource.calendar.leaves"].create(
            {"name": "Leave", "date_from": start, "date_to": end, **defaults, **values}
        )

    def _get_working_time(self, calendar=None, company=None):
        return (self.calendar if calendar is None else calendar)._get_working_time(company or self.company)
