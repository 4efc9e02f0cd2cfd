"""Workbooks in the background: progress, errors, a server that stopped, and what is cleaned up."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.sales_management.tests.reporting.workbook_common import FIRST, LAST, WorkbookCommon

MODEL = "odoo.addons.sales_management.models.reporting.sales_workbook"


@tagged("post_install", "-at_install", "reporting")
class TestWorkbookJob(WorkbookCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._sell()
        cls.company.sales_workbook_rows = 0
        # The demo-free database holds no book of others; those of a run before do not count.
        cls.env["sales.workbook"].sudo().search([("state", "in", ("waiting", "running"))]).unlink()

    def _ask_for(self, user=None, codes=("orders",)):
        sheets = self.env["sales.workbook.sheet"].search([("code", "in", codes)])
        wizard = self.env["sales.workbook.make"].with_user(user or self.salesperson)
        wizard = wizard.create(
            {
                "period_kind": "custom",
                "date_from": FIRST,
                "date_to": LAST,
                "sheet_ids": [Command.set(sheets.ids)],
            }
        )
        return self.env["sales.workbook"].sudo().browse(wizard.action_make()["res_id"])

    def _run(self):
        with self.enter_registry_test_mode():
            self.env.ref("sales_management.ir_cron_make_workbooks").sudo().method_direct_trigger()
        self.env.invalidate_all()

    def _fail(self, error):
        service = self.env.registry["sales.workbook.source"]
        return patch.object(service, "_prepare_orders", lambda service, book: error(service, book))

    def test_a_long_book_waits_and_is_made(self):
        book = self._ask_for()
        self.assertEqual((book.state, book.row_count), ("waiting", 2))
        with self.assertRaisesRegex(UserError, "is not ready"):
            book.with_user(self.salesperson).action_download()
        told = []
        users = self.env.registry["res.users"]
        send = users._bus_send
        with patch.object(users, "_bus_send", lambda user, *args: told.append((user, args)) or send(user, *args)):
            self._run()
        self.assertEqual((book.state, book.progress), ("done", 100), book.error)
        self.assertEqual(len(self._read_rows(self._open(book)["Orders"])), 2)
        self.assertIn(("simple_notification", "success"), [(args[0], args[1]["type"]) for _user, args in told])

    def test_a_short_book_is_made_at_once(self):
        self.company.sales_workbook_rows = 2
        self.assertEqual(self._ask_for().state, "done")
        self.company.sales_workbook_rows = 1
        self.assertEqual(self._ask_for().state, "waiting")

    def test_progress_is_seen_while_it_is_made(self):
        book, seen = self._ask_for(), []
        books = self.env.registry["sales.workbook"]
        report = books._report_progress

        def look(book, written, whole):
            report(book, written, whole)
            book.env.cr.execute("SELECT progress FROM sales_workbook WHERE id = %s", [book.id])
            seen.append((written, whole, book.env.cr.fetchone()[0]))

        source = "odoo.addons.sales_management.models.reporting.sales_workbook_source.PAGE"
        with patch(f"{MODEL}.PACE", -1), patch(source, 1), patch.object(books, "_report_progress", look):
            self._run()
        self.assertEqual(book.state, "done", book.error)
        self.assertEqual(seen, [(1, 2, 50), (2, 2, 99)])

    def test_pages_make_the_same_book(self):
        whole = self._read_rows(self._open(self._make(sheets=["orders"]))["Orders"])
        with patch("odoo.addons.sales_management.models.reporting.sales_workbook_source.PAGE", 1):
            paged = self._read_rows(self._open(self._make(sheets=["orders"]))["Orders"])
        self.assertEqual(paged, whole)

    @mute_logger(MODEL, "odoo.sql_db")
    def test_what_goes_wrong_is_told_on_the_book(self):
        books = {}
        for name, error in {
            "known": lambda service, book: (_ for _ in ()).throw(UserError("Too much")),
            "unknown": lambda service, book: 1 / 0,
            "database": lambda service, book: service.env.execute_query(SQL("SELECT 1 / 0")),
        }.items():
            books[name] = self._ask_for()
            with self._fail(error):
                self._run()
        self.assertEqual({book.state for book in books.values()}, {"failed"})
        self.assertEqual(books["known"].error, "Too much")
        self.assertIn("ZeroDivisionError", books["unknown"].error)
        self.assertIn("division by zero", books["database"].error)
        with self.assertRaises(AccessError):
            books["known"].with_user(self.manager).action_retry()
        books["known"].with_user(self.salesperson).action_retry()
        self._run()
        self.assertEqual((books["known"].state, books["known"].error), ("done", False))
        with self.assertRaisesRegex(UserError, "has not failed"):
            books["known"].with_user(self.salesperson).action_retry()

    def test_a_server_that_stopped_begins_anew_once(self):
        book, other = self._ask_for(), self._ask_for()
        book.write({"state": "running", "attempt_count": 1})
        other.write({"state": "running", "attempt_count": 2})
        self._run()
        self.assertEqual((book.state, other.state), ("done", "failed"))
        self.assertIn("The server stopped", other.error)

    def test_too_many_rows_are_refused(self):
        book = self._ask_for()
        with patch(f"{MODEL}.MAX_ROWS", 1), mute_logger(MODEL):
            self._run()
        self.assertEqual(book.state, "failed")
        self.assertIn("Choose a shorter period", book.error)

    def test_old_books_go(self):
        old, new = self._make(sheets=["orders"]), self._make(sheets=["orders"])
        self.env.flush_all()
        long_ago = fields.Datetime.now() - timedelta(days=100)
        self.env.cr.execute("UPDATE sales_workbook SET create_date = %s WHERE id = %s", [long_ago, old.id])
        self.env.invalidate_all()
        self.env["sales.workbook"].sudo()._gc_old()
        self.assertFalse(old.exists())
        self.assertTrue(new.exists())

    def test_nothing_waits_nothing_is_asked(self):
        with self.assertQueryCount(1):
            self.env["sales.workbook"].sudo()._cron_make()
