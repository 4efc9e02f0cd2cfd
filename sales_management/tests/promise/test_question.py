from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .question_common import QuestionCommon


@tagged("post_install", "-at_install", "promise")
class TestQuestion(QuestionCommon):
    """Asking production, and questions that follow their lines."""

    # === Asking === #

    def test_question_gives_the_planner_one_todo(self):
        deal_class = self.env["sales.deal.class"].create({"name": "Key Account"})
        deal = self._create_deals()
        deal.deal_class_id = deal_class
        order = self._quote(5, opportunity_id=deal.id)
        question = self._ask(order.order_line, "2030-01-15", "Half of it earlier")
        self.assertEqual((question.product_id, question.quantity), (self.bracket, 5))
        self.assertEqual(question.wished_date, fields.Date.to_date("2030-01-15"))
        self.assertEqual(question.deal_class_id.sudo(), deal_class)
        self.assertEqual((question.planner_id, question.asked_by_id), (self.planner, self.salesperson))
        todo = self._get_todos(question)
        self.assertEqual(todo.user_id, self.planner)
        for text in ("Bracket", "01/15/2030", "Half of it earlier", "Key Account"):
            self.assertIn(text, todo.note)
        self.assertNotIn(self.customer.name, todo.note)
        notices = self.env["sales.notice"].search([("res_model", "=", question._name), ("res_id", "=", question.id)])
        self.assertEqual(notices.user_id, self.planner)

    def test_same_line_is_not_asked_about_twice(self):
        line = self._quote().order_line
        question = self._ask(line)
        self.assertEqual(self._ask(line, "2030-03-01"), question)
        self.assertEqual(self.questions.search_count([("line_id", "=", line.id)]), 1)
        self.assertEqual(len(self._get_todos(question)), 1)

    def test_dialog_asks_for_date_and_note(self):
        order = self._quote()
        order.promise_requested_date = "2030-01-10"
        action = order.order_line.action_ask_production()
        self.assertEqual(action["res_model"], "sales.promise.ask")
        self.assertFalse(self._get_open(order.order_line))
        ask = self.env["sales.promise.ask"].with_user(self.salesperson).with_context(**action["context"]).create({})
        self.assertEqual(ask.planner_names, "Planner")
        self.assertEqual(ask.wished_date, fields.Date.to_date("2030-01-10"))
        self.assertIn("Bracket", ask.summary)
        ask.note = "By truck"
        ask.action_ask()
        question = self._get_open(order.order_line)
        self.assertEqual((question.wished_date, question.comment), (fields.Date.to_date("2030-01-10"), "By truck"))

    def test_order_asks_about_all_lines_at_once(self):
        order = self._quote()
        order.order_line = [
            Command.create({"product_id": self.bracket.id, "product_uom_qty": 7}),
            Command.create({"display_type": "line_note", "name": "By truck"}),
        ]
        self.assertTrue(order.can_ask_production)
        action = order.action_open_ask_production()
        self.assertEqual(len(action["context"]["default_line_ids"]), 2)
        self._ask(order.order_line[0])
        self.assertEqual(order.promise_question_count, 1)
        action = order.action_open_ask_production()
        self.assertEqual(action["context"]["default_line_ids"], order.order_line[1].ids)
        self._ask(order.order_line[1])
        order.invalidate_recordset()
        self.assertFalse(order.can_ask_production)

    def test_quantity_is_in_the_unit_of_the_product(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._quote()
        order.order_line.product_uom_id = dozen
        order.order_line.product_uom_qty = 2
        self.assertEqual(self._ask(order.order_line).quantity, 24)

    # === What can be asked === #

    def test_known_date_needs_no_planner(self):
        with self._promising("a"):
            line = self._quote().order_line
            with self.assertRaisesRegex(UserError, "nothing to ask about.*Bracket"):
                line.action_ask_production("2030-01-15")
            self.assertFalse(line.order_id.can_ask_production)
            self.company.promise_ask_always = True
            self.assertTrue(self._ask(line))

    def test_lead_time_and_draft_supply_can_be_asked_about(self):
        for confidence in ("d", "e"):
            with self.subTest(confidence), self._promising(confidence):
                self.assertTrue(self._ask(self._quote().order_line))

    def test_orders_services_and_empty_lines_are_not_asked_about(self):
        service = self.env["product.product"].create({"name": "Fitting", "type": "service"})
        order = self._quote()
        confirmed = self._quote()
        confirmed.action_confirm()
        order.order_line = [Command.create({"product_id": service.id})]
        for line in (order.order_line.filtered(lambda line: line.product_id == service), confirmed.order_line):
            with self.subTest(line.product_id.name), self.assertRaises(UserError):
                line.action_ask_production("2030-01-15")
        order.order_line.product_uom_qty = 0
        with self.assertRaises(UserError):
            order.order_line[0].action_ask_production("2030-01-15")

    def test_nobody_is_asked_without_a_planner(self):
        self.company.promise_planner_id = False
        line = self._quote().order_line
        with self.assertRaisesRegex(UserError, "planner entered in the settings.*Bracket"):
            line.action_ask_production("2030-01-15")

    def test_wished_date_that_is_none_is_refused(self):
        with self.assertRaisesRegex(UserError, "2026-12-31"):
            self._quote().order_line.action_ask_production("soon")

    def test_switched_off_nothing_can_be_asked(self):
        self.company.sales_promise_enabled = False
        order = self._quote()
        self.assertFalse(order.can_ask_production)
        with self.assertRaises(UserError):
            order.order_line.action_ask_production("2030-01-15")

    # === Planners === #

    def test_category_comes_before_warehouse_before_company(self):
        users = [
            new_test_user(self.env, f"sm_planner_{name}", "base.group_user", company_id=self.company.id)
            for name in ("category", "warehouse")
        ]
        parent = self.env["product.category"].create({"name": "Steel"})
        self.bracket.categ_id = self.env["product.category"].create({"name": "Angles", "parent_id": parent.id})
        line = self._quote().order_line
        self.assertEqual(line._get_planners()[line], self.planner)
        line.warehouse_id.sudo().promise_planner_id = users[1]
        self.assertEqual(line._get_planners()[line], users[1])
        parent.promise_planner_id = users[0]
        self.assertEqual(line._get_planners()[line], users[0])
        users[0].active = False
        self.assertFalse(line._get_planners()[line])

    # === Following === #

    def test_open_question_is_asked_anew_when_its_line_changes(self):
        order = self._quote(5)
        question = self._ask(order.order_line, "2030-01-15", "By truck")
        order.order_line.product_uom_qty = 8
        self.assertEqual(question.state, "withdrawn")
        self.assertFalse(self._get_todos(question))
        again = self._get_open(order.order_line)
        self.assertEqual((again.quantity, again.comment), (8, "By truck"))
        self.assertEqual(again.asked_by_id, self.salesperson)
        self.assertEqual(self._get_todos(again).user_id, self.planner)

    def test_price_does_not_touch_questions(self):
        order = self._quote(5)
        question = self._ask(order.order_line)
        order.order_line.price_unit = 3
        self.assertEqual(question.state, "asked")

    def test_question_is_withdrawn_without_quantity(self):
        order = self._quote(5)
        question = self._ask(order.order_line)
        order.order_line.product_uom_qty = 0
        self.assertEqual(question.state, "withdrawn")
        self.assertFalse(self._get_open(order.order_line))

    def test_question_goes_with_its_line_and_order(self):
        order = self._quote(5)
        question = self._ask(order.order_line)
        todos = self._get_todos(question)
        order.order_line.unlink()
        self.assertFalse((question | self.questions).exists())
        self.assertFalse(todos.exists())
        order = self._quote(5)
        todos = self._get_todos(self._ask(order.order_line))
        order.sudo().unlink()
        self.assertFalse(todos.exists())

    def test_cancelling_withdraws(self):
        order = self._quote(5)
        question = self._ask(order.order_line)
        order.action_cancel()
        self.assertEqual(question.state, "withdrawn")
        self.assertFalse(self._get_todos(question))

    # === Cost === #

    def test_queries_do_not_grow_with_the_lines(self):
        def ask(count):
            order = self._quote()
            order.order_line = [
                Command.create({"product_id": self.bracket.id, "product_uom_qty": quantity})
                for quantity in range(1, count)
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order.order_line.action_ask_production("2030-01-15")
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        ask(2)
        few, many = ask(3), ask(30)
        # Messages of the chatter are written one by one by core.
        self.assertLess((many - few) / 27, 12)


    def test_switched_off_nobody_is_asked_any_more(self):
        open_one, answered = self._ask(self._quote().order_line), self._ask(self._quote().order_line)
        answered.action_answer("2030-01-20")
        self.company.sales_promise_enabled = False
        self.assertEqual((open_one.state, answered.state), ("withdrawn", "answered"))
        self.assertFalse(self._get_todos(open_one | answered))


@tagged("post_install", "-at_install", "promise")
class TestQuestionCompanies(QuestionCommon):
    """Companies with planners of their own."""

    def test_each_company_has_its_planner(self):
        other = self.setup_other_company()["company"]
        there = new_test_user(self.env, "sm_planner_there", "base.group_user", company_id=other.id)
        other.write({"sales_promise_enabled": True, "promise_planner_id": there.id})
        order = self.env["sale.order"].with_company(other).create(
            {
                "company_id": other.id,
                "partner_id": self.customer.id,
                "order_line": [Command.create({"product_id": self.bracket.id, "product_uom_qty": 3})],
            }
        )
        self.bracket.categ_id.with_company(self.company).promise_planner_id = self.planner
        lines = order.order_line | self._quote().sudo().order_line
        planners = lines._get_planners()
        self.assertEqual([planners[line] for line in lines], [there, self.planner])
        order.order_line.action_ask_production("2030-01-15")
        question = self._get_open(order.order_line)
        self.assertEqual((question.company_id, question.planner_id), (other, there))
        self.assertFalse(self.questions.with_user(self.planner).search([]))
        self.assertFalse(self.questions.with_user(self.manager).search([("id", "=", question.id)]))
