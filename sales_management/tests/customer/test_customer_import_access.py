"""Who imports customers, over real RPC, and at what cost."""

import json

from odoo.tests import tagged

from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, AccessCommon

from .import_common import ImportCommon, ImportMixin, write_book


@tagged("post_install", "-at_install", "access", "customer")
class TestCustomerImportAccess(ImportMixin, AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._setup_import()
        cls.model = "sales.customer.import"
        cls.content = write_book({"Customers": [["C-1", "Nanjing Nut", *[None] * 6]]}).decode()

    def test_managers_import_and_others_do_not(self):
        values = {"file": self.content, "file_name": "x.xlsx"}
        for user in (self.salesperson, self.leader, self.finance, self.stock, self.portal):
            self._assert_refused(FORBIDDEN, user, self.model, "create", vals_list=[values])
        (record_id,) = self._call(self.manager, self.model, "create", vals_list=[values])
        record = self.imports.browse(record_id)
        for user in (self.salesperson, self.leader, self.finance, self.stock, self.portal):
            for method in ("action_check", "action_import", "action_undo", "unlink"):
                self._assert_refused(FORBIDDEN, user, self.model, method, ids=record.ids)
            self._assert_refused(FORBIDDEN, user, f"{self.model}.line", "search_read", domain=[], fields=["name"])
        self._call(self.manager, self.model, "action_check", ids=record.ids)
        self._call(self.manager, self.model, "action_import", ids=record.ids)
        partner = self.env["res.partner"].browse(record.line_ids.res_id)
        self.assertEqual(partner.name, "Nanjing Nut")
        self._call(self.manager, self.model, "action_undo", ids=record.ids)
        self.assertFalse(partner.exists())

    def test_rows_are_not_forged(self):
        record = self._upload(self.content)
        record.action_check()
        line = record.line_ids
        values = {"state": "imported", "res_model": "res.users", "res_id": self.member.id}
        for arguments in (
            {"model": f"{self.model}.line", "method": "write", "ids": line.ids, "vals": values},
            {"model": f"{self.model}.line", "method": "create", "vals_list": [{**values, "import_id": record.id}]},
            {"model": f"{self.model}.line", "method": "unlink", "ids": line.ids},
            {"model": self.model, "method": "write", "ids": record.ids, "vals": {"state": "imported"}},
            {"model": self.model, "method": "write", "ids": record.ids, "vals": {"line_ids": [[1, line.id, values]]}},
        ):
            with self.subTest(json.dumps(arguments)):
                self._assert_refused(FORBIDDEN, self.manager, **arguments)
        self.assertEqual((line.state, line.res_id), ("new", 0))

    def test_template_is_for_managers(self):
        for user, status in ((self.manager, 200), (self.salesperson, 403)):
            self.authenticate(user.login, user.login)
            response = self.url_open("/sales_management/customer_import/template.xlsx")
            self.assertEqual(response.status_code, status)
        self.assertEqual(self.url_open("/sales_management/customer_import/template.xlsx").status_code, 403)

    def test_imports_of_another_company_are_hidden(self):
        other = self.env["res.company"].create({"name": "Other"})
        record = self.imports.sudo().create({"file": self.content, "file_name": "x.xlsx"})
        record.company_id = other
        found = self._call(self.manager, self.model, "search_read", domain=[["id", "=", record.id]], fields=["name"])
        self.assertEqual(found, [])
        self._assert_refused(FORBIDDEN, self.manager, self.model, "action_check", ids=record.ids)


@tagged("post_install", "-at_install", "customer", "performance")
class TestCustomerImportCost(ImportCommon):
    def _get_sheets(self, count, name):
        return {
            "Customers": [
                [f"{name}-{n}", f"{name} Works {n}", None, f"0571-8{n:07}", f"a{n}@{name}.example", "sm_salesperson"]
                for n in range(count)
            ],
            "Contacts": [[f"{name}-{n}", f"Ann {n}", None, None, None] for n in range(count)],
            "Deals": [[f"{name}{n}", f"{name}-{n}", f"Deal {n}", "New", 5] for n in range(count)],
            "Follow-Ups": [[f"{name}{n}", "2026-01-20", "sm_member", "Call", "Rang"] for n in range(count)],
        }

    def _count(self, record, method):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        getattr(record, method)()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_the_rows(self):
        self._import(self._get_sheets(2, "w")).action_undo()
        counts = {}
        for count, name in ((20, "x"), (120, "y")):
            record = self._upload(write_book(self._get_sheets(count, name)))
            counts[count] = [self._count(record, f"action_{what}") for what in ("check", "import", "undo")]
            self.assertEqual(set(record.line_ids.mapped("state")), {"undone"})
        for small, large in zip(counts[20], counts[120], strict=True):
            self.assertLessEqual(large, small + 20, counts)
