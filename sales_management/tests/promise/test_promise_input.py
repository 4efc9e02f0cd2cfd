import os
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.sales_management.tools.promise import PromiseSource

from .test_promise_commitment import CommitmentCommon

#: Lines of an order that nobody types in.
MANY = 10_000 if os.environ.get("SANDBOX_FULL") else 2000


@tagged("post_install", "-at_install", "promise")
class TestPromiseInput(CommitmentCommon):
    """Whatever is entered: a clear date, or a clear reason why there is none, and never a traceback."""

    def _quote(self, quantity=1, product=None, **values):
        command = Command.create({"product_id": (product or self.bolt).id, "product_uom_qty": quantity, **values})
        return self._create_order(order_line=[command])

    def _assert_unknown(self, line):
        self.assertFalse(line.promise_date)
        self.assertEqual((line.promise_confidence, line._get_promise_detail()["source"]["kind"]), ("e", "unknown"))

    # === Quantities === #

    def test_zero_quantity(self):
        order = self._quote(0)
        self.assertFalse(order.order_line.promise_date or order.order_line.promise_confidence)
        order.order_line.product_uom_qty = 3
        self.assertTrue(order.order_line.promise_date)
        order.order_line.product_uom_qty = 0
        self.assertFalse(order.order_line.promise_date)

    def test_negative_quantity(self):
        order = self._quote(-4)
        self.assertFalse(order.order_line.promise_date)
        other = self._quote(10)
        self.assertEqual(other.order_line.promise_confidence, "a", "What may come back is not there for others.")

    def test_huge_quantity(self):
        for quantity in (1e9, 1e15):
            order = self._quote(quantity)
            self._assert_unknown(order.order_line)
            order.order_line.promise_committed_date = fields.Datetime.now() + timedelta(days=9)
            self.assertEqual(order.promise_state, "late")
            order.order_line.promise_committed_date = False

    def test_fractional_quantity(self):
        self.assertEqual(self._quote(9.99).order_line.promise_confidence, "a")
        line = self._quote(10.01).order_line
        self.assertGreaterEqual(self._get_days(line), 20)
        self.assertAlmostEqual(sum(step["qty"] for step in line._get_promise_detail()["steps"]), 10.01)
        self.assertFalse(self._quote(0.001).order_line.promise_date, "Less than counts is nothing.")

    # === Products === #

    def test_service(self):
        service = self.env["product.product"].create({"name": "Assembly", "type": "service"})
        line = self._quote(5, service).order_line
        self.assertTrue(line.promise_date)
        self.assertEqual(line.promise_confidence, "a")
        line.order_id.action_commit_promise()
        line.order_id.action_confirm()
        self.assertEqual(line.promise_state, "ok")

    def test_archived_product(self):
        line = self._quote(11).order_line
        before = line.promise_date
        self.bolt.active = False
        line.order_id.action_refresh_promise()
        self.assertEqual(line.promise_date, before)
        line.order_id.action_commit_promise()
        self.assertEqual(line.promise_state, "ok")

    def test_not_storable_product(self):
        product = self.env["product.product"].create({"name": "Grease", "type": "consu", "is_storable": False})
        line = self._quote(500, product).order_line
        self.assertEqual(line.promise_confidence, "a")
        self.assertLess(self._get_days(line), 6)

    def test_without_vendor_or_bill_of_materials(self):
        order = self._quote(21)
        self._assert_unknown(order.order_line)
        with self.assertRaisesRegex(Exception, f"Nobody knows a date for {order.name}"):
            order.action_commit_promise()

    def test_combo(self):
        item = {"combo_item_ids": [Command.create({"product_id": self.bolt.id})], "name": "Choice"}
        combo = self.env["product.combo"].create(item)
        product = self.env["product.product"].create(
            {"name": "Set", "type": "combo", "combo_ids": [Command.set(combo.ids)]}
        )
        self.assertFalse(self._quote(1, product).order_line.promise_date)

    # === Warehouses and dates === #

    def test_warehouse_without_calendar(self):
        self.env.company.resource_calendar_id = False
        line = self._quote(5).order_line
        self.assertTrue(line.promise_date)

    def test_line_without_warehouse(self):
        order = self._quote(5)
        order.warehouse_id = False
        self._assert_unknown(order.order_line)

    def test_date_in_the_past(self):
        order = self._quote(5)
        order.promise_requested_date = fields.Date.today() - timedelta(days=400)
        self.assertGreaterEqual(order.order_line.promise_date, fields.Datetime.now() - timedelta(days=1))
        past = fields.Datetime.now() - timedelta(days=400)
        order.order_line.promise_committed_date = past
        self.assertEqual(order.promise_state, "late")
        order.action_confirm()
        move = order.order_line.move_ids
        self.assertEqual(move.date_deadline, past)
        self.assertGreaterEqual(move.date, fields.Datetime.now() - timedelta(days=10))
        for date in (fields.Date.to_date("1900-01-01"), fields.Date.to_date("9998-12-31")):
            other = self._quote(5)
            other.promise_requested_date = date
            self.assertTrue(other.order_line.promise_date, date)

    def test_far_commitment(self):
        order = self._quote(5)
        order.order_line.promise_committed_date = "9998-12-31 10:00:00"
        order.action_confirm()
        self.assertEqual(order.promise_state, "ok")

    def test_endless_customer_lead(self):
        for lead in (-5, 1e6, 1e15):
            line = self._quote(5, customer_lead=lead).order_line
            self.assertTrue(line.promise_date)

    # === Lines and people === #

    def test_line_without_product(self):
        line = {"display_type": "line_note", "name": "As discussed"}
        order = self._create_order(order_line=[Command.create(line)])
        self.assertFalse(order.promise_date)
        with self.assertRaisesRegex(Exception, order.name):
            order.action_commit_promise()
        new = self.env["sale.order"].new({"partner_id": self.customer.id, "order_line": [Command.create({})]})
        new._onchange_promised_lines()
        self.assertFalse(new.order_line.promise_date)

    def test_salesperson_without_rights_on_stock(self):
        user = new_test_user(
            self.env, "sm_bare", "sales_team.group_sale_salesman_all_leads", company_id=self.env.company.id
        )
        self.assertFalse(self.env["stock.quant"].with_user(user).has_access("write"))
        with Form(self.env["sale.order"].with_user(user)) as form:
            form.partner_id = self.customer
            with form.order_line.new() as line:
                line.product_id = self.bolt
                line.product_uom_qty = 11
        order = form.record
        self.env.invalidate_all()
        self.assertGreaterEqual(self._get_days(order.order_line), 20)
        order.action_commit_promise()
        order.action_confirm()
        self.assertEqual(order.promise_state, "ok")
        order.order_line.promise_committed_date += timedelta(days=3)
        self.assertEqual(order.sudo().order_line.move_ids.date_deadline, order.order_line.promise_committed_date)

    def test_ten_thousand_lines(self):
        counts = {}
        for count in (100, MANY):
            products = self.bolt.create(
                [{"name": f"Part {number}", "type": "consu", "is_storable": True} for number in range(count // 10)]
            )
            order = self.env["sale.order"].create({"partner_id": self.customer.id})
            values = {"order_id": order.id, "product_uom_id": self.bolt.uom_id.id, "price_unit": 1, "name": "Part"}
            lines = self.env["sale.order.line"].create(
                [{**values, "product_id": products[number % len(products)].id} for number in range(count)]
            )
            self.env.flush_all()
            order.action_refresh_promise()
            before = self.env.cr.sql_log_count
            lines.mapped("promise_date")
            counts[count] = self.env.cr.sql_log_count - before
            self.assertEqual(set(lines.mapped("promise_confidence")), {"e"})
        # What is read by thousands at once takes a query per thousand.
        self.assertLessEqual(counts[MANY], counts[100] + 2 * MANY // 1000, counts)

    # === Words === #

    def test_unknown_date_is_said_clearly(self):
        source = self._quote(21).order_line._get_promise_detail()["source"]
        self.assertEqual(source["kind"], PromiseSource("unknown").kind)
        order = self._quote(21)
        order.order_line.promise_committed_date = fields.Datetime.now() + timedelta(days=9)
        self.assertEqual(order.promise_state, "late")
        self.assertTrue(order._get_orders_before_promise())
