"""Forecasts: categories, what changed since a week, accuracy, and that no sum is lost between two of them."""

import random
from collections import defaultdict
from datetime import date, datetime, timedelta

from freezegun import freeze_time
from psycopg2 import DatabaseError

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.sales_management.tests.common import DealCommon

MONDAY = date(2026, 6, 1)


@tagged("post_install", "-at_install", "target")
class TestForecast(DealCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.partner_id.tz = "UTC"
        cls.company.sales_month_start = 1
        cls.snapshot = cls.env["sales.forecast.snapshot"]
        cls.report = cls.env["sales.forecast.report"]
        cls.change = cls.env["sales.forecast.change"]
        cls.env["crm.lead"].search([("type", "=", "opportunity")]).type = "lead"
        cls.env["crm.stage"].search([]).forecast_category = False
        cls.company.sales_target_enabled = True
        stages = cls.env["crm.stage"].search([("is_won", "=", False)], order="sequence, id")
        cls.early, cls.late = stages[0], stages[-1]

    def _deal(self, amount=100, day=date(2026, 6, 15), **values):
        defaults = {"company_id": self.company.id, "stage_id": self.early.id, "probability": 50}
        return self._create_deals(**{**defaults, "expected_revenue": amount, "date_deadline": day, **values})

    def _take(self, day=MONDAY):
        with freeze_time(day):
            return self.snapshot._take(self.company)

    def _win(self, deal, day):
        deal.action_set_won()
        self.env.flush_all()
        moment = datetime.combine(day, datetime.min.time())
        self.env.cr.execute("UPDATE crm_lead SET date_closed = %s WHERE id = ANY(%s)", [moment, deal.ids])
        self.env.invalidate_all()

    # === Categories === #

    def test_stages_begin_with_what_they_usually_mean(self):
        stages = self.env["crm.stage"].search([("is_won", "=", False)], order="sequence, id")
        self.assertEqual(stages[-2:].mapped("forecast_category"), ["best_case", "commit"])
        self.late.forecast_category = "pipeline"
        self.env["crm.stage"]._fill_forecast_categories()
        self.assertEqual(self.late.forecast_category, "pipeline")

    def test_a_deal_is_what_its_stage_or_its_salesperson_says(self):
        deal, sure = self._deal(), self._deal(stage_id=self.late.id)
        judged = self._deal(stage_id=self.late.id, forecast_override="omitted")
        won, lost = self._deal(forecast_override="commit"), self._deal()
        won.action_set_won()
        lost.action_set_lost()
        deals = deal | sure | judged | won | lost
        self.assertEqual(deals.mapped("forecast_category"), ["pipeline", "commit", "omitted", "closed", "omitted"])
        leads = self.env["crm.lead"].with_context(active_test=False)
        for category in ("pipeline", "best_case", "commit", "closed", "omitted"):
            found = leads.search([("id", "in", deals.ids), ("forecast_category", "in", [category])])
            self.assertEqual(found, deals.filtered(lambda lead, c=category: lead.forecast_category == c), category)
        rows = {row.lead_id: row.category for row in self.report.search([("lead_id", "in", deals.ids)])}
        self.assertEqual(rows, {lead: lead.forecast_category for lead in deals - lost})

    def test_the_report_says_what_deals_bring_and_when(self):
        self._deal(1000, probability=30)
        won = self._deal(500)
        self._win(won, date(2026, 6, 30))
        self._deal(70, day=False)
        rows = self.report._read_group(
            [("company_id", "=", self.company.id)], ["category"], ["expected_revenue:sum", "weighted_revenue:sum"]
        )
        self.assertIn(("closed", 500, 500), rows)
        [(expected, weighted)] = self.env.execute_query(
            SQL(
                "SELECT sum(expected_revenue), sum(expected_revenue * probability::numeric / 100) FROM crm_lead "
                "WHERE type = 'opportunity' AND active AND won_status = 'pending' AND company_id = %s",
                self.company.id,
            )
        )
        [open_row] = [row for row in rows if row[0] == "pipeline"]
        self.assertEqual((open_row[1], open_row[2]), (float(expected), float(weighted)))
        self.company.partner_id.tz = "Asia/Shanghai"
        self.env.cr.execute("UPDATE crm_lead SET date_closed = '2026-06-30 20:00:00' WHERE id = %s", [won.id])
        self.env.invalidate_all()
        self.assertEqual(self.report.search([("lead_id", "=", won.id)]).date, date(2026, 7, 1))

    # === Snapshots === #

    def test_a_week_is_taken_once_and_stays(self):
        deal = self._deal(100)
        self._deal(50).action_set_won()
        self.assertEqual(self._take(), 1)
        self.assertEqual(self._take(MONDAY + timedelta(days=6)), 0)
        row = self.snapshot.search([("lead_id", "=", deal.id)])
        self.assertEqual((row.amount, row.weighted, row.category, row.date), (100, 50, "pipeline", MONDAY))
        self.assertEqual((row.deal_number, row.user_name), (deal.deal_number, self.salesperson.name))
        deal.expected_revenue = 900
        deal.unlink()
        self.env.invalidate_all()
        self.assertEqual((row.amount, row.lead_id.id, bool(row.deal_name)), (100, False, True))
        self.assertEqual(self._take(MONDAY + timedelta(days=7)), 0)
        with self.assertRaises(DatabaseError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute("UPDATE sales_forecast_snapshot SET amount = 1")

    def test_the_job_takes_only_companies_that_use_targets(self):
        self._deal(100)
        self.company.sales_target_enabled = False
        self._run_job()
        self.assertFalse(self.snapshot.search_count([("company_id", "=", self.company.id)]))
        self.company.sales_target_enabled = True
        self._run_job()
        self.assertTrue(self.snapshot.search_count([("company_id", "=", self.company.id)]))

    def _run_job(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("sales_management.ir_cron_take_forecast").method_direct_trigger()
        self.env.invalidate_all()

    # === Changes === #

    def _get_changes(self):
        rows = self.change.search([("company_id", "=", self.company.id)])
        return {row.lead_id: row.kind for row in rows}

    def test_every_deal_is_one_of_the_kinds(self):
        names = ("won", "lost", "gone", "slipped", "pulled_in", "reclassed", "up", "down", "unchanged", "undated")
        deals = {name: self._deal(100, date(2026, 7, 15)) for name in names}
        self._take()
        deals["won"].action_set_won()
        deals["lost"].action_set_lost()
        deals["gone"].active = False
        deals["gone"].probability = 20
        deals["slipped"].date_deadline = date(2026, 8, 1)
        deals["slipped"].expected_revenue = 500
        deals["pulled_in"].date_deadline = date(2026, 6, 1)
        deals["undated"].date_deadline = False
        deals["reclassed"].forecast_override = "commit"
        deals["up"].expected_revenue = 101
        deals["down"].expected_revenue = 99
        new = self._deal(7)
        kinds = self._get_changes()
        expected = {deal: name for name, deal in deals.items()} | {deals["undated"]: "slipped", new: "new"}
        self.assertEqual(kinds, expected)

    def test_opening_and_changes_make_the_closing(self):
        dice = random.Random(7)
        days = [date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 30), date(2026, 7, 1), False]
        deals = self.env["crm.lead"].union(*(self._deal(dice.randint(0, 900), dice.choice(days)) for _n in range(25)))
        self._take()
        before = self._sum_open(deals)
        for deal in deals[:20]:
            self._change(deal, dice, days)
        deals |= self._deal(333) | self._deal(11, False, team_id=self.other_team.id)
        self.env.flush_all()
        after = self._sum_open(deals)
        rows = self.change.search([("company_id", "=", self.company.id)])
        opening, closing = defaultdict(float), defaultdict(float)
        for row in rows:
            self.assertEqual(row.opening + row.difference, row.closing)
            opening[row.month, row.team_id] += row.opening
            closing[row.month, row.team_id] += row.closing
        self.assertEqual({key: value for key, value in opening.items() if value}, before)
        self.assertEqual({key: value for key, value in closing.items() if value}, after)
        self.assertEqual(len(rows.ids), len(set(rows.ids)))

    def _change(self, deal, dice, days):
        what = dice.randint(0, 6)
        if what == 0:
            deal.action_set_won()
        elif what == 1:
            deal.action_set_lost()
        elif what == 2:
            deal.forecast_override = dice.choice(["commit", "omitted"])
        elif what == 3:
            deal.write({"team_id": self.other_team.id, "date_deadline": dice.choice(days)})
        elif what == 4:
            deal.unlink()
        else:
            deal.write({"expected_revenue": dice.randint(0, 900), "date_deadline": dice.choice(days)})

    def _sum_open(self, deals):
        sums = defaultdict(float)
        for deal in deals.exists().filtered(lambda lead: lead.active and lead.won_status == "pending"):
            if deal.forecast_category != "omitted" and deal.expected_revenue:
                day = deal.date_deadline
                sums[day and day.replace(day=1), deal.team_id] += deal.expected_revenue
        return dict(sums)

    def test_a_week_old_forecast_is_compared(self):
        today = date.today()
        deal = self._deal(100)
        for back, amount in ((16, 50), (9, 60), (2, 70)):
            deal.expected_revenue = amount
            self._take(today - timedelta(days=back))
        row = self.change.search([("lead_id", "=", deal.id)])
        # Two of these days may lie in the same week, of which the first is kept.
        self.assertLessEqual(row.since, today - timedelta(days=5))
        self.assertGreater(row.since, today - timedelta(days=17))

    def test_months_begin_as_the_companys_do(self):
        self.company.sales_month_start = 26
        deal = self._deal(100, date(2026, 6, 25))
        self._take()
        deal.date_deadline = date(2026, 6, 26)
        rows = self.change.search([("lead_id", "=", deal.id)])
        self.assertEqual(set(rows.mapped("month")), {date(2026, 5, 26), date(2026, 6, 26)})
        self.assertEqual(set(rows.mapped("kind")), {"slipped"})

    # === Accuracy === #

    def test_a_forecast_is_held_to_what_was_won(self):
        commit = self._deal(400, date(2026, 3, 20), forecast_override="commit")
        best = self._deal(600, date(2026, 3, 25), forecast_override="best_case")
        self._deal(50, date(2026, 3, 25), forecast_override="omitted")
        self._take(date(2026, 2, 23))
        commit.expected_revenue = 999
        self._take(date(2026, 3, 9))
        commit.expected_revenue = 500
        self._win(commit, date(2026, 3, 28))
        best.date_deadline = date(2026, 4, 2)
        domain = [("company_id", "=", self.company.id), ("month", "=", date(2026, 3, 1)), ("horizon", "=", "start")]
        accuracy = self.env["sales.forecast.accuracy"]
        [row] = accuracy._read_group(
            domain,
            ["month:month"],
            ["commit_amount:sum", "best_amount:sum", "weighted_amount:sum", "won_amount:sum", "commit_error:avg"],
        )
        self.assertEqual(row[1:], (400, 1000, 500, 500, -20))
        [(nothing,)] = accuracy._read_group([*domain, ("team_id", "=", self.other_team.id)], [], ["commit_error:avg"])
        self.assertFalse(nothing)

    # === Rights === #

    def test_everybody_sees_the_forecast_of_their_own(self):
        mine = self._deal(1)
        others = self._deal(2, user_id=self.manager.id, team_id=self.other_team.id)
        self._take()
        models = (self.report, self.change, self.snapshot)
        for user, seen in ((self.salesperson, mine), (self.leader, mine), (self.manager, mine | others)):
            for model in models:
                rows = model.with_user(user).search([("company_id", "=", self.company.id)])
                self.assertEqual(rows.lead_id & (mine | others), seen, (user.login, model._name))
        for model in (*models, self.env["sales.forecast.accuracy"]):
            with self.assertRaises(AccessError), mute_logger("odoo.models"):
                model.with_user(self.finance).search([])
