import csv
from datetime import date, datetime, time, timedelta

from odoo.tests import BaseCase, tagged
from odoo.tools import file_open

from odoo.addons.sales_management.models.demo.plan import Calendar, Planner
from odoo.addons.sales_management.models.demo.process_plan import STAGES, ProcessPlanner
from odoo.addons.sales_management.models.demo.promise_plan import PromisePlanner
from odoo.addons.sales_management.models.demo.quotation_plan import QuotationPlanner
from odoo.addons.sales_management.models.demo.sales_demo import ADDON, TABLES


@tagged("post_install", "-at_install", "demo")
class TestDemoPlan(BaseCase):
    """The plan must hold on whatever day somebody installs the demo company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tables = {}
        for name in TABLES:
            with file_open(f"{ADDON}/demo/{name}.csv", "r") as table:
                cls.tables[name] = list(csv.DictReader(table))

    def plan(self, today):
        planner = Planner(self.tables, today)
        deals, orders, receipts = planner.plan()
        ProcessPlanner(planner.calendar).tell(deals)
        return deals, orders, receipts

    def test_same_day_same_story(self):
        today = date(2026, 3, 4)
        self.assertEqual(repr(self.plan(today)), repr(self.plan(today)))

    def test_dates_follow_each_other_on_every_day_of_a_year(self):
        for offset in range(0, 366, 3):
            today = date(2027, 6, 1) + timedelta(days=offset)
            with self.subTest(today=today):
                self.check_dates(today)

    def check_dates(self, today):
        deals, orders, receipts = self.plan(today)
        now = datetime.combine(today, time())
        for deal in deals:
            moments = [deal.created, *(moment for _stage, moment in deal.moves)]
            self.assertEqual(moments, sorted(moments))
            self.assertLess(moments[-1], now)
            self.assertEqual(deal.outcome == "open", deal.closed is None)
            self.assertEqual(deal.outcome == "won", deal.stage == "won")
        back = [deal for deal in deals if deal.story.reasons]
        self.assertTrue(0 < len(back) < len(deals) / 5)
        self.assertTrue(any(deal.story.skipped for deal in deals))
        self.assertEqual({deal.stage for deal in deals if deal.outcome == "open"}, set(STAGES[:-1]))
        for order in orders:
            moments = [order.created, order.confirmed, *(moment for moment, _share in order.shipped)]
            moments = [moment for moment in moments if moment]
            self.assertEqual(moments, sorted(moments))
            self.assertLess(moments[-1], now)
            self.assertTrue(order.lines)
        self.assertEqual({receipt.done is None for receipt in receipts}, {True, False})

    def test_every_day_has_something_to_show(self):
        for offset in range(0, 28, 3):
            today = date(2027, 1, 20) + timedelta(days=offset)
            now = datetime.combine(today, time())
            _deals, orders, _receipts = self.plan(today)
            confirmed = [order for order in orders if order.confirmed]
            with self.subTest(today=today):
                self.assertTrue(any(not order.shipped and order.commitment < now for order in confirmed), "overdue")
                self.assertTrue(any(not order.shipped and order.commitment > now for order in confirmed), "not due")
                self.assertTrue(any(order.shipped and order.shipped[-1][1] < 1 for order in confirmed), "partly here")
                self.assertTrue(any(len(order.shipped) == 2 for order in confirmed), "delivered in two")
                self.assertEqual(len([order for order in confirmed if order.returned]), 3)
                self.assertTrue(any(order.customer["terms"] == "deposit" for order in confirmed))

    def test_quotations_fit_into_every_day(self):
        for offset in range(0, 366, 7):
            today = date(2027, 6, 1) + timedelta(days=offset)
            deals, orders, _receipts = self.plan(today)
            with self.subTest(today=today):
                for quotation in QuotationPlanner(Calendar(None, today), self.tables).tell(deals):
                    self.check_quotation(quotation, datetime.combine(today, time()))
                shown = [order for order in orders if order.confirmed and order.customer["salesperson"] == "sales"]
                self.assertTrue(any(not order.shipped for order in shown), "an order that is changed")
                self.assertGreater(len(shown), 1, "and one that is repeated")

    def test_promises_fit_into_every_day(self):
        for offset in range(0, 366, 7):
            today = date(2027, 6, 1) + timedelta(days=offset)
            deals, orders, _receipts = self.plan(today)
            planner = PromisePlanner(Calendar(None, today), self.tables)
            now = datetime.combine(today, time())
            with self.subTest(today=today):
                due = {purchase.key: purchase.due for purchase in planner.tell_purchases()}
                self.assertLess(due["overdue"], now)
                self.assertLess(due["split_first"], due["split_second"])
                for sale in planner.tell_sales(deals):
                    self.assertLess(sale.order.deal.created, sale.order.created, sale.key)
                    self.assertLess(sale.order.created, now, sale.key)
                moments = [event.moment for event in planner.tell_history(orders)]
                self.assertEqual(moments, sorted(moments))
                self.assertLess(moments[-1], now)

    def check_quotation(self, quotation, now):
        moments = [moment for version in quotation.versions for moment in (version.moment, version.left) if moment]
        moments += [moment for moment in (quotation.asked, quotation.decided) if moment]
        self.assertEqual(moments, sorted(moments), quotation.key)
        self.assertLess(moments[-1], now, quotation.key)
        if quotation.deal:
            self.assertLess(quotation.deal.created, moments[0], quotation.key)
