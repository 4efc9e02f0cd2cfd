"""What printed copies bear: for the customer the code, the seal and the amount in capitals, inside a mark."""

import io
import unicodedata
from unittest import skipUnless

import pypdf

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.sales_management.tools import server_fonts

from .paper_common import PaperCommon
from .pictures import cv2, read_codes

REPORT = "sale.action_report_saleorder"
CODE, SIGNED = 'name="quotation_code"', 'name="company_seal"'
MARK = 'name="not_approved_marks"'


@tagged("post_install", "-at_install", "quotation")
class TestQuotationPaper(PaperCommon):
    def _print(self, order=None):
        order = order or self.order
        return self.env["ir.actions.report"]._render_qweb_html(REPORT, order.ids)[0].decode()

    def test_customer_copy_bears_code_and_seal(self):
        html = self._print()
        for text in (CODE, SIGNED, "Scan: is this the valid quotation?", self.company.quotation_seal.decode()):
            self.assertIn(text, html)
        self.assertNotIn(MARK, html)

    def test_settings_are_those_of_the_company(self):
        self.company.write({"quotation_qr": False, "quotation_seal": False})
        html = self._print()
        self.assertNotIn(CODE, html)
        self.assertNotIn(SIGNED, html)

    def test_nothing_is_printed_while_the_capability_is_off(self):
        self.company.sales_quotation_enabled = False
        self.env["res.company"].create({"name": "Other", "sales_quotation_enabled": True})
        html = self._print()
        for text in (CODE, SIGNED, MARK):
            self.assertNotIn(text, html)

    def test_unreleased_copy_is_marked_and_bears_neither(self):
        self._hold_back(self.order)
        html = self._print()
        self.assertIn(MARK, html)
        self.assertIn("NOT APPROVED – internal preview", html)
        self.assertIn("未批准", html)
        self.assertNotIn(CODE, html)
        self.assertNotIn(SIGNED, html)

    def test_copy_is_marked_whichever_capability_holds_it_back(self):
        self.company.write({"sales_quotation_enabled": False, "sales_approval_enabled": True})
        self._hold_back(self.order)
        self.assertIn(MARK, self._print())

    def test_each_copy_of_a_batch_is_its_own(self):
        other = self._create_paper_order()
        self._hold_back(other)
        html = self._print(self.order | other)
        self.assertEqual((html.count(CODE), html.count(MARK)), (1, 1))

    def test_cancelled_and_replaced_copies_bear_neither(self):
        cancelled = self._create_paper_order()
        cancelled._action_cancel()
        self.order.action_create_revision()
        for order in (cancelled, self.order):
            html = self._print(order)
            for text in (CODE, SIGNED, MARK):
                self.assertNotIn(text, html)

    def test_salesperson_prints_the_seal_without_reading_it(self):
        self.env.invalidate_all()
        report = self.env["ir.actions.report"].with_user(self.salesperson)
        self.assertIn(SIGNED, report._render_qweb_html(REPORT, self.order.ids)[0].decode())

    def test_order_bears_code_and_seal(self):
        self.order.action_confirm()
        html = self._print()
        self.assertIn(CODE, html)
        self.assertIn(SIGNED, html)

    # === Capitals === #

    def test_capitals_are_on_chinese_copies_in_yuan(self):
        order = self._quote_in_yuan("1234.56")
        self.assertIn("壹仟贰佰叁拾肆元伍角陆分", self._print(order))
        self.company.quotation_capitals = False
        self.assertNotIn("壹仟", self._print(order))

    def test_capitals_are_of_the_total_with_tax(self):
        order = self._quote_in_yuan("100")
        tax = self.env["account.tax"].create({"name": "13%", "amount": 13, "price_include_override": "tax_excluded"})
        order.order_line.tax_ids = [Command.set(tax.ids)]
        self.assertEqual(order.amount_total, 113)
        self.assertIn("壹佰壹拾叁元整", self._print(order))

    def test_capitals_are_not_on_other_copies(self):
        order = self._quote_in_yuan("1234.56", lang="en_US")
        self.assertNotIn("壹仟", self._print(order))
        order = self._quote_in_yuan("1234.56")
        order.pricelist_id = False
        order.currency_id = self.env.ref("base.EUR")
        self.assertNotIn("壹仟", self._print(order))


@tagged("post_install", "-at_install", "quotation")
class TestQuotationPdf(PaperCommon, HttpCase):
    """The file that wkhtmltopdf makes of it, as a customer gets it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.env["ir.actions.report"].get_wkhtmltopdf_state() not in ("ok", "workers"):
            cls.skipTest(cls, "wkhtmltopdf is not installed")

    def _print_pdf(self, order):
        self.env.flush_all()
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, kind = report._render_qweb_pdf(REPORT, order.ids)
        self.assertEqual(kind, "pdf")
        return pypdf.PdfReader(io.BytesIO(content))

    @staticmethod
    def _read_text(pdf):
        text = "\n".join(page.extract_text() for page in pdf.pages)
        # One glyph serves a character and the radical that looks like it, and may be read back as either.
        return unicodedata.normalize("NFKC", text).replace("⻆", "角")

    @staticmethod
    def _get_fonts(pdf):
        """:return: whether the file itself brings a font, by its name"""
        fonts = {}
        for page in pdf.pages:
            for font in page["/Resources"].get("/Font", {}).values():
                font = font.get_object()
                for part in font.get("/DescendantFonts", [font]):
                    descriptor = part.get_object().get("/FontDescriptor", {})
                    fonts[font["/BaseFont"]] = any(f"/FontFile{kind}" in descriptor for kind in ("", "2", "3"))
        return fonts

    @skipUnless(server_fonts.has_chinese_fonts(), "Chinese fonts are not installed")
    def test_chinese_copy_brings_its_glyphs(self):
        pdf = self._print_pdf(self._quote_in_yuan("1234.56"))
        text = self._read_text(pdf)
        for expected in ("杭州螺栓有限公司", "八角螺栓", "壹仟贰佰叁拾肆元伍角陆分"):
            self.assertIn(expected, text)
        fonts = self._get_fonts(pdf)
        self.assertTrue(fonts)
        self.assertTrue(all(fonts.values()), fonts)

    @skipUnless(cv2, "opencv-python-headless is not installed")
    def test_code_leads_to_the_page_that_knows_the_copy(self):
        order = self._quote_in_yuan()
        codes = read_codes(self._print_pdf(order))
        self.assertEqual(codes, [order._get_quotation_page_url()])
        path = codes[0].removeprefix(order.get_base_url())
        self._assert_page(path, "valid")
        order.action_create_revision()
        self._assert_page(path, "replaced")
        newer = read_codes(self._print_pdf(order.superseded_by_id))
        self._assert_page(newer[0].removeprefix(order.get_base_url()), "valid")
        self.assertFalse(read_codes(self._print_pdf(order)))

    def _assert_page(self, path, status):
        self.env.flush_all()
        self.assertIn(f'data-status="{status}"', self.url_open(path, timeout=30).text)

    @skipUnless(server_fonts.has_chinese_fonts(), "Chinese fonts are not installed")
    def test_mark_is_on_every_page(self):
        lines = [Command.create({"product_id": self.bolt.id, "name": f"Bolt {number}"}) for number in range(120)]
        order = self._create_paper_order(order_line=lines)
        self._hold_back(order)
        pdf = self._print_pdf(order)
        self.assertGreater(len(pdf.pages), 2)
        for page in pdf.pages:
            # Latin letters may be drawn as shapes, since their font comes over the net.
            self.assertIn("未批准", page.extract_text())
