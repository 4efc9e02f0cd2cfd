from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_management.exceptions import BlockedError

from ..common import DealDocumentCommon
from .common import ApprovalMixin


@tagged("post_install", "-at_install", "approval")
class TestApprovalChange(ApprovalMixin, DealDocumentCommon):
    """Confirmed orders are changed by request, where a rule asks about the change."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._switch_approval_on()
        cls.rule.write({"has_discount_max": True, "discount_max": 10.0})
        cls.order = cls._create_quotation()
        cls.order.action_confirm()
        cls.line = cls.order.order_line
        cls.env.flush_all()

    def _request(self, values, comment="The customer asks"):
        return self.order._request_change(values, comment)

    def _discount(self, percent):
        return {"order_line": [[1, self.line.id, {"discount": percent}]]}

    # === Refusal === #

    def test_an_edit_that_a_rule_asks_about_is_refused(self):
        with self.assertRaises(BlockedError):
            self.order.write(self._discount(20.0))
        with self.assertRaises(BlockedError) as refused:
            self.line.discount = 20.0
        self.assertRegex(str(refused.exception), f"{self.order.name}.*Everything")
        with self.assertRaises(BlockedError):
            self.line.price_unit = 1.0
        with self.assertRaises(BlockedError):
            self.env["sale.order.line"].with_user(self.salesperson).create(
                {"order_id": self.order.id, "product_id": self.bolt.id, "price_unit": -30.0, "name": "Rebate"}
            )
        self.assertEqual(self.line.discount, 0.0)

    def test_a_context_opens_no_way(self):
        hostile = {"tracking_disable": True, "skip_approval": True, "sale_write_from_compute": True}
        with self.assertRaises(BlockedError):
            self.line.with_context(**hostile).write({"discount": 20.0})

    def test_the_refusal_offers_to_request_what_was_entered(self):
        with self.assertRaises(BlockedError) as refused:
            self.line.discount = 20.0
        action = refused.exception.args[1]
        self.assertEqual(action["res_model"], "sales.approval.change")
        change = (
            self.env["sales.approval.change"]
            .with_user(self.salesperson)
            .with_context(**action["context"])
            .create({"comment": "Agreed by phone"})
        )
        self.assertIn("20", change.difference)
        self.assertEqual(self.line.discount, 0.0)
        change.action_submit()
        request = self._get_request(self.order)
        self.assertEqual((request.kind, request.state), ("change", "pending"))

    def test_an_edit_that_makes_nothing_worse_passes(self):
        self.line.product_uom_qty = 7
        self.line.price_unit = 11.0
        self.order.order_line = [Command.create({"product_id": self.bolt.id, "product_uom_qty": 1})]
        self.order.note = "Packed in boxes"
        self.assertEqual(self.order.approval_state, "not_required")

    def test_what_core_adds_by_itself_passes(self):
        self.line.qty_delivered = 5
        invoice = self.order.sudo()._create_invoices()
        invoice.action_post()
        self.assertEqual(self.order.invoice_ids, invoice)

    def test_a_rule_that_warns_refuses_nothing(self):
        self.rule.enforcement = "warn"
        self.line.discount = 20.0
        self.assertEqual(self.line.discount, 20.0)

    def test_several_lines_at_once_are_named_once(self):
        other = self._create_quotation()
        other.action_confirm()
        with self.assertRaises(BlockedError):
            (self.line | other.order_line).write({"discount": 20.0})

    # === Request === #

    def test_an_approved_change_is_made_at_once(self):
        request = self._request(self._discount(20.0))
        self.assertEqual(self.line.discount, 0.0)
        self.assertIn("20", request.sudo().change_text)
        request.with_user(self.director).action_approve()
        self.assertEqual(self.line.discount, 20.0)
        self.assertEqual(request.state, "approved")
        self.assertEqual(self.order.sudo().approval_digest, self.order._get_content_digests()[self.order])
        self.assertEqual(self.order.state, "sale")

    def test_a_rejected_change_is_not_made(self):
        request = self._request(self._discount(20.0))
        request.with_user(self.director).action_reject("No")
        self.assertEqual(self.line.discount, 0.0)
        with self.assertRaises(BlockedError):
            self.line.discount = 20.0

    def test_nobody_approves_what_he_requested(self):
        self.rule.step_ids.user_ids = [Command.set((self.director | self.salesperson).ids)]
        request = self._request(self._discount(20.0))
        with self.assertRaises(UserError):
            request.with_user(self.salesperson).action_approve()

    def test_a_change_of_something_else_meanwhile_ends_the_request(self):
        request = self._request(self._discount(20.0))
        self.line.product_uom_qty = 6
        self.assertEqual(request.state, "superseded")

    def test_only_what_is_offered_can_be_proposed(self):
        change = self.env["sales.approval.change"].with_user(self.salesperson)
        clean = change._clean_values({"state": "cancel", "user_id": 1, **self._discount(20.0)})
        self.assertEqual(set(clean), {"order_line"})
        clean = change._clean_values({"order_line": [[1, self.line.id, {"order_id": 1, "discount": 3}], [5, 0, 0]]})
        self.assertEqual(clean["order_line"], [[1, self.line.id, {"discount": 3}]])

    def test_lines_of_other_orders_stay(self):
        other = self._create_quotation()
        values = {"order_line": [[1, other.order_line.id, {"discount": 20.0}]]}
        with self.assertRaises(UserError):
            self._request(values)
        self.assertEqual(other.order_line.discount, 0.0)

    def test_whoever_may_not_edit_the_order_requests_nothing(self):
        self.order.sudo().write({"user_id": self.manager.id, "team_id": self.other_team.id})
        with self.assertRaises(AccessError):
            self.order.with_user(self.member)._request_change(self._discount(20.0), "Please")

    def test_a_change_without_a_rule_is_made(self):
        self.assertFalse(self._request(self._discount(5.0)))
        self.assertEqual(self.line.discount, 5.0)

    # === Cost === #

    def test_orders_of_companies_without_approval_cost_nothing(self):
        self.env.company.sales_approval_enabled = False
        self.line.write({"discount": 1.0})
        self.env.flush_all()
        with self.assertQueryCount(2):
            self.assertFalse(self.order._get_change_guarded())
