"""Query budgets: what the addon may cost where nothing of it is configured.

The benchmarks compare whole operations with core; here stands what must not come back unseen.
"""

import re

from odoo.tests import tagged

from odoo.addons.sales_management.tests.common import DealDocumentCommon

#: Queries that core would not issue when a lead is created.
OURS = re.compile(
    r"""nextval"""
    r"""|(FROM|INTO|UPDATE|JOIN) "?(account_move|account_move_deal_rel|sale_order|sales_deal_number|stock_picking)\b"""
)
#: What revisions, the deal policy, approvals, promises and customers keep: nobody who does not use them reads or writes
#: any of it.
UNUSED = re.compile(
    r"""(FROM|INTO|UPDATE|JOIN) "?"""
    r"""(sales_(approval|quotation|promise|customer)_\w+|sales_policy|sale_order_approval_warning_rel)\b"""
)


@tagged("post_install", "-at_install", "performance")
class TestPerformance(DealDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_deals(2)
        cls.env.flush_all()

    def _count_queries(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_a_batch_of_numbers_is_one_query(self):
        for count in (1, 10, 1000):
            with self.subTest(count=count):
                leads = self._create_deals(count, type="lead")
                self.env.flush_all()
                with self.assertQueryCount(1):
                    self.assertEqual(len(leads._draw_deal_numbers()), count)

    def test_deal_costs_its_number_and_nothing_else(self):
        for count in (1, 10):
            with self.subTest(count=count), self._watch_queries() as queries:
                self._create_deals(count)
                self.env.flush_all()
            ours = list(filter(OURS.search, queries))
            self.assertEqual(len(ours), 1, "\n".join(ours))

    def test_lead_costs_nothing(self):
        with self._watch_queries() as queries:
            self._create_deals(3, type="lead")
            self.env.flush_all()
        self.assertFalse(list(filter(OURS.search, queries)))

    def test_invoices_of_a_batch_cost_one_query(self):
        """Ten invoices of ten deals are tied to them by one INSERT, as one is."""
        for size in (1, 10):
            orders = self.env["sale.order"].union(
                *(self._confirm_order(deal) for deal in self._create_deals(size))
            )
            self.env.flush_all()
            with self.subTest(size=size), self._watch_queries() as queries:
                orders._create_invoices(grouped=True)
                self.env.flush_all()
            self.assertEqual(len([query for query in queries if "account_move_deal_rel" in query]), 1)

    def test_writing_a_deal_costs_nothing(self):
        """A write of the usual fields neither draws nor reads a number."""
        deals = self._create_deals(10)
        self.env.flush_all()
        self.env.invalidate_all()
        with self._watch_queries() as queries:
            deals.write({"expected_revenue": 500, "priority": "1"})
            self.env.flush_all()
        self.assertFalse([query for query in queries if "nextval" in query or "sales_deal_number" in query])

    def test_numbers_of_documents_come_set_based(self):
        """Ten orders of ten deals cost no more queries to tie than two of two."""
        counts = []
        for size in (2, 10):
            orders = self.env["sale.order"].union(*(self._create_order() for _position in range(size)))
            deals = self._create_deals(size)

            def tie(orders=orders, deals=deals):
                for order, deal in zip(orders, deals, strict=True):
                    order.opportunity_id = deal

            counts.append(self._count_queries(tie))
        self.assertLessEqual(counts[1] - counts[0], 8, "Only core's own query per order that is written.")

    def test_retiring_numbers_is_set_based(self):
        counts = [self._count_queries(self._create_deals(size).unlink) for size in (2, 20)]
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_finding_deals_by_number_is_one_query(self):
        numbers = self._create_deals(50).mapped("deal_number")
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.assertEqual(len(self.env["crm.lead"]._find_by_deal_numbers(numbers)), 50)

    def test_journal_entries_read_no_deal(self):
        """Invoices without orders, the most of a finance database, never touch the relation with deals."""
        with self._watch_queries() as queries:
            invoice = self.env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_line_ids": [(0, 0, {"name": "Service", "price_unit": 10.0})],
                }
            )
            invoice.action_post()
            self.env.flush_all()
        self.assertFalse([query for query in queries if "account_move_deal_rel" in query])

    def test_quotations_read_nothing_of_what_is_switched_off(self):
        """From the first line to the order: neither revisions nor approvals nor promises are asked."""
        self._assert_reads_nothing_unused()

    def test_quotations_read_nothing_of_what_another_company_uses(self):
        other = self.setup_other_company()["company"]
        other.write({"sales_promise_enabled": True, "promise_hold_enabled": True})
        self._assert_reads_nothing_unused()

    def _assert_reads_nothing_unused(self):
        portal = self.users_by_role["portal"]

        def create():
            self.order = self._create_order(self._create_deals(), partner_id=portal.partner_id.id)

        def deliver():
            self.order.picking_ids.move_ids.write({"quantity": 3, "picked": True})
            self.order.picking_ids.button_validate()

        def read_list(user):
            orders = self.env["sale.order"].with_user(user)
            orders.web_search_read([], {"name": {}, "state": {}, "amount_total": {}}, limit=80)

        steps = {
            "create": create,
            "write": lambda: self.order.write({"note": "Ex works", "client_order_ref": "PO 7"}),
            "line": lambda: self.order.order_line.write({"price_unit": 9, "product_uom_qty": 3}),
            "date": lambda: self.order.write({"commitment_date": "2099-01-01 12:00:00"}),
            "form": lambda: self.order.web_save({"validity_date": "2099-01-01"}, {"name": {}}),
            "send": lambda: self.order.action_quotation_sent(),
            "list": lambda: read_list(self.salesperson),
            "portal": lambda: read_list(portal),
            "confirm": lambda: self.order.action_confirm(),
            "deliver": deliver,
            "delete line": lambda: self._create_order().order_line.unlink(),
            "delete": lambda: self._create_order().unlink(),
        }
        for name, step in steps.items():
            self.env.flush_all()
            self.env.invalidate_all()
            with self.subTest(name), self._watch_queries() as queries:
                step()
                self.env.flush_all()
            unused = list(filter(UNUSED.search, queries))
            self.assertFalse(unused, f"{name}: " + "\n".join(unused))

    def _watch_queries(self):
        return QueryWatch(self.env.cr)


class QueryWatch:
    """Texts of the queries that run inside the ``with``."""

    def __init__(self, cr):
        self.cr = cr
        self.queries = []

    def __enter__(self):
        self.execute = self.cr.execute

        def execute(query, params=None, log_exceptions=True):
            self.queries.append(getattr(query, "code", query))
            return self.execute(query, params, log_exceptions)

        self.cr.execute = execute
        return self.queries

    def __exit__(self, *args):
        del self.cr.execute
