"""Today and the daily report over RPC: for who sells, and of what they may see."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, AccessCommon


@tagged("post_install", "-at_install", "access")
class TestTodayAccess(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sales_process_enabled = True

    def _get_deals(self, user):
        """Deals that the screen shows to a user."""
        sections = self._call(user, "sales.today", "get_today", show_all=False)["sections"]
        return {row["deal"]["id"] for section in sections for row in section["rows"] if row["deal"]}

    def test_everybody_sees_the_own_day(self):
        self.assertEqual(self._get_deals(self.salesperson), {self.mate_deal.id})
        self.assertEqual(self._get_deals(self.member), {self.member_deal.id})
        self.assertEqual(self._get_deals(self.leader), set())

    def test_answer_is_json_and_describes_its_actions(self):
        answer = self._call(self.salesperson, "sales.today", "get_today", show_all=True)
        [row] = answer["sections"][0]["rows"]
        self.assertEqual([action["code"] for action in row["actions"]], ["plan", "call", "move_on"])
        self.assertFalse(answer["team"])
        self.assertTrue(self._call(self.leader, "sales.today", "get_today", show_all=False)["team"]["people"])

    def test_report_is_told_to_who_sells(self):
        report = self._call(self.leader, "sales.today", "get_daily_report", date="2026-11-23", team=True)
        self.assertEqual(report["date"], "2026-11-23")
        self.assertTrue(report["text"])

    def test_stock_finance_and_portal_are_refused(self):
        for user in (self.stock, self.finance, self.portal):
            for method, arguments in (("get_today", {"show_all": False}), ("get_daily_report", {"team": False})):
                with self.subTest(user=user.login, method=method):
                    self._assert_refused(FORBIDDEN, user, "sales.today", method, **arguments)

    def test_quotation_of_another_is_not_extended(self):
        order = self.orders[self.foreign_deal]
        order.validity_date = fields.Date.today() + timedelta(days=1)
        before = order.validity_date
        self._assert_refused(FORBIDDEN, self.leader, "sale.order", "action_extend_validity", ids=order.ids)
        self.assertEqual(order.validity_date, before)

    def test_contacts_are_written_by_nobody(self):
        for field in ("first_response_at", "last_contact_at", "deal_feedback_at"):
            message = self._assert_refused(
                422, self.manager, "crm.lead", "write", ids=self.mate_deal.ids, vals={field: "2026-01-01 00:00:00"}
            )
            self.assertIn("filled in automatically", message)
