"""Every screen of targets and reports where there is nothing, one record, a future, a zero: figures, and no error."""

import json
import math
import re
from datetime import date, timedelta
from pathlib import Path

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.sales_management.models.reporting.spreadsheet_dashboard import NAMES
from odoo.addons.sales_management.tests.reporting.test_dashboards import Source
from odoo.addons.sales_management.tests.reporting.workbook_common import WorkbookCommon
from odoo.addons.sales_management.tools.sales_period import get_period

FOLDER = Path(__file__).parents[2] / "data" / "dashboards"
TARGET_FIGURES = ("actual", "attainment", "gap", "run_rate", "expected_at_end", "child_gap")
#: Figures of the reports that no board shows.
OTHERS = {
    "sales.trend.report": ["amount_untaxed:sum", "growth_rate:avg", "year_growth_rate:avg", "margin_rate:avg"],
    "sales.target.report": ["attainment:avg", "expected_attainment:avg"],
    "sales.retention.report": ["kept_rate:avg"],
    "sales.quotation.report": ["confirmation_rate:avg", "median_turnaround_hours:avg", "p90_turnaround_hours:avg"],
    "sales.forecast.report": ["expected_revenue:sum", "weighted_revenue:sum"],
    "sales.forecast.change": ["opening:sum", "closing:sum", "difference:sum"],
    "sales.forecast.accuracy": ["commit_error:avg", "best_error:avg", "weighted_error:avg"],
    "sales.strategy.adjustment": ["worked_rate:avg"],
}


