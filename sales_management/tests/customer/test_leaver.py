"""Whoever is archived while customers are theirs is seen, until somebody hands them over."""

from odoo.tests import tagged

from .handover_common import HandoverCommon


@tagged("post_install", "-at_install", "customer")
class TestLeaver(HandoverCommon):
    def test_leavers_are_listed_until_they_handed_over(self):
        self._create_customers(2)
        leavers = self.env["sales.leaver"].with_user(self.manager)
        self.assertFalse(leavers.search([("user_id", "=", self.anna.id)]))
        self.anna.active = False
        leaver = leavers.search([("user_id", "=", self.anna.id)])
        self.assertEqual(
            (leaver.name, leaver.customer_count, leaver.deal_count, leaver.quotation_count, leaver.order_count),
            ("Anna", 2, 2, 2, 0),
        )
        self.assertEqual(self.anna.leaver_warning, leaver._describe())
        action = leaver.action_hand_over()
        self.assertEqual(action["context"]["default_user_id"], self.anna.id)
        self._hand_over(self.ben)
        self.assertFalse(leavers.search([("user_id", "=", self.anna.id)]))
        self.anna.invalidate_recordset()
        self.assertFalse(self.anna.leaver_warning)

    def test_leavers_of_other_companies(self):
        other = self.env["res.company"].create({"name": "Other"})
        partner = self.env["res.partner"].create({"name": "There", "user_id": self.anna.id, "company_id": other.id})
        self.anna.active = False
        leavers = self.env["sales.leaver"].with_user(self.manager)
        self.assertFalse(leavers.search([("user_id", "=", self.anna.id)]))
        partner.company_id = False
        self.assertEqual(leavers.search([("user_id", "=", self.anna.id)]).customer_count, 1)

    def test_managers_hear_once(self):
        self._create_customers(1)
        self.anna.active = False
        notice = self.env["sales.notice"].search([("user_id", "=", self.manager.id)])
        self.assertEqual(len(notice), 1)
        self.assertIn("1 customers, 1 open deals, 1 quotations", notice.body)
        self.anna.active = False
        self.ben.active = False
        self.assertEqual(self.env["sales.notice"].search([("user_id", "=", self.manager.id)]), notice)

    def test_today_of_managers(self):
        self._create_customers(1)
        self.anna.active = False

        def get_section(user):
            sections = self.env["sales.today"].with_user(user).get_today()["sections"]
            return next((section for section in sections if section["code"] == "leavers"), None)

        section = get_section(self.manager)
        self.assertEqual(section["rows"][0]["title"], "Anna")
        self.assertEqual(section["rows"][0]["actions"][0]["method"], "action_hand_over")
        self.assertIsNone(get_section(self.ben))
        self.company.sales_customer_enabled = False
        self.assertIsNone(get_section(self.manager))
