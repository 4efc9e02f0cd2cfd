"""The page behind the code, as a customer without any login sees it."""

import threading

from odoo.tests import HttpCase, tagged

from .paper_common import PaperCommon

PAGE = "/sales_management/quotation"


@tagged("post_install", "-at_install", "quotation")
class TestQuotationPage(PaperCommon, HttpCase):
    def _open(self, token, lang="en"):
        self.env.flush_all()
        return self.url_open(f"{PAGE}/{token}", headers={"Accept-Language": lang}, timeout=30)

    def _assert_status(self, status, token, **options):
        response = self._open(token, **options)
        self.assertEqual(response.status_code, 200)
        self.assertRegex(response.text[-1500:], f'data-status="{status}"')
        return response

    def test_page_says_what_the_copy_is_worth(self):
        token = self.order._get_quotation_token()
        self._assert_status("valid", token)
        self.order.order_line.price_unit = 9.5
        self._assert_status("replaced", token)
        self.order.action_confirm()
        self._assert_status("ordered", self.order._get_quotation_token())

    def test_page_shows_number_and_company_and_nothing_else(self):
        self.order.order_line.price_unit = 987.65
        self.customer.write({"name": "Secret Customer", "email": "secret@example.com"})
        text = self._assert_status("valid", self.order._get_quotation_token()).text
        self.assertIn(self.order.name, text)
        self.assertIn(self.company.name, text)
        for secret in ("987", "Secret Customer", "secret@", "Bolt", self.salesperson.name, self.deal.deal_number):
            self.assertNotIn(secret, text)

    def test_unknown_tokens_get_a_plain_answer(self):
        for token in ("x", "A" * 32, "A" * 3000, "%3Cscript%3E", "%00"):
            with self.subTest(token[:40]):
                text = self._assert_status("unknown", token).text
                self.assertNotIn(self.company.name, text)
                self.assertNotIn("<script", text)

    def test_page_is_for_phones_and_not_for_search_engines(self):
        response = self._assert_status("valid", self.order._get_quotation_token())
        self.assertIn("width=device-width", response.text)
        self.assertIn("noindex", response.headers["X-Robots-Tag"])
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertTrue(response.text.lstrip().startswith("<!DOCTYPE html>"))

    def test_scans_leave_no_sessions(self):
        response = self._assert_status("valid", self.order._get_quotation_token())
        self.assertFalse([cookie for cookie in response.cookies if cookie.name == "session_id"])

    def test_scans_write_nothing(self):
        # Where the server is started apart, its thread alone knows the database.
        threading.current_thread().dbname = self.env.cr.dbname
        rule = next(rule for rule in self.env["ir.http"].routing_map().iter_rules() if str(rule).startswith(f"{PAGE}/"))
        self.assertTrue(rule.endpoint.routing["readonly"])
        self.assertEqual(rule.endpoint.routing["auth"], "public")

    def test_page_speaks_the_language_of_the_browser(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        view = self.env.ref("sales_management.quotation_page_document")
        view.update_field_translations("arch_db", {"zh_CN": {"Valid": "有效"}})
        token = self.order._get_quotation_token()
        text = self._assert_status("valid", token, lang="zh-CN,zh;q=0.9").text
        self.assertIn('lang="zh-CN"', text)
        self.assertIn("<h1>有效</h1>", text)
        text = self._assert_status("valid", token, lang="fr-FR,fr;q=0.9").text
        self.assertIn("<h1>Valid</h1>", text)

    def test_page_is_that_of_the_company_of_the_quotation(self):
        other = self.env["res.company"].create({"name": "Other Bolts"})
        order = (
            self.env["sale.order"].with_company(other).create({"partner_id": self.customer.id, "company_id": other.id})
        )
        text = self._assert_status("valid", order._get_quotation_token()).text
        self.assertIn("Other Bolts", text)
        self.assertNotIn(self.company.name, text)
