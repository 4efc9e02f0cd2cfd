from odoo.tests import HttpCase, tagged

from odoo.addons.sales_management.tests.process.test_today import TodayCommon


class TodayTourCommon(TodayCommon, HttpCase):
    def _finish_the_day(self):
        self.salesperson.tz = "UTC"
        self.customer.phone = "+86 571 8888 0001"
        task = self._create_task(self.deal, -30, "Customer feedback")
        order = self._quote(1)
        quiet = self._create_deals(name="Springs", partner_id=self.customer.id)
        self.start_tour("/odoo/today", "today_finished_row_by_row", login=self.salesperson.login)
        self.assertEqual(task.state, "done")
        self.assertGreater(order.validity_date, order.date_order.date())
        self.assertTrue(quiet.first_response_at)
        self.assertTrue(quiet.activity_ids)


@tagged("post_install", "-at_install", "process")
class TestTodayTour(TodayTourCommon):
    """The day as a salesperson finishes it, row by row."""

    def test_day_is_finished_row_by_row(self):
        self._finish_the_day()

    def test_menu_is_there_for_who_uses_the_process(self):
        menu = self.env.ref("sales_management.today_menu")
        visible = self.env["ir.ui.menu"].with_user(self.salesperson)
        self.assertIn(menu.id, visible._visible_menu_ids())
        self.env.company.sales_process_enabled = False
        self.assertNotIn(menu.id, visible._visible_menu_ids())


@tagged("post_install", "-at_install", "process")
class TestTodayPhoneTour(TodayTourCommon):
    """The same on a phone."""

    browser_size = "390x844"
    touch_enabled = True

    def test_day_is_finished_row_by_row(self):
        self._finish_the_day()
