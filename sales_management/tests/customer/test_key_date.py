"""Days that matter to customers: when they are next, who is reminded once, and who gets a mail."""

from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.common import DealCommon
from odoo.addons.sales_management.tests.customer.dates_common import MORNING, TODAY, DatesMixin


@tagged("post_install", "-at_install", "customer")
class TestKeyDate(DatesMixin, DealCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_customers()
        cls.template = cls.env.ref("sales_management.mail_template_birthday")

    def _create(self, day="1990-03-10", partner=None, **values):
        with freeze_time(MORNING):
            key_date = self.env["sales.key.date"].create(
                {"partner_id": (partner or self.anna).id, "date": day, **values}
            )
            self.env.flush_all()
        return key_date

    # === Days === #

    def test_birthday_comes_every_year_and_contract_once(self):
        birthday = self._create()
        contract = self._create("2026-12-31", kind="contract", name="Frame contract")
        self.assertEqual((birthday.repeat, contract.repeat), ("yearly", "once"))
        self.assertEqual((birthday.next_date, contract.next_date), (date(2026, 3, 10), date(2026, 12, 31)))
        self.assertEqual(birthday.commercial_partner_id, self.weber)
        self.assertEqual(contract.display_name, "Frame contract · Weber GmbH, Anna Weber")

    def test_leap_day(self):
        self.assertEqual(self._create("1992-02-29").next_date, date(2027, 2, 28))
        key_date = self._create("1992-02-29")
        self._run("key_dates", "2028-02-20 07:00:00")
        self.assertEqual(key_date.next_date, date(2028, 2, 29))

    def test_what_is_over_comes_back_next_year(self):
        key_date = self._create("1990-03-10")
        once = self._create("2026-03-05", repeat="once")
        self._run("key_dates", "2026-03-11 07:00:00")
        self.assertEqual((key_date.next_date, once.next_date), (date(2027, 3, 10), date(2026, 3, 5)))

    def test_day_is_that_of_the_company(self):
        """One moment, three dates: the day of Los Angeles has not begun when Shanghai's ends."""
        shanghai, _user = self._open_company("Shanghai", "Asia/Shanghai")
        angeles, _user = self._open_company("Angeles", "America/Los_Angeles")
        with freeze_time("2026-03-04 02:00:00"):
            days = {
                company: self.env["sales.key.date"].create(
                    {"partner_id": self.anna.id, "date": "1990-03-03", "company_id": company.id}
                )
                for company in (shanghai, angeles)
            }
            self.assertEqual(days[shanghai].next_date, date(2027, 3, 3))
            self.assertEqual(days[angeles].next_date, date(2026, 3, 3))

    # === Reminders === #

    def test_owner_is_reminded_once(self):
        key_date = self._create(lead_days=7, note="likes green tea")
        self._run("key_dates", "2026-03-02 07:00:00")
        self.assertFalse(self._get_activities(), "It is eight days ahead.")
        for moment in ("2026-03-03 07:00:00", "2026-03-03 09:00:00", "2026-03-10 07:00:00"):
            self._run("key_dates", moment)
            activity = self._get_activities()
            self.assertEqual((activity.user_id, activity.date_deadline), (self.salesperson, date(2026, 3, 10)))
            self.assertIn("likes green tea", activity.summary)
        activity.action_done()
        self._run("key_dates", "2026-03-10 08:00:00")
        self.assertFalse(self._get_activities(), "What is done does not come back.")
        self.assertEqual(key_date.reminded_for, date(2026, 3, 10))
        self._run("key_dates", "2027-03-04 07:00:00")
        self.assertEqual(self._get_activities().date_deadline, date(2027, 3, 10), "Next year it does.")

    def test_reminder_by_the_clock_of_the_company(self):
        """At one moment it is due in Shanghai, and not yet in Los Angeles."""
        contacts = {}
        for name, zone in (("Shanghai", "Asia/Shanghai"), ("Angeles", "America/Los_Angeles")):
            company, user = self._open_company(name, zone)
            contacts[name] = self.env["res.partner"].create(
                {"name": name, "user_id": user.id, "company_id": company.id}
            )
            key_date = self._create(partner=contacts[name], lead_days=0)
            self.assertEqual(key_date.company_id, company)
        self._run("key_dates", "2026-03-10 02:00:00")
        self.assertTrue(self._get_activities(contacts["Shanghai"]))
        self.assertFalse(self._get_activities(contacts["Angeles"]))
        self._run("key_dates", "2026-03-11 02:00:00")
        self.assertTrue(self._get_activities(contacts["Angeles"]))

    def test_another_day_takes_the_reminder_back(self):
        key_date = self._create()
        self._run("key_dates")
        with freeze_time(MORNING):
            key_date.with_user(self.salesperson).write({"date": "1990-06-01"})
        self.assertFalse(self._get_activities())
        self._run("key_dates", "2026-05-30 07:00:00")
        self.assertEqual(self._get_activities().date_deadline, date(2026, 6, 1))

    def test_what_is_archived_deleted_or_moved_takes_its_reminder_along(self):
        for change in ("archive", "delete", "move"):
            key_date = self._create()
            self._run("key_dates")
            self.assertTrue(self._get_activities(), change)
            with self.subTest(change), freeze_time(MORNING):
                if change == "archive":
                    key_date.action_archive()
                elif change == "delete":
                    key_date.unlink()
                else:
                    key_date.partner_id = self.weber
                    self.assertFalse(key_date.reminded_for)
                self.assertFalse(self._get_activities())

    def test_nobody_is_reminded_without_an_owner_who_works_here(self):
        key_date = self._create()
        for values in ({"user_id": False}, {"user_id": self.salesperson.id}):
            self.weber.write(values)
            self.salesperson.active = not values["user_id"]
            self._run("key_dates")
            self.assertFalse(self._get_activities())
        self.assertFalse(key_date.reminded_for)
        self.salesperson.active = True
        self._run("key_dates")
        self.assertTrue(self._get_activities(), "Whoever takes the customer over before the day is.")

    def test_nobody_is_reminded_of_what_is_over(self):
        self._create("2026-03-01", repeat="once", lead_days=30)
        self._run("key_dates")
        self.assertFalse(self._get_activities())

    def test_nothing_happens_where_it_is_switched_off(self):
        self._create(mail_template_id=self.template.id, lead_days=0)
        self.env.company.sales_customer_enabled = False
        self._run("key_dates", "2026-03-10 07:00:00")
        self.assertFalse(self._get_activities())
        self.assertFalse(self._get_mails())
        with self.assertQueryCount(0):
            self.env["sales.key.date"]._cron_follow_key_dates()

    def test_one_that_fails_holds_up_no_other(self):
        bad, good = self._create(), self._create("1990-03-11")
        remind = type(bad)._remind

        def fail(records):
            if bad in records:
                raise ValueError("Broken")
            remind(records)

        with (
            patch.object(type(bad), "_remind", fail),
            mute_logger("odoo.addons.sales_management.models.customer.sales_customer_record_mixin"),
        ):
            self._run("key_dates")
        self.assertEqual((bad.reminded_for, good.reminded_for), (False, date(2026, 3, 11)))
        self._run("key_dates")
        self.assertEqual(bad.reminded_for, date(2026, 3, 10))

    def test_reminders_are_opened_set_based(self):
        costs = []
        for count in (2, 40):
            key_dates = self.env["sales.key.date"].union(*(self._create() for _position in range(count)))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with freeze_time(MORNING):
                key_dates._remind()
                self.env.flush_all()
            costs.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(costs[1], costs[0] + 2)

    # === Mails === #

    def _get_mails(self):
        return self.env["mail.mail"].search([("model", "=", "res.partner"), ("res_id", "=", self.anna.id)])

    def test_no_mail_unless_wanted(self):
        self._create()
        self._run("key_dates", "2026-03-10 07:00:00")
        self.assertFalse(self._get_mails())

    def test_mail_goes_out_on_the_day_and_once(self):
        key_date = self._create(mail_template_id=self.template.id)
        self._run("key_dates", "2026-03-09 07:00:00")
        self.assertFalse(self._get_mails())
        for moment in ("2026-03-10 07:00:00", "2026-03-10 19:00:00", "2026-03-11 07:00:00"):
            self._run("key_dates", moment)
            mail = self._get_mails()
            self.assertEqual(len(mail), 1)
        self.assertEqual(mail.recipient_ids, self.anna)
        self.assertIn("Anna Weber", mail.subject)
        self.assertIn(self.salesperson.name, mail.body_html)
        self.assertEqual(key_date.mailed_for, date(2026, 3, 10))

    def test_greeting_that_would_come_late_is_none(self):
        self._create(mail_template_id=self.template.id)
        self._run("key_dates", "2026-03-11 07:00:00")
        self.assertFalse(self._get_mails())

    def test_who_wants_no_mail_gets_none(self):
        self._create(mail_template_id=self.template.id)
        for change in ("blacklist", "archive", "address"):
            with self.subTest(change), self.env.cr.savepoint():
                if change == "blacklist":
                    self.env["mail.blacklist"]._add(self.anna.email)
                elif change == "archive":
                    self.anna.active = False
                else:
                    self.anna.email = False
                self._run("key_dates", "2026-03-10 07:00:00")
                self.assertFalse(self._get_mails())
                self.env["mail.blacklist"]._remove("anna@weber.example")
                self.anna.write({"active": True, "email": "anna@weber.example"})

    def test_template_of_something_else_is_refused(self):
        other = self.env["mail.template"].create(
            {"name": "Order", "model_id": self.env["ir.model"]._get_id("sale.order")}
        )
        with self.assertRaisesRegex(ValidationError, "Choose one"):
            self._create(mail_template_id=other.id)

    # === Many at once === #

    def test_holiday_of_many(self):
        self._hide(self.env["res.partner"].create({"name": "Hidden"}))
        partners = self.env["res.partner"].create([{"name": f"Customer {position}"} for position in range(3)])
        add = (
            self.env["sales.key.date.add"]
            .with_user(self.salesperson)
            .with_context(active_model="res.partner", active_ids=partners.ids)
        )
        values = {"name": "Spring Festival", "date": "2027-02-06", "repeat": "once"}
        template_id = self.env.ref("sales_management.mail_template_holiday").id
        wizard = add.create({**values, "mail_template_id": template_id})
        action = wizard.action_add()
        found = self.env["sales.key.date"].search(action["domain"])
        self.assertEqual((found.partner_id, set(found.mapped("kind"))), (partners, {"holiday"}))
        with self.assertRaisesRegex(UserError, "already"):
            wizard.action_add()
        partners.write({"email": "somebody@example.com"})
        self._run("key_dates", "2027-02-06 07:00:00")
        mails = self.env["mail.mail"].search([("model", "=", "res.partner"), ("res_id", "in", partners.ids)])
        self.assertEqual(sorted(mails.mapped("res_id")), sorted(partners.ids))

    def test_none_is_added_to_customers_whom_one_does_not_see(self):
        hidden = self.env["res.partner"].create({"name": "Hidden"})
        self._hide(hidden)
        add = self.env["sales.key.date.add"].with_user(self.salesperson)
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            add.create({"partner_ids": [Command.link(hidden.id)], "date": "2027-02-06"}).action_add()

    # === Access === #

    def test_salespeople_keep_the_days_of_customers_whom_they_see(self):
        hidden_partner = self.env["res.partner"].create({"name": "Hidden", "is_company": True})
        hidden = self._create(partner=hidden_partner)
        seen = self._create()
        self._hide(hidden_partner)
        model = self.env["sales.key.date"].with_user(self.salesperson)
        self.assertEqual(model.search([("id", "in", (seen | hidden).ids)]), seen)
        self.assertEqual(model._read_group([("id", "in", (seen | hidden).ids)], [], ["__count"]), [(1,)])
        seen.with_user(self.salesperson).note = "Call"
        self.assertEqual(model.create({"partner_id": self.anna.id, "date": "1990-01-01"}).owner_id, self.salesperson)
        refused = (
            lambda: hidden.with_user(self.salesperson).read(["date"]),
            lambda: hidden.with_user(self.salesperson).write({"note": "x"}),
            lambda: hidden.with_user(self.salesperson).unlink(),
            lambda: model.create({"partner_id": hidden_partner.id, "date": "1990-01-01"}),
            lambda: seen.with_user(self.salesperson).write({"partner_id": hidden_partner.id}),
        )
        for attempt in refused:
            with self.assertRaises(AccessError), mute_logger("odoo.models"), self.env.cr.savepoint():
                attempt()
        self.assertEqual(hidden.with_user(self.manager).date, date(1990, 3, 10))

    def test_others_have_no_business_with_them(self):
        key_date = self._create()
        for role in ("portal", "stock", "finance"):
            with self.subTest(role):
                user = self.users_by_role[role]
                self.assertFalse(key_date.with_user(user).has_access("read"))
                self.assertNotIn("key_date_ids", self.env["res.partner"].with_user(user).fields_get())

    def test_days_keep_to_their_company(self):
        company, user = self._open_company("Shanghai", "Asia/Shanghai")
        here = self._create()
        there = self._create(company_id=company.id)
        self.assertEqual(self.env["sales.key.date"].with_user(user).search([]), there)
        self.assertFalse(there.with_user(self.salesperson).has_access("read"))
        self.assertTrue(here.with_user(self.salesperson).has_access("read"))

    def test_what_was_done_is_nobodys_to_say(self):
        key_date = self._create()
        forged = {"reminded_for": TODAY, "mailed_for": TODAY, "commercial_partner_id": self.env.company.partner_id.id}
        key_date.with_user(self.salesperson).write(forged)
        other = (
            key_date.with_user(self.salesperson)
            .with_context(default_mailed_for=TODAY)
            .create({"partner_id": self.anna.id, "date": "1990-01-01", **forged})
        )
        for record in (key_date, other):
            self.assertFalse(record.reminded_for or record.mailed_for)
            self.assertEqual(record.commercial_partner_id, self.weber)

    # === Input === #

    def test_lead_is_a_year_at_most(self):
        for days in (-1, 366):
            with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self._create(lead_days=days)

    def test_page_of_the_customer_takes_days_of_its_people(self):
        with freeze_time(MORNING), Form(self.weber.with_user(self.salesperson)) as form:
            with form.key_date_ids.new() as line:
                line.partner_id = self.anna
                line.date = "1985-04-01"
            with form.key_date_ids.new() as line:
                line.kind = "contract"
                line.date = "2026-12-31"
        self.assertEqual(self.weber.key_date_ids.partner_id, self.anna | self.weber)

    def test_days_go_with_their_contact(self):
        key_date = self._create()
        self.anna.unlink()
        self.assertFalse(key_date.exists())

    def test_contact_that_changes_its_company_takes_its_days_along(self):
        key_date = self._create()
        other = self.env["res.partner"].create(
            {"name": "Other", "is_company": True, "child_ids": [Command.link(self.anna.id)]}
        )
        self.assertEqual(key_date.commercial_partner_id, other)
