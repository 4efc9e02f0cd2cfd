"""The next step with a customer: what is planned for it that one may see, else what a rule suggests."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_management.tests.common import DealDocumentCommon


@tagged("post_install", "-at_install", "customer")
class TestNextAction(DealDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sales_customer_enabled = True
        cls.today = fields.Date.context_today(cls.env.user)
        cls.weber, cls.smith = cls.env["res.partner"].create(
            [
                {"name": "Weber", "is_company": True, "child_ids": [Command.create({"name": "Anna"})]},
                {"name": "Smith", "is_company": True},
            ]
        )

    def _plan(self, record, days, summary, user=None):
        return record.activity_schedule(
            "mail.mail_activity_data_todo",
            self.today + timedelta(days=days),
            summary=summary,
            user_id=(user or self.salesperson).id,
        )

    def _read(self, partner=None, user=None):
        partner = (partner or self.weber).with_user(user or self.salesperson)
        self.env.invalidate_all()
        return partner.next_action, partner.next_action_date, partner.has_next_action

    # === Planned === #

    def test_earliest_of_customer_contacts_and_deals(self):
        deal = self._create_deals(1, name="Pumps", partner_id=self.weber.child_ids.id)
        self.assertEqual(self._read(), ("Plan the next step of Pumps", False, False))
        self._plan(self.weber, 9, "Send catalogue")
        self.assertEqual(self._read(), ("Send catalogue", self.today + timedelta(days=9), True))
        self._plan(self.weber.child_ids, 5, "Wish a happy birthday")
        self.assertEqual(self._read()[0], "Wish a happy birthday")
        todo = self._plan(deal, 2, "Ask for the drawing")
        self.assertEqual(self._read(), ("Ask for the drawing · Pumps", self.today + timedelta(days=2), True))
        self.assertEqual(self._read(self.weber.child_ids)[0], "Ask for the drawing · Pumps")
        action = self.weber.with_user(self.salesperson).action_open_customer_panel("next_action")
        self.assertEqual((action["res_model"], action["res_id"]), ("crm.lead", deal.id))
        todo.action_feedback()
        self.assertEqual(self._read()[0], "Wish a happy birthday")
        deal.action_set_won()
        self.assertEqual(self._read(self.smith), ("No next step", False, False))
        self.assertFalse(self.smith.action_open_customer_panel("next_action"))

    def test_deals_of_others_stay_theirs(self):
        deal = self._create_deals(
            1, name="Secret", partner_id=self.weber.id, user_id=self.manager.id, team_id=self.other_team.id
        )
        self._plan(deal, 1, "Call the owner", self.manager)
        self.assertEqual(self._read(), ("No next step", False, False))
        self.assertEqual(self._read(user=self.manager)[0], "Call the owner · Secret")

    def test_other_company_where_it_is_off(self):
        self._plan(self.weber, 1, "Call")
        self.env.company.sales_customer_enabled = False
        self.env.invalidate_all()
        self.assertFalse(self.weber.next_action)
        self.weber.invalidate_recordset(["next_action", "next_action_date", "has_next_action"])
        with self.assertQueryCount(0):
            self.assertFalse(self.weber.next_action)

    # === Suggested === #

    def test_a_rule_suggests(self):
        self.weber.customer_tier_id = self.env["sales.customer.tier"].create({"name": "Key", "contact_days": 30})
        self.weber._touch_contacts(fields.Datetime.now() - timedelta(days=40))
        self.weber.sudo().write(
            {"churn_state": "at_risk", "usual_cycle_days": 10, "last_order_date": self.today - timedelta(days=25)}
        )
        self.assertEqual(self._read()[0], "Call: no contact for 40 days")
        self.weber._touch_contacts()
        self.assertEqual(self._read()[0], "Call: it usually orders every 10 days, and has not for 25")
        kind = self.env["sales.certificate.type"].create({"name": "Licence"})
        certificate = self.env["sales.customer.certificate"].create(
            {"partner_id": self.weber.id, "type_id": kind.id, "valid_to": self.today + timedelta(days=8)}
        )
        text, day, is_planned = self._read()
        self.assertEqual(text, "Licence expires: ask for the new one")
        self.assertEqual((day, is_planned), (certificate.valid_to, False))
        certificate.valid_to = self.today - timedelta(days=1)
        self.assertEqual(self._read()[0], "Licence has expired: ask for the new one")

    # === Panel === #

    def test_panel_says_last_contact_and_next_step(self):
        self.weber._touch_contacts(fields.Datetime.now() - timedelta(days=11))
        self._plan(self.weber, -1, "Call")
        rows = {row["code"]: row for row in self.weber.with_user(self.salesperson).customer_panel}
        self.assertIn("11 days ago", rows["contact"]["figure"])
        self.assertTrue(rows["next_action"]["figure"].endswith("· Call"))
        self.assertEqual(rows["next_action"]["tone"], "danger")

    # === Cost === #

    def test_list_costs_no_more_for_more_customers(self):
        names = ["complete_name", "next_action", "next_action_date", "has_next_action", "last_contact_at"]

        def measure(count):
            partners = self.env["res.partner"].create([{"name": f"C {n}", "is_company": True} for n in range(count)])
            for partner in partners:
                for deal in self._create_deals(2, partner_id=partner.id):
                    self._plan(deal, 3, "Call", self.manager)
                self._plan(partner, 2, "Write")
            partners |= self.env["res.partner"].create([{"name": f"D {n}", "is_company": True} for n in range(count)])
            # Read once before: the server keeps rights and settings.
            partners.with_user(self.salesperson).read(names)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            partners.with_user(self.salesperson).read(names)
            return self.env.cr.sql_log_count - before

        measure(1)
        few = measure(2)
        self.assertEqual(measure(20), few)
        self.assertLessEqual(few, 8)
