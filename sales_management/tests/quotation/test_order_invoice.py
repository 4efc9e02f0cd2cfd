"""Money asked for before there is an order."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_management.exceptions import BlockedError
from odoo.addons.sales_management.tests.quotation.content_gate_common import ContentGateCommon


@tagged("post_install", "-at_install", "quotation")
class TestOrderInvoice(ContentGateCommon):
    METHODS = (
        {"advance_payment_method": "percentage", "amount": 50},
        {"advance_payment_method": "fixed", "fixed_amount": 5},
    )

    def _create_invoices(self, orders, **values):
        wizard = self.env["sale.advance.payment.inv"].with_user(self.salesperson)
        return wizard.with_context(active_model="sale.order", active_ids=orders.ids).create(values).create_invoices()

    def test_hole_n_no_down_payment_of_what_is_unreleased(self):
        for values in (*self.METHODS, {"advance_payment_method": "delivered"}):
            with self.subTest(values["advance_payment_method"]), self.assertRaises(BlockedError) as caught:
                self._create_invoices(self.unreleased, **values)
            self.assertIn(self.unreleased.name, str(caught.exception))
        self.assertFalse(self.unreleased.invoice_ids)
        self.assertEqual(len(self.unreleased.order_line), 1, "Nor a line of a down payment.")

    def test_down_payment_of_what_is_released(self):
        for values in self.METHODS:
            order = self._release(self._quote())
            with self.subTest(values["advance_payment_method"]):
                self._create_invoices(order, **values)
                self.assertEqual(len(order.invoice_ids), 1)

    def test_down_payment_voids_no_release(self):
        """Section and line of a down payment are added by core: what was approved is what it was."""
        order = self._release(self._quote())
        self._create_invoices(order, **self.METHODS[0])
        self.assertTrue(order._filter_released())
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertTrue(order._filter_released())

    def test_section_of_down_payments_hides_no_offer(self):
        """Only what core itself writes is nobody's offer: a client can flag any section, and write into it."""
        order = self._release(self._quote())
        section = {"display_type": "line_section", "is_downpayment": True, "name": "Every bolt at half the price"}
        order.write({"order_line": [Command.create(section)]})
        self.assertFalse(order._filter_released())

    def test_batch_names_all(self):
        other = self._quote()
        with self.assertRaises(BlockedError) as caught:
            (self.released | self.unreleased | other)._create_invoices()
        for order in (self.unreleased, other):
            self.assertIn(order.name, str(caught.exception))

    def test_orders_are_invoiced_as_in_core(self):
        """What became of its release after it was confirmed stops no invoice."""
        self.released.action_confirm()
        self.approved.clear()
        self._create_invoices(self.released, advance_payment_method="delivered")
        self.assertEqual(len(self.released.invoice_ids), 1)

    def test_orders_with_nothing_to_invoice_are_told_so_by_core(self):
        order = self._release(self._quote())
        with self.assertRaises(UserError) as caught:
            order._create_invoices()
        self.assertNotIsInstance(caught.exception, BlockedError)
