"""Quantities that customers choose on their page, by real requests."""

from odoo.fields import Command
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.quotation.content_gate_common import ContentGateCommon


@tagged("post_install", "-at_install", "quotation")
class TestPortalQuantity(ContentGateCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._quote(
            order_line=[
                Command.create({"product_id": cls.bolt.id, "product_uom_qty": 5, "sequence": 1}),
                Command.create(
                    {"display_type": "line_section", "name": "On request", "is_optional": True, "sequence": 2}
                ),
                Command.create({"product_id": cls.bolt.id, "product_uom_qty": 1, "sequence": 3}),
            ]
        )
        cls.order._portal_ensure_token()
        cls.option = cls.order.order_line[-1]
        cls._release(cls.order)

    def _choose(self, quantity):
        self.env.flush_all()
        try:
            return self.make_jsonrpc_request(
                f"/my/orders/{self.order.id}/update_line_dict",
                {"access_token": self.order.access_token, "line_id": self.option.id, "input_quantity": quantity},
            )
        finally:
            self.env.invalidate_all()

    def _release_every_quantity(self):
        for quantity in range(10):
            self.option.product_uom_qty = quantity
            self._release(self.order)
        self.option.product_uom_qty = 1

    def test_choice_that_nobody_has_to_approve(self):
        self._release_every_quantity()
        self._choose(4)
        self.assertEqual(self.option.product_uom_qty, 4)

    @mute_logger("odoo.http")
    def test_choice_that_would_need_an_approval(self):
        with self.assertRaises(JsonRpcException) as caught:
            self._choose(4)
        self.assertIn("UserError", str(caught.exception))
        self.assertEqual(self.option.product_uom_qty, 1)
        self.assertTrue(self.order._filter_released(), "What the customer holds stays valid.")

    @mute_logger("odoo.http")
    def test_what_was_approved_is_not_the_customers_to_change(self):
        self._release_every_quantity()
        self._set_columns(self.order, approval_state="approved")
        self.assertFalse(self.order._can_be_edited_on_portal(), "So that the page shows no boxes to fill in.")
        with self.assertRaises(JsonRpcException) as caught:
            self._choose(4)
        self.assertIn("UserError", str(caught.exception))
        self.assertEqual(self.option.product_uom_qty, 1)

    def test_core_decides_while_nothing_is_on(self):
        self.env["res.company"].search([]).write({"sales_quotation_enabled": False})
        self._choose(7)
        self.assertEqual(self.option.product_uom_qty, 7)
