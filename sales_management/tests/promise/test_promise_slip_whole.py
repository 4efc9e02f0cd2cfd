import random
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .slip_common import SlipCommon

CASES = 30
#: Days that a receipt is late.
DELAY = 14


@tagged("post_install", "-at_install", "promise")
class TestPromiseSlipWhole(SlipCommon):
    """Slips from the receipt that is late to the notice, with the engine as it is."""

    fakes_answers = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.engine = cls.env["sales.promise.engine"]

    def _create_part(self, on_hand=0, name="Nut"):
        product = self.env["product.product"].create({"name": name, "type": "consu", "is_storable": True})
        if on_hand:
            self.env["stock.quant"]._update_available_quantity(product, self.warehouse.lot_stock_id, on_hand)
        return product

    def _receive(self, product, quantity, days):
        receipt = self._create_receipt(product, quantity)
        receipt.move_ids.date = fields.Datetime.now() + timedelta(days=days)
        return receipt

    def _quote(self, products, quantity=1, **values):
        return self.env["sale.order"].create(
            [
                {
                    "partner_id": self.customer.id,
                    "user_id": self.salesperson.id,
                    "team_id": self.team.id,
                    "order_line": [Command.create({"product_id": product.id, "product_uom_qty": quantity})],
                    **values,
                }
                for product in products
            ]
        )

    def _get_day(self, moment):
        return self.engine._get_chains([self.warehouse.id])[self.warehouse.id].get_day(moment)

    # === One receipt === #

    def test_exactly_what_can_no_longer_be_held_is_at_risk(self):
        product = self._create_part(4)
        receipt = self._receive(product, 10, 10)
        orders = self._quote([product] * 3, 4) | self._quote([product], 2)
        for order in orders:
            order.action_commit_promise()
        orders[:3].action_confirm()
        self._forget()
        dates = orders.mapped("order_line.promise_committed_date")
        self.assertEqual(set(orders[:3].mapped("promise_state")), {"ok"})
        receipt.move_ids.date += timedelta(days=DELAY)
        self._run_job()
        states = orders.order_line.mapped("promise_state")
        self.assertEqual(states[:3], ["ok", "at_risk", "at_risk"], "Stock serves the first.")
        self.assertEqual(states[3], "at_risk", "Quotations that were committed to are looked at as well.")
        self.assertEqual(orders.mapped("order_line.promise_committed_date"), dates, "Nobody changed what was said.")
        late = orders[1].order_line
        self.assertGreaterEqual(late.promise_date - late.promise_committed_date, timedelta(days=DELAY - 3))
        self.assertEqual(late.promise_cause, receipt.name)
        self.assertEqual(self._get_facts("slipped").line_id, orders[1:].order_line)
        told = len(self._get_notices())
        self.assertTrue(told)
        self.env["sales.promise.mark"]._add(product.ids, receipt.name)
        self._run_job()
        self.assertEqual(len(self._get_notices()), told, "Once.")
        receipt.move_ids.date -= timedelta(days=DELAY)
        self._run_job()
        self.assertEqual(set(orders.mapped("promise_state")), {"ok"})
        self.assertEqual(self._get_facts("recovered").line_id, orders[1:].order_line)
        self.assertFalse(orders.activity_ids.filtered("automated"))

    def test_drafts_follow_and_are_not_told(self):
        product = self._create_part()
        receipt = self._receive(product, 10, 10)
        draft = self._quote([product], 5)
        before = draft.order_line.promise_date
        self.env.flush_all()
        self._forget()
        receipt.move_ids.date += timedelta(days=DELAY)
        self._run_job()
        self.assertGreaterEqual(draft.order_line.promise_date - before, timedelta(days=DELAY - 3))
        self.assertFalse(self._get_notices() or self._get_facts("slipped"))

    def test_what_is_cancelled_gives_its_goods_back(self):
        product = self._create_part()
        receipt = self._receive(product, 10, 10)
        orders = self._quote([product] * 2, 5)
        orders.action_commit_promise()
        orders.action_confirm()
        self._forget()
        receipt.move_ids.product_uom_qty = 5
        self._run_job()
        self.assertEqual(orders.order_line.mapped("promise_state"), ["ok", "at_risk"])
        orders[0]._action_cancel()
        self._run_job()
        self.assertEqual(orders[1].promise_state, "ok")

    # === Many === #

    def test_no_false_alarm_and_no_miss_against_brute_force(self):
        """Thirty products, each with receipts and orders of its own; one receipt of each is moved or cut, and one job
        looks at all of them."""
        dice = random.Random(20261122)
        cases = [self._create_case(dice, number) for number in range(CASES)]
        orders = self.env["sale.order"].union(*(orders for _product, orders, _stock, _receipts in cases))
        self.env["sale.order"].browse(sorted(orders.ids)).action_commit_promise()
        orders.action_confirm()
        self.assertEqual(set(orders.mapped("promise_state")), {"ok"}, "What was promised can be held.")
        self._forget()
        for _product, _orders, _stock, receipts in cases:
            move = dice.choice(receipts)
            if dice.random() < 0.3:
                move.product_uom_qty = max(1, move.product_uom_qty - dice.randint(1, 6))
            else:
                move.date += timedelta(days=dice.choice((-5, 3, 7, 12, 20)))
        self._run_job()
        at_risk = 0
        for product, own, stock, receipts in cases:
            expected = self._get_late(own.order_line, stock, receipts)
            found = own.order_line.filtered(lambda line: line.promise_state == "at_risk")
            self.assertEqual(found.sorted("id"), expected, product.name)
            at_risk += len(found)
        self.assertGreater(at_risk, CASES // 3)
        self.assertLess(at_risk, len(orders))
        self.assertEqual(len(self._get_facts("slipped").line_id), at_risk)

    def _create_case(self, dice, number):
        stock = dice.randint(0, 8)
        product = self._create_part(stock, f"Part {number}")
        moves = [
            self._receive(product, dice.randint(4, 10), dice.randint(2, 40)).move_ids
            for _receipt in range(dice.randint(2, 3))
        ]
        left, quantities = stock + int(sum(move.product_uom_qty for move in moves)), []
        while left > 0 and len(quantities) < 5:
            quantities.append(min(left, dice.randint(1, 7)))
            left -= quantities[-1]
        orders = self.env["sale.order"].union(*(self._quote([product], quantity) for quantity in quantities))
        return product, orders, stock, moves

    def _get_late(self, lines, stock, receipts):
        """Serve the deliveries day by day, in their order: the independent reckoning."""
        first = self.engine._get_chains([self.warehouse.id])[self.warehouse.id].today
        days = range(first, first + 120)
        balance = dict.fromkeys(days, stock)
        for move in receipts:
            for day in days:
                if day >= self._get_day(move.date):
                    balance[day] += move.product_uom_qty
        late = lines.browse()
        planned = {line: max(first, self._get_day(line.move_ids.date)) for line in lines}
        for line in lines.sorted(lambda line: (self._get_day(line.move_ids.date), line.order_id.date_order, line.id)):
            quantity = line.product_uom_qty
            fits = [
                day for day in days if day >= planned[line] and min(balance[u] for u in days if u >= day) >= quantity
            ]
            taken = fits[0] if fits else None
            if taken != planned[line]:
                late |= line
            for day in days:
                if day >= (planned[line] if taken is None else taken):
                    balance[day] -= quantity
        return late.sorted("id") if late else late
