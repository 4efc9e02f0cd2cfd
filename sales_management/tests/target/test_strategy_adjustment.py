"""Adjustments of the strategy: what their figure was, is, and whether they worked."""

from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.common import DealCommon

CHANGE = date(2026, 3, 1)
JUDGED = date(2026, 4, 29)


@tagged("post_install", "-at_install", "target")
class TestStrategyAdjustment(DealCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sales_target_enabled = True
        cls.adjustment = cls.env["sales.strategy.adjustment"]

    def _win(self, day, won=True, count=1, **values):
        deals = self._create_deals(count, company_id=self.env.company.id, **values)
        for deal in deals:
            deal.action_set_won() if won else deal.action_set_lost()
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_lead SET date_closed = %s WHERE id = ANY(%s)", [day, deals.ids])
        self.env.invalidate_all()

    def _adjust(self, user=None, **values):
        adjustments = self.adjustment.with_user(user) if user else self.adjustment
        return adjustments.create(
            {
                "name": "Quote within a day",
                "indicator": "win_rate",
                "team_id": self.team.id,
                "date_from": CHANGE,
                "date_due": JUDGED,
                "target": 40,
                "owner_id": self.leader.id,
                **values,
            }
        )

    def test_the_baseline_is_of_as_many_days_before(self):
        # Sixty days before the change begin on 31 December.
        self._win(date(2025, 12, 31))
        self._win(date(2025, 12, 30), won=False)
        self._win(date(2026, 2, 28), won=False, count=3)
        self._win(date(2026, 3, 2), won=True)
        self.assertEqual(self._adjust().baseline, 25)

    def test_it_worked_when_the_figure_reached_the_target(self):
        self._win(date(2026, 3, 10), count=2)
        self._win(date(2026, 3, 20), won=False, count=3)
        with freeze_time("2026-04-30"):
            worked, failed = self._adjust(), self._adjust(target=41)
            (worked | failed).action_judge()
        self.assertEqual((worked.actual, worked.state, failed.state), (40, "worked", "failed"))

    def test_less_is_better_of_some_figures(self):
        with freeze_time("2026-04-30"):
            adjustment = self._adjust(indicator="won_deals", target=1)
            fewer = self._adjust(indicator="skip_rate", target=5)
            (adjustment | fewer).action_judge()
        self.assertEqual((adjustment.state, fewer.state), ("failed", "worked"))

    def test_the_share_that_worked_leaves_out_what_is_under_way(self):
        adjustments = self.adjustment.union(*(self._adjust() for _number in range(4)))
        adjustments[0].state = adjustments[1].state = "worked"
        adjustments[2].state = "failed"
        domain = [("id", "in", adjustments.ids)]
        [(rate,)] = self.adjustment._read_group(domain, [], ["worked_rate:avg"])
        self.assertAlmostEqual(rate, 200 / 3)
        domain.append(("state", "=", "open"))
        [(rate,)] = self.adjustment._read_group(domain, [], ["worked_rate:avg"])
        self.assertFalse(rate)

    def test_the_job_judges_what_has_come_to_its_day_once(self):
        with freeze_time("2026-03-15"):
            due, later = self._adjust(date_due=date(2026, 3, 10)), self._adjust()
            self.adjustment._cron_judge()
            self.adjustment._cron_judge()
        self.assertEqual((due.state, later.state), ("failed", "open"))
        self.assertTrue(later.actual_at)
        self.assertEqual(len(due.activity_ids), 1)
        self.assertEqual(due.activity_ids.user_id, self.leader)

    def test_the_job_leaves_companies_alone_that_have_no_targets(self):
        self.env.company.sales_target_enabled = False
        with freeze_time("2026-06-01"):
            adjustment = self._adjust()
            self.adjustment._cron_judge()
        self.assertEqual(adjustment.state, "open")

    def test_what_begins_later_is_not_judged(self):
        tomorrow = date.today() + timedelta(days=5)
        adjustment = self._adjust(date_from=tomorrow, date_due=tomorrow + timedelta(days=30))
        with self.assertRaisesRegex(UserError, "begin later"):
            adjustment.action_judge()

    def test_it_is_judged_after_it_was_made(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._adjust(date_due=CHANGE)

    def test_the_team_is_of_the_company(self):
        other = self.env["res.company"].create({"name": "Branch"})
        self.other_team.company_id = other
        with self.assertRaisesRegex(ValidationError, "another company"):
            self._adjust(team_id=self.other_team.id)

    def test_the_figure_opens_the_rows_that_it_is_read_from(self):
        self._win(date(2026, 3, 10), count=2)
        adjustment = self._adjust()
        action = adjustment.action_open_records()
        found = self.env[action["res_model"]].with_context(**action["context"]).search_count(action["domain"])
        self.assertEqual(found, 2)

    # === Rights === #

    def test_leaders_adjust_their_teams_and_salespeople_see_their_own(self):
        mine = self._adjust(user=self.leader)
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            self._adjust(user=self.leader, team_id=self.other_team.id)
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            self._adjust(user=self.salesperson, owner_id=self.salesperson.id)
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            mine.with_user(self.salesperson).action_judge()
        theirs = self._adjust(user_id=self.salesperson.id)
        seen = self.adjustment.with_user(self.salesperson).search([("id", "in", (mine | theirs).ids)])
        self.assertEqual(seen, theirs)
        seen = self.adjustment.with_user(self.manager).search([("id", "in", (mine | theirs).ids)])
        self.assertEqual(seen, mine | theirs)
