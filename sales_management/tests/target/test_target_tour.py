"""Targets are split and a deal is judged, in a browser and in both languages."""

from datetime import date, timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.sales_management.tests.common import ChineseMixin, DealDocumentCommon


@tagged("post_install", "-at_install", "target")
class TestTargetTour(DealDocumentCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The bot's greeting covers the screen.
        cls.manager.sudo().write({"email": "manager@example.com", "odoobot_state": "disabled"})
        cls.company = cls.env.company
        cls.company.sales_target_enabled = True
        cls.company.partner_id.tz = "UTC"
        cls.bolt.write({"list_price": 100, "taxes_id": [Command.clear()]})
        cls.env["sales.target"].search([("company_id", "=", cls.company.id)]).unlink()
        cls.order = cls._confirm_order(quantity=4, user_id=cls.salesperson.id, team_id=cls.team.id)

    def test_a_target_is_split_among_people(self):
        target = self.env["sales.target"].create(
            {"metric": "ordered", "date_from": date.today(), "amount": 1000, "team_id": self.team.id}
        )
        self.start_tour("/odoo/sales-targets", "sales_target_split", login=self.manager.login)
        self.assertEqual(sorted(target.child_ids.mapped("amount")), [250, 750])

    def test_a_deal_is_judged_in_the_list(self):
        self.env["crm.lead"].search([("type", "=", "opportunity")]).type = "lead"
        deal = self._create_deals(
            company_id=self.company.id, expected_revenue=900, date_deadline=fields.Date.today() + timedelta(days=3)
        )
        self.start_tour("/odoo/forecast-deals", "sales_forecast", login=self.manager.login)
        self.assertEqual(deal.forecast_override, "commit")


@tagged("post_install", "-at_install", "target")
class TestTargetChineseTour(ChineseMixin, TestTargetTour):
    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._speak_chinese(cls.manager)
