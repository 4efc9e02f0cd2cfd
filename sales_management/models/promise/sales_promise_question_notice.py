from odoo import models
from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

#: The type of to-dos that questions are.
ACTIVITY_TYPE = "sales_management.mail_activity_type_question"


class SalesPromiseQuestion(models.Model):
    """Who hears what of a question, and the to-do of the planner."""

    _inherit = "sales.promise.question"

    # === Notices === #

    def _tell_planners(self):
        """Tell those who are asked: a to-do for each question, and a message of the quarter of an hour for all."""
        if self:
            self._send_notice(
                "promise_question",
                self,
                {question: question.planner_id for question in self},
                _lt("Sales asks when it can be there"),
                lambda questions: {question: question._describe() for question in questions},
            )

    def _tell_askers(self):
        """Tell those who asked what the planner said."""
        told = {question: question._get_askers() for question in self}
        for state, cause in (
            ("answered", _lt("Production answered")),
            ("declined", _lt("Production cannot say")),
        ):
            questions = self.filtered(lambda question, state=state: question.state == state and told[question])
            if questions:
                self._send_notice(
                    "promise_answer",
                    questions,
                    {question: told[question] for question in questions},
                    cause,
                    lambda questions: {question: question._describe_answer() for question in questions},
                )

    def _tell_lapsed(self):
        """Tell those who asked that the answer no longer counts."""
        self._send_notice(
            "promise_answer",
            self,
            {question: question._get_askers() for question in self},
            _lt("An answer of production has lapsed: ask again"),
            lambda questions: {question: question._describe_answer() for question in questions},
        )

    def _get_askers(self):
        """Who waits for the answer: whoever asked and the salesperson, unless he answered himself."""
        self.ensure_one()
        return (self.asked_by_id | self.order_id.user_id) - self.answered_by_id

    # === Words === #

    def _describe(self):
        """:return: what is asked, in a line, without the customer: the planner need not know him"""
        self.ensure_one()
        parts = [
            self.display_name,
            self.wished_date and self.env._("wished on %(date)s", date=format_date(self.env, self.wished_date)),
            self.deal_class_id.name,
            self.comment,
        ]
        return " · ".join(filter(None, parts))

    def _describe_answer(self):
        """:return: what was answered, in a line"""
        self.ensure_one()
        parts = [
            self.order_id.name,
            self.display_name,
            self.answered_date and format_date(self.env, self._get_answered_day()),
            (self.answered_by_id or self.planner_id).name,
            self.note,
        ]
        return " · ".join(filter(None, parts))

    # === To-dos === #

    def _close_todos(self):
        """Take the to-dos of these away: what they asked for is said, or needed no more."""
        type_id = self.env["ir.model.data"]._xmlid_to_res_id(ACTIVITY_TYPE, raise_if_not_found=False)
        # sudo: to-dos of colleagues as well.
        activities = (
            self.env["mail.activity"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_id", "in", self.ids), ("activity_type_id", "=", type_id)])
        )
        activities.unlink()
