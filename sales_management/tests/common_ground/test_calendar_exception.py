"""Exceptions of the calendar: what a date may say, who may say it, and how a year comes in."""

from datetime import date, timedelta
from pathlib import Path

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.common_ground.common import CalendarCommon

TEMPLATES = Path(__file__).parents[2] / "static" / "csv"
IMPORT_OPTIONS = {"quoting": '"', "separator": ",", "has_headers": True, "float_decimal_separator": "."}

MONDAY = date(2026, 6, 8)


class CalendarImportCommon(CalendarCommon):
    def _import(self, content, user=None):
        """Import a file as the import screen does, with the columns that it finds by itself.

        :return: the result of the import
        """
        wizard = self.env["base_import.import"].with_user(user or self.manager).create(
            {"res_model": self.Exception._name, "file": content, "file_name": "year.csv", "file_type": "text/csv"}
        )
        preview = wizard.parse_preview(dict(IMPORT_OPTIONS))
        columns = [preview["matches"].get(position, [False])[0] for position in range(len(preview["headers"]))]
        options = dict(IMPORT_OPTIONS, date_format=preview["options"].get("date_format") or "%Y-%m-%d")
        return wizard.execute_import(columns, preview["headers"], options)


@tagged("post_install", "-at_install", "common_ground")
class TestCalendarException(CalendarCommon):
    def test_defaults(self):
        exception = self._create_exception("2026-10-01")
        self.assertEqual((exception.company_id, exception.is_working), (self.company, False))
        self.assertEqual((exception.hour_from, exception.hour_to), (0, 0))

    def test_display_name_says_what_it_does(self):
        holiday = self._create_exception("2026-10-01", name="National Day")
        self.assertEqual(holiday.display_name, "Free: National Day")
        self.assertEqual(self._create_exception("2026-10-10", True).display_name, "Working")

    def test_hours_of_a_working_date(self):
        for position, hours in enumerate([(0, 0), (9, 12.5), (0, 24), (23.5, 24)]):
            with self.subTest(hours=hours):
                day = date(2026, 1, 1) + timedelta(days=position)
                exception = self._create_exception(day, True, hour_from=hours[0], hour_to=hours[1])
                self.assertEqual((exception.hour_from, exception.hour_to), hours)

    def test_hours_that_cannot_be(self):
        for hours in [(12, 9), (9, 9), (-1, 8), (9, 24.5), (12, 0)]:
            with self.subTest(hours=hours):
                self._assert_refused("sales_calendar_exception_working_hours_check", True, *hours)

    def test_a_free_date_has_no_hours(self):
        """Half a day off would be lost without a word: the refusal says to give the hours that remain."""
        self._assert_refused("sales_calendar_exception_free_hours_check", False, 13, 17)
        self._create_exception("2026-10-01", hour_from=0, hour_to=24)

    def test_taking_back_that_a_date_is_worked_empties_its_hours(self):
        exception = self._create_exception("2026-10-10", True, hour_from=9, hour_to=12)
        exception.is_working = False
        self.assertEqual((exception.hour_from, exception.hour_to), (0, 0))
        with Form(self.Exception) as form:
            form.date = "2026-10-11"
            form.is_working = True
            form.hour_from, form.hour_to = 9, 12
            form.is_working = False
        self.assertEqual((form.record.hour_from, form.record.hour_to), (0, 0))

    def test_one_exception_per_date_company_and_calendar(self):
        """No company and no calendar are values like others."""
        scopes = [
            {"company_id": company, "calendar_id": calendar}
            for company in (False, self.company.id)
            for calendar in (False, self.calendar.id)
        ]
        for scope in scopes:
            self._create_exception("2026-10-01", **scope)
        for scope in scopes:
            with self.subTest(**scope):
                self._assert_refused("sales_calendar_exception_date_uniq", True, 0, 0, **scope)
        self._create_exception("2026-10-02", **scopes[0])

    def test_calendar_belongs_to_the_company(self):
        foreign = self._create_calendar("Ningbo", company_id=self.other_company.id)
        with self.assertRaises(UserError):
            self._create_exception("2026-10-01", calendar_id=foreign.id)

    def test_a_calendar_takes_its_exceptions_along(self):
        exceptions = self._create_exception("2026-10-01", calendar_id=self.calendar.id)
        kept = self._create_exception("2026-10-01")
        self.calendar.unlink()
        self.assertEqual((exceptions | kept).exists(), kept)

    def _assert_refused(self, constraint, is_working, hour_from, hour_to, **values):
        with self.assertRaises(IntegrityError) as refusal, mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self._create_exception("2026-10-01", is_working, hour_from=hour_from, hour_to=hour_to, **values)
        self.assertEqual(refusal.exception.diag.constraint_name, constraint)


