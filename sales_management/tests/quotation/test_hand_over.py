"""Handing a quotation over as a file: what one gets, what is recorded, and what does not leave."""

import io
from datetime import datetime
from http import HTTPStatus

import openpyxl
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.exceptions import BlockedError
from odoo.addons.sales_management.models.quotation.sale_order_handover import MIME_TYPES
from odoo.addons.sales_management.tests.test_access_rights import REFUSED, AccessCommon

from .paper_common import PaperCommon
from .pictures import cv2, read_code


@tagged("post_install", "-at_install", "quotation")
class TestHandOver(PaperCommon):
    def _hand_over(self, format="xlsx", order=None):
        """:return: the file that the action downloads"""
        action = (order or self.order).action_hand_over(format)
        self.assertEqual(action["type"], "ir.actions.act_url")
        path = action["url"].removeprefix("/web/content/").removesuffix("?download=true")
        return self.env["ir.attachment"].browse(int(path))

    def test_file_is_named_and_typed(self):
        self.customer.name = "Hangzhou Bolt"
        for format, mimetype in MIME_TYPES.items():
            with self.subTest(format):
                file = self._hand_over(format)
                self.assertEqual(file.name, f"{self.deal.deal_number}_{self.order.name}_Hangzhou Bolt.{format}")
                self.assertEqual((file.res_model, file.res_id), ("sale.order", self.order.id))
                if format == "xlsx":
                    self.assertEqual(file.mimetype, mimetype)

    def test_name_is_safe_and_keeps_chinese(self):
        self.customer.name = "杭州/螺栓: *有限*公司?"
        self.assertEqual(
            self._hand_over().name, f"{self.deal.deal_number}_{self.order.name}_杭州-螺栓- -有限-公司.xlsx"
        )

    def test_name_has_the_revision_and_the_company_of_the_contact(self):
        self.order.partner_id = self.env["res.partner"].create({"name": "Li Na", "parent_id": self.customer.id})
        self.order.action_create_revision()
        newer = self.order.superseded_by_id
        self.assertIn(f"_{self.order.name}-R2_{self.customer.name}.", self._hand_over(order=newer).name)

    def test_quotation_is_sent_and_archived(self):
        with freeze_time("2026-03-02 09:00:00"):
            file = self._hand_over("xlsx")
        self.assertEqual(self.order.state, "sent")
        self.assertEqual(self.order.handed_over_at, datetime(2026, 3, 2, 9))
        copy = self.order.quotation_copy_ids.filtered(lambda copy: copy.way == "xlsx")
        self.assertEqual(copy.digest, self.order._get_content_digests()[self.order])
        self.assertEqual(copy.attachment_id.raw, file.raw)

    def test_hand_over_starts_what_a_mail_starts(self):
        followed = []
        self.patch(self.env.registry["sale.order"], "_after_hand_over", lambda orders: followed.append(orders))
        self._hand_over()
        self.assertEqual(followed, [self.order])

    def test_sent_quotation_and_order_are_handed_over_again(self):
        self._hand_over()
        self.order.action_confirm()
        with freeze_time("2030-03-02 09:00:00"):
            self._hand_over("pdf")
        self.assertEqual(self.order.state, "sale")
        self.assertEqual(self.order.handed_over_at, datetime(2030, 3, 2, 9))

    def test_unreleased_quotation_gives_no_file_and_says_why(self):
        self._hold_back(self.order)
        files = self.env["ir.attachment"].search_count([("res_model", "=", "sale.order")])
        for format in MIME_TYPES:
            with self.assertRaisesRegex(BlockedError, "18 % is not approved"):
                self.order.action_hand_over(format)
        with self.assertRaisesRegex(BlockedError, "18 % is not approved"):
            self.order.action_open_hand_over()
        self.assertEqual(self.order.state, "draft")
        self.assertFalse(self.order.handed_over_at)
        self.assertEqual(self.env["ir.attachment"].search_count([("res_model", "=", "sale.order")]), files)

    def test_replaced_quotation_is_not_handed_over(self):
        self.order.action_create_revision()
        with self.assertRaises(UserError):
            self.order.action_hand_over("pdf")

    def test_refusals_say_what_to_do(self):
        other = self._create_paper_order()
        with self.assertRaisesRegex(UserError, "one at a time"):
            (self.order | other).action_hand_over("pdf")
        with self.assertRaisesRegex(UserError, "one at a time"):
            self.order.browse().action_hand_over("pdf")
        with self.assertRaisesRegex(UserError, "not as docx"):
            self.order.action_hand_over("docx")
        with self.assertRaisesRegex(UserError, "not as __class__"):
            self.order.action_hand_over("__class__")
        other._action_cancel()
        with self.assertRaisesRegex(UserError, "cancelled"):
            other.action_hand_over("pdf")

    def test_who_may_not_write_hands_nothing_over(self):
        stranger = new_test_user(self.env, "sm_paper_stranger", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            self.order.with_user(stranger).action_hand_over("xlsx")
        self.assertEqual(self.order.with_user(self.salesperson).action_hand_over("xlsx")["type"], "ir.actions.act_url")

    def test_button_is_there_where_the_capability_is_on(self):
        self.assertTrue(self.order.is_hand_over_offered)
        self.company.sales_quotation_enabled = False
        self.order.invalidate_recordset()
        self.assertFalse(self.order.is_hand_over_offered)


@tagged("post_install", "-at_install", "quotation")
class TestQuotationSheet(PaperCommon):
    """The workbook, read back."""

    def _read(self, order=None):
        page = openpyxl.load_workbook(io.BytesIO((order or self.order)._make_sheet())).active
        self.cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
        return page

    def _get_values(self):
        return [cell.value for cell in self.cells]

    def _get_beside(self, label):
        """:return: what stands right of a cell"""
        cell = next(cell for cell in self.cells if cell.value == label)
        return next(c.value for c in self.cells if c.row == cell.row and c.column > cell.column)

    def test_sheet_says_what_the_quotation_says(self):
        self.order.write({"client_order_ref": "PO 7", "note": "<p>Ex works</p>", "validity_date": "2027-01-31"})
        self._read()
        self.assertEqual(self._get_beside("Number"), self.order.name)
        self.assertEqual(self._get_beside("Deal Number"), self.deal.deal_number)
        self.assertEqual(self._get_beside("Revision"), "1")
        self.assertEqual(self._get_beside("Valid Until"), datetime(2027, 1, 31))
        self.assertIn("Hangzhou Bolt", self._get_beside("Customer"))
        for value in (self.company.name, "PO 7", "Ex works"):
            self.assertIn(value, self._get_values())

    def test_figures_are_those_of_the_order_to_the_cent(self):
        tax = self.env["account.tax"].create({"name": "13 % VAT", "amount": 13})
        line = {"product_id": self.bolt.id, "tax_ids": [Command.set(tax.ids)]}
        order = self._create_paper_order(
            order_line=[
                Command.create({**line, "product_uom_qty": 3, "price_unit": 33.33, "discount": 7.5}),
                Command.create({"display_type": "line_section", "name": "Special"}),
                Command.create({**line, "product_uom_qty": 1000, "price_unit": 0.07}),
                Command.create({"display_type": "line_note", "name": "In one box"}),
            ]
        )
        page = self._read(order)
        self.assertEqual(self._get_beside("Untaxed Amount"), order.amount_untaxed)
        label = next(value for value in self._get_values() if str(value).startswith("Total, Tax Included"))
        self.assertEqual(self._get_beside(label), order.amount_total)
        last = [row[-1].value for row in page.iter_rows()]
        for line in order.order_line.filtered(lambda line: not line.display_type):
            self.assertIn(line.price_subtotal, last)
        self.assertIn(7.5, self._get_values())
        self.assertIn("In one box", self._get_values())
        section = next(cell for cell in self.cells if cell.value == "Special")
        self.assertEqual(self._get_beside("Special"), 70.0)
        self.assertTrue(section.font.b)

    def test_hidden_prices_stay_hidden(self):
        line = {"product_id": self.bolt.id, "tax_ids": False, "price_unit": 12.34}
        order = self._create_paper_order(
            order_line=[
                Command.create({"display_type": "line_section", "name": "Kit", "collapse_prices": True}),
                Command.create({**line, "name": "Secretly priced", "product_uom_qty": 2}),
                Command.create({"display_type": "line_section", "name": "Box", "collapse_composition": True}),
                Command.create({**line, "name": "Not to be seen", "product_uom_qty": 3}),
            ]
        )
        self._read(order)
        values = self._get_values()
        self.assertIn("Secretly priced", values)
        self.assertNotIn("Not to be seen", values)
        self.assertNotIn(12.34, values)
        self.assertEqual(self._get_beside("Kit"), 24.68)
        self.assertIn(37.02, values)

    def test_names_that_look_like_formulas_compute_nothing(self):
        texts = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", "http://example.com"]
        self.customer.name = "=cmd|' /C calc'!A0"
        lines = [Command.create({"product_id": self.bolt.id, "name": text}) for text in texts]
        self._read(self._create_paper_order(order_line=lines))
        self.assertFalse([cell for cell in self.cells if cell.data_type == "f" or cell.hyperlink])
        self.assertLessEqual(set(texts), set(self._get_values()))

    def test_chinese_sheet_has_capitals(self):
        self._read(self._quote_in_yuan("1234.56"))
        self.assertTrue([value for value in self._get_values() if "壹仟贰佰叁拾肆元伍角陆分" in str(value)])
        self.assertIn("八角螺栓", self._get_values())

    def test_sheet_has_the_code_and_not_the_seal(self):
        page = self._read()
        self.assertEqual(len(page._images), 1)
        if cv2:
            self.assertEqual(read_code(page._images[0]._data()), self.order._get_quotation_page_url())
        self.company.quotation_qr = False
        self.assertFalse(self._read()._images)

    def test_long_and_odd_names_make_a_workbook(self):
        self.order.order_line.name = "x" * 40000
        self.order.name = "S[1]:*?/\\'" + "9" * 40
        self._read()
        self.assertIn("x" * 32767, self._get_values())


@tagged("post_install", "-at_install", "quotation", "access")
class TestHandOverAccess(AccessCommon):
    """The same as a client calls it, and what a phone gets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sales_quotation_enabled = True
        cls.order = cls.orders[cls.mate_deal]

    def _hand_over(self, user, format="xlsx"):
        return self._call(user, "sale.order", "action_hand_over", ids=self.order.ids, format=format)

    def test_salesperson_downloads_the_file(self):
        self.customer.name = "杭州螺栓"
        self.salesperson.password = "sm_salesperson"
        url = self._hand_over(self.salesperson)["url"]
        self.authenticate(self.salesperson.login, "sm_salesperson")
        response = self.url_open(url)
        self.assertEqual(response.status_code, HTTPStatus.OK)
        self.assertEqual(response.headers["Content-Type"], MIME_TYPES["xlsx"])
        disposition = response.headers["Content-Disposition"]
        self.assertTrue(disposition.startswith("attachment"))
        self.assertIn("%E6%9D%AD%E5%B7%9E%E8%9E%BA%E6%A0%93.xlsx", disposition)
        self.assertEqual(response.content[:2], b"PK")

    def test_file_is_for_who_may_read_the_quotation(self):
        url = self._hand_over(self.salesperson)["url"]
        self.authenticate(None, None)
        with mute_logger("odoo.http"):
            self.assertNotEqual(self.url_open(url).content[:2], b"PK")

    def test_others_hand_nothing_over(self):
        for user in (self.stranger, self.portal):
            arguments = {"ids": self.order.ids, "format": "xlsx"}
            self._assert_refused(HTTPStatus.FORBIDDEN, user, "sale.order", "action_hand_over", **arguments)
        self.assertEqual(self.order.state, "draft")

    def test_client_sets_neither_date_nor_name(self):
        values = {"handed_over_at": "2026-01-01 00:00:00"}
        self._assert_refused(REFUSED, self.salesperson, "sale.order", "write", ids=self.order.ids, vals=values)
