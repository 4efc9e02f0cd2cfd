import random
from datetime import timedelta

import pytz

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.sales_management.tests.common import DealDocumentCommon
from odoo.addons.sales_management.tests.promise.fact_common import START, PromiseFactMixin
from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, AccessCommon

DAY = timedelta(days=1)
REPORT = "sales.delivery.report"
#: Deliveries as core has them: moments and quantities per line, of moves that reached a customer.
DELIVERIES = """
    SELECT move.sale_line_id, array_agg(move.date ORDER BY move.date), array_agg(move.quantity ORDER BY move.date)
      FROM stock_move move
      JOIN stock_location location ON location.id = move.location_dest_id AND location.usage = 'customer'
     WHERE move.state = 'done' AND move.sale_line_id = ANY(%s)
  GROUP BY move.sale_line_id
"""


class DeliveryReportCommon(PromiseFactMixin):
    @classmethod
    def _switch_promise_on(cls):
        result = super()._switch_promise_on()
        cls.zone = pytz.timezone(cls.env["sales.promise.engine"]._get_warehouse_zone(cls.warehouse))
        return result

    def _create_committed(self, due, quantity=10, **values):
        """An order confirmed at the start, with a commitment of then."""
        with self._at(START):
            order = self._create_promised(due, quantity=quantity, **values)
            with self._promising(due):
                self._commit(order.order_line, due)
                order.action_confirm()
        return order

    def _read(self, order, moment):
        with self._at(moment):
            row = self.env[REPORT].search([("order_id", "=", order.id)])
            self.env[REPORT].invalidate_model()
            return row and row.read(["progress", "is_otif", "is_on_time", "is_in_full", "days_late"])[0]

    def _get_day(self, moment):
        return pytz.utc.localize(moment).astimezone(self.zone).date()


