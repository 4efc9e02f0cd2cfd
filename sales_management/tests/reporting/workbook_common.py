"""What tests of the workbook start from: orders, invoices and payments of two people, and a reader of the file."""

import base64
import io
import re
import shutil
import subprocess
import tempfile
import warnings
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl

from odoo.fields import Command
from odoo.tools import SQL

from odoo.addons.sales_management.tests.common import DealDocumentCommon

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
#: Rows of a sheet: of the totals, of the titles, and the first of its own.
TOTAL, HEADER, BEGIN = 3, 4, 5


class WorkbookCommon(DealDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.write({"sales_reporting_enabled": True, "sales_target_enabled": True})
        cls.company.partner_id.tz = "UTC"
        tax = cls.env["account.tax"].create({"name": "13 %", "amount": 13, "company_id": cls.company.id})
        cls.bolt.write({"list_price": 100, "standard_price": 60, "taxes_id": [Command.set(tax.ids)]})

    @classmethod
    def _order(cls, quantity=1, moment=datetime(2026, 3, 10, 12), user=None, **values):
        values = {"user_id": (user or cls.salesperson).id, "team_id": cls.team.id, **values}
        order = cls._confirm_order(None, quantity=quantity, **values)
        order.date_order = moment
        return order

    @classmethod
    def _invoice(cls, order, day=date(2026, 3, 12)):
        invoice = order._create_invoices()
        invoice.invoice_date = day
        invoice.action_post()
        return invoice

    @classmethod
    def _pay(cls, invoice, day=date(2026, 3, 20)):
        context = {"active_model": "account.move", "active_ids": invoice.ids}
        return (
            cls.env["account.payment.register"].with_context(**context).create({"payment_date": day})._create_payments()
        )

    @classmethod
    def _sell(cls):
        """Two orders of each of two people, one of them invoiced and paid; and one outside of the period."""
        for user in (cls.salesperson, cls.member):
            cls._order(2, user=user)
            cls._pay(cls._invoice(cls._order(3, user=user)))
        cls._order(50, moment=datetime(2026, 4, 1, 12))

    @classmethod
    def _make(cls, user=None, sheets=None, first=FIRST, last=LAST, **values):
        """The workbook of a period, made at once."""
        domain = [("code", "in", sheets)] if sheets else [("code", "!=", False)]
        book = (
            cls.env["sales.workbook"]
            .sudo()
            .create(
                {
                    "user_id": (user or cls.manager).id,
                    "sheet_ids": [Command.set(cls.env["sales.workbook.sheet"].search(domain).ids)],
                    "date_from": first,
                    "date_to": last,
                    **values,
                }
            )
        )
        cls.env.flush_all()
        book.write(book._get_made_values())
        return book

    @classmethod
    def _open(cls, book, data_only=True):
        content = io.BytesIO(base64.b64decode(book.file))
        return openpyxl.load_workbook(content, data_only=data_only)

    @classmethod
    def _read_rows(cls, sheet):
        """The rows of a sheet, each by title of its columns."""
        titles = [cell.value for cell in sheet[HEADER]]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=BEGIN)]
        return [dict(zip(titles, row, strict=True)) for row in rows if any(value is not None for value in row)]

    @classmethod
    def _read_totals(cls, sheet):
        return {
            title.value: total.value
            for title, total in zip(sheet[HEADER][1:], sheet[TOTAL][1:], strict=True)
            if total.value is not None
        }

    def _ask(self, query, *args):
        self.env.flush_all()
        [(value,)] = self.env.execute_query(SQL(query, *args))
        return float(value or 0)

    @staticmethod
    def _forget_values(content):
        """:return: a workbook whose formulas have no result, so that whoever opens it must reckon them"""
        result = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                part = old.read(name)
                if name.startswith("xl/worksheets/sheet"):
                    part = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", part)
                new.writestr(name, part)
        return result.getvalue()

    def _recalculate(self, book):
        """Open a workbook without the results of its formulas in LibreOffice, and save what that reckons."""
        program = shutil.which("soffice") or shutil.which("libreoffice")
        if not program:
            self.skipTest("LibreOffice is not installed: apt-get install libreoffice-calc")
        with tempfile.TemporaryDirectory() as folder:
            source, target = Path(folder, "book.xlsx"), Path(folder, "out")
            source.write_bytes(self._forget_values(base64.b64decode(book.file)))
            command = [program, f"-env:UserInstallation=file://{folder}/profile", "--headless"]
            command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(target), str(source)]
            done = subprocess.run(command, capture_output=True, timeout=240, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            content = (target / "book.xlsx").read_bytes()
            with warnings.catch_warnings():
                # It reads not every chart that LibreOffice writes: they are counted in the file.
                warnings.simplefilter("ignore")
                return openpyxl.load_workbook(io.BytesIO(content), data_only=True), self._count_charts(content)

    @staticmethod
    def _count_charts(content):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return len([name for name in archive.namelist() if re.match(r"xl/charts/chart\d+\.xml", name)])
