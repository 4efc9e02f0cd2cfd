"""Who sees what in a workbook, and who may ask for one: by role, over RPC, and after rights were lost."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.sales_management.tests.reporting.workbook_common import FIRST, LAST, WorkbookCommon


@tagged("post_install", "-at_install", "reporting")
class TestWorkbookAccess(WorkbookCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._sell()
        cls._order(10, user=cls.manager, team_id=cls.other_team.id)
        cls.title = f"Ordered ({cls.company.currency_id.name}, excl. tax)"

    def _sum(self, user, sheet="orders", name="Orders", **values):
        book = self._make(user, sheets=[sheet], **values)
        return self._read_totals(self._open(book)[name])[self.title]

    def test_a_salesperson_gets_the_own_rows(self):
        self.assertEqual(self._sum(self.salesperson), 500)
        self.assertEqual(self._sum(self.salesperson, "summary", "Summary"), 500)
        book = self._open(self._make(self.salesperson))
        for name in ("Orders", "Invoices", "Payments", "Quotations", "Summary"):
            people = {row["Salesperson"] for row in self._read_rows(book[name])}
            self.assertEqual(people, {"Salesperson"}, name)

    def test_a_leader_gets_the_team_and_a_manager_all(self):
        self.assertEqual(self._sum(self.leader), 1000)
        self.assertEqual(self._sum(self.manager), 2000)

    def test_teams_narrow_a_book(self):
        self.assertEqual(self._sum(self.manager, team_ids=[Command.set(self.other_team.ids)]), 1000)
        self.assertEqual(self._sum(self.leader, team_ids=[Command.set(self.other_team.ids)]), 0)

    def test_who_has_no_rights_gets_a_clear_message(self):
        for user in (self.finance, self.users_by_role["portal"]):
            book = self._make(user)
            self.assertEqual(book.state, "failed")
            self.assertIn("has no right to see what was sold", book.error)
            self.assertFalse(book.file)

    def test_sheets_of_what_one_may_not_see_are_left_out(self):
        self.company.sales_target_enabled = False
        self.assertNotIn("Targets", self._open(self._make()).sheetnames)
        self.assertEqual(self._make(sheets=["targets"]).state, "failed")

    def test_nobody_writes_a_workbook_by_hand(self):
        books = self.env["sales.workbook"]
        values = {"user_id": self.manager.id, "date_from": FIRST, "date_to": LAST}
        for user in (self.salesperson, self.leader, self.manager):
            with self.assertRaises(AccessError):
                books.with_user(user).create(values)
        own = self._make(self.salesperson)
        with self.assertRaises(AccessError):
            own.with_user(self.salesperson).user_id = self.manager
        with self.assertRaises(AccessError):
            own.with_user(self.salesperson).state = "waiting"

    def test_a_workbook_is_read_by_its_reader_and_managers(self):
        book = self._make(self.manager)
        self.assertFalse(book.with_user(self.salesperson).has_access("read"))
        self.assertFalse(book.with_user(self.leader).has_access("read"))
        self.assertTrue(self._make(self.leader).with_user(self.manager).has_access("read"))
        attachment = book._get_attachment()
        with self.assertRaises(AccessError):
            attachment.with_user(self.leader).read(["raw"])
        with self.assertRaises(AccessError):
            book.with_user(self.leader).action_download()

    def test_a_wizard_makes_the_own_book(self):
        with Form(self.env["sales.workbook.make"].with_user(self.salesperson)) as form:
            form.period_kind = "month"
            form.day = "2026-03-15"
            self.assertEqual((form.date_from, form.date_to), (FIRST, LAST))
        wizard = form.record
        action = wizard.action_make()
        book = self.env["sales.workbook"].browse(action["res_id"]).with_user(self.salesperson)
        self.assertEqual((book.user_id, book.state), (self.salesperson, "done"), book.error)
        self.assertIn("/web/content/sales.workbook/", book.action_download()["url"])
        with self.assertRaises(AccessError):
            wizard.with_user(self.manager).action_make()

    def test_a_wizard_says_what_is_missing(self):
        wizard = self.env["sales.workbook.make"].with_user(self.salesperson).create({"period_kind": "month"})
        self.assertTrue(wizard.sheet_ids)
        wizard.sheet_ids = False
        with self.assertRaisesRegex(UserError, "at least one sheet"):
            wizard.action_make()
        with self.assertRaisesRegex(UserError, "ends before it begins"):
            wizard.create({"period_kind": "custom", "date_from": LAST, "date_to": FIRST}).action_make()

    def test_months_begin_when_the_company_says(self):
        self.company.sales_month_start = 26
        wizard = self.env["sales.workbook.make"].create({"period_kind": "month", "day": "2026-03-15"})
        self.assertEqual((str(wizard.date_from), str(wizard.date_to)), ("2026-02-26", "2026-03-25"))
