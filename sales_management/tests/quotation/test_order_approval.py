"""What other approvals get wrong, tried against this one: decisions of people, and calls over real RPC."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.approval.common import ApprovalMixin
from odoo.addons.sales_management.tests.test_access_rights import REFUSED, AccessCommon


@tagged("post_install", "-at_install", "quotation", "approval", "access")
class TestOrderApproval(ApprovalMixin, AccessCommon):
    """A rule asks about every quotation of the customer; the director approves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._switch_approval_on()
        cls.rule.domain = f"[('partner_id', '=', {cls.customer.id})]"

    def _quote(self, **values):
        return self._create_quotation(**values)

    def _approve(self, order):
        order.action_request_approval()
        order.with_user(self.director).action_approve()
        self.assertEqual(order.approval_state, "approved")
        return order

    def _confirm(self, order):
        self._call(self.salesperson, "sale.order", "action_confirm", ids=order.ids)

    def _assert_stays_quotation(self, order, method="action_confirm", **arguments):
        message = self._assert_refused(REFUSED, self.salesperson, "sale.order", method, ids=order.ids, **arguments)
        self.assertIn(order.name, message)
        self.assertNotEqual(order.state, "sale")

    # === Refusals, and what is legitimate === #

    def test_unapproved_and_approved(self):
        order = self._quote()
        self._assert_stays_quotation(order)
        self._approve(order)
        self._confirm(order)
        self.assertEqual(order.state, "sale")

    def test_hole_a_lines_written_after_the_approval(self):
        order = self._approve(self._quote())
        values = {"price_unit": 1, "product_uom_qty": 1000}
        self._call(self.salesperson, "sale.order.line", "write", ids=order.order_line.ids, vals=values)
        self.assertEqual(order.approval_state, "to_submit")
        self._assert_stays_quotation(order)
        self._approve(order)
        self._confirm(order)
        self.assertEqual(order.state, "sale")

    def test_hole_a_content_written_with_the_state(self):
        order = self._approve(self._quote())
        self._assert_stays_quotation(order, "write", vals={"state": "sale", "note": "And a boat"})
        self._assert_stays_quotation(
            order,
            "write",
            vals={"state": "sent", "order_line": [Command.update(order.order_line.id, {"price_unit": 1})]},
        )
        self.assertEqual(order.approval_state, "approved", "Nothing of it was written.")

    def test_hole_a_lines_changed_past_the_orm(self):
        """What was changed without interception is caught at the gate."""
        order = self._approve(self._quote())
        self.env.flush_all()
        self.env.cr.execute("UPDATE sale_order_line SET name = 'And a boat' WHERE order_id = %s", [order.id])
        self.env.invalidate_all()
        self.assertEqual(order.approval_state, "approved", "The column does not know.")
        self._assert_stays_quotation(order)

    def test_hole_b_lines_created_after_the_approval(self):
        order = self._approve(self._quote())
        values = {"order_id": order.id, "product_id": self.bolt.id}
        self._call(self.salesperson, "sale.order.line", "create", vals_list=[values])
        self._assert_stays_quotation(order)

    def test_hole_e_created_as_an_order(self):
        for state in ("sale", "sent"):
            values = {"partner_id": self.customer.id, "user_id": self.salesperson.id, "state": state}
            with self.subTest(state):
                self._assert_refused(REFUSED, self.salesperson, "sale.order", "create", vals_list=[values])
                order = self._approve(self._quote())
                self._assert_refused(
                    REFUSED, self.salesperson, "sale.order", "copy", ids=order.ids, default={"state": state}
                )

    def test_hole_e_state_of_approval_comes_from_nobody(self):
        for name, value in (("approval_state", "approved"), ("approval_digest", "0" * 64)):
            values = {"partner_id": self.customer.id, name: value}
            with self.subTest(name):
                self._assert_refused(REFUSED, self.salesperson, "sale.order", "create", vals_list=[values])
                order = self._quote()
                self._assert_refused(
                    REFUSED, self.salesperson, "sale.order", "write", ids=order.ids, vals={name: value}
                )

    def test_hole_f_context(self):
        order = self._quote()
        context = {"skip_validation_check": True, "default_approval_state": "approved", "install_mode": True}
        for state in ("sale", "sent"):
            self._assert_stays_quotation(order, "write", vals={"state": state}, context=context)
        self._assert_stays_quotation(order, context=context)

    def test_hole_g_marked_as_sent_without_a_request(self):
        order = self._quote()
        self._assert_stays_quotation(order, "write", vals={"state": "sent"})
        self.assertEqual(order.state, "draft")

    def test_hole_h_marked_as_sent_with_an_approval(self):
        order = self._approve(self._quote())
        self._call(self.salesperson, "sale.order", "write", ids=order.ids, vals={"state": "sent"})
        self.assertEqual(order.state, "sent")
        self.assertEqual(order.approval_state, "approved")

    def test_hole_k_signed(self):
        order = self._quote(require_signature=True, require_payment=False)
        self.assertFalse(order._has_to_be_signed())
        self._approve(order)
        self.assertTrue(order._has_to_be_signed())
        order.order_line.discount = 30
        self.assertFalse(order._has_to_be_signed())

    @mute_logger("odoo.sql_db")
    def test_hole_m_both_revisions(self):
        self.env.company.sales_quotation_enabled = True
        former = self._approve(self._quote())
        former.action_create_revision()
        current = former.superseded_by_id.with_user(self.salesperson)
        for order in (former, former | current):
            self._assert_refused(REFUSED, self.salesperson, "sale.order", "action_confirm", ids=order.ids)
        self._assert_refused(REFUSED, self.salesperson, "sale.order", "action_draft", ids=former.ids)
        if current.approval_state != "approved":
            self._approve(current)
        self._confirm(current)
        self.assertEqual((former | current).mapped("state"), ["cancel", "sale"])

    def test_hole_n_down_payment(self):
        order = self._quote()
        wizards = self.env["sale.advance.payment.inv"].with_user(self.salesperson)
        values = {"advance_payment_method": "percentage", "amount": 50, "sale_order_ids": [Command.set(order.ids)]}
        wizard = wizards.create(values)
        self._assert_refused(REFUSED, self.salesperson, "sale.advance.payment.inv", "create_invoices", ids=wizard.ids)
        self.assertFalse(order.invoice_ids)
        self._approve(order)
        wizards.create(values).create_invoices()
        self.assertEqual(len(order.invoice_ids), 1)
        self.assertEqual(order.approval_state, "approved", "The line of the down payment is nobody's offer.")
        self._confirm(order)
        self.assertEqual(order.state, "sale")

    # === Others === #

    def test_one_refusal_tells_everything(self):
        self.env.company.sales_quotation_enabled = True
        orders = self._quote() | self._quote()
        with self.assertRaises(UserError) as caught:
            orders.action_confirm()
        for order in orders:
            self.assertIn(order.name, str(caught.exception))

    def test_withdrawn_approval_closes_the_gate(self):
        order = self._approve(self._quote())
        order.with_user(self.director).action_withdraw_approval("The steel became dearer")
        self._assert_stays_quotation(order)
        self._assert_stays_quotation(order, "write", vals={"state": "sent"})
