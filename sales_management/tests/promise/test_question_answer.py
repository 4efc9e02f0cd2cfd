from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .question_common import QuestionCommon


@tagged("post_install", "-at_install", "promise")
class TestQuestionAnswer(QuestionCommon):
    """Answers of planners: the date of the line, until they lapse."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Shanghai"

    def _answer(self, question, date="2030-01-20", note=None):
        question.action_answer(date, note)
        self.env.invalidate_all()

    def _get_facts(self, line):
        return self.env["sales.promise.fact"].search([("line_id", "=", line.id), ("kind", "=", "promised")], limit=1)

    # === Answering === #

    def test_answer_is_the_date_of_the_line(self):
        line = self._quote().order_line
        question = self._ask(line)
        self._answer(question, "2030-01-20", "If the steel comes")
        # Noon in Shanghai.
        self.assertEqual(line.promise_date, fields.Datetime.to_datetime("2030-01-20 04:00:00"))
        self.assertEqual(line.promise_confidence, "b")
        source = line._get_promise_detail()["source"]
        self.assertEqual((source["kind"], source["name"], source["date"]), ("planner", "Planner", "2030-01-20"))
        self.assertEqual(sum(step["qty"] for step in line._get_promise_detail()["steps"]), 5)
        self.assertEqual((question.state, question.note), ("answered", "If the steel comes"))
        self.assertFalse(self._get_todos(question))

    def test_asker_hears_of_it_and_the_planner_does_not(self):
        question = self._ask(self._quote().order_line)
        self._answer(question, note="If the steel comes")
        notice = self.env["sales.notice"].search([("kind_id.code", "=", "promise_answer")])
        self.assertEqual(notice.user_id, self.salesperson)
        for text in ("Bracket", "01/20/2030", "Planner", "If the steel comes"):
            self.assertIn(text, notice.body)

    def test_answer_is_a_fact_of_the_planner(self):
        line = self._quote().order_line
        self._answer(self._ask(line))
        fact = self._get_facts(line)
        self.assertEqual((fact.user_id, fact.vendor_id), (self.planner, self.env["res.partner"]))
        self.assertEqual((fact.promise_date, fact.confidence), (line.promise_date, "b"))
        self.assertIn("production", fact.reason)

    def test_answer_replaces_what_the_engine_says(self):
        with self._promising("e", "2031-01-01 12:00:00"):
            line = self._quote().order_line
            self.assertEqual(line.promise_confidence, "e")
        self._answer(self._ask(line))
        self.assertEqual(line.promise_confidence, "b")

    def test_cannot_say_leaves_the_date_and_tells(self):
        line = self._quote().order_line
        question = self._ask(line)
        question.action_cannot_say("No capacity")
        self.assertEqual((question.state, line.promise_date), ("declined", False))
        self.assertFalse(self._get_todos(question))
        notice = self.env["sales.notice"].search([("kind_id.code", "=", "promise_answer")])
        self.assertEqual(notice.user_id, self.salesperson)
        self.assertIn("No capacity", notice.body)

    def test_planner_may_answer_anew(self):
        line = self._quote().order_line
        question = self._ask(line)
        self._answer(question, "2030-01-20")
        self._answer(question, "2030-01-25")
        self.assertEqual(line.promise_date, fields.Datetime.to_datetime("2030-01-25 04:00:00"))
        question.action_cannot_say()
        self.assertFalse(line.promise_date)

    def test_last_answer_about_a_line_counts(self):
        self.company.promise_ask_always = True
        line = self._quote().order_line
        first = self._ask(line)
        self._answer(first, "2030-01-25")
        second = self._ask(line)
        self._answer(second, "2030-01-20")
        self.assertEqual((first.state, second.state), ("withdrawn", "answered"))
        self.assertEqual(line.promise_date, fields.Datetime.to_datetime("2030-01-20 04:00:00"))

    def test_days_that_are_none_are_refused(self):
        question = self._ask(self._quote().order_line)
        yesterday = fields.Date.today() - timedelta(days=2)
        for date in (None, "", "soon", "2030-13-01", yesterday, "9999-01-01", 7):
            with self.subTest(date=date), self.assertRaises(UserError):
                question.action_answer(date)
        self.assertEqual(question.state, "asked")

    def test_dialog_answers_several(self):
        questions = self._ask(self._quote(5).order_line) | self._ask(self._quote(7).order_line)
        action = questions.action_open_answer()
        answer = self.env["sales.promise.answer"].with_user(self.planner).with_context(**action["context"]).create({})
        self.assertEqual(answer.date, fields.Date.to_date("2030-01-15"))
        self.assertIn("7 Units", answer.summary)
        answer.action_apply()
        self.assertEqual(set(questions.mapped("state")), {"answered"})

    def test_withdrawn_question_is_not_answered(self):
        order = self._quote()
        question = self._ask(order.order_line)
        order.action_cancel()
        with self.assertRaisesRegex(UserError, "Nobody waits"):
            question.action_answer("2030-01-20")

    # === How long it counts === #

    def test_answer_lapses_and_the_salesperson_is_told(self):
        self.company.promise_answer_days = 3
        with self._promising("e", "2031-01-01 12:00:00"):
            line = self._quote().order_line
        question = self._ask(line)
        self._answer(question)
        cron = self.env.ref("sales_management.ir_cron_lapse_answers")
        with freeze_time(fields.Datetime.now() + timedelta(days=2)), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(question.state, "answered")
        with freeze_time(fields.Datetime.now() + timedelta(days=4)), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(question.state, "lapsed")
        self.assertNotEqual(line.promise_confidence, "b")
        notices = self.env["sales.notice"].search([("kind_id.code", "=", "promise_answer")])
        self.assertIn(
            "lapsed", " ".join(notices.filtered(lambda notice: notice.user_id == self.salesperson).mapped("cause"))
        )

    def test_answer_that_cannot_lapse_holds_up_no_other(self):
        questions = [self._ask(self._quote().order_line) for _number in range(3)]
        for question in questions:
            self._answer(question)
        broken, questions = questions[0].id, self.questions.union(*questions)
        tell = type(self.questions)._tell_lapsed

        def fail(told):
            if broken in told.ids:
                raise ValueError("broken")
            tell(told)

        self.patch(type(self.questions), "_tell_lapsed", fail)
        cron = self.env.ref("sales_management.ir_cron_lapse_answers")
        with (
            freeze_time(fields.Datetime.now() + timedelta(days=60)),
            self.enter_registry_test_mode(),
            mute_logger("odoo.addons.sales_management.models.promise.sales_promise_question_answer"),
        ):
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(questions.mapped("state"), ["answered", "lapsed", "lapsed"])

    def test_confirmed_order_keeps_its_answer(self):
        order = self._quote()
        question = self._ask(order.order_line)
        self._answer(question)
        order.action_confirm()
        with freeze_time(fields.Datetime.now() + timedelta(days=60)), self.enter_registry_test_mode():
            self.env.ref("sales_management.ir_cron_lapse_answers").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(question.state, "answered")

    def test_answer_holds_for_less_and_not_for_more(self):
        order = self._quote(5)
        line = order.order_line
        question = self._ask(line)
        self._answer(question)
        line.product_uom_qty = 3
        self.assertEqual((question.state, line.promise_confidence), ("answered", "b"))
        line.product_uom_qty = 6
        self.assertEqual(question.state, "withdrawn")
        self.assertNotEqual(line.promise_confidence, "b")
        self.assertFalse(self._get_open(line))

    def test_answer_does_not_hold_for_another_product(self):
        order = self._quote(5)
        question = self._ask(order.order_line)
        self._answer(question)
        order.order_line.product_id = self.bolt
        self.assertEqual(question.state, "withdrawn")
        self.assertNotEqual(order.order_line.promise_confidence, "b")

    # === Revisions === #

    def test_revision_takes_the_answer_along_and_its_discarding_gives_it_back(self):
        self.company.sales_quotation_enabled = True
        order = self._quote(5)
        question = self._ask(order.order_line)
        self._answer(question)
        revision = self.env["sale.order"].browse(order.action_create_revision()["res_id"])
        self.assertEqual(question.state, "withdrawn")
        self.assertEqual(revision.order_line.promise_confidence, "b")
        self.assertEqual(revision.order_line.promise_date, fields.Datetime.to_datetime("2030-01-20 04:00:00"))
        revision.action_discard_revision()
        self.assertEqual(question.state, "answered")
        self.assertEqual(order.order_line.promise_confidence, "b")
