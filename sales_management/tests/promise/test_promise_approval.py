from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_promise_commitment import CommitmentCommon


@tagged("post_install", "-at_install", "promise", "approval")
class TestPromiseApproval(CommitmentCommon):
    """What is promised earlier than can be held asks for an approval, from the rule to the confirmation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sales_approval_enabled = True
        steps = [Command.create({"approver_kind": "team_leader"})]
        cls.rule = cls.env["sales.approval.rule"].create(
            {"name": "Too early", "enforcement": "block", "is_before_promise": True, "step_ids": steps}
        )

    def test_too_early_waits_for_an_approval_and_what_can_be_held_does_not(self):
        order = self._create_order(quantity=11, user_id=self.salesperson.id, team_id=self.team.id)
        order.action_commit_promise()
        self.assertFalse(order._get_approval_measures()[order]["is_before_promise"])
        early = order.order_line.promise_date - timedelta(days=10)
        order.order_line.with_user(self.salesperson).promise_committed_date = early
        self.assertTrue(order._get_approval_measures()[order]["is_before_promise"])
        with self.assertRaises(UserError):
            order.with_user(self.salesperson).action_confirm()
        self.assertNotEqual(order.state, "sale")
        order.order_line.promise_committed_date = order.order_line.promise_date
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual((order.state, order.promise_state), ("sale", "ok"))

    def test_unknown_date_is_earlier_than_can_be_held(self):
        order = self._create_order(quantity=10**6, user_id=self.salesperson.id, team_id=self.team.id)
        order.order_line.promise_committed_date = self.receipt.date + timedelta(days=300)
        self.assertEqual(order.promise_state, "late")
        self.assertTrue(order._get_approval_measures()[order]["is_before_promise"])
        with self.assertRaises(UserError):
            order.with_user(self.salesperson).action_confirm()
