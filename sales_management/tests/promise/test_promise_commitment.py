from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.sales_management.tests.common import DealDocumentCommon


class CommitmentCommon(DealDocumentCommon):
    """Ten bolts on hand, and ten that come in twenty days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sales_promise_enabled = True
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.env.company.id)], limit=1)
        cls.env["stock.quant"]._update_available_quantity(cls.bolt, cls.warehouse.lot_stock_id, 10)
        cls.receipt = cls._receive(cls.bolt, 10, 20)
        cls.salesperson.group_ids += cls.env.ref("sales_team.group_sale_salesman_all_leads")

    @classmethod
    def _receive(cls, product, quantity, days):
        move = cls.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "product_uom": product.uom_id.id,
                "location_id": cls.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": cls.warehouse.lot_stock_id.id,
                "picking_type_id": cls.warehouse.in_type_id.id,
                "date": fields.Datetime.now() + timedelta(days=days),
            }
        )
        move._action_confirm()
        return move

    def _get_days(self, line):
        """Days from today to the promise of a line."""
        return (line.promise_date.date() - fields.Date.today()).days


@tagged("post_install", "-at_install", "promise")
class TestPromiseCommitment(CommitmentCommon):
    def test_line_is_promised_from_stock_or_receipt(self):
        early, late = self._create_order(quantity=10).order_line, self._create_order(quantity=11).order_line
        self.assertEqual(early.promise_confidence, "a")
        self.assertLess(self._get_days(early), 6)
        self.assertGreaterEqual(self._get_days(late), 20)

    def test_lines_of_one_order_compete_whatever_is_read(self):
        order = self._create_order(quantity=6)
        order.order_line = [Command.create({"product_id": self.bolt.id, "product_uom_qty": 6})]
        first, second = order.order_line
        self.assertLess(first.promise_date, second.promise_date)
        expected = second.promise_date
        for lines in (second, first | second, second | first):
            lines._mark_promises()
            self.assertEqual(second.promise_date, expected)
        first.product_uom_qty = 4
        self.assertEqual(second.promise_date, first.promise_date)
        first.product_uom_qty = 6
        self.assertEqual(second.promise_date, expected)
        first.unlink()
        self.assertLess(second.promise_date, expected)

    def test_an_unsaved_order_shows_dates(self):
        with Form(self.env["sale.order"].with_user(self.salesperson)) as form:
            form.partner_id = self.customer
            for quantity in (6, 6):
                with form.order_line.new() as line:
                    line.product_id = self.bolt
                    line.product_uom_qty = quantity
            new = self.env["sale.order"].new(
                {
                    "partner_id": self.customer.id,
                    "order_line": [
                        Command.create({"product_id": self.bolt.id, "product_uom_qty": quantity}) for quantity in (6, 6)
                    ],
                }
            )
            self.assertLess(new.order_line[0].promise_date, new.order_line[1].promise_date)
        self.assertLess(form.record.order_line[0].promise_date, form.record.order_line[1].promise_date)

    def test_what_needs_no_date_has_none(self):
        order = self._create_order(quantity=0)
        order.order_line = [
            Command.create({"display_type": "line_section", "name": "Part"}),
            Command.create({"product_id": self.bolt.id, "product_uom_qty": -3}),
        ]
        self.assertFalse(any(order.order_line.mapped("promise_date")))
        self.assertEqual(order.promise_state, "none")

    def test_dozens_are_counted_in_pieces(self):
        line = self._create_order(quantity=1).order_line
        line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        self.assertGreaterEqual(self._get_days(line), 20)

    def test_committed_goods_are_gone(self):
        order, other = self._create_order(quantity=8), self._create_order(quantity=8)
        promised = order.order_line.promise_date
        order.with_user(self.salesperson).action_commit_promise()
        self.assertEqual(order.order_line.promise_committed_date, promised)
        self.assertEqual(order.commitment_date, promised)
        self.assertEqual(order.promise_state, "ok")
        self.assertTrue(order.order_line.promise_was_held)
        other.action_commit_promise()
        self.assertGreaterEqual(self._get_days(other.order_line), 20)
        order.action_refresh_promise()
        self.assertEqual(order.order_line.promise_date, promised)
        order._action_cancel()
        other.action_refresh_promise()
        self.assertEqual(other.order_line.promise_date, promised)

    def test_too_early_by_hand_is_late(self):
        order = self._create_order(quantity=11)
        order.order_line.promise_committed_date = fields.Datetime.now() + timedelta(days=8)
        self.assertEqual(order.promise_state, "late")
        self.assertIn(order, order._get_orders_before_promise())
        self.assertEqual(order.commitment_date, order.order_line.promise_committed_date)
        order.order_line.promise_committed_date = order.order_line.promise_date
        self.assertEqual(order.promise_state, "ok")
        self.assertFalse(order._get_orders_before_promise())

    def test_header_and_lines_keep_in_step(self):
        order = self._create_order(quantity=2)
        order.order_line = [Command.create({"product_id": self.bolt.id, "product_uom_qty": 3})]
        date = fields.Datetime.now().replace(microsecond=0) + timedelta(days=30)
        order.commitment_date = date
        self.assertEqual(order.order_line.mapped("promise_committed_date"), [date, date])
        later = date + timedelta(days=5)
        order.order_line[1].promise_committed_date = later
        self.assertEqual(order.commitment_date, date)
        order.picking_policy = "one"
        order.order_line[0].promise_committed_date = date - timedelta(days=1)
        self.assertEqual(order.commitment_date, later)

    def test_digest_follows_committed_dates_only(self):
        order = self._create_order(quantity=2)
        before = order._get_content()[order]
        self.assertNotIn("promise_committed_date", before["lines"][0])
        order.action_commit_promise()
        self.assertIn("promise_committed_date", order._get_content()[order]["lines"][0])

    def test_frozen_orders_are_named(self):
        orders = self._create_order(quantity=1) | self._create_order(quantity=1)
        orders._action_cancel()
        with self.assertRaises(UserError) as caught:
            orders.action_commit_promise()
        for order in orders:
            self.assertIn(order.name, str(caught.exception))

    def test_moves_follow_the_commitment(self):
        order = self._create_order(quantity=2)
        date = fields.Datetime.now().replace(microsecond=0) + timedelta(days=30)
        order.order_line.promise_committed_date = date
        order.action_confirm()
        move = order.order_line.move_ids
        self.assertEqual(move.date_deadline, date)
        self.assertAlmostEqual(move.date, date, delta=timedelta(days=4))
        later = date + timedelta(days=14)
        former = move.date
        order.order_line.promise_committed_date = later
        self.assertEqual(move.date_deadline, later)
        self.assertEqual((move.date - former).days, 14)
        self.assertIn("rescheduled", order.message_ids[0].body)
        order.commitment_date = date
        self.assertEqual((move.date_deadline, move.date), (date, former))

    def test_delivered_moves_stay(self):
        order = self._create_order(quantity=4)
        order.action_commit_promise()
        order.action_confirm()
        move = order.order_line.move_ids
        move.quantity = 1
        move.picked = True
        move.picking_id._action_done()
        backorder = order.order_line.move_ids - move
        done = (move.date, move.date_deadline)
        order.order_line.promise_committed_date += timedelta(days=9)
        self.assertEqual((move.date, move.date_deadline), done)
        self.assertEqual(backorder.date_deadline, order.order_line.promise_committed_date)

    def test_urgent_deals_come_first(self):
        deal = self._create_deals()
        deal.deal_class_id = self.env["sales.deal.class"].create({"name": "Key", "delivery_priority": "1"})
        order = self._confirm_order(deal)
        self.assertEqual(order.picking_ids.priority, "1")
        self.assertEqual(order.order_line.move_ids.priority, "1")

    def test_days_are_those_of_the_warehouse(self):
        order = self._create_order(quantity=1)
        for zone in ("Asia/Shanghai", "America/Los_Angeles"):
            self.warehouse.partner_id.tz = zone
            order.order_line._mark_promises()
            line = order.order_line
            # The last minute of the day before is late, and the first of the day is not.
            day = line._get_promise_day(line.promise_date)
            noon = line._get_local_noon(day)
            line.promise_committed_date = noon - timedelta(hours=11, minutes=59)
            self.assertEqual(line.promise_state, "ok", zone)
            line.promise_committed_date = noon - timedelta(hours=12, minutes=1)
            self.assertEqual(line.promise_state, "late", zone)

    def test_revision_keeps_what_is_unchanged_and_a_copy_does_not(self):
        self.env.company.sales_quotation_enabled = True
        order = self._create_order(quantity=2)
        order.action_commit_promise()
        date = order.order_line.promise_committed_date
        self.assertFalse(order.copy().order_line.promise_committed_date)
        order.action_create_revision()
        revision = order.superseded_by_id
        self.assertEqual(revision.order_line.promise_committed_date, date)
        holds = self.env["sales.promise.hold"].search([("order_id", "in", (order | revision).ids)])
        self.assertEqual(holds.filtered(lambda hold: not hold.released_at).order_id, revision)
        with self.assertRaises(UserError) as caught:
            order.order_line.promise_committed_date = date + timedelta(days=1)
        self.assertIn(order.name, str(caught.exception))

    def test_queries_do_not_grow(self):
        counts = {}
        for count in (1, 10, 200):
            products = self.bolt.create(
                [{"name": f"Nut {number}", "type": "consu", "is_storable": True} for number in range(count)]
            )
            order = self.env["sale.order"].create(
                {
                    "partner_id": self.customer.id,
                    "order_line": [Command.create({"product_id": product.id}) for product in products],
                }
            )
            order.action_refresh_promise()
            self.env.flush_all()
            order.action_refresh_promise()
            before = self.env.cr.sql_log_count
            order.order_line.mapped("promise_date")
            counts[count] = self.env.cr.sql_log_count - before
        self.assertLessEqual(counts[200], counts[10], counts)
        self.assertLessEqual(counts[10], counts[1] + 1, counts)

    def test_switched_off_does_nothing(self):
        self.env.company.sales_promise_enabled = False
        order = self._create_order(quantity=2)
        order.commitment_date = fields.Datetime.now() + timedelta(days=9)
        self.assertFalse(order.order_line.promise_date or order.order_line.promise_committed_date)
        order.action_confirm()
        self.assertEqual(order.order_line.move_ids.date_deadline, order.commitment_date)
