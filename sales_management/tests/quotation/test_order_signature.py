"""Customers sign what may go to them: through the page that they hold, by real requests."""

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.sales_management.exceptions import BlockedError
from odoo.addons.sales_management.tests.quotation.content_gate_common import ContentGateCommon

#: One transparent pixel.
SIGNATURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@tagged("post_install", "-at_install", "quotation")
class TestOrderSignature(ContentGateCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        orders = cls.released | cls.unreleased
        orders.write({"require_signature": True, "require_payment": False})
        cls._release(cls.released)
        for order in orders:
            order._portal_ensure_token()

    def _sign(self, order):
        self.env.flush_all()
        answer = self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {"access_token": order.access_token, "name": "A Customer", "signature": SIGNATURE},
        )
        self.env.invalidate_all()
        return answer

    # === Refusals === #

    def test_hole_k_what_is_unreleased_is_not_signed(self):
        for state in ("draft", "sent"):
            self._set_columns(self.unreleased, state=state)
            for user in (None, "sm_portal"):
                with self.subTest(state=state, user=user):
                    self.authenticate(user, user)
                    answer = self._sign(self.unreleased)
                    self.assertTrue(answer["error"], "Told as core tells it, and no failure.")
                    self.assertNotIn("Nobody approved", answer["error"])
                    self.assertEqual(self.unreleased.state, state)
                    self.assertFalse(self.unreleased.signature or self.unreleased.signed_by)
        self.assertFalse(self.unreleased.quotation_copy_ids)

    def test_what_was_changed_after_it_was_sent_is_not_signed(self):
        self.released.order_line.price_unit = 1
        self.assertIn("error", self._sign(self.released))
        self.assertFalse(self.released.signature)

    def test_nobody_writes_a_signature_on_what_is_unreleased(self):
        with self.assertRaises(BlockedError):
            self.unreleased.with_user(self.salesperson).write({"signature": SIGNATURE, "signed_by": "A Customer"})
        with self.assertRaises(BlockedError):
            self.env["sale.order"].create({"partner_id": self.customer.id, "signature": SIGNATURE})

    def test_customers_are_not_told_why(self):
        with self.assertRaises(UserError) as caught:
            self.unreleased.with_user(self.portal).sudo().write({"signature": SIGNATURE})
        self.assertNotIn("Nobody approved", str(caught.exception))
        self.assertIn(self.unreleased.name, str(caught.exception))

    # === Signing === #

    def test_signing_what_is_released_makes_it_an_order(self):
        digest = self.released._get_content_digests()[self.released]
        answer = self._sign(self.released)
        self.assertIn("sign_ok", answer["redirect_url"])
        self.assertEqual(self.released.state, "sale")
        copies = self.released.quotation_copy_ids.filtered(lambda copy: copy.way == "signature")
        self.assertEqual(copies.mapped("digest"), [digest], "What was signed is kept as it was.")
        self.assertEqual(copies.recipients, "A Customer")

    def test_orders_keep_their_signatures(self):
        self._sign(self.released)
        self.approved.clear()
        self.released.write({"signature": SIGNATURE})
        self.assertTrue(self.released.signature)
