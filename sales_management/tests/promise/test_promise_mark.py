import re
from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.sales_management.tests.test_performance import QueryWatch

from .slip_common import SlipCommon

#: What only who promises reads or writes.
OURS = re.compile(r"""(FROM|INTO|UPDATE|JOIN) "?sales_promise_\w+""")


@tagged("post_install", "-at_install", "promise")
class TestPromiseMark(SlipCommon):
    """Whatever changes what comes and goes marks its product, and costs next to nothing."""

    def test_receipt_that_comes_later_marks_its_product(self):
        receipt = self._create_receipt()
        receipt.scheduled_date += timedelta(days=3)
        self.assertEqual(self._get_marks(), [(self.bolt.id, receipt.name)])

    def test_changes_of_receipts(self):
        changes = {
            "deadline": lambda move: move.write({"date_deadline": "2031-01-01"}),
            "quantity": lambda move: move.write({"product_uom_qty": 7}),
            "place": lambda move: move.write({"location_dest_id": self.supplier_location.id}),
            "cancelled": lambda move: move._action_cancel(),
        }
        for name, change in changes.items():
            receipt = self._create_receipt()
            with self.subTest(name):
                change(receipt.move_ids)
                self.assertEqual(self._get_marks(), [(self.bolt.id, receipt.name)])
                self._forget()

    def test_receipt_that_is_done_marks_its_product(self):
        receipt = self._create_receipt()
        receipt.move_ids.write({"quantity": 40, "picked": True})
        self.assertFalse(self._get_marks(), "Nothing is in stock yet.")
        receipt._action_done()
        self.assertIn((self.bolt.id, receipt.name), self._get_marks())

    def test_corrections_and_scraps_mark_their_product(self):
        quant = self.env["stock.quant"].create(
            {"product_id": self.bolt.id, "location_id": self.warehouse.lot_stock_id.id, "inventory_quantity": 10}
        )
        quant.action_apply_inventory()
        self.assertEqual({product_id for product_id, _cause in self._get_marks()}, {self.bolt.id})
        self._forget()
        scrap = self.env["stock.scrap"].create({"product_id": self.bolt.id, "scrap_qty": 4})
        scrap.action_validate()
        self.assertEqual(self._get_marks(), [(self.bolt.id, scrap.name)])

    def test_new_delivery_marks_its_product(self):
        order = self._create_order()
        self._forget()
        order.action_confirm()
        self.assertEqual({product_id for product_id, _cause in self._get_marks()}, {self.bolt.id})

    def test_what_changes_nothing_marks_nothing(self):
        receipt = self._create_receipt()
        receipt.move_ids.write({"date": receipt.move_ids.date, "product_uom_qty": 100})
        receipt.move_ids.description_picking = "Careful"
        receipt.action_assign()
        draft = receipt.copy()
        draft.move_ids.product_uom_qty = 3
        draft.unlink()
        self.assertFalse(self._get_marks())

    def test_product_that_is_gone_stops_no_transaction(self):
        nut = self.env["product.product"].create({"name": "Nut", "is_storable": True})
        receipt = self._create_receipt(nut)
        self.env["sales.promise.mark"]._add([self.bolt.id])
        receipt.action_cancel()
        receipt.unlink()
        nut.unlink()
        self.assertEqual(self._get_marks(), [(self.bolt.id, None)])

    def test_switched_off_company_costs_nothing(self):
        self.env["res.company"].search([("sales_promise_enabled", "=", True)]).sales_promise_enabled = False
        self._forget()
        with QueryWatch(self.env.cr) as queries:
            order = self._create_order()
            order.action_confirm()
            order.picking_ids.move_ids.product_uom_qty = 7
            order.picking_ids.scheduled_date += timedelta(days=3)
            order.picking_ids.action_cancel()
            self._end_transaction()
        self.assertFalse(list(filter(OURS.search, queries)))

    def test_other_company_marks_nothing(self):
        self.env.company.sales_promise_enabled = False
        self.env["res.company"].create({"name": "Elsewhere", "sales_promise_enabled": True})
        receipt = self._create_receipt()
        receipt.scheduled_date += timedelta(days=3)
        self.assertFalse(self._get_marks())

    def test_a_thousand_moves_cost_one_insert(self):
        products = self.env["product.product"].create(
            [{"name": f"Part {position}", "is_storable": True} for position in range(1000)]
        )
        vals = {
            "product_uom_qty": 1,
            "location_id": self.supplier_location.id,
            "location_dest_id": self.warehouse.lot_stock_id.id,
            "state": "confirmed",
        }
        with QueryWatch(self.env.cr) as queries:
            moves = self.env["stock.move"].create([{**vals, "product_id": product.id} for product in products])
            moves.write({"date": "2031-05-05"})
            moves.write({"product_uom_qty": 2})
            self._end_transaction()
        self.assertEqual(len([query for query in queries if "INTO sales_promise_mark" in query]), 1)
        self.assertEqual(len(self._get_marks()), 1000)

    def test_job_is_woken_once_a_transaction(self):
        cron = self.env.ref("sales_management.ir_cron_refresh_promises")
        receipt = self._create_receipt()
        self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).unlink()
        for _position in range(3):
            receipt.scheduled_date += timedelta(days=3)
            self._end_transaction()
        self.assertEqual(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), 1)

    def test_daily_all_that_is_promised_is_marked(self):
        self._create_orders()
        self.env["sales.promise.mark"]._cron_mark_promises()
        self.assertEqual(self._get_marks(), [(self.bolt.id, None)])