@tagged("post_install", "-at_install", "common_ground")
class TestCalendarImport(CalendarImportCommon):
    """A year comes in as one file."""

    def test_templates_are_there(self):
        templates = self.Exception.get_import_templates()
        served = {Path(template["template"]).name for template in templates}
        self.assertEqual(served, {path.name for path in TEMPLATES.iterdir()})

    def test_template(self):
        result = self._import((TEMPLATES / "calendar_exceptions.csv").read_bytes())
        self.assertFalse(result["messages"])
        exceptions = self.Exception.browse(result["ids"])
        self.assertEqual(exceptions.mapped("is_working"), [True, False])
        self.assertEqual((exceptions[0].hour_from, exceptions[0].hour_to), (9, 12.5))
        self.assertEqual(exceptions.company_id, self.manager.company_id)

    def test_year_of_china(self):
        """The notice of the State Council for 2026: 33 dates off, and six weekend days at work."""
        result = self._import((TEMPLATES / "calendar_exceptions_china_2026.csv").read_bytes())
        self.assertFalse(result["messages"])
        exceptions = self.Exception.browse(result["ids"])
        working = exceptions.filtered("is_working")
        self.assertEqual((len(exceptions - working), len(working)), (33, 6))
        self.assertTrue(all(day.weekday() >= 5 for day in working.mapped("date")))
        working_time = self._get_working_time()
        self.assertEqual(working_time.count_days(date(2026, 1, 1), date(2026, 12, 31)), 248)

    def test_bad_rows_are_told_all_at_once(self):
        content = b"date,is_working,hour_from,hour_to,name\n2026-10-01,1,9,8,A\n2026-10-02,0,,,B\n2026-10-03,1,9,30,C\n"
        with mute_logger("odoo.sql_db"):
            result = self._import(content)
        self.assertFalse(result["ids"])
        self.assertEqual([message["record"] for message in result["messages"]], [0, 2])
        self.assertIn("Leave both empty for the usual hours", result["messages"][0]["message"])

    def test_a_year_twice(self):
        content = b"date,is_working,name\n2026-10-01,0,A\n"
        self._import(content)
        with mute_logger("odoo.sql_db"):
            result = self._import(content)
        self.assertIn("There is a calendar exception of this date", result["messages"][0]["message"])

    def test_time_of_day_with_a_colon_is_refused(self):
        result = self._import(b"date,is_working,hour_from,hour_to,name\n2026-10-01,1,9:30,12:00,A\n")
        self.assertFalse(result.get("ids"))
        self.assertIn("9:30", result["messages"][0]["message"])


@tagged("post_install", "-at_install", "common_ground", "access")
class TestCalendarExceptionAccess(CalendarImportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.exception = cls._create_exception(MONDAY)

    def test_everybody_inside_reads(self):
        for role in ("salesperson", "member", "leader", "finance", "stock", "manager"):
            with self.subTest(role):
                exception = self.exception.with_user(self.users_by_role[role])
                self.assertEqual(exception.read(["date"])[0]["date"], MONDAY)

    def test_managers_alone_write(self):
        for role in ("salesperson", "member", "leader", "finance", "stock", "portal"):
            exception = self.exception.with_user(self.users_by_role[role])
            for call in (
                lambda exception=exception: exception.create({"date": "2026-10-01"}),
                lambda exception=exception: exception.write({"is_working": True}),
                exception.unlink,
            ):
                with self.subTest(role), self.assertRaises(AccessError):
                    call()
        manager = self.exception.with_user(self.manager)
        manager.create({"date": "2026-10-01"}).write({"is_working": True})
        manager.unlink()
        self.assertFalse(self.exception.exists())

    def test_portal_reads_nothing(self):
        with self.assertRaises(AccessError):
            self.exception.with_user(self.users_by_role["portal"]).read(["date"])

    def test_import_by_a_salesperson_is_refused(self):
        result = self._import(b"date,is_working,name\n2026-10-01,0,A\n", user=self.salesperson)
        self.assertIn("not allowed to create", result["messages"][0]["message"])
        self.assertFalse(self.Exception.search([("date", "=", "2026-10-01")]))

    def test_companies_keep_to_themselves(self):
        shared = self._create_exception("2026-10-01", company_id=False)
        foreign = self._create_exception("2026-10-01", company_id=self.other_company.id)
        manager = self._create_manager(self.other_company)
        seen = self.Exception.with_user(manager).search([])
        self.assertEqual(seen, shared | foreign)
        with self.assertRaises(AccessError):
            self.exception.with_user(manager).unlink()

    def test_branches_read_what_holds_for_them(self):
        """They do not change what their company says, but say otherwise of themselves."""
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        exception = self.exception.with_user(self._create_manager(branch))
        self.assertEqual(exception.read(["date"])[0]["date"], MONDAY)
        with self.assertRaises(AccessError):
            exception.is_working = True
        own = exception.with_company(branch).create({"date": MONDAY, "is_working": True})
        self.assertEqual(own.company_id, branch)
        self.assertTrue(self.calendar._get_working_time(branch).works_on(MONDAY))
        self.assertFalse(self.calendar._get_working_time(self.company).works_on(MONDAY))

    def _create_manager(self, company):
        return new_test_user(
            self.env, "sm_elsewhere", "sales_team.group_sale_manager",
            company_id=company.id, company_ids=[Command.set(company.ids)],
        )  # fmt: skip
