"""Facts over real RPC."""

from odoo.tests import tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from odoo.addons.sales_management.models.common.sales_fact_mixin import ERASED
from odoo.addons.sales_management.tests.common_ground.test_fact_mixin import HOPEFUL_CONTEXT, MODEL, FactMixin
from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, AccessCommon


@tagged("post_install", "-at_install", "facts", "access")
class TestFactRpc(FactMixin, AccessCommon):
    """Nobody forges a fact from outside, whatever they are called and whatever they send."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = cls._create_user("root", "base.group_system,sales_team.group_sale_manager")
        cls._create_fact_records()
        cls.values = {**cls._prepare_values(), "moved_at": "2026-01-01 00:00:00"}
        cls.everybody = (cls.salesperson, cls.leader, cls.manager, cls.administrator, cls.finance)

    def _iter_methods(self):
        """Ways to change a fact: the method, and the arguments of it for ``/json/2``."""
        ids = self.fact.ids
        yield "create", {"vals_list": [self.values]}
        yield "write", {"ids": ids, "vals": {"reason": "Other"}}
        yield "write", {"ids": ids, "vals": {"lead_id": self.other_deal.id}}
        yield "unlink", {"ids": ids}
        yield "copy", {"ids": ids}
        yield "web_save", {"ids": ids, "vals": {"reason": "Other"}, "specification": {}}

    def test_json_2(self):
        rows = self.env[MODEL].search_count([])
        for user in self.everybody:
            for method, arguments in self._iter_methods():
                for context in ({}, HOPEFUL_CONTEXT):
                    with self.subTest(user=user.login, method=method, context=context):
                        self._assert_refused(FORBIDDEN, user, MODEL, method, **arguments, context=context)
        self.assertEqual(self.fact.reason, "Mrs Li rang")
        self.assertEqual(self.env[MODEL].search_count([]), rows)

    def test_web_client_and_import(self):
        rows = self.env[MODEL].search_count([])
        for user in (self.salesperson, self.administrator):
            self.authenticate(user.login, user.login)
            for method, arguments in self._iter_methods():
                args = list(arguments.values())
                with (
                    self.subTest(user=user.login, method=method),
                    mute_logger("odoo.http"),
                    self.assertRaisesRegex(JsonRpcException, "AccessError"),
                ):
                    self._call_kw(method, args)
            result = self._call_kw("load", [["lead_id/.id", "reason"], [[str(self.deal.id), "Forged"]]])
            self.assertFalse(result["ids"])
            self.assertTrue(result["messages"])
        self.env.invalidate_all()
        self.assertEqual(self.env[MODEL].search_count([]), rows)

    def test_commands_on_the_deal(self):
        deal = self._create_deals()
        commands = ([0, 0, self.values], [1, self.fact.id, {"reason": "Other"}], [2, self.fact.id, 0])
        for user in (self.salesperson, self.manager):
            for command in commands:
                vals = {"stage_move_ids": [command]}
                with self.subTest(user=user.login, command=command):
                    self._assert_refused(FORBIDDEN, user, "crm.lead", "write", ids=deal.ids, vals=vals)
        self.assertTrue(self.fact.exists())

    def test_private_ways(self):
        for method, arguments in (
            ("_add_facts", {"vals_list": [self.values]}),
            ("_repoint_facts", {"ids": self.fact.ids, "link": "lead_id", "target": self.other_deal.id}),
            ("_erase_fact_texts", {"ids": self.fact.ids, "reason": "Forged"}),
            ("_update_fact_columns", {"ids": self.fact.ids, "assignments": "reason = 'Other'"}),
            ("_drop_own_guards", {"ids": self.fact.ids}),
        ):
            with self.subTest(method):
                self._assert_refused(FORBIDDEN, self.administrator, MODEL, method, **arguments)
            self.authenticate(self.administrator.login, self.administrator.login)
            with (
                self.subTest(method),
                mute_logger("odoo.http"),
                self.assertRaisesRegex(JsonRpcException, "AccessError"),
            ):
                self._call_kw(method, list(arguments.values()))

    def test_erasing(self):
        arguments = {"ids": self.fact.ids, "reason": "Asked"}
        for user in (self.salesperson, self.leader, self.finance):
            self._assert_refused(FORBIDDEN, user, MODEL, "action_erase_texts", **arguments, context=HOPEFUL_CONTEXT)
        self.assertTrue(self._call(self.manager, MODEL, "action_erase_texts", **arguments))
        self.assertEqual(self.fact.reason, ERASED)
        domain = [["model", "=", MODEL]]
        self.assertEqual(self._call(self.manager, "sales.fact.erasure", "search_count", domain=domain), 1)
        self._assert_refused(FORBIDDEN, self.salesperson, "sales.fact.erasure", "search_count", domain=domain)

    def test_company_rule_of_erasures(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        fact = self.env[MODEL]._add_facts([self._prepare_values(company_id=company.id)])
        fact._erase_fact_texts("Asked")
        domain = [["model", "=", MODEL], ["res_id", "=", fact.id]]
        self.assertEqual(self._call(self.manager, "sales.fact.erasure", "search_count", domain=domain), 0)

    def _call_kw(self, method, args):
        params = {"model": MODEL, "method": method, "args": args, "kwargs": {}}
        return self.make_jsonrpc_request(f"/web/dataset/call_kw/{MODEL}/{method}", params)
