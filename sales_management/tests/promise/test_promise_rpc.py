from datetime import datetime, timedelta
from http import HTTPStatus

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.promise.fact_common import PromiseFactMixin
from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, REFUSED, AccessCommon

ENGINE = "sales.promise.engine"
KEYS = {"date", "schedule", "confidence", "source", "fence"}


@tagged("post_install", "-at_install", "promise", "access")
class TestPromiseRpc(PromiseFactMixin, AccessCommon):
    """One question over RPC, by whoever sells or moves goods."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._switch_promise_on()
        cls.engine = cls.env[ENGINE].with_user(cls.salesperson)
        cls.other_company = cls.setup_other_company()["company"]
        cls.other_warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.other_company.id)], limit=1)

    def _ask(self, user, **arguments):
        arguments = {"product_id": self.bolt.id, "quantity": 5, **arguments}
        return self._call(user, ENGINE, "promise", **arguments)

    # === Answers === #

    def test_json_2_answers_who_sells_and_who_moves_goods(self):
        for user in (self.salesperson, self.leader, self.manager, self.stock):
            with self.subTest(user.login):
                answer = self._ask(user)
                self.assertEqual(set(answer), KEYS)
                self.assertEqual(answer["confidence"], "a")
                moment = datetime.fromisoformat(answer["date"])
                self.assertIsNone(moment.tzinfo)
                self.assertLess(abs(moment - fields.Datetime.now()), timedelta(days=10))
                [step] = answer["schedule"]
                self.assertEqual(set(step), {"date", "qty", "source", "confidence"})
                self.assertEqual((step["qty"], step["date"]), (5, answer["date"]))
                self.assertTrue(answer["source"])

    def test_it_is_what_the_line_says(self):
        order = self._create_order(quantity=5)
        self.assertTrue(order.order_line.promise_date)
        answer = self._ask(self.salesperson)
        self.assertEqual(answer["date"], order.order_line.promise_date.isoformat())
        self.assertEqual(answer["confidence"], order.order_line.promise_confidence)

    def test_what_nobody_knows_has_no_date(self):
        answer = self._ask(self.salesperson, quantity=5000)
        self.assertEqual((answer["date"], answer["fence"], answer["confidence"]), (None, None, "e"))
        self.assertEqual(sum(step["qty"] for step in answer["schedule"]), 5000)
        self.assertIsNone(answer["schedule"][-1]["date"])
        self.assertTrue(answer["source"])

    def test_wished_day_comes_not_before(self):
        day = fields.Date.today() + timedelta(days=30)
        for time in ("", "T00:00:00", " 08:00:00", "T08:00:00Z", "T08:00:00+08:00"):
            with self.subTest(time):
                moment = datetime.fromisoformat(self._ask(self.salesperson, date=f"{day}{time}")["date"])
                self.assertGreaterEqual(moment, datetime.combine(day, datetime.min.time()) - timedelta(hours=14))

    def test_asking_changes_nothing(self):
        tables = ("sales.promise.fact", "sales.promise.hold", "sales.promise.question")
        before = [self.env[table].search_count([]) for table in tables]
        self.assertEqual(self._ask(self.salesperson), self._ask(self.salesperson))
        self.assertEqual([self.env[table].search_count([]) for table in tables], before)

    def test_xml_rpc_and_json_rpc(self):
        self.env.flush_all()
        key = self._get_api_key(self.salesperson)
        # That protocol knows no null, which an answer about goods that nobody supplies holds.
        service = self.env["product.product"].create({"name": "Fitting", "type": "service"})
        self.env.flush_all()
        with mute_logger("odoo.addons.rpc.controllers.xmlrpc"):
            answer = self.xmlrpc_object.execute_kw(
                self.env.cr.dbname, self.salesperson.id, key, ENGINE, "promise", [service.id, 5]
            )
        self.assertEqual(set(answer), KEYS)
        self.authenticate(self.salesperson.login, self.salesperson.login)
        params = {"model": ENGINE, "method": "promise", "args": [self.bolt.id, 5], "kwargs": {}}
        answer = self.make_jsonrpc_request(f"/web/dataset/call_kw/{ENGINE}/promise", params)
        self.assertEqual(set(answer), KEYS)

    # === Who === #

    def test_others_are_refused(self):
        stranger = new_test_user(self.env, "sm_clerk", "base.group_user", company_id=self.env.company.id)
        for user in (stranger, self.finance, self.portal):
            self._assert_refused(FORBIDDEN, user, ENGINE, "promise", product_id=self.bolt.id, quantity=1)
        public = self.env.ref("base.public_user")
        with self.assertRaises(AccessError):
            self.env[ENGINE].with_user(public).promise(self.bolt.id, 1)
        with mute_logger("odoo.http"):
            response = self._post(None, ENGINE, "promise", product_id=self.bolt.id, quantity=1)
        self.assertEqual(response.status_code, HTTPStatus.UNAUTHORIZED)

    def test_nothing_else_of_the_engine_is_reached(self):
        for method in ("_promise", "_allocate", "_get_events", "_get_sales_demands", "_get_leads", "_get_vendor_slips"):
            with self.subTest(method):
                self._assert_refused(HTTPStatus.NOT_FOUND, self.manager, ENGINE, method)
        own = {
            name
            for cls in type(self.env[ENGINE]).mro()
            if cls.__module__.startswith("odoo.addons.sales_management.")
            for name in vars(cls)
            if not name.startswith("_") and callable(getattr(cls, name))
        }
        self.assertEqual(own, {"promise"})

    # === Arguments === #

    def _assert_asks_in_vain(self, words, *arguments, **named):
        with self.assertRaisesRegex(UserError, words):
            self.engine.promise(*arguments, **named)

    def test_products(self):
        archived, foreign = self.env["product.product"].create(
            [{"name": "Nut", "active": False}, {"name": "Seal", "company_id": self.other_company.id}]
        )
        for product, words in (
            (2**31 - 1, "no product"), (foreign.id, "no product"), (archived.id, "archived"),
            (2**40, "whole number"), (0, "whole number"), (-1, "whole number"), (True, "whole number"),
            ("1", "whole number"), (None, "whole number"), ([1], "whole number"), (1.5, "whole number"),
        ):  # fmt: skip
            with self.subTest(product):
                self._assert_asks_in_vain(words, product, 1)

    def test_quantities(self):
        for quantity in (0, -1, 0.001, 1e300, 1e13, float("nan"), float("inf"), "5", None, True, [5], {}):
            with self.subTest(quantity):
                self._assert_asks_in_vain("is no quantity", self.bolt.id, quantity)
        for quantity, answered in ((0.5, 0.5), (1.239, 1.24), (10**12, 10**12)):
            steps = self.engine.promise(self.bolt.id, quantity)["schedule"]
            self.assertAlmostEqual(sum(step["qty"] for step in steps), answered)

    def test_warehouses(self):
        for warehouse, words in (
            (self.other_warehouse.id, "no warehouse"), (2**31 - 1, "no warehouse"), ("1", "whole number"),
            (-1, "whole number"), (True, "whole number"),
        ):  # fmt: skip
            with self.subTest(warehouse):
                self._assert_asks_in_vain(words, self.bolt.id, 1, warehouse_id=warehouse)
        second = self.env["stock.warehouse"].create({"name": "Second", "code": "SEC"})
        self.assertEqual(self.engine.promise(self.bolt.id, 1, second.id)["confidence"], "e")
        self.assertEqual(self.engine.promise(self.bolt.id, 1, self.warehouse.id)["confidence"], "a")

    def test_company_of_the_user_decides(self):
        both = new_test_user(
            self.env,
            "sm_both",
            "sales_team.group_sale_salesman",
            company_id=self.env.company.id,
            company_ids=[Command.set((self.env.company | self.other_company).ids)],
        )
        engine = self.env[ENGINE].with_user(both).with_context(allowed_company_ids=self.env.company.ids)
        with self.assertRaises(UserError):
            engine.promise(self.bolt.id, 1, self.other_warehouse.id)
        engine = engine.with_context(allowed_company_ids=(self.env.company | self.other_company).ids)
        self.assertEqual(engine.promise(self.bolt.id, 1, self.other_warehouse.id)["confidence"], "e")

    def test_dates(self):
        texts = ("tomorrow", "31.12.2030", "2030-02-30", "2030-12-31T25:00:00", "99999-01-01", "9999-12-31")
        for date in (*texts, 5, [5], {"a": 1}):
            with self.subTest(date):
                self._assert_asks_in_vain("is no date", self.bolt.id, 1, date=date)
        self._assert_asks_in_vain("is past", self.bolt.id, 1, date="2020-01-01")
        today = fields.Date.context_today(self.env.user).isoformat()
        for date in (None, False, "", today, " 2090-12-31 "):
            with self.subTest(date):
                self.assertEqual(set(self.engine.promise(self.bolt.id, 1, date=date)), KEYS)

    def test_refusal_over_json_2_is_plain(self):
        message = self._assert_refused(
            REFUSED, self.salesperson, ENGINE, "promise", product_id=self.bolt.id, quantity=-1
        )
        self.assertIn("no quantity", message)
        self._assert_refused(REFUSED, self.salesperson, ENGINE, "promise", product_id=self.bolt.id)

    def test_services_and_words_of_the_user(self):
        service = self.env["product.product"].create({"name": "Fitting", "type": "service"})
        answer = self.engine.promise(service.id, 1)
        self.assertTrue(answer["date"])
        self.assertTrue(answer["source"])
