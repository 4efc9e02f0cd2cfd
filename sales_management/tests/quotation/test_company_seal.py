"""The picture of the seal: drawn for everybody, and opened by nobody who could put it on a paper of his own."""

from http import HTTPStatus

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, AccessCommon

from .paper_common import SEAL


@tagged("post_install", "-at_install", "quotation", "access")
class TestCompanySeal(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.write({"sales_quotation_enabled": True, "quotation_seal": SEAL})
        cls.file = cls._find_files()
        cls.people = [cls.salesperson, cls.leader, cls.manager, cls.finance, cls.portal]
        for user in cls.people:
            user.password = user.login

    @classmethod
    def _find_files(cls):
        domain = [("res_model", "=", "res.company"), ("res_field", "=", "quotation_seal")]
        return cls.env["ir.attachment"].sudo().search(domain)

    def test_seal_is_read_by_no_rpc(self):
        self.assertTrue(self.file)
        for user in self.people:
            with self.subTest(user.login):
                arguments = {"ids": self.company.ids, "fields": ["quotation_seal"]}
                self._assert_refused(FORBIDDEN, user, "res.company", "read", **arguments)
                arguments = {"ids": self.file.ids, "fields": ["datas", "raw"]}
                self._assert_refused(FORBIDDEN, user, "ir.attachment", "read", **arguments)
                domain = [["res_model", "=", "res.company"], ["res_field", "!=", False]]
                with mute_logger("odoo.http"):
                    found = self._post(user, "ir.attachment", "search", domain=domain).json()
                self.assertNotIn(self.file.id, found)

    def test_seal_is_searched_exported_and_written_by_no_rpc(self):
        user = self.salesperson
        calls = [
            ("res.company", "search", {"domain": [["quotation_seal", "!=", False]]}),
            ("res.company", "write", {"ids": self.company.ids, "vals": {"quotation_seal": False}}),
            ("res.company", "export_data", {"ids": self.company.ids, "fields_to_export": ["quotation_seal"]}),
            ("ir.attachment", "copy", {"ids": self.file.ids}),
            ("ir.attachment", "write", {"ids": self.file.ids, "vals": {"public": True}}),
            ("ir.attachment", "write", {"ids": self.file.ids, "vals": {"res_field": False}}),
            ("ir.attachment", "generate_access_token", {"ids": self.file.ids}),
        ]
        for model, method, arguments in calls:
            with self.subTest(f"{model}.{method}"), mute_logger("odoo.http"):
                response = self._post(user, model, method, **arguments)
                self.assertGreaterEqual(response.status_code, HTTPStatus.BAD_REQUEST, response.text[:200])
        self.assertFalse(self.file.public)
        names = self._call(user, "res.company", "fields_get", allfields=["quotation_seal", "name"])
        self.assertNotIn("quotation_seal", names)

    def test_seal_is_read_by_no_address(self):
        paths = [
            f"/web/image/res.company/{self.company.id}/quotation_seal",
            f"/web/content/res.company/{self.company.id}/quotation_seal",
            f"/web/image?model=res.company&id={self.company.id}&field=quotation_seal",
            f"/web/content?model=res.company&id={self.company.id}&field=quotation_seal",
            f"/web/content/{self.file.id}",
            f"/web/image/{self.file.id}",
        ]
        secret = self.file.raw
        for user in [None, *self.people]:
            self.authenticate(user and user.login, user and user.login)
            for path in paths:
                with self.subTest(path, user=user and user.login), mute_logger("odoo.http", "odoo.addons.base"):
                    self.assertNotEqual(self.url_open(path).content, secret)

    def test_administrator_sees_it(self):
        self.manager.group_ids = [Command.link(self.env.ref("base.group_system").id)]
        self.authenticate(self.manager.login, self.manager.login)
        response = self.url_open(f"/web/content/res.company/{self.company.id}/quotation_seal")
        self.assertEqual(response.content, self.file.raw)

    def test_salesperson_prints_it_on_what_is_released(self):
        order = self.orders[self.mate_deal]
        self.authenticate(self.salesperson.login, self.salesperson.login)
        text = self.url_open(f"/report/html/sale.report_saleorder/{order.id}").text
        self.assertIn('name="company_seal"', text)
