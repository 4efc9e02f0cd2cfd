from datetime import timedelta

import pytz

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .test_promise_commitment import CommitmentCommon


@tagged("post_install", "-at_install", "promise")
class TestPromiseStep(CommitmentCommon):
    """A committed date becomes the dates of all steps of its delivery."""

    def _set_steps(self, steps, delay=0):
        self.warehouse.delivery_steps = steps
        self.warehouse.delivery_route_id.rule_ids.delay = delay

    def _make_pulled(self):
        """Steps that pull each other, as warehouses of older versions have them."""
        warehouse, customers = self.warehouse, self.env.ref("stock.stock_location_customers")
        self.warehouse.delivery_steps = "pick_ship"
        route = warehouse.delivery_route_id
        route.rule_ids.active = False
        common = {"route_id": route.id, "action": "pull", "delay": 2, "company_id": warehouse.company_id.id}
        self.env["stock.rule"].create(
            [
                {
                    **common,
                    "name": "Ship",
                    "picking_type_id": warehouse.out_type_id.id,
                    "location_src_id": warehouse.wh_output_stock_loc_id.id,
                    "location_dest_id": customers.id,
                    "procure_method": "make_to_order",
                    "warehouse_id": warehouse.id,
                },
                {
                    **common,
                    "name": "Pick",
                    "picking_type_id": warehouse.pick_type_id.id,
                    "location_src_id": warehouse.lot_stock_id.id,
                    "location_dest_id": warehouse.wh_output_stock_loc_id.id,
                    "procure_method": "make_to_stock",
                },
            ]
        )

    def _commit(self, quantity=4, days=30):
        order = self._create_order(quantity=quantity)
        date = fields.Datetime.now().replace(microsecond=0) + timedelta(days=days)
        order.order_line.promise_committed_date = date
        order.action_confirm()
        return order, date

    def _get_chain(self, order):
        last = order.order_line.move_ids
        return (last | last.browse(last._rollup_move_origs())).sorted("id")

    def _get_shelf(self, line):
        chain = self.env["sales.promise.engine"]._get_chains([line.warehouse_id.id])[line.warehouse_id.id]
        return chain, chain.to_shelf(line.promise_committed_date, line.customer_lead)

    def _finish(self, move, quantity):
        move.quantity = quantity
        move.picked = True
        move.picking_id._action_done()

    # === Dates of all steps === #

    def test_first_step_takes_goods_on_the_shelf_day(self):
        for steps, delay in (("ship_only", 0), ("ship_only", 2), ("pick_ship", 2), ("pick_pack_ship", 1)):
            with self.subTest(steps=steps, delay=delay):
                self._set_steps(steps, delay)
                order, date = self._commit(quantity=1)
                chain, shelf = self._get_shelf(order.order_line)
                first = min(self._get_chain(order), key=lambda move: move.date)
                self.assertEqual(chain.get_day(first.date), shelf)
                self.assertEqual(set(self._get_chain(order).mapped("date_deadline")), {date})
                self.assertEqual(order.promise_state, "ok")

    def test_steps_that_pull_each_other(self):
        self._make_pulled()
        order, date = self._commit(quantity=2)
        chain, shelf = self._get_shelf(order.order_line)
        moves = self._get_chain(order)
        self.assertEqual(len(moves), 2)
        self.assertEqual(chain.get_day(min(moves.mapped("date"))), shelf)
        self.assertEqual(order.order_line.move_ids.filtered(lambda move: move._is_open_delivery()).date_deadline, date)
        gap = max(moves.mapped("date")) - min(moves.mapped("date"))
        later = date + timedelta(days=14)
        order.order_line.promise_committed_date = later
        chain, shelf = self._get_shelf(order.order_line)
        self.assertEqual(chain.get_day(min(moves.mapped("date"))), shelf)
        self.assertEqual(max(moves.mapped("date")) - min(moves.mapped("date")), gap)

    def test_later_steps_follow_a_change(self):
        self._set_steps("pick_pack_ship", 1)
        order, date = self._commit(quantity=4)
        pick = self._get_chain(order)
        self._finish(pick, 4)
        done = pick.date
        moves = self._get_chain(order)
        self.assertGreater(len(moves), 1, "The next step is there.")
        later = date + timedelta(days=14)
        opened = moves - pick
        before = opened.mapped("date")
        order.commitment_date = later
        self.assertEqual(pick.date, done, "What is done stays.")
        self.assertEqual(set(opened.mapped("date_deadline")), {later})
        self.assertTrue(all(new > old for new, old in zip(opened.mapped("date"), before, strict=True)))

    # === Parts === #

    def test_backorders_follow_and_what_left_stays(self):
        order, date = self._commit(quantity=5)
        [first] = order.order_line.move_ids
        self._finish(first, 2)
        [second] = order.order_line.move_ids - first
        self._finish(second, 1)
        rest = order.order_line.move_ids - first - second
        self.assertEqual(rest.product_uom_qty, 2)
        dates = (first.date, second.date)
        order.order_line.promise_committed_date = date + timedelta(days=7)
        self.assertEqual((first.date, second.date), dates)
        self.assertEqual(rest.date_deadline, date + timedelta(days=7))
        self.assertEqual(order.promise_state, "ok")
        self._finish(rest, 2)
        order.action_refresh_promise()
        self.assertEqual(order.promise_state, "ok", "What is delivered waits for nothing.")
        self.assertFalse(order.order_line.promise_date)

    def test_more_is_ordered_of_a_confirmed_line(self):
        order, date = self._commit(quantity=5)
        order.order_line.product_uom_qty = 9
        self.assertEqual(sum(order.order_line.move_ids.mapped("product_uom_qty")), 9)
        self.assertEqual(set(order.order_line.move_ids.mapped("date_deadline")), {date})
        self.assertEqual(order.promise_state, "ok")

    # === Companies and zones === #

    def test_two_companies_in_two_zones(self):
        other = self.env["res.company"].create(
            {"name": "Los Angeles Bolt", "sales_promise_enabled": True, "country_id": self.env.ref("base.us").id}
        )
        warehouses = self.warehouse | self.env["stock.warehouse"].search([("company_id", "=", other.id)], limit=1)
        zones = ("Asia/Shanghai", "America/Los_Angeles")
        companies = self.env.company | other
        self.env.user.company_ids |= other
        for warehouse, zone in zip(warehouses, zones, strict=True):
            warehouse.partner_id = self.env["res.partner"].create({"name": zone, "tz": zone})
        self.env["stock.quant"]._update_available_quantity(self.bolt, warehouses[1].lot_stock_id, 3)
        orders = self.env["sale.order"].with_context(allowed_company_ids=companies.ids)
        for company, warehouse in zip(companies, warehouses, strict=True):
            orders |= orders.with_company(company).create(
                {
                    "partner_id": self.customer.id,
                    "company_id": company.id,
                    "warehouse_id": warehouse.id,
                    "order_line": [Command.create({"product_id": self.bolt.id, "product_uom_qty": 3})],
                }
            )
        orders.order_line._mark_promises()
        for order, zone in zip(orders, zones, strict=True):
            [line] = order.order_line
            self.assertEqual(line.promise_confidence, "a", zone)
            local = pytz.utc.localize(line.promise_date).astimezone(pytz.timezone(zone))
            self.assertEqual((local.hour, local.minute), (12, 0), zone)
        orders.action_commit_promise()
        orders.action_confirm()
        self.assertEqual(orders.mapped("promise_state"), ["ok", "ok"])
        other.sales_promise_enabled = False
        orders[1].order_line.invalidate_recordset()
        self.assertEqual(orders[0].promise_state, "ok")

    def test_line_of_another_warehouse_is_promised_from_there(self):
        second = self.env["stock.warehouse"].create({"name": "Second", "code": "W2"})
        order = self._create_order(quantity=5)
        self.assertEqual(order.order_line.promise_confidence, "a")
        order.warehouse_id = second
        self.assertFalse(order.order_line.promise_date, "Nothing is there, and nothing comes.")
        order.warehouse_id = self.warehouse
        self.assertEqual(order.order_line.promise_confidence, "a")
