"""Table A of the design, the portal: real requests of the customer, of the public and of a salesperson."""

import json
from contextlib import suppress
from datetime import timedelta
from urllib.parse import urlencode

from markupsafe import Markup

from odoo import fields, http
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .release_common import ReleaseCommon

#: Pixel that stands for a signature.
SIGNATURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@tagged("post_install", "-at_install", "quotation")
class TestWaysOutPortal(ReleaseCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.released.order_line.price_unit = cls.unreleased.order_line.price_unit = 1234.56
        cls._make_released(cls.released)
        (cls.released | cls.unreleased).write({"require_signature": True, "require_payment": False})
        cls._make_released(cls.released)
        cls._make_unreleased(cls.unreleased)
        for order in cls.released | cls.unreleased:
            order._portal_ensure_token()

    # === Asking === #

    def _as(self, who):
        login = {"portal": "sm_portal", "salesperson": "sm_salesperson", "public": None}[who]
        self.authenticate(login, login)

    def _get(self, order, suffix="", token=True, **params):
        if token:
            params["access_token"] = order.access_token
        return self.url_open(f"/my/orders/{order.id}{suffix}?{urlencode(params)}")

    def _call(self, order, suffix, **params):
        return self.make_jsonrpc_request(
            f"/my/orders/{order.id}{suffix}", {"access_token": order.access_token, **params}
        )

    def _is_shown(self, response):
        return "1,234.56" in response.text or "6,172.80" in response.text

    # === Pages === #

    def test_page_in_every_form(self):
        for who in ("public", "portal"):
            self._as(who)
            for report_type in (None, "html", "text", "pdf"):
                params = {"report_type": report_type} if report_type else {}
                with self.subTest(who=who, report_type=report_type):
                    response = self._get(self.unreleased, **params)
                    self.assertFalse(self._is_shown(response))
                    self.assertEqual(response.status_code, 403, "A page, and no server error.")
                    self.assertIn("being prepared", response.text)
                    response = self._get(self.released, **params)
                    self.assertEqual(response.status_code, 200)
                    self.assertTrue(self._is_shown(response))

    def test_page_without_token(self):
        self._as("portal")
        self.assertFalse(self._is_shown(self._get(self.unreleased, token=False)))
        self.assertTrue(self._is_shown(self._get(self.released, token=False)))

    def test_superseded_revision_is_not_shown(self):
        self._make_superseded(self.released)
        for who in ("public", "portal"):
            self._as(who)
            with self.subTest(who):
                response = self._get(self.released)
                self.assertFalse(self._is_shown(response))
                self.assertLess(response.status_code, 500)

    def test_salesperson_previews_it_marked(self):
        self._as("salesperson")
        response = self._get(self.unreleased)
        self.assertTrue(self._is_shown(response))
        self.assertIn("not_approved_band", response.text)
        self.assertNotIn("not_approved_band", self._get(self.released).text)
        self.assertIn("NOT APPROVED", self._get(self.unreleased, report_type="html").text)

    def test_lists_show_what_is_released(self):
        (self.released | self.unreleased).sudo().write({"handed_over_at": "2026-01-01"})
        self._set_columns(self.released | self.unreleased, state="sent")
        self._as("portal")
        for path in ("/my/quotes", "/my/orders", "/my", "/my/home"):
            with self.subTest(path):
                self.assertNotIn(self.unreleased.name, self.url_open(path).text)
        self.assertIn(self.released.name, self.url_open("/my/quotes").text)
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["quotation_count"]})
        self.assertEqual(counters["quotation_count"], 1)

    # === Routes below the page === #

    def test_hole_k_accept(self):
        for who in ("public", "portal"):
            self._as(who)
            with self.subTest(who):
                answer = self._call(self.unreleased, "/accept", name="Me", signature=SIGNATURE)
                self.assertIn("error", answer)
                self.assertFalse(self.unreleased.signature)
                self.assertEqual(self.unreleased.state, "draft")
        self.assertNotIn("error", self._call(self.released, "/accept", name="Me", signature=SIGNATURE))
        self.assertEqual(self.released.state, "sale")

    def test_decline(self):
        self._as("public")
        for order, state in ((self.unreleased, "draft"), (self.released, "cancel")):
            with self.subTest(state):
                self.url_open(
                    f"/my/orders/{order.id}/decline?access_token={order.access_token}",
                    data={"decline_message": "No", "csrf_token": http.Request.csrf_token(self)},
                )
                order.invalidate_recordset()
                self.assertEqual(order.state, state)

    def test_document(self):
        document = self.env["product.document"].create(
            {
                "name": "Data sheet",
                "raw": b"secret sheet",
                "attached_on_sale": "quotation",
                "res_model": "product.template",
                "res_id": self.bolt.product_tmpl_id.id,
            }
        )
        self._as("public")
        self.assertNotIn("secret", self._get(self.unreleased, f"/document/{document.id}").text)
        self.assertIn("secret", self._get(self.released, f"/document/{document.id}").text)

    def test_electronic_document(self):
        self._as("public")
        response = self._get(self.unreleased, "/download_edi")
        self.assertFalse(self._is_shown(response))
        self.assertLess(response.status_code, 500)

    @mute_logger("odoo.http")
    def test_transaction(self):
        self._as("public")
        with self.assertRaises(JsonRpcException):
            self._call(self.unreleased, "/transaction")
        self.assertFalse(self.unreleased.transaction_ids)

    @mute_logger("odoo.http")
    def test_quantities(self):
        lines = (self.released | self.unreleased).order_line
        lines.is_optional = True
        self._make_released(self.released)
        self._make_unreleased(self.unreleased)
        self._as("public")
        line = self.unreleased.order_line
        # Core answers a refused call with a page, which is no answer to such a call.
        with suppress(JsonRpcException, ValueError, TypeError):
            self._call(self.unreleased, "/update_line_dict", line_id=line.id, input_quantity=99)
        line.invalidate_recordset()
        self.assertEqual(line.product_uom_qty, 5)

    # === Links === #

    def test_link_of_a_mail(self):
        for who in ("public", "portal"):
            self._as(who)
            for order, is_shown in ((self.unreleased, False), (self.released, True)):
                params = urlencode({"model": "sale.order", "res_id": order.id, "access_token": order.access_token})
                with self.subTest(who=who, order=order.name):
                    response = self.url_open(f"/mail/view?{params}")
                    self.assertEqual(self._is_shown(response), is_shown)
                    self.assertLess(response.status_code, 500)

    # === Files and chat === #

    def test_files_of_a_note_are_closed(self):
        message = self.unreleased.with_user(self.salesperson).message_post(
            body=Markup("Internal"), attachments=[(f"{self.unreleased.name}.pdf", b"%PDF secret")]
        )
        attachment = message.attachment_ids
        for who in ("public", "portal"):
            self._as(who)
            for token in ("", self.unreleased.access_token, "x"):
                with self.subTest(who=who, token=token):
                    response = self.url_open(f"/web/content/{attachment.id}?access_token={token}")
                    self.assertNotIn("secret", response.text)
            found = self._fetch_chatter(self.unreleased)
            self.assertNotIn(message.id, found["messages"])

    def test_chatter_shows_files_of_what_is_released(self):
        message = self.released.with_user(self.salesperson).message_post(
            body=Markup("Here"),
            attachments=[(f"{self.released.name}.pdf", b"%PDF offer")],
            partner_ids=self.customer.ids,
            subtype_xmlid="mail.mt_comment",
            message_type="comment",
        )
        self._as("portal")
        self.assertIn(message.id, self._fetch_chatter(self.released)["messages"])

    def _fetch_chatter(self, order):
        return self.make_jsonrpc_request(
            "/mail/chatter_fetch",
            {"thread_model": "sale.order", "thread_id": order.id, "token": order.access_token},
        )

    # === Reports and RPC === #

    @mute_logger("odoo.http")
    def test_report_routes(self):
        for name in ("sale.report_saleorder", "sale.report_saleorder_pro_forma", "sale.report_saleorder_raw"):
            for converter in ("html", "text", "pdf"):
                with self.subTest(name=name, converter=converter):
                    path = f"/report/{converter}/{name}/{self.unreleased.id}"
                    self._as("portal")
                    self.assertFalse(self._is_shown(self.url_open(path)))
                    self._as("salesperson")
                    response = self.url_open(path)
                    self.assertTrue(self._is_shown(response))
                    self.assertIn("NOT APPROVED", response.text)
                    response = self.url_open(f"/report/{converter}/{name}/{self.released.id}")
                    self.assertTrue(self._is_shown(response))
                    self.assertNotIn("NOT APPROVED", response.text)

    @mute_logger("odoo.http", "odoo.addons.web.controllers.report")
    def test_download(self):
        data = json.dumps([f"/report/pdf/sale.report_saleorder/{self.unreleased.id}", "qweb-pdf"])
        self._as("portal")
        self.assertFalse(self._is_shown(self.url_open(f"/report/download?{urlencode({'data': data})}")))
        self.assertFalse(self.unreleased.quotation_copy_ids)
        self._as("salesperson")
        self.assertIn("NOT APPROVED", self.url_open(f"/report/download?{urlencode({'data': data})}").text)
        self.unreleased.invalidate_recordset()
        self.assertEqual(self.unreleased.quotation_copy_ids.mapped("way"), ["print"])
        self.assertFalse(self.unreleased.handed_over_at, "A copy inside the company is no hand-over.")

    @mute_logger("odoo.http")
    def test_salesperson_over_rpc(self):
        self._as("salesperson")
        for order, is_sent in ((self.unreleased, False), (self.released, True)):
            action = self._rpc("sale.order", "action_quotation_send", order.ids)
            context = {key: value for key, value in action["context"].items() if key != "lang"}
            wizard = self._rpc("mail.compose.message", "create", [{}], context=context)
            with self.subTest(order.name):
                if is_sent:
                    self._rpc("mail.compose.message", "action_send_mail", wizard, context=context)
                else:
                    with self.assertRaisesRegex(JsonRpcException, "Error"):
                        self._rpc("mail.compose.message", "action_send_mail", wizard, context=context)
                order.invalidate_recordset()
                self.assertEqual(order.state, "sent" if is_sent else "draft")

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.json2")
    def test_salesperson_over_json_2(self):
        key = (
            self.env["res.users.apikeys"]
            .with_user(self.salesperson)
            ._generate("rpc", "test", fields.Datetime.now() + timedelta(days=1))
        )
        template = self.env.ref("sale.email_template_edi_sale")
        for order, is_sent in ((self.unreleased, False), (self.released, True)):
            with self.subTest(order.name):
                response = self.url_open(
                    "/json/2/mail.template/send_mail",
                    json={"ids": template.ids, "res_id": order.id},
                    headers={"Authorization": f"Bearer {key}"},
                )
                self.assertEqual(response.ok, is_sent, response.text)
                self.assertLess(response.status_code, 500)

    @mute_logger("odoo.http")
    def test_customer_is_told_nothing_of_the_reasons(self):
        self._as("portal")
        for path in (
            f"/report/html/sale.report_saleorder/{self.unreleased.id}",
            f"/my/orders/{self.unreleased.id}?access_token={self.unreleased.access_token}",
        ):
            with self.subTest(path):
                text = self.url_open(path).text
                for reason in self.unreleased.release_message.splitlines():
                    self.assertNotIn(reason, text)

    def _rpc(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": list(args), "kwargs": kwargs},
        )

    # === Hand-over === #

    def test_first_view_of_the_customer_is_recorded_once(self):
        self._as("salesperson")
        self._get(self.released)
        self.assertFalse(self.released.quotation_copy_ids, "A preview counts for nothing.")
        self._as("public")
        self.url_open(
            f"/my/orders/{self.released.id}?access_token={self.released.access_token}",
            headers={"Odoo-Link-Preview": "True"},
        )
        self.assertFalse(self.released.quotation_copy_ids, "A robot that draws a preview is no customer.")
        self._get(self.released)
        self._get(self.released)
        self.released.invalidate_recordset()
        self.assertEqual(self.released.quotation_copy_ids.mapped("way"), ["portal"])
        self.assertEqual(self.released.state, "sent")
        self.assertTrue(self.released.handed_over_at)

    def test_core_shows_everything_while_nothing_is_configured(self):
        self.env.company.write({"sales_quotation_enabled": False, "sales_approval_enabled": False})
        self._as("public")
        self.assertTrue(self._is_shown(self._get(self.unreleased)))
        self.assertFalse(self.unreleased.quotation_copy_ids)
