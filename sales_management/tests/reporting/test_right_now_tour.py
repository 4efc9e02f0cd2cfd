from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.sales_management.tests.common import ChineseMixin, DealDocumentCommon


@tagged("post_install", "-at_install", "reporting")
class TestRightNowTour(DealDocumentCommon, HttpCase):
    """The first question of the day on a phone, and what rises and falls."""

    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sales_reporting_enabled = True
        # Every day is worked, so that somebody is expected to move whenever this runs.
        cls.env.company.resource_calendar_id.flexible_hours = True
        cls.env.company.resource_calendar_id.write({"full_time_required_hours": 168, "hours_per_day": 24})

    def test_leader_asks_what_came_in_and_who_has_not_moved(self):
        order = self._confirm_order(user_id=self.leader.id, team_id=self.team.id)
        order.date_order = fields.Datetime.now()
        self.start_tour("/odoo/right-now", "right_now", login=self.leader.login)

    def test_leader_opens_what_a_product_is_made_of(self):
        order = self._confirm_order(user_id=self.salesperson.id, team_id=self.team.id)
        order.date_order = fields.Datetime.now().replace(day=1) - timedelta(days=9)
        self.start_tour("/odoo/product-region-figures", "product_regions", login=self.leader.login)


@tagged("post_install", "-at_install", "reporting")
class TestRightNowChineseTour(ChineseMixin, TestRightNowTour):
    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._speak_chinese(cls.leader)