@tagged("post_install", "-at_install", "reporting")
@freeze_time("2026-03-18 12:00:00")
class TestBadInput(WorkbookCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["sale.order"].search([("company_id", "=", cls.company.id), ("state", "=", "sale")])._action_cancel()
        cls.env["sales.target"].search([("company_id", "=", cls.company.id)]).unlink()

    # === Screens === #

    def _look_at_everything(self, user, first=date(2026, 3, 1), last=date(2026, 3, 31)):
        """Read all screens of a person; nothing that is no number may be on any."""
        self.env.flush_all()
        self.env.invalidate_all()
        env = self.env(user=user, context={"allowed_company_ids": self.company.ids})
        self._check_numbers(env["sales.right.now"].get_right_now())
        for source in self._iter_sources():
            model = env[source.model]
            if user == self.manager or model.has_access("read"):
                measures = [
                    name if ":" in name else f"{name}:{model._fields[name].aggregator}" for name in source.measures
                ]
                self._check_numbers(model.formatted_read_grouping_sets(source.domain, [[], source.groups], measures))
        for model, aggregates in OTHERS.items():
            self._check_numbers(env[model]._read_group([], [], aggregates))
        targets = env["sales.target"].search([("company_id", "=", self.company.id)])
        self._check_numbers([[target[name] for name in TARGET_FIGURES] for target in targets])
        book = self._make(user=user, first=first, last=last)
        self.assertEqual(book.state, "done", book.error)
        self.assertTrue(self._open(book).sheetnames)
        self._look_at_reviews(env)

    def _look_at_reviews(self, env):
        for weeks in (-1, 0, 1):
            begin = fields.Date.today() + timedelta(weeks=weeks)
            begin -= timedelta(days=begin.weekday())
            reviews = env["sales.review"].sudo()
            values = {"company_id": self.company.id, "user_id": env.uid, "date_from": begin}
            found = reviews.search([(name, "=", value) for name, value in values.items()])
            review = found or reviews.create({**values, "date_to": begin + timedelta(days=6)})
            content = review.with_env(env).content
            self.assertTrue(content)
            self.assertFalse(re.findall(r">-?(?:nan|inf|None|False)\b(?!\.)", content))

    def _iter_sources(self):
        for name in NAMES:
            data = json.loads((FOLDER / f"{name}_dashboard.json").read_text())
            yield from map(Source, data["pivots"].values())
            for sheet in data["sheets"]:
                yield from (
                    Source(figure["data"]) for figure in sheet["figures"] if figure["data"]["type"].startswith("odoo_")
                )

    def _check_numbers(self, value):
        if isinstance(value, float):
            self.assertTrue(math.isfinite(value), value)
        elif isinstance(value, dict):
            self._check_numbers(list(value.values()))
        elif isinstance(value, (list, tuple)):
            for part in value:
                self._check_numbers(part)

    def _target(self, amount=1000, day=date(2026, 3, 1), **values):
        return self.env["sales.target"].create({"metric": "ordered", "date_from": day, "amount": amount, **values})

    # === Cases === #

    def test_no_data(self):
        for user in (self.salesperson, self.leader, self.manager):
            self._look_at_everything(user)
        self.assertFalse(self.env["sales.trend.alert"]._make(self.company, get_period("month", date(2026, 2, 1))))

    def test_one_record(self):
        order = self._order(1)
        self._invoice(order)
        self._create_deals(company_id=self.company.id, expected_revenue=0)
        self._target()
        for user in (self.salesperson, self.leader, self.manager):
            self._look_at_everything(user)
        [(ordered,)] = self.env["sales.result"]._read_group(
            [("metric", "=", "ordered"), ("company_id", "=", self.company.id)], [], ["amount_untaxed:sum"]
        )
        self.assertEqual(ordered, 100)

    def test_a_period_in_the_future(self):
        self._order(3)
        later = self._target(500, date(2027, 1, 1))
        self.assertEqual((later.actual, later.attainment, later.run_rate, later.expected_at_end), (0, 0, 0, 0))
        self._look_at_everything(self.manager, date(2027, 1, 1), date(2027, 1, 31))
        cards = self.env["sales.scorecard"]._make(self.company, "month", date(2027, 1, 1))
        self._check_numbers(cards.mapped("total"))
        split = self.env["sales.target.split"].create({"target_id": later.id, "kind": "team", "method": "season"})
        self.assertEqual(sum(split.line_ids.mapped("amount")), 500)

    def test_a_target_of_zero(self):
        self._order(3)
        nothing = self._target(0, team_id=self.team.id)
        self.assertEqual((nothing.actual, nothing.attainment, nothing.gap), (300, 0, -300))
        own = self._target(0, team_id=self.team.id, user_id=self.salesperson.id, parent_id=nothing.id)
        self.assertEqual(nothing.child_gap, 0)
        self.assertEqual(own.actual, 300)
        for user in (self.salesperson, self.leader, self.manager):
            self._look_at_everything(user)
        split = self.env["sales.target.split"].create({"target_id": nothing.id, "kind": "person", "method": "equal"})
        self.assertFalse(any(split.line_ids.mapped("amount")))
        [(attainment,)] = self.env["sales.target.report"]._read_group(
            [("target_id", "=", nothing.id)], [], ["attainment:avg"]
        )
        self.assertFalse(attainment, "There is no share of nothing.")
        cards = self.env["sales.scorecard"]._make(self.company, "month", date(2026, 3, 1))
        self._check_numbers([*cards.mapped("total"), *cards.line_ids.mapped("points")])

    def test_a_team_without_members(self):
        empty = self.env["crm.team"].create({"name": "Nobody", "company_id": False})
        target = self._target(team_id=empty.id)
        self.assertEqual((target.actual, target.gap), (0, 1000))
        values = {"target_id": target.id, "kind": "person", "method": "equal"}
        with self.assertRaisesRegex(UserError, "Nobody"):
            self.env["sales.target.split"].new(values).line_ids.mapped("amount")
        empty.user_id = self.leader
        self._look_at_everything(self.leader)
        self._look_at_everything(self.manager)

    def test_who_changed_teams_in_the_middle(self):
        self._order(2)
        member = self.env["crm.team.member"].search([("user_id", "=", self.salesperson.id)])
        member.unlink()
        self.env["crm.team.member"].create({"user_id": self.salesperson.id, "crm_team_id": self.other_team.id})
        self._order(3, team_id=self.other_team.id)
        results = self.env["sales.result"]._read_group(
            [("metric", "=", "ordered"), ("company_id", "=", self.company.id)], ["team_id"], ["amount_untaxed:sum"]
        )
        self.assertEqual(dict(results), {self.team: 200, self.other_team: 300})
        own = self._target(user_id=self.salesperson.id)
        self.assertEqual((self._target(team_id=self.team.id).actual, own.actual), (200, 500))
        for user in (self.salesperson, self.leader, self.manager):
            self._look_at_everything(user)

    def test_a_closed_period_that_is_reopened(self):
        february = date(2026, 2, 1)
        order = self._order(4)
        order.date_order = "2026-02-10 12:00:00"
        target = self._target(800, february)
        target.action_close()
        self.assertEqual((target.state, target.actual), ("closed", 400))
        late = self._order(1)
        late.date_order = "2026-02-11 12:00:00"
        self.assertEqual(target.actual, 400, "What was told stays.")
        self._look_at_everything(self.manager, february, february + relativedelta(day=31))
        self.env["sales.target.reopen"].create({"target_ids": target.ids, "reason": "late order"}).action_apply()
        self.assertEqual((target.state, target.actual, target.gap), ("open", 500, 300))
        self._look_at_everything(self.manager, february, february + relativedelta(day=31))
