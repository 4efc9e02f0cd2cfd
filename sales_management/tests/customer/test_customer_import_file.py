"""Files that people upload by mistake or on purpose, and the template that they fill in."""

import base64
import io
import zipfile

import openpyxl

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tools import sheet_book

from .import_common import TITLES, ImportCommon, write_book


@tagged("post_install", "-at_install", "customer")
class TestCustomerImportFile(ImportCommon):
    def _assert_refused(self, words, content, name="customers.xlsx", **values):
        with mute_logger("odoo.tools.mimetypes.guess_mimetype"):
            record = self._upload(base64.b64encode(content), name, **values)
        with self.assertRaisesRegex(UserError, words):
            record.action_check()
        self.assertEqual(record.state, "draft")

    # === What is no spreadsheet === #

    def test_what_cannot_be_read_is_said(self):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("word/document.xml", "<w/>")
        good = base64.b64decode(write_book(self.sheets))
        for words, content in (
            ("is empty", b"  \n"),
            ("is no spreadsheet", archive.getvalue()),
            ("is no spreadsheet", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
            ("of an old kind", b"\xd0\xcf\x11\xe0" + b"\0" * 600),
            ("is damaged", good[: len(good) // 2]),
            ("is damaged", b"PK\x03\x04nothing"),
            ("No sheet of", b"a,b\n1,2\n"),
        ):
            with self.subTest(words):
                self._assert_refused(words, content)

    def test_what_is_too_large_is_refused_before_it_is_unpacked(self):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("xl/workbook.xml", "<w/>")
            file.writestr("xl/worksheets/sheet1.xml", b"0" * 2**20)
        self.patch(sheet_book, "MAX_UNPACKED_BYTES", 2**19)
        self._assert_refused("is too large", archive.getvalue())
        self.patch(sheet_book, "MAX_BYTES", 100)
        self._assert_refused("is too large", archive.getvalue())

    def test_too_many_rows_are_refused(self):
        for count in (10001, 30000):
            rows = "\n".join(f"Firm {number}" for number in range(count))
            self._assert_refused("more than 10000 rows", f"Customer Name\n{rows}".encode(), "customers.csv")

    def test_titles_are_needed(self):
        def empty(book):
            book["Customers"].delete_rows(1)

        record = self._upload(write_book({"Customers": [["C-1", "Bolt"]]}, empty))
        with self.assertRaisesRegex(UserError, "no row with the titles.*Customer Name"):
            record.action_check()
        record = self._upload(write_book({"Customers": []}))
        with self.assertRaisesRegex(UserError, "no rows below"):
            record.action_check()

    def test_without_a_file(self):
        record = self.imports.with_user(self.manager).create({})
        with self.assertRaisesRegex(UserError, "Choose a spreadsheet"):
            record.action_check()

    # === Cells === #

    def test_formulas_errors_and_merged_cells(self):
        def change(book):
            sheet = book["Customers"]
            sheet["B2"] = '="Bolt "&1'
            sheet["B3"] = "#N/A"
            sheet["B3"].data_type = "e"
            sheet.merge_cells("A4:A5")
            book.create_sheet("Notes").append(["Whatever"])

        rows = [[f"C-{n}", f"Firm {n}", *[None] * 6] for n in range(5)]
        record = self._check({"Customers": rows}, change)
        lines = self._get_lines(record)
        self.assertEqual(lines.mapped("state"), ["error"] * 4 + ["new"])
        self.assertIn("B2 Customer Name: the formula was never computed", lines[0].message)
        self.assertIn("B3 Customer Name: the spreadsheet shows #N/A", lines[1].message)
        self.assertIn("A4:A5 are merged", lines[2].message)
        self.assertIn("The sheet Notes is left out", record.remarks)
        record.action_import()
        self.assertEqual(self._get_lines(record).mapped("state"), ["error"] * 4 + ["imported"])

    def test_names_that_say_nothing(self):
        rows = [[None, "　", *[None] * 6], [None, "\u200b", *[None] * 6], [None, "有限公司", *[None] * 6]]
        record = self._check({"Customers": [[f"x{n}", *row[1:]] for n, row in enumerate(rows)]})
        self.assertEqual(self._get_lines(record).mapped("state"), ["error", "error", "new"])

    def test_phones_of_every_shape(self):
        phones = ["+86 (571) 8888-0000", 13800138000, "０５７１－８８８８", "ext. 7", "1" * 80, "n/a", "110/120"]
        rows = [[f"C-{n}", f"Firm {n}", None, phone, *[None] * 4] for n, phone in enumerate(phones)]
        record = self._import({"Customers": rows})
        partners = self.env["res.partner"].browse([line.res_id for line in self._get_lines(record)])
        self.assertEqual(partners[1].phone, "13800138000")
        self.assertEqual(len(partners), 7)

    # === Tables === #

    def test_tables_of_text(self):
        text = "客户名称;电话;负责人\n杭州博特;0571-1;sm_salesperson\n"
        for encoding in ("utf-8-sig", "gb18030", "utf-16"):
            with self.subTest(encoding):
                record = self._upload(base64.b64encode(text.encode(encoding)), "x.csv")
                record.action_check()
                self.assertEqual(
                    record.line_ids.mapped(lambda line: (line.kind, line.name)), [("customer", "杭州博特")]
                )

    def test_kind_of_a_table_may_be_chosen(self):
        content = base64.b64encode(b"Customer,Name\nNobody,Ann\n")
        record = self._upload(content, "list.csv", table_kind="deal")
        record.action_check()
        self.assertEqual(record.line_ids.kind, "deal")
        record.table_kind = "follow_up"
        self.assertEqual((record.state, record.line_ids.ids), ("draft", []))
        with self.assertRaisesRegex(UserError, "lacks columns: Date and Time, Text"):
            record.action_check()

    # === Template === #

    def _open_template(self, lang):
        content = self.imports.with_context(lang=lang)._write_template()
        return content, openpyxl.load_workbook(io.BytesIO(content))

    def test_template_is_read_back_in_either_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        for lang, title in (("en_US", "Customers"), ("zh_CN", "客户")):
            with self.subTest(lang):
                content, book = self._open_template(lang)
                self.assertIn(title, book.sheetnames)
                self.assertTrue(book[title]["A1"].comment)
                self.assertTrue(book[title].data_validations.dataValidation)
                record = self._upload(base64.b64encode(content))
                record.action_check()
                self.assertFalse(record.remarks)
                self.assertEqual(record.line_ids.mapped("state"), ["new"] * 4, record.line_ids.mapped("message"))
                record.action_import()
                record.action_undo()
                self.assertEqual(set(record.line_ids.mapped("state")), {"undone"})

    def test_titles_of_the_tests_are_those_of_the_template(self):
        book = self._open_template("en_US")[1]
        for sheet, titles in TITLES.items():
            self.assertLessEqual(set(titles), {cell.value for cell in book[sheet][1]})
