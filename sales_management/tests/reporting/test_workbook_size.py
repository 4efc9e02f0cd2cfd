"""A workbook of many rows: what memory it needs, and its totals. 100,000 rows in ./sandbox/test --full."""

import os
import re
from pathlib import Path

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.sales_management.tests.reporting.workbook_common import WorkbookCommon

ROWS = 100_000 if os.environ.get("SANDBOX_FULL") else 10_000
LINES = 20
MAX_MEGABYTES = 300
#: Where the kernel tells of a process, and forgets how much memory it once had.
STATUS, FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


@tagged("post_install", "-at_install", "reporting")
class TestWorkbookSize(WorkbookCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        order = cls._order(3)
        cls.env.flush_all()
        cls._copy("sale_order", order.id, ROWS // LINES, {"name": SQL("'W' || number"), "access_token": SQL("NULL")})
        cls.env.cr.execute("SELECT min(id), max(id) FROM sale_order WHERE name ~ '^W[0-9]+$'")
        first, last = cls.env.cr.fetchone()
        cls._copy(
            "sale_order_line",
            order.order_line.id,
            ROWS,
            {"order_id": SQL("%s + number %% %s", first, last - first + 1), "name": SQL("'Line ' || number")},
        )
        # The order that the others are copies of is none of them.
        order.date_order = "2025-01-01"
        cls.env.flush_all()
        cls.env.cr.execute("ANALYZE sale_order; ANALYZE sale_order_line")
        cls.env.invalidate_all()

    @classmethod
    def _copy(cls, table, id_, count, values):
        names = cls.env.execute_query(
            SQL(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name != 'id' "
                "AND is_generated = 'NEVER' AND table_schema = current_schema",
                table,
            )
        )
        columns = [name for (name,) in names]
        cls.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM %s, generate_series(0, %s) AS number WHERE id = %s",
                SQL.identifier(table),
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(values.get(name, SQL.identifier(name)) for name in columns),
                SQL.identifier(table),
                count - 1,
                id_,
            )
        )

    @staticmethod
    def _get_megabytes(name):
        return int(re.search(rf"{name}:\s+(\d+) kB", STATUS.read_text())[1]) / 1024

    def test_a_long_book_is_made_in_little_memory(self):
        self._make(sheets=["summary"])
        # Where the kernel lets nobody reset it, the most that was ever used is an upper bound as well.
        if os.access(FORGET, os.W_OK):
            FORGET.write_text("5")
        before = self._get_megabytes("VmRSS")
        book = self._make(sheets=["summary", "customers", "products", "orders"])
        megabytes = self._get_megabytes("VmHWM") - before
        self.assertEqual(book.state, "done", book.error)
        self.assertGreaterEqual(book.row_count, ROWS)
        self.assertLess(megabytes, MAX_MEGABYTES)
        totals = self._ask(
            "SELECT sum(amount) FROM (SELECT price_subtotal AS amount FROM sale_order_line line "
            "JOIN sale_order sale ON sale.id = line.order_id WHERE sale.state = 'sale' "
            "AND sale.date_order >= '2026-03-01' AND sale.date_order < '2026-04-01' AND sale.company_id = %s) lines",
            self.company.id,
        )
        self.assertAlmostEqual(totals, ROWS * 300, 2)
        [sheet] = [sheet for sheet in self._open_totals(book) if sheet[0] == "Orders"]
        self.assertAlmostEqual(sheet[1], totals, 2)

    def _open_totals(self, book):
        """The name and first amount of each sheet, without reading all of its rows."""
        for sheet in self._open(book):
            title = next(cell for cell in sheet[4] if "excl. tax" in (cell.value or ""))
            yield sheet.title, sheet.cell(3, title.column).value
