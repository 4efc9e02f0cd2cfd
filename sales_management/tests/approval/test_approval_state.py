from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_management.exceptions import BlockedError
from odoo.addons.sales_management.tests.approval.common import ApprovalCommon


@tagged("post_install", "-at_install", "approval")
class TestApprovalState(ApprovalCommon):
    def test_request_and_approval(self):
        order = self._create_quotation()
        self.assertEqual(order.approval_state, "to_submit")
        self.assertFalse(order.is_released)
        order.action_request_approval("please")
        self.assertEqual(order.approval_state, "pending")
        self.assertIn("Director", order.release_message)
        order.with_user(self.director).action_approve("fine")
        self.assertEqual(order.approval_state, "approved")
        self.assertTrue(order.is_released)
        self.assertEqual(self._get_request(order).state, "approved")
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertFalse(any(order._verify_chain().values()))

    def test_change_after_approval_asks_again(self):
        order = self._create_pending()
        order.with_user(self.director).action_approve()
        order.order_line.price_unit = 1
        self.assertEqual(order.approval_state, "to_submit")
        self.assertFalse(order.is_released)
        with self.assertRaises(BlockedError):
            order._check_released()

    def test_change_ends_request_at_once(self):
        order = self._create_pending()
        order.order_line.price_unit = 1
        request = self._get_request(order)
        self.assertEqual(request.state, "superseded")
        self.assertEqual(request.step_ids.mapped("state"), ["closed"])
        self.assertEqual(order.approval_state, "to_submit")

    def test_sql_change_is_caught_at_the_gate(self):
        order = self._create_pending()
        order.with_user(self.director).action_approve()
        self.env.flush_all()
        self.env.cr.execute("UPDATE sale_order_line SET price_unit = 1 WHERE order_id = %s", [order.id])
        self.env.invalidate_all()
        self.assertEqual(order.approval_state, "approved")
        self.assertFalse(order.is_released)

    def test_off_is_not_required(self):
        self.env.company.sales_approval_enabled = False
        order = self._create_quotation()
        self.assertEqual(order.approval_state, "not_required")
        order.order_line.price_unit = 1
        self.assertEqual(order.approval_state, "not_required")
        self.assertTrue(order.is_released)

    def test_warning_is_recorded(self):
        self.rule.enforcement = "warn"
        order = self._create_quotation()
        self.assertEqual(order.approval_state, "not_required")
        self.assertEqual(order.sudo().approval_warning_ids, self.rule)

    def test_copy_is_not_approved(self):
        order = self._create_pending()
        order.with_user(self.director).action_approve()
        copy = order.copy()
        self.assertEqual(copy.approval_state, "to_submit")
        self.assertFalse(copy.approval_digest)

    def test_reject_and_ask_again(self):
        order = self._create_pending()
        order.with_user(self.director).action_reject("too cheap")
        self.assertEqual(order.approval_state, "rejected")
        self.assertIn("too cheap", order.release_message)
        order.action_request_approval()
        self.assertEqual(order.approval_state, "pending")
        self.assertEqual(len(order.sudo().approval_request_ids), 2)

    def test_withdrawal(self):
        order = self._create_pending()
        order.with_user(self.director).action_approve()
        order.with_user(self.director).action_withdraw_approval("wrong cost")
        self.assertFalse(order.is_released)
        self.assertEqual(order.approval_state, "rejected")
        self.assertIn("wrong cost", order.release_message)

    def test_returned_price(self):
        order = self._create_pending()
        order.with_user(self.director).action_return_with_price({order.order_line.id: {"price_unit": 9.0}}, "nine")
        self.assertEqual(order.approval_state, "rejected")
        self.assertEqual(order.order_line.price_unit, 10.0)
        order.action_take_returned_price()
        self.assertEqual(order.order_line.price_unit, 9.0)
        self.assertEqual(order.approval_state, "approved")
        self.assertFalse(any(order._verify_chain().values()))

    def test_returned_price_typed_by_hand(self):
        order = self._create_pending()
        order.with_user(self.director).action_return_with_price({order.order_line.id: {"price_unit": 9.0}})
        order.write({"order_line": [Command.update(order.order_line.id, {"price_unit": 8.0})]})
        self.assertEqual(order.approval_state, "to_submit")
        order.write({"order_line": [Command.update(order.order_line.id, {"price_unit": 9.0})]})
        self.assertEqual(order.approval_state, "approved")

    def test_recall(self):
        order = self._create_pending()
        order.action_recall()
        self.assertEqual(order.approval_state, "to_submit")

    def test_nobody_possible(self):
        self.rule.step_ids.user_ids = self.salesperson
        order = self._create_quotation()
        action = order.action_request_approval()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("Everything", action["params"]["message"])
        self.assertEqual(order.approval_state, "to_submit")
        self.assertIn(self.manager, order.sudo().activity_ids.user_id)
