"""Exports and changes of many owners, which managers read and nobody changes."""

import json
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.common import DealCommon
from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, REFUSED, AccessCommon


class LogMixin:
    @classmethod
    def _switch_on(cls, **values):
        cls.env.company.write({"sales_customer_enabled": True, "customer_owner_log_count": 3, **values})
        cls.log = cls.env["sales.customer.log"]
        cls.export_group = cls.env.ref("base.group_allow_export")
        cls.salesperson.group_ids = [Command.link(cls.export_group.id)]
        cls.customers = cls.env["res.partner"].create(
            [{"name": f"Firm {n}", "user_id": cls.salesperson.id, "is_company": True} for n in range(4)]
        )
        cls.env.cr.precommit.run()
        cls.last_id = cls.log.search([], limit=1).id or 0

    def _get_facts(self):
        self.env.cr.precommit.run()
        return self.log.search([("id", ">", self.last_id)], order="id")

    def _get_fact(self):
        fact = self._get_facts()
        self.assertEqual(len(fact), 1)
        return fact

REASON = "No"


@tagged("post_install", "-at_install", "customer")
class TestCustomerLog(LogMixin, DealCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._switch_on()
        cls.member = cls.users_by_role["member"]

    # === Exports === #

    def test_export_is_kept(self):
        self.customers.with_user(self.salesperson).export_data(["name", "phone"])
        fact = self._get_fact()
        self.assertEqual(
            (fact.kind, fact.model, fact.record_count, fact.user_id, fact.user_name, fact.detail),
            ("export", "res.partner", 4, self.salesperson, "Salesperson", "name, phone"),
        )
        first, *_others, last = self.customers.ids
        self.assertEqual(fact.record_ids_text, f"{first}–{last}")

    def test_deals_and_orders_are_kept_and_other_models_are_not(self):
        deals = self._create_deals(2)
        order = self.env["sale.order"].create({"partner_id": self.customers[0].id})
        for records in (deals, order, self.team):
            records.with_user(self.manager).sudo().export_data(["id"])
        self.assertEqual(self._get_facts().mapped("model"), ["crm.lead", "sale.order"])

    def test_what_was_refused_is_no_export(self):
        self.salesperson.group_ids = [Command.unlink(self.export_group.id)]
        with self.assertRaises(UserError):
            self.customers.with_user(self.salesperson).export_data(["name"])
        self.customers.with_user(self.salesperson).read(["name"])
        self.assertFalse(self._get_facts())

    # === Changes of owners === #

    def test_many_owners_at_once_are_kept(self):
        self.customers[0].user_id = False
        self._get_facts()
        self.customers.with_user(self.manager).write({"user_id": self.member.id})
        fact = self._get_fact()
        self.assertEqual((fact.kind, fact.record_count, fact.user_id), ("owner", 4, self.manager))
        self.assertEqual(fact.detail, "Salesperson → Member: 3\n– → Member: 1")

    def test_few_owners_are_not(self):
        self.customers[:2].user_id = self.member
        self.customers.write({"phone": "1"})
        self.assertFalse(self._get_facts())

    def test_owners_that_stay_do_not_count(self):
        self.customers[:2].user_id = self.member
        self._get_facts()
        self.customers.user_id = self.member
        self.assertFalse(self._get_facts())

    def test_one_by_one_in_one_go_counts_as_well(self):
        for customer in self.customers:
            customer.user_id = self.member
        self.assertEqual(self._get_fact().detail, "Salesperson → Member: 4")

    def test_there_and_back_is_no_change(self):
        self.customers.user_id = self.member
        self.customers.user_id = self.salesperson
        self.assertFalse(self._get_facts())

    def test_deals_and_orders_count_each_for_themselves(self):
        deals = self._create_deals(3)
        orders = self.env["sale.order"].create([{"partner_id": self.customers[0].id}] * 2)
        self._get_facts()
        deals.user_id = self.member
        orders.user_id = self.member
        self.assertEqual(self._get_fact().model, "crm.lead")

    def test_what_is_undone_leaves_nothing(self):
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.customers.user_id = self.member
            raise UserError(REASON)
        self.assertFalse(self._get_facts())

    def test_import_is_one_change(self):
        rows = [[str(customer.id), "Member"] for customer in self.customers]
        result = self.env["res.partner"].with_user(self.manager).load([".id", "user_id"], rows)
        self.assertFalse(result["messages"])
        fact = self._get_fact()
        self.assertEqual((fact.record_count, fact.user_id), (4, self.manager))

    def test_import_that_is_refused_leaves_nothing(self):
        rows = [[str(customer.id), "Member"] for customer in self.customers] + [
            [str(self.env.company.partner_id.id), "Nobody of this name"]
        ]
        result = self.env["res.partner"].load([".id", "user_id"], rows)
        self.assertFalse(result["ids"])
        self.assertFalse(self._get_facts())

    # === Companies === #

    def test_another_company_is_no_way_round(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.salesperson.company_ids |= other
        self.customers.with_user(self.salesperson).with_company(other).export_data(["name"])
        self.assertEqual(self._get_fact().company_id, self.env.company)

    def test_switched_off_it_costs_nothing(self):
        self.env.company.sales_customer_enabled = False
        partners = self.env["res.partner"].with_user(self.salesperson).browse(self.customers.ids)
        partners.export_data(["name"])
        self.customers.user_id = self.member
        with patch.object(type(self.log), "_record_log", side_effect=AssertionError):
            self.assertFalse(self._get_facts())
        self.customers.user_id = self.salesperson
        self.env.flush_all()
        with self.assertQueryCount(0):
            self.assertFalse(self.log._get_log_company())
            with self.customers._noting_owners({"user_id": self.member.id}):
                pass
            self.log._record_export(self.customers, ["name"])

    # === Notices === #

    def test_managers_hear_of_much_within_a_day(self):
        self.env.company.customer_export_notice = 5
        partners = self.customers.with_user(self.salesperson)
        notices = self.env["sales.notice"]
        domain = [("kind_id.code", "=", "customer_export"), ("user_id", "=", self.manager.id)]
        for expected in (0, 1, 1):
            partners.export_data(["name"])
            self.assertEqual(notices.search_count(domain), expected)
        self.assertIn("Salesperson exported 8 records", notices.search(domain).body)

    def test_nobody_hears_unless_wanted(self):
        self.customers.with_user(self.salesperson).export_data(["name"])
        self.assertFalse(self.env["sales.notice"].search([("kind_id.code", "=", "customer_export")]))

    def test_limits_are_numbers_from_zero(self):
        for values in ({"customer_owner_log_count": 0}, {"customer_export_notice": -1}):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.env.company.write(values)
                self.env.flush_all()


@tagged("post_install", "-at_install", "access", "customer")
class TestCustomerLogAccess(LogMixin, AccessCommon):
    """What each role can do with it over real RPC, and through the web client's own export."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._switch_on()

    def test_rpc_export_is_kept_and_only_managers_read_it(self):
        arguments = {"ids": self.customers.ids, "fields_to_export": ["name", "email"]}
        rows = self._call(self.salesperson, "res.partner", "export_data", **arguments)
        self.assertEqual(len(rows["datas"]), 4)
        fact = self._get_fact()
        self.assertEqual((fact.user_id, fact.detail), (self.salesperson, "name, email"))
        found = self._call(
            self.manager, "sales.customer.log", "search_read", domain=[["id", "=", fact.id]], fields=["record_count"]
        )
        self.assertEqual(found[0]["record_count"], 4)
        for user in (self.salesperson, self.leader, self.finance, self.stock, self.portal):
            self._assert_refused(FORBIDDEN, user, "sales.customer.log", "search_read", domain=[], fields=["detail"])

    def test_nobody_changes_it(self):
        self._call(self.salesperson, "res.partner", "export_data", ids=self.customers.ids, fields_to_export=["name"])
        fact = self._get_fact()
        values = {"kind": "export", "model": "res.partner", "company_id": self.env.company.id}
        for user in (self.salesperson, self.manager):
            self._assert_refused(FORBIDDEN, user, "sales.customer.log", "create", vals_list=[values])
            self._assert_refused(FORBIDDEN, user, "sales.customer.log", "write", ids=fact.ids, vals={"record_count": 1})
            self._assert_refused(FORBIDDEN, user, "sales.customer.log", "unlink", ids=fact.ids)
        with self.assertRaises(AccessError):
            fact.sudo().unlink()

    def test_without_the_right_to_export_nothing_is_kept(self):
        self.salesperson.group_ids = [Command.unlink(self.export_group.id)]
        arguments = {"ids": self.customers.ids, "fields_to_export": ["name"]}
        self._assert_refused(REFUSED, self.salesperson, "res.partner", "export_data", **arguments)
        self.assertFalse(self._get_facts())

    def test_mass_change_over_rpc(self):
        self._call(self.manager, "res.partner", "write", ids=self.customers.ids, vals={"user_id": self.member.id})
        self.assertEqual(self._get_fact().detail, "Salesperson → Member: 4")

    def test_files_of_the_web_client_are_kept(self):
        self.authenticate(self.salesperson.login, self.salesperson.login)
        domain = [["id", "in", self.customers.ids]]
        grouped = {"groupby": ["user_id"], "context": {"group_by": ["user_id"]}}
        for kind, more in (("csv", {}), ("xlsx", {}), ("xlsx", grouped)):
            data = {
                "model": "res.partner",
                "fields": [{"name": "name", "label": "Name", "type": "char"}],
                "ids": False,
                "domain": domain,
                "import_compat": False,
                **more,
            }
            with self.subTest(kind=kind, grouped=bool(more)):
                self.env.flush_all()
                response = self.url_open(
                    f"/web/export/{kind}",
                    data={"data": json.dumps(data), "csrf_token": http.Request.csrf_token(self)},
                )
                self.assertEqual(response.status_code, 200)
                self.env.invalidate_all()
                fact = self._get_facts()[-1:]
                self.assertEqual((fact.record_count, fact.user_id), (4, self.salesperson))
        self.assertEqual(len(self._get_facts()), 3)
