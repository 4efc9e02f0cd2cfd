"""A manager looks at the figures of the month and dismisses an alert: at a desk, on a phone, and in Chinese."""

from datetime import datetime, time, timedelta

from odoo.tests import HttpCase, tagged

from odoo.addons.sales_management.tests.common import ChineseMixin
from odoo.addons.sales_management.tests.reporting.alert_common import AlertCommon


@tagged("post_install", "-at_install", "reporting")
class TestTrendAlertTour(AlertCommon, HttpCase):
    clock = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The bot's greeting covers the screen.
        cls.manager.sudo().write({"email": "manager@example.com", "odoobot_state": "disabled"})
        month = cls.alerts._get_last_month(cls.company)
        for quantity in (5, 30, 20, 10):
            cls._order(quantity, datetime.combine(month.start + timedelta(days=9), time(12)))
            month = month.previous()

    def test_a_figure_is_explained(self):
        self.start_tour("/odoo/sales-alerts", "trend_alert", login=self.manager.login)
        alert = self._find(self.alerts.search([("company_id", "=", self.company.id)]), subject="team")
        self.assertEqual((alert.state, alert.dismissed_by_id, alert.reason), ("dismissed", self.manager, "The fair"))


@tagged("post_install", "-at_install", "reporting")
class TestTrendAlertPhoneTour(TestTrendAlertTour):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_figure_is_explained(self):
        self.alerts._watch(self.company)
        self.start_tour("/odoo/sales-alerts", "trend_alert_phone", login=self.manager.login)
        alert = self._find(self.alerts.search([("company_id", "=", self.company.id)]), subject="team")
        self.assertEqual((alert.state, alert.dismissed_by_id), ("dismissed", self.manager))


@tagged("post_install", "-at_install", "reporting")
class TestTrendAlertChineseTour(ChineseMixin, TestTrendAlertTour):
    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._speak_chinese(cls.manager)
