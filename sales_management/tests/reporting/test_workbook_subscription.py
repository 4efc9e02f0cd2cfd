"""Workbooks by mail: when, to whom, once, in whose language and under whose rights; and two workers at once."""

import threading
from contextlib import contextmanager
from datetime import date

from freezegun import freeze_time

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged

from odoo.addons.sales_management.tests.reporting.workbook_common import WorkbookCommon

MODEL = "sales.workbook.subscription"


@tagged("post_install", "-at_install", "reporting")
class TestWorkbookSubscription(WorkbookCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._sell()
        cls.env["sales.workbook"].sudo().search([]).unlink()
        cls.env[MODEL].sudo().search([]).active = False
        cls.salesperson.email = "sales@example.com"

    def _subscribe(self, user=None, since="2026-03-15", **values):
        values = {"user_id": (user or self.salesperson).id, "company_id": self.company.id, **values}
        one = self.env[MODEL].sudo().create(values)
        self.env.flush_all()
        self.env.cr.execute("UPDATE sales_workbook_subscription SET create_date = %s WHERE id = %s", [since, one.id])
        self.env.invalidate_all()
        return one

    def _run(self, at="2026-04-01 06:00:00"):
        with freeze_time(at), self.enter_registry_test_mode():
            self.env.ref("sales_management.ir_cron_send_workbooks").sudo().method_direct_trigger()
            self.env.ref("sales_management.ir_cron_make_workbooks").sudo().method_direct_trigger()
        self.env.invalidate_all()

    def _get_mails(self):
        return self.env["mail.mail"].sudo().search([("subject", "like", "Sales workbook")])

    def test_the_month_is_sent_when_it_is_over_and_once(self):
        one = self._subscribe()
        self._run("2026-03-31 23:00:00")
        self.assertFalse(one.book_ids)
        for at in ("2026-04-01 00:30:00", "2026-04-01 06:00:00", "2026-04-20 06:00:00"):
            self._run(at)
        [book] = one.book_ids
        self.assertEqual((book.date_from, book.date_to), (date(2026, 3, 1), date(2026, 3, 31)))
        self.assertEqual(book.state, "done", book.error)
        people = {row["Salesperson"] for row in self._read_rows(self._open(book)["Orders"])}
        self.assertEqual(people, {"Salesperson"}, "What the receiver may see, and not who runs the job.")
        [mail] = self._get_mails()
        self.assertIn("sales@example.com", mail.email_to)
        self.assertEqual(mail.attachment_ids.mapped("name"), [book.file_name])
        self.assertIn(f"/odoo/workbooks/{book.id}", mail.body_html)
        self._run("2026-05-01 06:00:00")
        self.assertEqual(len(one.book_ids), 2)

    def test_periods_are_those_of_the_company(self):
        self.company.sales_month_start = 26
        self.company.partner_id.tz = "Asia/Shanghai"
        one = self._subscribe()
        self._run("2026-03-25 15:00:00")
        self.assertFalse(one.book_ids, "It is the 25th in Shanghai.")
        self._run("2026-03-25 17:00:00")
        self.assertEqual((one.book_ids.date_from, one.book_ids.date_to), (date(2026, 2, 26), date(2026, 3, 25)))

    def test_what_was_over_before_is_not_sent(self):
        one = self._subscribe(since="2026-04-01 05:00:00")
        week = self._subscribe(since="2026-04-01 05:00:00", period_kind="week")
        self._run("2026-04-06 06:00:00")
        self.assertFalse(one.book_ids)
        self.assertEqual(week.book_ids.date_to, date(2026, 4, 5))

    def test_who_has_left_or_lost_the_rights_gets_nothing(self):
        subscriptions = self._subscribe() | self._subscribe(self.member) | self._subscribe(self.leader)
        self.salesperson.sudo().active = False
        self.member.sudo().group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        other = self.setup_other_company(name="Second")["company"]
        self.leader.sudo().write({"company_id": other.id, "company_ids": [Command.set(other.ids)]})
        self._run()
        self.assertFalse(subscriptions.book_ids)
        self.assertFalse(self._get_mails())

    def test_rights_that_are_lost_meanwhile_count(self):
        one = self._subscribe()
        with freeze_time("2026-04-01 06:00:00"):
            self.env[MODEL].sudo()._cron_send()
        self.salesperson.sudo().group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        self._run()
        self.assertEqual(one.book_ids.state, "failed")
        self.assertFalse(self._get_mails())

    def test_nothing_is_sent_where_reports_are_off(self):
        one = self._subscribe()
        self.company.sales_reporting_enabled = False
        self.env["res.company"]._get_enabled_company_ids("sales_reporting_enabled")
        with self.assertQueryCount(0):
            self.env[MODEL].sudo()._cron_send()
        self._run()
        self.assertFalse(one.book_ids)

    def test_a_book_speaks_the_language_of_its_receiver(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        sheet = self.env.ref("sales_management.sales_workbook_sheet_orders").sudo()
        sheet.with_context(lang="zh_CN").name = "订单"
        mine, other = self._subscribe(sheet_ids=sheet.ids), self._subscribe(sheet_ids=sheet.ids, lang="en_US")
        self.salesperson.sudo().lang = "zh_CN"
        self._run()
        self.assertEqual(self._open(mine.book_ids).sheetnames, ["订单"])
        self.assertEqual(self._open(other.book_ids).sheetnames, ["Orders"])

    def test_everybody_subscribes_for_themselves_managers_for_all(self):
        subscriptions = self.env[MODEL]
        own = subscriptions.with_user(self.salesperson).create({})
        self.assertEqual(own.user_id, self.salesperson)
        with self.assertRaises(AccessError):
            subscriptions.with_user(self.salesperson).create({"user_id": self.manager.id})
        self.assertTrue(subscriptions.with_user(self.manager).create({"user_id": self.leader.id}))
        self.assertFalse(own.with_user(self.leader).has_access("read"))


@tagged("post_install", "-at_install", "reporting", "concurrency")
class TestWorkbookConcurrency(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry_ = Registry(get_db_name())
        with self._get_env() as env:
            company = env["res.company"].create({"name": "Workbook Race", "sales_reporting_enabled": True})
            admin = env.ref("base.user_admin")
            admin.company_ids = [Command.link(company.id)]
            one = env[MODEL].create({"company_id": company.id, "user_id": admin.id})
            env.flush_all()
            env.cr.execute("UPDATE sales_workbook_subscription SET create_date = '2020-01-01' WHERE id = %s", [one.id])
            self.ids = one.id, company.id
        self.addCleanup(self._clean)

    @contextmanager
    def _get_env(self):
        with self.registry_.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _clean(self):
        with self._get_env() as env:
            subscription, company = env[MODEL].browse(self.ids[0]), env["res.company"].browse(self.ids[1])
            subscription.book_ids.unlink()
            subscription.unlink()
            company.sales_reporting_enabled = False
            env.ref("base.user_admin").company_ids = [Command.unlink(company.id)]
            company.write({"active": False, "name": f"Workbook Race {company.id}"})

    def test_two_workers_order_one_book(self):
        errors, barrier = [], threading.Barrier(2)

        def work(env):
            try:
                # Both see that nothing was ordered before either orders.
                due = env[MODEL].browse(self.ids[0])._get_due()
                barrier.wait(10)
                if due:
                    env[MODEL]._cron_send()
                    env.cr.commit()
            except BaseException as error:  # noqa: BLE001 it is a failure of the test, in another thread
                errors.append(error)

        with self._get_env() as first, self._get_env() as second:
            threads = [threading.Thread(target=work, args=[env]) for env in (first, second)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
        self.assertFalse(errors)
        with self._get_env() as env:
            self.assertEqual(env["sales.workbook"].search_count([("subscription_id", "=", self.ids[0])]), 1)
