"""Today: what stands on it, for whom, in which zone, and at what price."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.sales_management.tests.process.test_lead_contact import NOW, ContactCommon


class TodayCommon(ContactCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal.deal_next_step = "Wait"
        cls.today = cls.env["sales.today"].with_user(cls.salesperson)

    def _create_task(self, deal, hours, name="Feedback", **values):
        return self.env["sales.deal.task"].create(
            {
                "lead_id": deal.id,
                "name": name,
                "user_id": deal.user_id.id,
                "opened_at": NOW - timedelta(days=5),
                "due_at": fields.Datetime.now() + timedelta(hours=hours),
                **values,
            }
        )

    def _plan(self, deal, days, user=None, **values):
        user = user or self.salesperson
        today = fields.Date.context_today(self.today)
        return deal.activity_schedule(
            "mail.mail_activity_data_call", date_deadline=today + timedelta(days=days), user_id=user.id, **values
        )

    def _quote(self, days, **values):
        today = fields.Date.context_today(self.today)
        values = {
            "partner_id": self.customer.id,
            "user_id": self.salesperson.id,
            "opportunity_id": self.deal.id,
            **values,
        }
        return self.env["sale.order"].create({**values, "validity_date": today + timedelta(days=days)})

    def _get_rows(self, code, user=None, **arguments):
        answer = self.today.with_user(user or self.salesperson).get_today(**arguments)
        return [row for section in answer["sections"] if section["code"] == code for row in section["rows"]]

    def _get_titles(self, code, user=None):
        return [row["title"] for row in self._get_rows(code, user)]


@tagged("post_install", "-at_install", "process")
class TestToday(TodayCommon):
    # === Late and due === #

    def test_tasks_are_late_or_due_by_the_hour(self):
        for hours, name in ((-50, "Two days"), (-3, "Three hours"), (5.5, "Soon"), (30, "Tomorrow")):
            self._create_task(self.deal, hours, name)
        self._create_task(self.deal, -1, "Done", state="done", done_at=NOW)
        self.assertEqual(self._get_titles("late"), ["Two days", "Three hours"])
        self.assertEqual([row["when"] for row in self._get_rows("late")], ["2 d late", "3 h late"])
        self.assertEqual(self._get_titles("due"), ["Soon"])
        self.assertEqual(self._get_rows("due")[0]["when"], "in 5 h")

    def test_tasks_of_others_are_theirs(self):
        self._create_task(self.deal, -3, user_id=self.member.id)
        self.assertFalse(self._get_titles("late"))
        self.assertEqual(self._get_titles("late", self.member), ["Feedback"])

    def test_task_of_a_department_is_everybodys_in_it(self):
        department = self.env["sales.department"].create({"name": "Engineering", "user_ids": self.salesperson.ids})
        self._create_task(self.deal, -3, user_id=False, department_id=department.id)
        self.assertEqual(self._get_titles("late"), ["Feedback"])
        self.assertFalse(self._get_titles("late", self.member))

    def test_activity_is_shown_unless_it_mirrors_a_task(self):
        self._plan(self.deal, -1, summary="Ring")
        mirror = self._plan(self.deal, 0, summary="Mirror")
        self._create_task(self.deal, 2, activity_id=mirror.id)
        self.assertEqual(self._get_titles("late"), ["Ring"])
        self.assertEqual(self._get_titles("due"), ["Feedback"])

    def test_next_step_is_shown_on_its_date(self):
        today = fields.Date.context_today(self.today)
        self.deal.write({"deal_next_step": "Send drawing", "deal_next_step_date": today})
        [row] = self._get_rows("due")
        self.assertEqual((row["title"], row["when"]), ("Send drawing", "today"))
        action = row["actions"][0]
        getattr(self.deal.with_user(self.salesperson), action["method"])(**action["arguments"])
        self.assertFalse(self._get_rows("due"))
        self.assertIn(self.deal.name, self._get_titles("quiet"), "A deal without its next step needs a new one.")

    def test_day_is_that_of_the_user(self):
        """At 17:00 in UTC it is tomorrow in Shanghai, and still today in Los Angeles."""
        activity = self._plan(self.deal, 0)
        activity.date_deadline = "2026-11-24"
        with freeze_time("2026-11-23 17:00:00"):
            self.salesperson.tz = "Asia/Shanghai"
            self.assertEqual(len(self._get_rows("due")), 1)
            self.salesperson.tz = "America/Los_Angeles"
            self.assertFalse(self._get_rows("due"))
            self.assertEqual(self.today.get_today()["date"], "Mon, Nov 23")

    # === Deals that nobody looks after === #

    def test_quiet_deals_say_when_the_customer_was_in_touch(self):
        quiet, silent = self._create_deals(2, partner_id=self.customer.id)
        self._age(quiet, last_contact_at=9)
        whens = {row["id"]: row["when"] for row in self._get_rows("quiet")}
        self.assertEqual(whens, {quiet.id: "last contact 9 d ago", silent.id: "no contact yet"})
        self.assertEqual(self._get_rows("quiet")[0]["deal"]["customer"], "Hangzhou Bolt")

    def test_untouched_deals_come_with_key_accounts_first(self):
        classes = self.env["sales.deal.class"].create(
            [{"name": "Standard", "sequence": 80}, {"name": "Key account", "sequence": 70}]
        )
        standard, key, unplanned = self._create_deals(3)
        (standard | key).deal_next_step = "Wait"
        for deal, deal_class in zip(standard | key, classes, strict=True):
            deal.deal_class_id = deal_class
        self.env.cr.execute("UPDATE mail_message SET date = %s WHERE model = 'crm.lead'", [NOW - timedelta(days=20)])
        self._age(standard | key | unplanned, create_date=20, date_last_stage_update=20)
        self.assertEqual([row["id"] for row in self._get_rows("untouched")], [key.id, standard.id])
        self.assertEqual([row["id"] for row in self._get_rows("quiet")], [unplanned.id])

    # === Quotations === #

    def test_quotations_that_expire(self):
        names = {days: self._quote(days).name for days in (-15, -14, 0, 3, 4)}
        self._quote(1, user_id=self.member.id)
        self._quote(1).action_cancel()
        self.assertEqual(self._get_titles("quotes"), [names[-14], names[0], names[3]])
        whens = [row["when"] for row in self._get_rows("quotes")]
        self.assertEqual(whens, ["expired 14 d ago", "expires today", "expires in 3 d"])

    def test_quotation_is_extended_from_the_row(self):
        order = self._quote(-2)
        [row] = self._get_rows("quotes")
        getattr(order.with_user(self.salesperson), row["actions"][0]["method"])()
        self.assertEqual(order.validity_date, fields.Date.context_today(self.today) + timedelta(days=14))
        self.assertFalse(self._get_rows("quotes"))

    def test_only_quotations_are_extended_and_by_who_may_write_them(self):
        order = self._quote(1)
        with self.assertRaises(AccessError):
            new = new_test_user(self.env, "sm_new", "sales_team.group_sale_salesman")
            order.with_user(new).action_extend_validity()
        for days in (0, -5, 366):
            with self.subTest(days), self.assertRaises(UserError):
                order.with_user(self.salesperson).action_extend_validity(days)
        order.action_cancel()
        with self.assertRaisesRegex(UserError, order.name):
            order.with_user(self.salesperson).action_extend_validity()

    # === Calls === #

    def test_logged_call_is_a_contact(self):
        self.deal.with_user(self.salesperson).action_log_contact(False, "Asked for a drawing")
        self.assertTrue(self.deal.first_response_at)
        self.assertIn("Asked for a drawing", self.deal.message_ids[0].body)
        self.assertFalse(self.deal.activity_ids.filtered("active"))

    # === Who sees what === #

    def test_companies_that_are_not_chosen_stay_out(self):
        other = self.env["res.company"].create({"name": "Other", "sales_process_enabled": True})
        self.salesperson.company_ids |= other
        deal = self._create_deals(company_id=other.id, team_id=False)
        self._create_task(deal, -3, company_id=other.id)
        self._plan(deal, -1)
        allowed = self.today.with_context(allowed_company_ids=[self.env.company.id])
        self.assertFalse(allowed.get_today()["sections"])
        chosen = self.today.with_context(allowed_company_ids=[self.env.company.id, other.id])
        self.assertEqual([section["count"] for section in chosen.get_today()["sections"]], [2])

    def test_company_without_the_process_stays_out(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.salesperson.company_ids |= other
        self._create_deals(company_id=other.id, team_id=False)
        chosen = self.today.with_context(allowed_company_ids=[self.env.company.id, other.id])
        self.assertFalse(chosen.get_today()["sections"])

    def test_leader_sees_the_people(self):
        self._create_task(self.deal, -3)
        self._create_task(self.deal, 3)
        quiet = self._create_deals(2, user_id=self.member.id)
        stranger = self._create_deals(user_id=self.manager.id, team_id=self.other_team.id)
        self._age(quiet, date_last_stage_update=11)
        answer = self.today.with_user(self.leader).get_today()
        people = {row["name"]: (row["late"], row["due"], row["quiet"]) for row in answer["team"]["people"]}
        self.assertEqual(people, {"Salesperson": (1, 1, 0), "Member": (0, 0, 2), "Leader": (0, 0, 0)})
        self.assertIn("2 in it for more than 10 d", answer["team"]["bottleneck"]["text"])
        self.assertEqual(self.env["crm.lead"].search(answer["team"]["bottleneck"]["deals"]["domain"]), quiet)
        managed = self.today.with_user(self.manager).get_today()["team"]["people"]
        self.assertIn(stranger.user_id.name, [row["name"] for row in managed])

    def test_who_leads_nobody_sees_no_people(self):
        for user in (self.salesperson, self.member):
            self.assertFalse(self.today.with_user(user).get_today()["team"])

    def test_stock_and_portal_are_refused(self):
        for role in ("stock", "finance", "portal"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.today.with_user(self.users_by_role[role]).get_today()

    # === Nothing and many === #

    def test_empty_day_says_what_it_means(self):
        self.assertEqual(self.today.get_today()["empty"]["title"], "Nothing is waiting for you")
        self.deal.action_set_won()
        self.assertEqual(self.today.get_today()["empty"]["title"], "You have no open deals")

    def test_many_rows_are_shown_when_asked_for(self):
        self._create_deals(25)
        [section] = self.today.get_today()["sections"]
        self.assertEqual((section["count"], len(section["rows"])), (25, 5))
        self.assertEqual(len(self._get_rows("quiet", show_all=True)), 25)

    def test_number_of_queries_does_not_grow(self):
        def fill(count):
            for number in range(count):
                deal = self._create_deals(partner_id=self.env["res.partner"].create({"name": f"P{number}"}).id)
                self._create_task(deal, -3)
                self._create_task(deal, 3)
                self._plan(deal, -1)
                self._quote(1, opportunity_id=deal.id)
                self._create_deals(user_id=self.member.id)
            self._create_deals(count)

        counts = []
        for size in (6, 1, 5):
            fill(size)
            for user in (self.salesperson, self.leader):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self.today.with_user(user).get_today()
                counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[2:4], counts[4:], "The first round fills caches.")
        self.assertLess(max(counts[2:]), 40)
