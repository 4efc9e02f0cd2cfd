from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .slip_common import COMMITTED, SlipCommon


@tagged("post_install", "-at_install", "promise", "companions")
class TestPromiseMarkCompanions(SlipCommon):
    """Purchases and productions move the dates of their moves: where they are installed, they mark as receipts do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "purchase.order" not in cls.env or "mrp.production" not in cls.env:
            cls.skipTest(cls, "Purchase and Manufacturing are not installed.")

    def test_purchase_that_comes_later(self):
        purchase = self.env["purchase.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create({"product_id": self.bolt.id, "product_qty": 10, "price_unit": 1})],
            }
        )
        purchase.button_confirm()
        self._forget()
        number = purchase.picking_ids.name
        purchase.order_line.date_planned += timedelta(days=9)
        self.assertEqual(self._get_marks(), [(self.bolt.id, number)])
        self._forget()
        purchase.order_line.product_qty = 4
        self.assertIn((self.bolt.id, number), self._get_marks())
        self._forget()
        purchase.button_cancel()
        self.assertIn((self.bolt.id, number), self._get_marks())

    def test_production_that_moves(self):
        part = self.env["product.product"].create({"name": "Part", "is_storable": True})
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": self.bolt.product_tmpl_id.id,
                "bom_line_ids": [Command.create({"product_id": part.id, "product_qty": 2})],
            }
        )
        production = self.env["mrp.production"].create({"product_id": self.bolt.id, "product_qty": 10})
        production.action_confirm()
        self._forget()
        production.date_start = datetime(2031, 4, 1)
        marks = self._get_marks()
        self.assertIn((self.bolt.id, production.name), marks)
        self.assertIn((part.id, production.name), marks)
        self._forget()
        production.action_cancel()
        self.assertIn((self.bolt.id, production.name), self._get_marks())

    def test_kit_slips_by_its_part(self):
        part = self.env["product.product"].create({"name": "Part", "is_storable": True})
        kit = self.env["product.product"].create({"name": "Kit", "type": "consu"})
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [Command.create({"product_id": part.id, "product_qty": 2})],
            }
        )
        order, receipt = self._create_orders(product=kit), self._create_receipt(part)
        self._slip(receipt, order.order_line)
        self.assertEqual((order.order_line.promise_state, order.order_line.promise_cause), ("at_risk", receipt.name))
        self.assertIn(kit.id, self.env["sale.order.line"]._get_sold_product_ids([part.id]))

    def test_what_is_bought_to_order_slips_with_its_purchase(self):
        mto = self.env.ref("stock.route_warehouse0_mto")
        mto.active = True
        vendor = self.env["res.partner"].create({"name": "Vendor"})
        self.bolt.write(
            {
                "route_ids": [Command.set([mto.id, self.env.ref("purchase_stock.route_warehouse0_buy").id])],
                "seller_ids": [Command.create({"partner_id": vendor.id, "delay": 3})],
            }
        )
        order = self._create_orders()
        line, purchase = order.order_line, self.env["purchase.order"].search([("partner_id", "=", vendor.id)])
        purchase.button_confirm()
        self._forget()
        self.patch(type(self.env["sales.promise.engine"]), "_allocate", lambda engine, pairs: {})
        purchase.order_line.date_planned = COMMITTED - timedelta(days=9)
        self._run_job()
        self.assertEqual(line.promise_state, "ok")
        purchase.order_line.date_planned = COMMITTED + timedelta(days=9)
        self._run_job()
        self.assertEqual((line.promise_state, line.promise_cause), ("at_risk", purchase.picking_ids.name))
        self.assertEqual(self._get_facts("slipped").vendor_id, vendor)
        self.assertGreaterEqual(line.promise_date, COMMITTED + timedelta(days=8))
