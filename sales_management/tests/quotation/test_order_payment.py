"""No payment begins for what may not go; one that arrived is kept, and people hear of it."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from odoo.addons.account_payment.tests.common import AccountPaymentCommon
from odoo.addons.payment.tests.http_common import PaymentHttpCommon
from odoo.addons.sale.tests.common import SaleCommon
from odoo.addons.sales_management.exceptions import BlockedError
from odoo.addons.sales_management.tests.common import RolesMixin
from odoo.addons.sales_management.tests.quotation.content_gate_common import ContentGateMixin


class OrderPaymentCommon(ContentGateMixin, RolesMixin, AccountPaymentCommon, PaymentHttpCommon, SaleCommon):
    """A quotation that is to be paid in full, and a provider that takes what it is told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_roles()
        cls.currency = cls.sale_order.currency_id
        cls.partner = cls.sale_order.partner_invoice_id
        cls.provider.journal_id.inbound_payment_method_line_ids.filtered(
            lambda line: line.payment_provider_id == cls.provider
        ).payment_account_id = cls.inbound_payment_method_line.payment_account_id
        cls.sale_order.write(
            {
                "require_payment": True,
                "prepayment_percent": 1.0,
                "require_signature": False,
                "user_id": cls.salesperson.id,
                "team_id": cls.team.id,
            }
        )
        cls.amount = cls.sale_order.amount_total
        cls.order = cls.sale_order
        cls._close_gate()
        cls._release(cls.order)

    def setUp(self):
        # The payment itself is what these tests are about.
        self.enable_post_process_patcher = False
        super().setUp()

    def _begin_payment(self, order=None, **values):
        return self._create_transaction(
            "redirect", sale_order_ids=[Command.set((order or self.order).ids)], amount=self.amount, **values
        )

    def _hold_back(self):
        """Change what is offered after it was approved."""
        self.order.order_line[:1].discount = 5

    def _get_told(self):
        domain = [("res_model", "=", "sale.order"), ("res_id", "=", self.order.id)]
        notices = self.env["sales.notice"].search([*domain, ("kind_id.code", "=", "quotation")])
        return notices.user_id | self.order.activity_ids.user_id


