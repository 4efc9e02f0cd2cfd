from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, REFUSED, AccessCommon

from .question_common import QuestionCommon

MODEL = "sales.promise.question"


@tagged("post_install", "-at_install", "access", "promise")
class TestQuestionAccess(AccessCommon, QuestionCommon):
    """Who asks, who answers, and that nobody forges an answer, over real RPC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_planner = cls._create_user("other_planner", "base.group_user")
        cls.stock_manager = cls._create_user("stock_manager", "stock.group_stock_manager")

    def setUp(self):
        super().setUp()
        self.order = self._quote()
        self.line = self.order.order_line
        self.question = self._ask(self.line).sudo()

    def test_planner_without_any_right_in_sales_answers(self):
        rows = self._call(self.planner, MODEL, "search_read", domain=[], fields=["product_id", "quantity", "order_id"])
        self.assertEqual([row["id"] for row in rows], self.question.ids)
        self._call(self.planner, MODEL, "action_answer", ids=self.question.ids, date="2030-01-20", note="Yes")
        self.assertEqual((self.question.state, self.question.answered_by_id), ("answered", self.planner))
        self.assertEqual(self.line.sudo().promise_confidence, "b")

    def test_planner_does_not_see_the_customer(self):
        self.assertFalse(self.question.with_user(self.planner).customer_name)
        self.assertEqual(self.question.with_user(self.salesperson).customer_name, self.customer.name)
        self._assert_refused(FORBIDDEN, self.planner, "sale.order", "read", ids=self.order.ids, fields=["name"])

    def test_planner_reads_all_of_the_form(self):
        views = self.env[MODEL].with_user(self.planner).get_views([(False, "form"), (False, "kanban"), (False, "list")])
        for view in ("form", "kanban", "list"):
            names = list(views["models"][MODEL]["fields"]) if view == "form" else ["display_name"]
            self.question.with_user(self.planner).read(names)

    def test_nobody_else_answers(self):
        for user in (self.salesperson, self.leader, self.other_planner, self.stock, self.finance, self.stranger):
            with self.subTest(user.login):
                for method, values in (("action_answer", {"date": "2030-01-20"}), ("action_cannot_say", {})):
                    self._assert_refused(FORBIDDEN, user, MODEL, method, ids=self.question.ids, **values)
        self.assertEqual(self.question.state, "asked")

    def test_managers_of_sales_and_stock_answer(self):
        for user in (self.manager, self.stock_manager):
            with self.subTest(user.login):
                self._call(user, MODEL, "action_answer", ids=self.question.ids, date="2030-01-20")
                self.assertEqual(self.question.answered_by_id, user)

    def test_others_do_not_see_it(self):
        for user in (self.other_planner, self.stock, self.finance, self.stranger):
            with self.subTest(user.login):
                self.assertFalse(self._call(user, MODEL, "search_count", domain=[]))
        for user in (self.salesperson, self.leader, self.manager, self.stock_manager):
            with self.subTest(user.login):
                self.assertEqual(self._call(user, MODEL, "search_count", domain=[]), 1)

    def test_nobody_writes_creates_or_deletes(self):
        values = {"line_id": self.line.id, "product_id": self.bracket.id, "planner_id": self.salesperson.id}
        values |= {"company_id": self.company.id, "state": "answered"}
        for user in (self.planner, self.salesperson, self.manager, self.stock_manager):
            with self.subTest(user.login):
                for vals in (
                    {"state": "answered", "answered_date": "2030-01-01"},
                    {"planner_id": user.id},
                    {"lapses_at": "2040-01-01"},
                ):
                    self._assert_refused(FORBIDDEN, user, MODEL, "write", ids=self.question.ids, vals=vals)
                self._assert_refused(FORBIDDEN, user, MODEL, "create", vals_list=[values])
                self._assert_refused(FORBIDDEN, user, MODEL, "unlink", ids=self.question.ids)

    def test_own_defaults_forge_no_answer(self):
        """Whoever may set defaults of his own decides nothing of what is created with more rights than he has."""
        for name, value in {"state": "answered", "note": "Yes", "answered_by_id": self.planner.id}.items():
            arguments = {"model_name": MODEL, "field_name": name, "value": value, "user_id": True}
            self._call(self.salesperson, "ir.default", "set", **arguments)
        line = self._quote(9).order_line
        self._call(
            self.salesperson, "sale.order.line", "action_ask_production", ids=line.ids, wished_date="2030-01-15"
        )
        question = self.questions.search([("line_id", "=", line.id)])
        self.assertEqual((question.state, question.asked_by_id), ("asked", self.salesperson))
        self.assertFalse(question.note or question.answered_by_id)

    def test_dialog_of_somebody_else_answers_nothing(self):
        values = {"question_ids": [Command.set(self.question.ids)], "date": "2030-01-20"}
        for user in (self.salesperson, self.other_planner):
            with self.subTest(user.login):
                with mute_logger("odoo.http"):
                    created = self._post(user, "sales.promise.answer", "create", vals_list=[values])
                if created.ok:
                    self._assert_refused(FORBIDDEN, user, "sales.promise.answer", "action_apply", ids=created.json())
        self.assertEqual(self.question.state, "asked")

    def test_stranger_asks_about_nobody_elses_lines(self):
        for user in (self.stranger, self.planner, self.stock):
            with self.subTest(user.login):
                self._assert_refused(
                    FORBIDDEN,
                    user,
                    "sale.order.line",
                    "action_ask_production",
                    ids=self.line.ids,
                    wished_date="2030-01-15",
                )

    def test_salesperson_asks_over_rpc(self):
        line = self._quote(9).order_line
        arguments = {"ids": line.ids, "wished_date": "2030-01-15"}
        self._call(self.salesperson, "sale.order.line", "action_ask_production", **arguments)
        self.assertEqual(self._get_open(line).planner_id, self.planner)
        self._assert_refused(
            REFUSED, self.salesperson, "sale.order.line", "action_ask_production", ids=line.ids, wished_date="soon"
        )

    def test_planner_of_another_company_is_not_asked(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        foreigner = new_test_user(self.env, "sm_foreigner", "base.group_user", company_id=other.id)
        foreigner.company_ids = other
        self.company.promise_planner_id = foreigner
        line = self._quote().order_line
        self._assert_refused(
            REFUSED,
            self.salesperson,
            "sale.order.line",
            "action_ask_production",
            ids=line.ids,
            wished_date="2030-01-15",
        )
