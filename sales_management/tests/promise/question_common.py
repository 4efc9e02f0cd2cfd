from contextlib import contextmanager
from unittest.mock import patch

from odoo import fields
from odoo.tests import new_test_user

from odoo.addons.sales_management.tests.common import DealDocumentCommon
from odoo.addons.sales_management.tools.promise import PromiseResult, PromiseSource, PromiseStep

from .hold_common import get_first_definition


class QuestionCommon(DealDocumentCommon):
    """A company that promises dates, whose planner sees nothing of sales, and goods that nobody knows a date of."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.sales_promise_enabled = True
        cls.planner = new_test_user(cls.env, "sm_planner", "base.group_user", name="Planner", company_id=cls.company.id)
        cls.company.promise_planner_id = cls.planner
        cls.bracket = cls.env["product.product"].create({"name": "Bracket", "type": "consu", "is_storable": True})
        cls.questions = cls.env["sales.promise.question"]

    @classmethod
    def _quote(cls, quantity=5, user=None, **values):
        """A quotation of the salesperson for one line that nothing tells the date of."""
        user = user or cls.salesperson
        order = cls._create_order(
            user_id=user.id,
            team_id=cls.team.id,
            order_line=[fields.Command.create({"product_id": cls.bracket.id, "product_uom_qty": quantity})],
            **values,
        )
        return order.with_user(user)

    def _ask(self, line, wished_date="2030-01-15", note=None):
        """:return: the question that was asked, as the planner sees it"""
        line.action_ask_production(wished_date, note)
        return self._get_open(line).with_user(self.planner)

    def _get_open(self, line):
        return self.questions.search([("line_id", "=", line.id), ("state", "=", "asked")])

    def _get_todos(self, questions):
        return self.env["mail.activity"].search(
            [("res_model", "=", "sales.promise.question"), ("res_id", "in", questions.ids)]
        )

    @contextmanager
    def _promising(self, confidence="a", date="2030-02-01 12:00:00"):
        """What stock and supply tell of every line."""
        moment = fields.Datetime.to_datetime(date)

        def promise(lines):
            step = PromiseStep(moment, 1, PromiseSource("stock"), confidence)
            return {line: PromiseResult(line.id, moment, (step,), confidence, step.source, None) for line in lines}

        first = get_first_definition(self.env["sale.order.line"], "_get_line_promises")
        with patch.object(first, "_get_line_promises", promise):
            yield
