"""The daily report: what was recorded in a day, in the zone and the language of its reader."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.sales_management.tests.process.test_lead_contact import NOW
from odoo.addons.sales_management.tests.process.test_today import TodayCommon


@tagged("post_install", "-at_install", "process")
class TestDailyReport(TodayCommon):
    def _get_text(self, user=None, **arguments):
        return self.today.with_user(user or self.salesperson).get_daily_report(**arguments)["text"]

    def _do_a_day(self):
        deal = self.deal.with_user(self.salesperson)
        stages = self.env["crm.stage"].search([("team_ids", "=", False)], order="sequence, id")
        deal.stage_id = stages[1]
        self._post()
        deal.action_log_contact(False, "Asked for a drawing")
        self._create_task(deal, 3, "Feedback", state="done", done_at=NOW, done_by_id=self.salesperson.id)
        self._plan(deal, 2, summary="Visit")
        today = fields.Date.context_today(self.today)
        deal.write({"deal_next_step": "Send drawing", "deal_next_step_date": today + timedelta(days=1)})
        return stages[1]

    def test_report_tells_contacts_moves_tasks_and_plans(self):
        stage = self._do_a_day()
        text = self._get_text()
        number = self.deal.deal_number
        for line in (
            "Contacts (2)",
            f"- {number} Hangzhou Bolt: Message · Dear",
            f"- {number} Hangzhou Bolt: Call · Asked for a drawing",
            "Moves (1)",
            f"→ {stage.name}",
            "Done (1)",
            f"- {number} Hangzhou Bolt: Feedback (on time)",
            "Planned (2)",
            ": Visit",
            ": Send drawing",
        ):
            self.assertIn(line, text)
        self.assertLess(text.index("Send drawing"), text.index("Visit"), "Plans come in the order of their dates.")

    def test_what_stays_inside_is_not_reported(self):
        self._post(subtype="mail.mt_note")
        self._post(partners=self.leader.partner_id)
        self._do_activity(self.deal, "mail.mail_activity_data_todo")
        self.assertIn("Nothing was recorded", self._get_text())

    def test_day_is_that_of_the_reader(self):
        """A message of 17:00 in UTC belongs to the next day in Shanghai, and to the same day in Los Angeles."""
        self._post(date="2026-11-23 17:00:00")
        for zone, date in (("Asia/Shanghai", "2026-11-24"), ("America/Los_Angeles", "2026-11-23")):
            self.salesperson.tz = zone
            for asked in ("2026-11-23", "2026-11-24"):
                with self.subTest(zone=zone, asked=asked):
                    self.assertEqual("Message · Dear" in self._get_text(date=asked), asked == date)

    def test_today_is_the_default(self):
        self.salesperson.tz = "Asia/Shanghai"
        with freeze_time("2026-11-23 17:00:00"):
            report = self.today.get_daily_report()
        self.assertEqual(report["date"], "2026-11-24")
        self.assertIn("Tue, Nov 24, 2026 · Salesperson", report["text"])

    def test_leader_reports_of_the_team(self):
        self._do_a_day()
        text = self._get_text(self.leader, team=True)
        self.assertIn("【Salesperson】", text)
        self.assertIn("Nothing recorded: Leader, Member", text)
        self.assertNotIn("Contacts", self._get_text(self.leader))
        self.assertIn("【Salesperson】", self._get_text(self.manager, team=True))

    def test_team_is_refused_to_who_leads_nobody(self):
        for user in (self.salesperson, self.member):
            with self.assertRaises(UserError):
                self._get_text(user, team=True)

    def test_report_shows_no_deal_of_others(self):
        stranger = self._create_deals(user_id=self.manager.id, team_id=self.other_team.id, partner_id=self.customer.id)
        self._post(stranger, user=self.manager)
        self.team.crm_team_member_ids.create({"crm_team_id": self.team.id, "user_id": self.manager.id})
        self.assertNotIn(stranger.deal_number, self._get_text(self.leader, team=True))

    def test_date_that_is_none_is_refused(self):
        with self.assertRaisesRegex(UserError, "yesterday"):
            self._get_text(date="yesterday")

    def test_stock_and_portal_are_refused(self):
        for role in ("stock", "portal"):
            with self.subTest(role), self.assertRaises(AccessError):
                self._get_text(self.users_by_role[role])

    def test_number_of_queries_does_not_grow(self):
        counts = []
        for size in (1, 1, 4):
            for number in range(size):
                deal = self._create_deals(partner_id=self.env["res.partner"].create({"name": f"P{number}"}).id)
                self._post(deal)
                self._plan(deal, 1)
                self._create_task(deal, 30)
                self._create_task(deal, 3, state="done", done_at=NOW, done_by_id=self.salesperson.id)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._get_text(self.leader, team=True)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
