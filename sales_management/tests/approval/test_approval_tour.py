from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .approver_common import ApproverCommon


class ApprovalTourCommon(ApproverCommon, HttpCase):
    """From the quotation to the approval, as the salesperson, the leader and finance see it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in (cls.salesperson, cls.leader, cls.finance):
            # The bot's greeting covers the screen of a phone.
            user.sudo().write({"email": f"{user.login}@example.com", "odoobot_state": "disabled"})

    def _request_and_approve(self):
        self.rule.write({"has_margin_min": True, "margin_min": 40})
        order = self._create_discounted()
        self.start_tour(f"/odoo/sales/{order.id}", "approval_is_requested", login=self.salesperson.login)
        request = self._get_request(order)
        self.assertEqual((request.state, request.comment), ("pending", "He doubles next year"))
        self.start_tour("/odoo/waiting-for-me", "approval_is_given", login=self.leader.login)
        self.assertEqual(request.step_ids.mapped("state"), ["approved", "open"])
        self.start_tour("/odoo/waiting-for-me", "approval_is_given", login=self.finance.login)
        self.assertEqual((request.state, order.approval_state), ("approved", "approved"))
        return order


@tagged("post_install", "-at_install", "approval")
class TestApprovalTour(ApprovalTourCommon):
    def test_request_and_approve(self):
        self._request_and_approve()

    def test_price_is_returned(self):
        request = self._ask()
        self.start_tour("/odoo/waiting-for-me", "approval_is_returned", login=self.leader.login)
        self.assertEqual(request.decision_ids.outcome, "returned")
        [line] = request.returned_values["lines"].values()
        self.assertEqual(line["price_unit"], 9)
        order = request.order_id
        self.start_tour(f"/odoo/sales/{order.id}", "returned_price_is_taken", login=self.salesperson.login)
        self.assertEqual(order.order_line.price_unit, 9)
        self.assertTrue(order.is_released)

    def test_change_of_an_order_is_requested_and_made(self):
        self.rule.write({"has_margin_min": True, "margin_min": 40})
        order = self._create_discounted(price=10.0)
        order.action_confirm()
        with mute_logger("odoo.http"):
            self.start_tour(f"/odoo/sales/{order.id}", "change_is_requested", login=self.salesperson.login)
        request = self._get_request(order)
        self.assertEqual((request.kind, request.state, order.order_line.price_unit), ("change", "pending", 10))
        for user in (self.leader, self.finance):
            self.start_tour("/odoo/waiting-for-me", "approval_is_given", login=user.login)
        self.assertEqual((request.state, order.state, order.order_line.price_unit), ("approved", "sale", 8))


@tagged("post_install", "-at_install", "approval")
class TestApprovalPhoneTour(ApprovalTourCommon):
    """The same on a phone."""

    browser_size = "390x844"
    touch_enabled = True

    def test_request_and_approve(self):
        self._request_and_approve()

    def test_customer_is_led_from_the_old_link_to_the_current_revision(self):
        self.env.company.sales_quotation_enabled = True
        order = self._request_and_approve()
        order.action_quotation_sent()
        old_link = order.get_portal_url()
        self.start_tour(f"/odoo/sales/{order.id}", "quotation_is_revised", login=self.salesperson.login)
        current = order.current_revision_id
        self.assertNotEqual(current, order)
        self.assertTrue(current.is_released, "It says the same, so its approval holds.")
        for login in (None, "sm_portal"):
            self.start_tour(old_link, "replaced_quotation_is_left", login=login)
