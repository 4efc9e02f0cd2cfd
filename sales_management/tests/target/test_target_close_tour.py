"""A target in a browser: read, with what whole and parts differ by, followed to its lines, closed, reopened."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.sales_management.tests.common import ChineseMixin, DealDocumentCommon


@tagged("post_install", "-at_install", "target")
class TestTargetCloseTour(DealDocumentCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.write({"sales_target_enabled": True, "sales_month_start": 1})
        # The bot's greeting covers the screen.
        cls.manager.sudo().write({"email": "manager@example.com", "odoobot_state": "disabled"})

    def test_a_manager_follows_changes_closes_and_reopens(self):
        today = fields.Date.today()
        last = (today - relativedelta(months=1)).replace(day=1)
        order = self._confirm_order(user_id=self.salesperson.id, team_id=self.team.id)
        order.date_order = fields.Datetime.now()
        targets = self.env["sales.target"]
        values = {"metric": "ordered", "amount": 1000, "team_id": self.team.id}
        whole = targets.create({**values, "date_from": today})
        part = targets.create(
            {**values, "amount": 400, "date_from": today, "parent_id": whole.id, "user_id": self.salesperson.id}
        )
        past = targets.create({**values, "date_from": last, "amount": 77})
        self.assertLess(past.date_to, today + timedelta(days=1))
        self.start_tour("/odoo/sales-targets", "target_gap", login=self.manager.login)
        self.assertEqual(part.amount, 900)
        self.start_tour(f"/odoo/sales-targets/{past.id}", "target_closed", login=self.manager.login)
        self.assertEqual(past.state, "open")
        self.assertIn("late order", "".join(past.message_ids.mapped("body")))


@tagged("post_install", "-at_install", "target")
class TestTargetCloseChineseTour(ChineseMixin, TestTargetCloseTour):
    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._speak_chinese(cls.manager)
