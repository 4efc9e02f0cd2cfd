"""What tests of imports start from: workbooks as people make them."""

import base64
import io

import openpyxl

from odoo.addons.sales_management.tests.common import DealCommon

TITLES = {
    "Customers": ["Reference", "Customer Name", "Tax ID", "Phone", "Email", "Salesperson", "Last Contact On", "Tags"],
    "Contacts": ["Customer", "Contact Name", "Job Position", "Phone", "Email"],
    "Deals": [
        "Deal Number",
        "Customer",
        "Title",
        "Stage",
        "Expected Revenue",
        "Opened On",
        "Salesperson",
        "Lost",
        "Lost Reason",
    ],
    "Follow-Ups": ["Customer or Deal", "Date and Time", "Author", "Kind", "Text"],
}


def write_book(sheets, change=None):
    """:return: a workbook, encoded, with titles above the rows of each sheet"""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows if title not in TITLES else [TITLES[title], *rows]:
            sheet.append(row)
    if change:
        change(book)
    stream = io.BytesIO()
    book.save(stream)
    return base64.b64encode(stream.getvalue())


class ImportMixin:
    @classmethod
    def _setup_import(cls):
        cls.company = cls.env.company
        cls.company.write({"sales_customer_enabled": True, "customer_duplicate_mode": "warn"})
        cls.manager.tz = "Asia/Shanghai"
        cls.imports = cls.env["sales.customer.import"]

    def _upload(self, content, name="customers.xlsx", user=None, **values):
        imports = self.imports.with_user(user or self.manager)
        return imports.create({"file": content, "file_name": name, **values})

    def _check(self, sheets, change=None, **values):
        record = self._upload(write_book(sheets, change), **values)
        record.action_check()
        return record

    def _get_lines(self, record, kind="customer"):
        return record.line_ids.filtered(lambda line: line.kind == kind).sorted("row")

    def _import(self, sheets, change=None, **values):
        record = self._check(sheets, change, **values)
        self.assertFalse(record.error_count, record.line_ids.mapped("message"))
        record.action_import()
        return record


class ImportCommon(ImportMixin, DealCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._setup_import()
        cls.sheets = {
            "Customers": [
                [
                    "C-1",
                    "Hangzhou Bolt",
                    "91330100MA2ABCDE0A",
                    "0571-88880000",
                    "info@bolt.example",
                    "sm_salesperson",
                    "2026年1月15日",
                    "Fair, Export",
                ],
                ["C-2", "Ningbo Gear", None, 13800138000.0, None, "Member", None, None],
            ],
            "Contacts": [
                ["C-1", "Ann Lee", "Purchasing", "13900139000", "ann@bolt.example"],
                ["Ningbo Gear", "Bo Chen", None, None, None],
            ],
            "Deals": [
                ["P-17", "C-1", "40,000 bolts", "Qualified", "1.2万", "2025-11-03", "sm_salesperson", None, None],
                [None, "Ningbo Gear", "Gears", None, "¥1,200.50", None, None, "是", "Too expensive"],
            ],
            "Follow-Ups": [
                ["P-17", "2026-01-20 14:30", "sm_member", "Call", "Wants samples.\nSoon."],
                ["C-2", "2026年1月21日 上午9点", "Old Wang", "拜访", "Saw the plant."],
            ],
        }
