"""Calendars of core with our exceptions, as the kernel of working time sees them."""

from datetime import date, datetime, timedelta
from random import Random

from odoo.tests import tagged

from odoo.addons.sales_management.tests.common_ground.common import CalendarCommon
from odoo.addons.sales_management.tools.working_time import FREE, USUAL, DayRule, NoWorkingTime

#: Noon of Friday, 13 February 2026, in Hangzhou.
FRIDAY_NOON = datetime(2026, 2, 13, 4)
MONDAY = date(2026, 6, 8)
#: Calendars, companies, attendances, time off, exceptions.
BUDGET = 5


@tagged("post_install", "-at_install", "common_ground")
class TestHolidayWeek(CalendarCommon):
    """Spring Festival of 2026 with its two working Saturdays, 调休."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for day in range(15, 24):
            cls._create_exception(date(2026, 2, day), name="Spring Festival")
        cls.before, cls.after = (cls._create_exception(day, True) for day in ("2026-02-14", "2026-02-28"))

    def _get_deadline(self, hours):
        return self._get_working_time().add_hours(FRIDAY_NOON, hours)

    def test_deadlines(self):
        for hours, deadline in (
            (4, datetime(2026, 2, 13, 9)),
            (5, datetime(2026, 2, 14, 1)),
            (12, datetime(2026, 2, 14, 9)),
            (13, datetime(2026, 2, 24, 1)),
            (12 + 4 * 8, datetime(2026, 2, 27, 9)),
            (12 + 4 * 8 + 8, datetime(2026, 2, 28, 9)),
            (12 + 4 * 8 + 9, datetime(2026, 3, 2, 1)),
        ):
            with self.subTest(hours=hours):
                self.assertEqual(self._get_deadline(hours), deadline)

    def test_removing_an_exception_changes_them(self):
        self.before.unlink()
        self.assertEqual(self._get_deadline(12), datetime(2026, 2, 24, 9))
        self.after.unlink()
        self.assertEqual(self._get_deadline(4 + 4 * 8 + 8), datetime(2026, 3, 2, 9))
        self.Exception.search([]).unlink()
        self.assertEqual(self._get_deadline(12), datetime(2026, 2, 16, 9))

    def test_hours_of_the_working_date(self):
        self.before.write({"hour_from": 9, "hour_to": 12.5})
        self.assertEqual(self._get_deadline(4 + 3.5), datetime(2026, 2, 14, 4, 30))
        self.assertEqual(self._get_deadline(8), datetime(2026, 2, 24, 0, 30))

    def test_public_time_off_on_a_working_date(self):
        """The exception is the last word: it is how a date within time off is declared as worked."""
        self._create_leave("2026-02-11 16:00:00", "2026-02-23 15:59:59")
        self.assertEqual(self._get_working_time().add_days(date(2026, 2, 11), 1), date(2026, 2, 14))


@tagged("post_install", "-at_install", "common_ground")
class TestWorkingTimeOfCalendars(CalendarCommon):
    """What a calendar of core says is what the kernel is built from."""

    def test_agrees_with_core(self):
        """Random calendars in zones whose clocks change, with public time off; core knows no exceptions."""
        random = Random(20260308)
        for zone, start in (
            ("Europe/Berlin", datetime(2026, 3, 20)),
            ("America/New_York", datetime(2026, 10, 25)),
            ("Asia/Shanghai", datetime(2026, 6, 1)),
        ):
            for _trial in range(4):
                calendar = self._create_random_calendar(random, zone)
                begin = start + timedelta(minutes=random.randrange(10_000))
                end = begin + timedelta(hours=random.randrange(9, 40))
                self._create_leave(begin, end, calendar_id=calendar.id)
                first, last = start, start + timedelta(days=24, minutes=random.randrange(5_000))
                with self.subTest(zone=zone):
                    self.assertAlmostEqual(
                        float(self._get_working_time(calendar).get_hours(first, last)),
                        calendar.get_work_hours_count(first, last),
                        places=6,
                    )

    def test_breaks_are_not_worked(self):
        spans = self._get_working_time().get_spans(MONDAY)
        self.assertEqual(
            spans,
            [
                (datetime(2026, 6, 8, 0), datetime(2026, 6, 8, 4)),
                (datetime(2026, 6, 8, 5), datetime(2026, 6, 8, 9)),
            ],
        )

    def test_calendar_of_two_weeks(self):
        week_type = self.env["resource.calendar.attendance"].get_week_type(MONDAY)
        calendar = self._create_calendar(
            "Shifts",
            [
                (0, 8, 12, "morning", {"week_type": str(week_type)}),
                (2, 8, 12, "morning", {"week_type": str(1 - week_type)}),
            ],
            two_weeks_calendar=True,
        )
        working_time = self._get_working_time(calendar)
        days = [day for day in (MONDAY + timedelta(days=count) for count in range(28)) if working_time.works_on(day)]
        self.assertEqual(days, [MONDAY + timedelta(days=count) for count in (0, 9, 14, 23)])

    def test_flexible_calendar(self):
        """It says how much is worked: eight hours about noon, from Monday until those of the week are done."""
        calendar = self._create_calendar(
            "Flexible", schedule_type="flexible", hours_per_day=8, full_time_required_hours=36
        )
        working_time = self._get_working_time(calendar)
        midnight = datetime(2026, 6, 7, 16)
        self.assertEqual(working_time.get_hours(midnight, midnight + timedelta(days=7)), 36)
        self.assertEqual(working_time.get_spans(MONDAY), [(datetime(2026, 6, 8, 0), datetime(2026, 6, 8, 8))])
        self.assertFalse(working_time.works_on(MONDAY + timedelta(days=5)))

    def test_without_a_calendar_work_never_stops(self):
        none = self.env["resource.calendar"]
        self._create_exception(MONDAY)
        working_time = self._get_working_time(none)
        self.assertEqual(working_time.add_hours(datetime(2026, 6, 7, 12), 13), datetime(2026, 6, 9, 1))

    def test_calendar_without_hours(self):
        self.calendar.attendance_ids.unlink()
        with self.assertRaises(NoWorkingTime):
            self._get_working_time().add_hours(FRIDAY_NOON, 1)

    def test_time_off(self):
        """Public time off counts, that of the calendar and that of the company; one's own and another company's not."""
        resource = self.env["resource.resource"].create({"name": "Li Na", "calendar_id": self.calendar.id})
        day = MONDAY
        for expected, values in (
            (False, {}),
            (False, {"calendar_id": False}),
            (True, {"resource_id": resource.id}),
            (True, {"time_type": "other"}),
            (True, {"calendar_id": self._create_calendar("Another").id}),
        ):
            start = datetime.combine(day, datetime.min.time()) - timedelta(hours=8)
            self._create_leave(start, start + timedelta(hours=23, minutes=59, seconds=59), **values)
            with self.subTest(**values):
                self.assertEqual(self._get_working_time().works_on(day), expected)
            day += timedelta(days=1)
        elsewhere = self._create_leave("2026-06-14 16:00:00", "2026-06-15 15:59:59", calendar_id=False)
        elsewhere.company_id = self.other_company
        self.assertTrue(self._get_working_time().works_on(date(2026, 6, 15)))
        self.assertFalse(self._get_working_time(company=self.other_company).works_on(date(2026, 6, 15)))

    def test_time_off_ends_with_its_day(self):
        """The last second before midnight, where core ends time off, is no working time."""
        calendar = self._create_calendar("Always", [(weekday, 0, 24, "full_day") for weekday in range(7)], tz="UTC")
        self._create_leave("2026-06-08 00:00:00", "2026-06-08 23:59:59", calendar_id=calendar.id)
        self.assertEqual(
            self._get_working_time(calendar).get_next(datetime(2026, 6, 8, 5)), datetime(2026, 6, 9)
        )

    def test_the_narrower_exception_comes_first(self):
        """That of the calendar, then that of the company, of the one that it is a branch of, of all."""
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        steps = [
            ({"company_id": False}, DayRule(True, 1, 2)),
            ({"company_id": self.company.id}, FREE),
            ({"company_id": branch.id}, DayRule(True, 3, 4)),
            ({"company_id": False, "calendar_id": self.calendar.id}, FREE),
            ({"company_id": branch.id, "calendar_id": self.calendar.id}, USUAL),
        ]
        for values, rule in steps:
            self._create_exception(MONDAY, **values, **rule._asdict())
            with self.subTest(**values):
                rules = self.Exception.search([])._get_day_rules(self.calendar, branch)
                self.assertEqual(rules[MONDAY], rule)
        above = self.Exception.search([])._get_day_rules(self.env["resource.calendar"], self.company)
        self.assertEqual(above[MONDAY], FREE, "Exceptions of a branch are its own.")

    def test_same_for_everybody(self):
        """Whoever asks, with whichever companies switched on: exceptions that one may not see count."""
        self._create_exception(MONDAY, company_id=self.other_company.id)
        for user in (self.salesperson, self.users_by_role["portal"]):
            calendar = self.calendar.with_user(user)
            self.assertFalse(calendar._get_working_time(self.other_company.with_user(user)).works_on(MONDAY))
            self.assertTrue(calendar._get_working_time(self.company.with_user(user)).works_on(MONDAY))

    def test_number_of_queries_does_not_grow(self):
        calendars = self.calendar.union(*(self._create_calendar(f"Calendar {number}") for number in range(9)))
        companies = self.company | self.other_company
        for number, calendar in enumerate(calendars):
            self._create_exception(MONDAY, calendar_id=calendar.id, company_id=companies[number % 2].id)
            self._create_leave("2026-06-08 00:00:00", "2026-06-08 09:00:00", calendar_id=calendar.id)
        pairs = [(calendar, company) for calendar in calendars for company in companies]
        self.assertEqual(len(pairs), 20)
        for count in (1, 20):
            self.env.flush_all()
            self.env.invalidate_all()
            with self.subTest(pairs=count), self.assertQueryCount(BUDGET):
                working_times = self.env["resource.calendar"]._get_working_times(pairs[:count])
                for working_time in working_times.values():
                    working_time.add_hours(FRIDAY_NOON, 100)

    def _create_random_calendar(self, random, zone):
        rows = []
        two_weeks = random.random() < 0.5
        for week in (0, 1) if two_weeks else (None,):
            for weekday in random.sample(range(7), 5):
                hours = sorted(random.sample(range(4 * 3 + 2, 4 * 24 + 1), 4))
                periods = ((hours[0], hours[1], "morning"), (hours[2], hours[3], "afternoon"))
                rows += [
                    (weekday, start / 4, end / 4, period, {"week_type": False if week is None else str(week)})
                    for start, end, period in periods
                ]
        return self._create_calendar("Random", rows, tz=zone, two_weeks_calendar=two_weeks)