@tagged("post_install", "-at_install", "promise", "measures")
class TestDeliveryReport(DeliveryReportCommon, DealDocumentCommon):
    """What counts as on time and in full."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._switch_promise_on()

    def _assert_row(self, order, moment, progress, otif, on_time, in_full, days_late):
        row = self._read(order, moment)
        self.assertTrue(row)
        found = (row["progress"], row["is_otif"], row["is_on_time"], row["is_in_full"], row["days_late"])
        self.assertEqual(found, (progress, otif, on_time, in_full, days_late))

    def test_on_the_day_itself_is_on_time(self):
        order = self._create_committed(START + 5 * DAY)
        self._deliver(order, START + 5 * DAY + timedelta(hours=3))
        self._assert_row(order, START + 30 * DAY, "full", True, True, True, 0)

    def test_early_is_on_time(self):
        order = self._create_committed(START + 5 * DAY)
        self._deliver(order, START + DAY)
        self._assert_row(order, START + 2 * DAY, "full", True, True, True, 0)

    def test_late_is_counted_in_days(self):
        order = self._create_committed(START + 5 * DAY)
        self._deliver(order, START + 8 * DAY)
        self._assert_row(order, START + 30 * DAY, "full", False, False, True, 3)

    def test_part_on_time_is_late_until_the_rest_comes(self):
        order = self._create_committed(START + 5 * DAY)
        self._deliver(order, START + 4 * DAY, 6)
        self.assertFalse(self._read(order, START + 5 * DAY))
        self._assert_row(order, START + 7 * DAY, "overdue", False, False, False, 2)
        self._deliver(order, START + 9 * DAY)
        self._assert_row(order, START + 30 * DAY, "full", False, False, True, 4)

    def test_cancelled_rest_is_on_time_but_not_in_full(self):
        order = self._create_committed(START + 5 * DAY)
        self._deliver(order, START + 4 * DAY, 6)
        order.picking_ids.filtered(lambda picking: picking.state != "done").action_cancel()
        self._assert_row(order, START + 5 * DAY, "short", False, True, False, 0)

    def test_neither_due_nor_delivered_counts_nowhere(self):
        order = self._create_committed(START + 5 * DAY)
        self.assertFalse(self._read(order, START + 5 * DAY))
        self._assert_row(order, START + 6 * DAY, "overdue", False, False, False, 1)

    def test_cancelled_order_counts_nowhere(self):
        order = self._create_committed(START + 5 * DAY)
        order._action_cancel()
        self.assertFalse(self._read(order, START + 30 * DAY))

    def test_promising_anew_makes_nothing_better(self):
        order = self._create_committed(START + 5 * DAY)
        with self._at(START + 2 * DAY), self._promising(START + 9 * DAY):
            self._commit(order.order_line, START + 9 * DAY)
        self._deliver(order, START + 8 * DAY)
        self._assert_row(order, START + 30 * DAY, "full", False, False, True, 3)
        row = self.env[REPORT].search([("order_id", "=", order.id)])
        self.assertEqual((row.first_date, row.last_date), (START + 5 * DAY, START + 9 * DAY))
        self.assertEqual((row.otif_rate, row.current_otif_rate), (0, 100))

    def test_withdrawing_makes_nothing_better(self):
        order = self._create_committed(START + 5 * DAY)
        with self._at(START + 2 * DAY), self._promising(START):
            self._commit(order.order_line, False)
        self._assert_row(order, START + 6 * DAY, "overdue", False, False, False, 1)

    def test_the_customer_ordered_on_what_stood_then(self):
        with self._at(START), self._promising(START):
            order = self._create_promised(START)
            self._commit(order.order_line, START + 2 * DAY)
            self._commit(order.order_line, START + 6 * DAY)
        with self._at(START + DAY), self._promising(START):
            order.action_confirm()
        self._deliver(order, START + 6 * DAY)
        self._assert_row(order, START + 30 * DAY, "full", True, True, True, 0)

    def test_commitment_after_the_order_counts(self):
        with self._at(START):
            order = self._create_promised(START)
            order.action_confirm()
        self._deliver(order, START + DAY)
        self.assertFalse(self._read(order, START + 30 * DAY))
        order = self._create_promised(START)
        with self._at(START):
            order.action_confirm()
        with self._at(START + DAY), self._promising(START):
            self._commit(order.order_line, START + 3 * DAY)
        self._deliver(order, START + 3 * DAY)
        self._assert_row(order, START + 30 * DAY, "full", True, True, True, 0)

    def test_days_are_those_of_the_warehouse(self):
        self.warehouse.partner_id.tz = "Asia/Shanghai"
        # In Shanghai it is the next day by then.
        order = self._create_committed(START.replace(hour=4))
        self._deliver(order, START.replace(hour=17))
        self._assert_row(order, START + 30 * DAY, "full", False, False, True, 1)

    def test_ordered_quantity_that_was_lowered(self):
        order = self._create_committed(START + 5 * DAY)
        self._deliver(order, START + 4 * DAY, 6)
        order.order_line.product_uom_qty = 6
        self._assert_row(order, START + 30 * DAY, "full", True, True, True, 0)

    def test_delivered_while_switched_off_counts_nowhere(self):
        order = self._create_committed(START + 5 * DAY)
        self.env.company.sales_promise_enabled = False
        self._deliver(order, START + 4 * DAY)
        self.assertFalse(self._read(order, START + 30 * DAY))

    def test_figures_reconcile_with_the_moves(self):
        """Of random orders, against what core's own table of moves tells."""
        rng, orders, due = random.Random(5), self.env["sale.order"], {}
        for _number in range(12):
            moment = START + rng.randint(2, 9) * DAY
            order = self._create_committed(moment, quantity=10, team_id=rng.choice([self.team, self.other_team]).id)
            due[order.order_line.id] = moment
            orders |= order
            parts = rng.choice([(10,), (4, 6), (3,), ()])
            for position, quantity in enumerate(parts):
                self._deliver(order, START + (rng.randint(1, 6) + 6 * position) * DAY, quantity)
        today = START + 40 * DAY
        deliveries = {
            line_id: list(zip(dates, quantities, strict=True))
            for line_id, dates, quantities in self.env.execute_query(SQL(DELIVERIES, list(due)))
        }
        expected = {}
        for order in orders:
            line = order.order_line
            parts = deliveries.get(line.id, [])
            is_full = sum(quantity for _date, quantity in parts) >= 10
            end = parts[-1][0] if is_full else today
            late = (self._get_day(end) - self._get_day(due[line.id])).days
            expected.setdefault(order.team_id, []).append((100.0 * (is_full and late <= 0), max(late, 0)))
        with self._at(today):
            groups = self.env[REPORT]._read_group(
                [("order_id", "in", orders.ids)], ["team_id"], ["otif_rate:avg", "days_late:avg", "line_count:sum"]
            )
        self.assertEqual(len(groups), 2)
        for team, otif_rate, days_late, count in groups:
            rows = expected[team]
            self.assertEqual(count, len(rows))
            self.assertAlmostEqual(otif_rate, sum(rate for rate, _late in rows) / len(rows))
            self.assertAlmostEqual(days_late, sum(late for _rate, late in rows) / len(rows))


@tagged("post_install", "-at_install", "promise", "measures", "access")
class TestDeliveryReportAccess(DeliveryReportCommon, AccessCommon):
    """Own, of the team, all; nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._switch_promise_on()

    def test_rows_follow_the_orders(self):
        order = self._create_committed(START + DAY)
        domain = [["order_id", "=", order.id]]
        for user, seen in (
            (self.salesperson, 1), (self.member, 1), (self.leader, 1), (self.manager, 1), (self.stranger, 0)
        ):  # fmt: skip
            with self.subTest(user=user.login):
                self.assertEqual(self._call(user, REPORT, "search_count", domain=domain), seen)
        for user in (self.portal, self.finance, self.stock):
            self._assert_refused(FORBIDDEN, user, REPORT, "search_count", domain=domain)
        row = self.env[REPORT].search([("order_id", "=", order.id)])
        action = self._call(self.salesperson, REPORT, "action_open_order", ids=row.ids)
        self.assertEqual((action["res_model"], action["res_id"]), ("sale.order", order.id))
