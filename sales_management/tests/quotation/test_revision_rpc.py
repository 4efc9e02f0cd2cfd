import io
from http import HTTPStatus

import openpyxl

from odoo.tests import tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.quotation.revision_common import RevisionMixin
from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, REFUSED, AccessCommon


@tagged("post_install", "-at_install", "quotation", "access")
class TestRevisionRpc(RevisionMixin, AccessCommon):
    """Over real RPC and real links: what the interface hides proves nothing about the server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_revisions()
        cls.order = cls._create_quotation()
        cls.order.write({"state": "sent"})

    def _revise_by_rpc(self, user=None):
        action = self._call(user or self.salesperson, "sale.order", "action_create_revision", ids=self.order.ids)
        return self.env["sale.order"].browse(action["res_id"])

    # === Roles === #

    def test_who_revises(self):
        for user in (self.stranger, self.finance, self.users_by_role["stock"], self.users_by_role["portal"]):
            with self.subTest(user.login):
                for method in ("action_create_revision", "action_discard_revision"):
                    self._assert_refused(FORBIDDEN, user, "sale.order", method, ids=self.order.ids)
        for user in (self.stranger, self.users_by_role["portal"]):
            self._assert_refused(FORBIDDEN, user, "sale.order", "action_export_audit", ids=self.order.ids)
        revision = self._revise_by_rpc(self.leader)
        self.assertEqual(revision.name, f"{self.order.name}-R2")
        self._call(self.salesperson, "sale.order", "action_discard_revision", ids=revision.ids)
        self.assertEqual(self.order.state, "sent")

    def test_switched_off(self):
        self.company.sales_quotation_enabled = False
        for method in ("action_create_revision", "action_discard_revision"):
            text = self._assert_refused(REFUSED, self.salesperson, "sale.order", method, ids=self.order.ids)
            self.assertIn("does not use revisions", text)

    def test_frozen(self):
        self._revise_by_rpc()
        line = self.order.order_line.filtered("product_id")[:1]
        for model, method, arguments in (
            ("sale.order", "action_draft", {"ids": self.order.ids}),
            ("sale.order", "write", {"ids": self.order.ids, "vals": {"state": "draft"}}),
            ("sale.order", "write", {"ids": self.order.ids, "vals": {"note": "X"}, "context": {"force": True}}),
            ("sale.order", "action_create_revision", {"ids": self.order.ids}),
            ("sale.order.line", "write", {"ids": line.ids, "vals": {"price_unit": 0.01}}),
            ("sale.order.line", "create", {"vals_list": [{"order_id": self.order.id, "name": "X"}]}),
            ("sale.order.line", "unlink", {"ids": line.ids}),
            ("sale.order", "unlink", {"ids": self.order.ids}),
        ):
            with self.subTest(model=model, method=method):
                text = self._assert_refused(REFUSED, self.salesperson, model, method, **arguments)
                self.assertIn(self.order.name, text)
        self.assertEqual(self.order.state, "cancel")

    def test_nobody_makes_up_a_revision(self):
        values = {"partner_id": self.customer.id, "quotation_revision": 9}
        self._assert_refused(REFUSED, self.manager, "sale.order", "create", vals_list=[values])
        default = {"quotation_family_id": 1}
        self._assert_refused(REFUSED, self.manager, "sale.order", "copy", ids=self.order.ids, default=default)
        self._assert_refused(FORBIDDEN, self.manager, "sales.quotation.family", "create", vals_list=[{"name": "X"}])

    def test_comparison_of_strangers(self):
        revision = self._revise_by_rpc()
        values = {"former_id": self.order.id, "latter_id": revision.id}
        model = "sales.quotation.comparison"
        (wizard,) = self._call(self.stranger, model, "create", vals_list=[values])
        self._assert_refused(FORBIDDEN, self.stranger, model, "read", ids=[wizard], fields=["changes"])
        (wizard,) = self._call(self.salesperson, model, "create", vals_list=[values])
        (values,) = self._call(self.salesperson, model, "read", ids=[wizard], fields=["changes"])
        self.assertIn("Nothing", values["changes"])

    # === Links === #

    def test_old_links_lead_to_the_notice(self):
        url = self.order.get_portal_url()
        old_price = "0.82"
        self.assertIn(old_price, self.url_open(url).text)
        revision = self._revise_by_rpc()
        self.env.flush_all()
        for link in (
            url,
            self.order.get_portal_url(report_type="pdf", download=True),
            self.order.get_portal_url(report_type="html"),
            self.order.get_portal_url(suffix="/download_edi"),
            self.order.get_portal_url(suffix="/document/1"),
        ):
            with self.subTest(link):
                response = self.url_open(link)
                self.assertEqual(response.status_code, HTTPStatus.OK)
                self.assertIn("This quotation was replaced", response.text)
                self.assertIn(f"/my/orders/{revision.id}?", response.text)
                self.assertNotIn(old_price, response.text)
                self.assertNotIn("M8 bolt", response.text)

    def test_notice_without_link_while_the_new_one_is_held_back(self):
        revision = self._revise_by_rpc()

        def hold_back(orders):
            return {order: [order._prepare_superseded_blocker()] for order in orders}

        self.patch(type(revision), "_get_release_blockers", hold_back)
        text = self.url_open(self.order.get_portal_url()).text
        self.assertIn("a new one is being prepared", text)
        self.assertIn(self.salesperson.name, text)
        self.assertNotIn(f"/my/orders/{revision.id}", text)
        self.assertNotIn(revision.name, text)

    def test_notice_tells_strangers_nothing(self):
        self._revise_by_rpc()
        for link in (f"/my/orders/{self.order.id}", f"/my/orders/{self.order.id}?access_token=guess"):
            with self.subTest(link):
                self.assertNotIn(self.order.name, self.url_open(link).text)
        self.authenticate("sm_portal", "sm_portal")
        self.assertNotIn(self.order.name, self.url_open(f"/my/orders/{self.order.id}").text)

    def test_portal_user_sees_the_notice_too(self):
        self.order.partner_id = self.users_by_role["portal"].partner_id
        self._mark_sent(self.order)
        self._revise_by_rpc()
        self.authenticate("sm_portal", "sm_portal")
        self.assertIn("This quotation was replaced", self.url_open(self.order.get_portal_url()).text)
        self.assertNotIn(f"/my/orders/{self.order.id}", self.url_open("/my/quotes").text)

    def test_old_one_is_neither_signed_nor_paid(self):
        revision = self._revise_by_rpc()
        token = self.order._portal_ensure_token()
        self.env.flush_all()
        base = f"/my/orders/{self.order.id}"
        result = self.make_jsonrpc_request(
            f"{base}/accept", {"access_token": token, "name": "Wang", "signature": "R0lGODlhAQABAAAAACw="}
        )
        self.assertIn("was replaced", result["error"])
        with mute_logger("odoo.http"), self.assertRaisesRegex(JsonRpcException, "ValidationError"):
            self.make_jsonrpc_request(f"{base}/transaction", {"access_token": token})
        self.env.invalidate_all()
        self.assertEqual((self.order.state, self.order.signed_by, revision.state), ("cancel", False, "draft"))
        self.assertFalse(self.order.transaction_ids)

    def test_customer_is_not_told_what_colleagues_said(self):
        portal = self.users_by_role["portal"]
        self.order.partner_id = portal.partner_id
        self.assertTrue(self.order.with_user(portal).has_access("read"))
        self._assert_refused(FORBIDDEN, portal, "sale.order", "action_export_audit", ids=self.order.ids)
        for name in ("audit_story", "current_revision_id", "before_revision"):
            self._assert_refused(FORBIDDEN, portal, "sale.order", "read", ids=self.order.ids, fields=[name])
        self.authenticate("sm_portal", "sm_portal")
        with mute_logger("odoo.http"):
            response = self.url_open(f"/sales_management/quotation/{self.order.id}/history.xlsx")
        self.assertEqual(response.status_code, HTTPStatus.FORBIDDEN)

    # === Paper and files === #

    def test_copy_printed_afterwards_says_so(self):
        html = self.env["ir.actions.report"]._render_qweb_html("sale.report_saleorder", self.order.ids)[0].decode()
        self.assertNotIn("Replaced by", html)
        revision = self._revise_by_rpc()
        html = self.env["ir.actions.report"]._render_qweb_html("sale.report_saleorder", self.order.ids)[0].decode()
        self.assertIn(f"Replaced by {revision.name}", html)

    def test_story_is_exported(self):
        revision = self._revise_by_rpc()
        url = self._call(self.salesperson, "sale.order", "action_export_audit", ids=revision.ids)["url"]
        self.authenticate("sm_salesperson", "sm_salesperson")
        book = openpyxl.load_workbook(io.BytesIO(self.url_open(url).content))
        texts = [cell.value for row in book.active.iter_rows() for cell in row]
        self.assertIn("Put aside: replaced by a revision", texts)
        self.assertIn(self.order.name, texts)
        self.authenticate("sm_stranger", "sm_stranger")
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(url).status_code, HTTPStatus.FORBIDDEN)
