from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.approval.common import ApprovalCommon

STEPS = (
    "edit",
    "edit_back",
    "free",
    "request",
    "approve",
    "reject",
    "return",
    "take",
    "recall",
    "withdraw",
    "send",
    "confirm",
    "cancel",
    "draft",
    "sql",
)


@tagged("post_install", "-at_install", "approval")
class TestApprovalInvariants(ApprovalCommon):
    """Whatever people do in whatever order, what may leave was approved for exactly what it says."""

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(st.lists(st.sampled_from(STEPS), min_size=3, max_size=10))
    def test_released_means_approved_for_this_content(self, steps):
        with self.env.cr.savepoint() as savepoint:
            order = self._create_quotation()
            for step in steps:
                try:
                    with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                        getattr(self, f"_{step}")(order)
                        self.env.flush_all()
                except UserError:
                    self.env.invalidate_all()
                self._assert_invariants(order)
            savepoint.rollback()
        self.env.invalidate_all()

    def _assert_invariants(self, order):
        order = order.sudo()
        digest = order._get_content_digests()[order]
        requests = order.approval_request_ids
        is_asked = order.state in ("draft", "sent") and order.client_order_ref != "free"
        if is_asked and order not in order._get_approval_blocked():
            self.assertEqual(order.approval_digest, digest)
            approved = requests.filtered(lambda request: request.state == "approved" and request.digest == digest)
            self.assertTrue(approved.decision_ids.filtered(lambda decision: decision.outcome == "approved"))
        if order.state == "sale":
            self.assertIn(order.approval_state, ("not_required", "approved"))
        self.assertLessEqual(len(requests.filtered(lambda request: request.state == "pending")), 1)
        for request in requests.filtered(lambda request: request.state != "pending"):
            self.assertFalse(request.step_ids.filtered(lambda step: step.state in ("open", "waiting")))
        self.assertFalse(order._verify_chain()[order])

    def _edit(self, order):
        order.order_line.price_unit += 1

    def _edit_back(self, order):
        order.order_line.price_unit = 10

    def _free(self, order):
        order.client_order_ref = False if order.client_order_ref else "free"

    def _request(self, order):
        order.action_request_approval()

    def _approve(self, order):
        order.with_user(self.director).action_approve()

    def _reject(self, order):
        order.with_user(self.director).action_reject("no")

    def _return(self, order):
        order.with_user(self.director).action_return_with_price({order.order_line.id: {"price_unit": 12}})

    def _take(self, order):
        order.action_take_returned_price()

    def _recall(self, order):
        order.action_recall()

    def _withdraw(self, order):
        order.with_user(self.director).action_withdraw_approval("no")

    def _send(self, order):
        order._check_released()
        order.state = "sent"

    def _confirm(self, order):
        order._check_confirmable()
        order.action_confirm()

    def _cancel(self, order):
        order._action_cancel()

    def _draft(self, order):
        order.action_draft()

    def _sql(self, order):
        self.env.flush_all()
        if order.state in ("draft", "sent"):
            query = "UPDATE sale_order_line SET price_unit = price_unit + 1 WHERE order_id = %s"
            self.env.cr.execute(query, [order.id])
        self.env.invalidate_all()
