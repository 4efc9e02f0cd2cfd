"""The days of the pool count from what was imported, and nobody loses a customer on the first night."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_pool import PoolCommon
from .import_common import ImportMixin


@tagged("post_install", "-at_install", "customer")
class TestCustomerImportPool(ImportMixin, PoolCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._setup_import()
        cls.manager.tz = "UTC"
        cls.today = fields.Date.today()

    def _bring(self, *days, follow_ups=()):
        """:return: customers of Anna, with contacts so many days ago, in order; ``None`` for one that brings none"""
        rows = [
            [f"C-{n}", f"Works {n}", None, None, None, "sm_salesperson", self._get_day(ago), None]
            for n, ago in enumerate(days)
        ]
        notes = [[ref, self._get_day(ago), "sm_salesperson", "Visit", "Was there"] for ref, ago in follow_ups]
        record = self._import({"Customers": rows, "Follow-Ups": notes} if notes else {"Customers": rows})
        return self.env["res.partner"].browse([line.res_id for line in self._get_lines(record)])

    def _get_day(self, ago):
        return None if ago is None else (self.today - timedelta(days=ago)).isoformat()

    def _get_due(self, customers):
        customers.invalidate_recordset()
        return [(customer.pool_due_on - self.today).days for customer in customers]

    def test_days_count_from_what_was_imported(self):
        customers = self._bring(30, 90, None, None, follow_ups=[("C-3", 10), ("C-0", 5)])
        self.assertEqual(self._get_due(customers), [55, -30, 60, 50])
        self.assertEqual(customers.mapped("pool_state"), ["owned"] * 4)

    def test_nobody_loses_a_customer_on_the_first_night(self):
        customers = self._bring(30, 300, None)
        self._recycle()
        self.assertEqual(customers.mapped("pool_state"), ["owned"] * 3)
        self.assertEqual([bool(customer.pool_warned_at) for customer in customers], [False, True, False])
        # Who was warned and did nothing loses it when the warning is over.
        customers[1].sudo().pool_warned_at -= timedelta(days=8)
        self._recycle()
        self.assertEqual(customers.mapped("pool_state"), ["owned", "pool", "owned"])

    def test_nor_where_nobody_is_warned(self):
        self.company.customer_pool_warning_days = 0
        customers = self._bring(30, 300, None)
        self._recycle()
        self.assertEqual(customers.mapped("pool_state"), ["owned"] * 3)
        self.assertEqual(self._get_due(customers), [30, 60, 60])

    def test_nor_where_the_pool_is_switched_on_after(self):
        self.company.customer_pool_enabled = False
        customers = self._bring(30, 300, None)
        self.company.customer_pool_enabled = True
        self._recycle()
        self.assertEqual(customers.mapped("pool_state"), ["owned"] * 3)
        self.assertEqual(self._get_due(customers), [60, 60, 60])
        self.assertEqual((customers[1].last_contact_at.date() - self.today).days, -300)

    def test_undo_puts_the_last_contact_back(self):
        former = self.bolt.last_contact_at = fields.Datetime.now() - timedelta(days=50)
        self.bolt.flush_recordset()
        sheets = {"Follow-Ups": [[self.bolt.name, self._get_day(20), None, "Call", "Rang"]]}
        record = self._import(sheets)
        self.bolt.invalidate_recordset()
        self.assertEqual((self.bolt.last_contact_at.date() - self.today).days, -20)
        record.action_undo()
        self.assertEqual(self.bolt.last_contact_at, former.replace(microsecond=0))
