"""A leader reads the review of a week: at a desk, on a phone, and in Chinese."""

from datetime import datetime, time, timedelta

from odoo.tests import HttpCase, tagged

from odoo.addons.sales_management.tests.common import ChineseMixin
from odoo.addons.sales_management.tests.reporting.review_common import ReviewCommon


@tagged("post_install", "-at_install", "reporting")
class TestReviewTour(ReviewCommon, HttpCase):
    clock = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        reviews = cls.env["sales.review"]
        cls.week = reviews._get_week(cls.company).previous()
        moment = datetime.combine(cls.week.start, time(12))
        reason = cls.env["crm.lost.reason"].create({"name": "Too dear"})
        cls._close(cls._deal(name="Bearing"), moment)
        cls._close(cls._deal(name="Hinge"), moment, reason)
        open_deal = cls._deal(name="Open Deal")
        open_deal.activity_schedule(
            summary="Late Call", user_id=cls.salesperson.id, date_deadline=cls.week.start - timedelta(days=20)
        )
        reviews._get_or_make(cls.company, cls.week, {cls.leader: cls.team.ids})
        # The bot's greeting covers the screen.
        cls.leader.sudo().write({"email": "leader@example.com", "odoobot_state": "disabled"})

    def test_leader_reads_the_week(self):
        self.start_tour("/odoo/weekly-reviews", "weekly_review", login=self.leader.login)


@tagged("post_install", "-at_install", "reporting")
class TestReviewPhoneTour(TestReviewTour):
    browser_size = "390x844"
    touch_enabled = True

    def test_leader_reads_the_week(self):
        self.start_tour("/odoo/weekly-reviews", "weekly_review_phone", login=self.leader.login)


@tagged("post_install", "-at_install", "reporting")
class TestReviewChineseTour(ChineseMixin, TestReviewTour):
    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._speak_chinese(cls.leader)