@tagged("post_install", "-at_install", "quotation")
class TestOrderPayment(OrderPaymentCommon):
    # === Beginning === #

    def test_what_is_released_has_to_be_paid(self):
        self.assertTrue(self.order._has_to_be_paid())
        self._hold_back()
        self.assertFalse(self.order._has_to_be_paid())

    def test_no_payment_begins_for_what_is_unreleased(self):
        self._hold_back()
        with self.assertRaises(BlockedError):
            self._begin_payment()

    def test_salespeople_begin_none_either(self):
        self._hold_back()
        values = {
            "provider_id": self.provider.id,
            "payment_method_id": self.payment_method_id,
            "reference": "By hand",
            "amount": 1.0,
            "currency_id": self.currency.id,
            "partner_id": self.partner.id,
            "sale_order_ids": [Command.link(self.order.id)],
        }
        with self.assertRaises(UserError):
            self.env["payment.transaction"].with_user(self.salesperson).create(values)

    def test_refunds_of_what_arrived_are_open(self):
        transaction = self._begin_payment(state="done")
        self._hold_back()
        child = transaction._create_child_transaction(1.0, is_refund=True, sale_order_ids=[Command.set(self.order.ids)])
        self.assertEqual(child.sale_order_ids, self.order)

    def test_payments_without_quotation_are_open(self):
        self._hold_back()
        self.assertTrue(self._create_transaction("redirect", amount=10.0))

    # === Arriving === #

    def test_payment_confirms_what_is_released(self):
        transaction = self._begin_payment(state="done")
        self._post_process(transaction)
        self.assertEqual(self.order.state, "sale")
        self.assertFalse(self._get_told())

    def test_payment_that_arrived_is_kept(self):
        """Approved when the customer began to pay, changed before the payment was processed."""
        self.provider.support_manual_capture = "full_only"
        for state, discount in (("authorized", 4), ("done", 5)):
            with self.subTest(state):
                self._release(self.order)
                transaction = self._begin_payment(state=state, reference=f"Paid {state}")
                self.order.order_line[:1].discount = discount
                self._post_process(transaction)
                self.assertTrue(transaction.is_post_processed)
                self.assertEqual(transaction.state, state)
                self.assertEqual(self.order.state, "draft")
        self.assertIn(transaction.payment_id.state, ("in_process", "paid"), "The money is in the books.")
        self.assertEqual(self._get_told(), self.salesperson | self.leader)

    def test_paid_order_is_confirmed_by_hand_later(self):
        transaction = self._begin_payment(state="done")
        self._hold_back()
        self._post_process(transaction)
        self._release(self.order)
        self.order.with_user(self.salesperson).action_confirm()
        self.assertEqual(self.order.state, "sale")

    def test_refusal_in_the_middle_of_a_confirmation_keeps_the_payment(self):
        """What an addon changes while it confirms is found only by the gate at the write."""
        model = self.env.registry["sale.order"]
        prepare = model._prepare_confirmation_values
        self.patch(model, "_prepare_confirmation_values", lambda orders: {**prepare(orders), "note": "And a boat"})
        transaction = self._begin_payment(state="done")
        self._post_process(transaction)
        self.assertEqual(self.order.state, "draft")
        self.assertTrue(transaction.payment_id)
        self.assertIn(self.salesperson, self._get_told())

    @mute_logger("odoo.sql_db")
    def test_refusal_of_the_database_keeps_the_payment(self):
        transaction = self._begin_payment(state="done")
        model = self.env.registry["sale.order"]
        prepare = model._prepare_confirmation_values

        def prepare_unseen(orders):
            self._set_columns(orders, approval_state="rejected")
            return prepare(orders)

        self.patch(model, "_prepare_confirmation_values", prepare_unseen)
        self._post_process(transaction)
        self.assertEqual(self.order.state, "draft")
        self.assertTrue(transaction.payment_id)

    def test_payment_of_a_replaced_quotation_is_kept(self):
        transaction = self._begin_payment(state="done")
        self._set_columns(self.order, is_current_revision=False, state="cancel")
        self._post_process(transaction)
        self.assertEqual(self.order.state, "cancel")
        self.assertTrue(transaction.payment_id)
        self.assertIn(self.salesperson, self._get_told())

    def test_managers_hear_of_it_where_nobody_leads(self):
        self.order.team_id = self.other_team
        self._release(self.order)
        transaction = self._begin_payment(state="done")
        self._hold_back()
        self._post_process(transaction)
        self.assertIn(self.manager, self._get_told())

    # === Under way === #

    def test_payment_under_way_marks_as_sent_what_is_released(self):
        transaction = self._begin_payment(state="pending")
        self._post_process(transaction)
        self.assertEqual(self.order.state, "sent")

    def test_payment_under_way_never_fails(self):
        transaction = self._begin_payment(state="pending")
        self._hold_back()
        self._post_process(transaction)
        self.assertTrue(transaction.is_post_processed)
        self.assertEqual(self.order.state, "draft")
        self.assertEqual(self._get_told(), self.salesperson | self.leader)

    def _post_process(self, transaction):
        with patch.object(self.env.registry["sale.order"], "_send_order_notification_mail"), mute_logger("odoo.addons"):
            transaction._post_process()
        self.env.flush_all()

    # === Through the portal === #

    @mute_logger("odoo.http", "werkzeug")
    def test_portal_route(self):
        self._hold_back()
        with self.assertRaises(JsonRpcException) as caught:
            self._pay_on_portal()
        self.assertNotIn("Nobody approved", str(caught.exception), "Why is no matter of the customer's.")
        self.assertFalse(self.order.transaction_ids)
        self._release(self.order)
        self.assertEqual(self._pay_on_portal()["provider_code"], self.provider.code)
        self.assertEqual(len(self.order.transaction_ids), 1)

    def _pay_on_portal(self):
        return self.make_jsonrpc_request(
            f"/my/orders/{self.order.id}/transaction",
            {
                "access_token": self.order._portal_ensure_token(),
                "provider_id": self.provider.id,
                "payment_method_id": self.payment_method_id,
                "token_id": None,
                "amount": self.amount,
                "flow": "redirect",
                "tokenization_requested": False,
                "landing_route": "/my/orders",
            },
        )
