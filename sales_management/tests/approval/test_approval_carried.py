from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from ..common import DealDocumentCommon
from .common import ApprovalMixin


@tagged("post_install", "-at_install", "approval")
class TestApprovalCarried(ApprovalMixin, DealDocumentCommon):
    """An approval that still holds is not asked for again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._switch_approval_on()
        cls.rule.write({"has_discount_max": True, "discount_max": 10.0})
        cls.env.company.sales_quotation_enabled = True

    def _approve(self, discount=12.0, **values):
        order = self._create_quotation(**values)
        order.order_line.discount = discount
        order.action_request_approval()
        order.with_user(self.director).action_approve()
        self.assertEqual(order.approval_state, "approved")
        return order

    def _get_outcomes(self, order):
        return order.sudo().approval_request_ids.decision_ids.sorted("id").mapped("outcome")

    # === The same quotation === #

    def test_an_edited_quotation_waits_until_it_is_asked(self):
        order = self._approve()
        order.order_line.discount = 11.0
        self.assertEqual(order.approval_state, "to_submit")

    def test_a_better_price_is_asked_of_nobody(self):
        order = self._approve()
        order.order_line.discount = 11.0
        order.action_request_approval()
        self.assertEqual(order.approval_state, "approved")
        self.assertFalse(order.release_message)
        self.assertTrue(order.is_released)
        self.assertEqual(self._get_outcomes(order), ["approved", "carried"])

    def test_a_worse_price_is_asked_again(self):
        order = self._approve()
        order.order_line.discount = 12.5
        order.action_request_approval()
        self.assertEqual(order.approval_state, "pending")

    def test_a_lower_price_is_worse_whichever_rule_asked(self):
        self.rule.write({"has_discount_max": False, "has_amount_min": True, "amount_min": 1.0})
        order = self._approve(discount=0.0)
        order.order_line.price_unit = 5.0
        order.action_request_approval()
        self.assertEqual(order.approval_state, "pending")

    def test_a_rule_that_nobody_answered_asks(self):
        order = self._approve()
        more = self._create_rule("Amount", self.controller)
        more.write({"has_amount_min": True, "amount_min": 1.0})
        order.order_line.discount = 11.0
        order.action_request_approval()
        self.assertEqual(order.approval_state, "pending")

    def test_another_customer_is_another_offer(self):
        order = self._approve()
        order.partner_id = self.env["res.partner"].create({"name": "Ningbo Nut"})
        order.order_line.discount = 11.0
        order.action_request_approval()
        self.assertEqual(order.approval_state, "pending")

    def test_a_withdrawn_approval_is_carried_nowhere(self):
        order = self._approve()
        order.with_user(self.director).action_withdraw_approval("The price of steel")
        order.order_line.discount = 11.0
        order.action_request_approval()
        self.assertEqual(order.approval_state, "pending")

    def test_validity_may_be_longer_by_the_days_that_are_set(self):
        order = self._approve()
        self.env.company.approval_validity_days = 15
        order.validity_date += timedelta(days=15)
        order.action_request_approval()
        self.assertEqual(order.approval_state, "approved")
        order.validity_date += timedelta(days=16)
        order.action_request_approval()
        self.assertEqual(order.approval_state, "pending")

    # === Revisions === #

    def _revise(self, order):
        if not hasattr(order, "action_create_revision"):
            self.skipTest("revisions are another capability")
        order.action_create_revision()
        return order.superseded_by_id

    def test_a_revision_that_says_the_same_is_approved(self):
        revision = self._revise(self._approve())
        self.assertEqual(revision.approval_state, "approved")
        self.assertEqual(self._get_outcomes(revision), ["carried"])

    def test_a_better_revision_stays_approved_as_it_is_edited(self):
        revision = self._revise(self._approve())
        revision.order_line.discount = 11.0
        self.assertEqual(revision.approval_state, "approved")
        revision.order_line = [Command.create({"product_id": self.bolt.id, "product_uom_qty": 2})]
        self.assertEqual(revision.approval_state, "approved")
        self.assertTrue(revision.is_released)

    def test_a_worse_revision_asks_again(self):
        revision = self._revise(self._approve())
        revision.order_line.discount = 15.0
        self.assertEqual(revision.approval_state, "to_submit")
        revision.action_request_approval()
        self.assertEqual(revision.approval_state, "pending")

    def test_a_revision_of_what_was_there_before_approval_stays_so(self):
        order = self._create_quotation()
        order.order_line.discount = 30.0
        order.flush_recordset()
        self.env.cr.execute("UPDATE sale_order SET approval_state = 'grandfathered' WHERE id = %s", [order.id])
        order.invalidate_recordset()
        revision = self._revise(order)
        self.assertEqual(revision.approval_state, "grandfathered")
        revision.order_line.discount = 31.0
        self.assertEqual(revision.approval_state, "to_submit")

    # === Repeat orders === #

    def _repeat(self, days_ago=10):
        past = self._approve()
        past.with_user(self.salesperson).action_confirm()
        past.sudo().date_order -= timedelta(days=days_ago)
        return self.env["sale.order"].browse(past.action_repeat_order()["res_id"]).with_user(self.salesperson)

    def test_a_repeat_at_the_same_price_is_confirmed_at_the_next_click(self):
        repeat = self._repeat()
        self.assertEqual(repeat.approval_state, "approved")
        repeat.action_confirm()
        self.assertEqual(repeat.state, "sale")

    def test_a_repeat_of_long_ago_asks(self):
        self.assertEqual(self._repeat(days_ago=91).approval_state, "to_submit")

    def test_a_repeat_of_a_smaller_quantity_at_a_greater_discount_asks(self):
        repeat = self._repeat()
        repeat.order_line.write({"product_uom_qty": 1, "discount": 13.0})
        repeat.action_request_approval()
        self.assertEqual(repeat.approval_state, "pending")

    # === Merging contacts === #

    def test_merging_contacts_voids_no_approval(self):
        order = self._approve()
        twin = self.env["res.partner"].create({"name": "Hangzhou Bolt (2)", "email": order.partner_id.email})
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([order.partner_id.id, twin.id], twin)
        self.assertEqual(order.partner_id, twin)
        self.assertEqual(order.approval_state, "approved")
        self.assertTrue(order.is_released)
        self.assertEqual(self._get_outcomes(order), ["approved", "carried"])
