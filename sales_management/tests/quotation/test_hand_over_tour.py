"""Two taps, on a phone as on a desk."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .paper_common import PaperCommon


class HandOverTourCommon(PaperCommon, HttpCase):
    @property
    def path(self):
        return f"/odoo/action-sale.action_quotations_with_onboarding/{self.order.id}"

    def _get_ways(self):
        return self.order.quotation_copy_ids.mapped("way")

    def _hand_over(self):
        self.start_tour(self.path, "quotation_handed_over", login=self.salesperson.login)
        self.assertEqual(self.order.state, "sent")
        self.assertIn("xlsx", self._get_ways())

    def _hand_over_from_today(self):
        self.company.sales_process_enabled = True
        self.order.validity_date = fields.Date.today() + timedelta(days=1)
        self.start_tour("/odoo/today", "quotation_handed_over_from_today", login=self.salesperson.login)
        self.assertEqual(self.order.state, "sent")
        self.assertIn("pdf", self._get_ways())


@tagged("post_install", "-at_install", "quotation")
class TestHandOverTour(HandOverTourCommon):
    def test_quotation_is_handed_over_in_two_taps(self):
        self._hand_over()

    def test_unreleased_quotation_is_not_handed_over(self):
        self._hold_back(self.order)
        with mute_logger("odoo.http"):
            self.start_tour(self.path, "quotation_not_handed_over", login=self.salesperson.login)
        self.assertEqual(self.order.state, "draft")


@tagged("post_install", "-at_install", "quotation")
class TestHandOverPhoneTour(HandOverTourCommon):
    browser_size = "390x844"
    touch_enabled = True

    def test_quotation_is_handed_over_in_two_taps(self):
        self._hand_over()

    def test_quotation_is_handed_over_from_today(self):
        self._hand_over_from_today()
