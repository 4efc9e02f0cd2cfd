import math

from odoo.tests import tagged

from odoo.addons.sales_management.tools.promise import PromiseRequest

from .events_common import EventsCommon


@tagged("post_install", "-at_install")
class TestPromiseEngine(EventsCommon):
    """What the engine answers to questions that nobody should ask, and how sure it is."""

    def _ask(self, *quantities):
        product, warehouse = self.bolt.id, self.warehouse.id
        return self.engine._promise([PromiseRequest("same", product, warehouse, quantity) for quantity in quantities])

    def test_each_is_answered_where_a_key_is_used_twice(self):
        self._put(5)
        few, many = self._ask(5, 6)
        self.assertEqual(("same", "same"), (few.key, many.key))
        self.assertEqual(5, few.steps[-1].qty)
        self.assertEqual("a", few.confidence)
        self.assertIsNone(many.date)

    def test_what_was_deleted_has_no_date(self):
        requests = [
            PromiseRequest(1, 2**30, self.warehouse.id, 1),
            PromiseRequest(2, self.bolt.id, 2**30, 1),
        ]
        for result in self.engine._promise(requests):
            self.assertEqual((None, "unknown"), (result.date, result.source.kind))

    def test_quantities_that_do_not_count_have_no_date(self):
        for result in self._ask(math.nan, math.inf, -math.inf, 1e15, -1e15):
            self.assertEqual((None, "unknown"), (result.date, result.source.kind))
        self.assertTrue(self._ask(-0.0)[0].date)

    def test_a_receipt_of_today_is_on_the_way_unless_stock_suffices(self):
        self._put(5)
        self._receive(5)
        few, many = self._ask(5, 6)
        self.assertEqual(("a", "stock"), (few.confidence, few.source.kind))
        self.assertEqual(("c", "receipt"), (many.confidence, many.source.kind))

    def test_stock_that_is_promised_does_not_make_a_receipt_of_today_sure(self):
        self._put(10)
        self._deliver(8, 1)
        self._receive(5)
        few, many = self._ask(2, 5)
        self.assertEqual(("a", "stock"), (few.confidence, few.source.kind))
        self.assertEqual(("c", "receipt"), (many.confidence, many.source.kind))
