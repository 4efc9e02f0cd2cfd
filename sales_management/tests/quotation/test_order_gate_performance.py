"""What the gates cost: queries that do not grow with the orders, and none where no capability is on."""

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_management.tests.quotation.content_gate_common import ContentGateCommon


@tagged("post_install", "-at_install", "performance", "quotation")
class TestOrderGatePerformance(ContentGateCommon):
    def _quote_many(self, count, lines=1):
        line = Command.create({"product_id": self.bolt.id})
        return self.env["sale.order"].union(*(self._quote(order_line=[line] * lines) for _number in range(count)))

    def _count_queries(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _get_cost(self, function, orders):
        """Queries that the gates add to what core does, undone each time."""
        costs = {}
        self._release(orders)
        for is_on in (False, True):
            self.env.company.sales_quotation_enabled = is_on
            # Switching empties all caches; the first run fills them.
            for _run in range(2):
                with self.env.cr.savepoint() as savepoint:
                    costs[is_on] = self._count_queries(lambda: function(orders))
                    savepoint.rollback()
        return costs[True] - costs[False]

    def test_confirming_many_costs_what_confirming_one_does(self):
        costs = [self._get_cost(lambda orders: orders.action_confirm(), self._quote_many(count)) for count in (1, 20)]
        self.assertLessEqual(costs[1], max(costs[0], 0))
        self.assertLessEqual(costs[0], 3)

    def test_lines_cost_no_queries(self):
        costs = [
            self._get_cost(lambda orders: orders.action_confirm(), self._quote_many(1, lines)) for lines in (1, 100)
        ]
        self.assertLessEqual(costs[1], max(costs[0], 0))

    def test_marking_many_as_sent_costs_what_one_does(self):
        costs = [
            self._get_cost(lambda orders: orders.action_quotation_sent(), self._quote_many(count)) for count in (1, 20)
        ]
        self.assertLessEqual(costs[1], costs[0] + 1)

    def test_no_query_where_nothing_is_on(self):
        order = self._quote()
        self.env.company.sales_quotation_enabled = False
        self.assertFalse(order._is_release_asked())
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(0):
            order._check_confirmable()
            order._check_released()
            self.assertEqual(order._filter_released(), order)
            order._check_ways(order, order)

    def test_content_is_looked_at_once(self):
        """It is what a confirmation with hundreds of lines costs."""
        order = self._release(self._quote_many(1, 20))
        model = self.env.registry["sale.order"]
        get_blockers, calls = model._get_release_blockers, []
        self.patch(model, "_get_release_blockers", lambda orders: calls.append(orders) or get_blockers(orders))
        order.action_confirm()
        self.assertEqual(calls, [order])
