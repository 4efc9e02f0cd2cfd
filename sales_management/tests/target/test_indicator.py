"""Indicators, each against SQL over the tables under its report; by company, person, team and zone."""

from datetime import date, datetime, timedelta

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.sales_management.tests.common import DealCommon

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


@tagged("post_install", "-at_install", "target")
class TestIndicator(DealCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.partner_id.tz = "UTC"
        cls.indicator = cls.env["sales.indicator"]

    def _close(self, won, moment=datetime(2026, 3, 10), **values):
        deal = self._create_deals(company_id=self.company.id, **values)
        deal.action_set_won() if won else deal.action_set_lost()
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_lead SET date_closed = %s WHERE id = %s", [moment, deal.id])
        self.env.invalidate_all()
        return deal

    def _read(self, code, by=None, first=FIRST, last=LAST, user=None, **domain):
        service = self.indicator.with_user(user) if user else self.indicator
        conditions = [(name, "=", record.id) for name, record in domain.items()]
        return service._get_values([code], self.company, first, last, by, conditions)[code]

    def test_win_rate_is_of_the_deals_that_were_closed(self):
        for won in (True, False, False):
            self._close(won)
        self._close(True, user_id=self.member.id)
        self._create_deals()
        [(expected,)] = self.env.execute_query(
            SQL(
                "SELECT 100.0 * count(*) FILTER (WHERE won_status = 'won') / count(*) FROM crm_lead "
                "WHERE won_status IN ('won', 'lost') AND type = 'opportunity' AND company_id = %s "
                "AND date_closed >= '2026-03-01' AND date_closed < '2026-04-01'",
                self.company.id,
            )
        )
        self.assertAlmostEqual(self._read("win_rate")[None], float(expected))
        by_person = self._read("win_rate", by="user_id")
        self.assertAlmostEqual(by_person[self.salesperson.id], 100 / 3)
        self.assertEqual(by_person[self.member.id], 100)
        self.assertEqual(self._read("win_rate", team_id=self.team, by="team_id")[self.team.id], 50)

    def test_nothing_closed_is_no_rate(self):
        self.assertEqual(self._read("win_rate", first=date(2031, 1, 1), last=date(2031, 1, 31)), {})

    def test_a_period_ends_by_the_clock_of_the_company(self):
        self._close(True, moment=datetime(2026, 3, 31, 20))
        self.assertEqual(self._read("win_rate", team_id=self.team), {None: 100})
        self.company.partner_id.tz = "Asia/Shanghai"
        self.assertEqual(self._read("win_rate", team_id=self.team), {})

    def test_every_indicator_is_read_for_each_person_in_as_many_queries(self):
        codes = list(self.indicator._get_indicators())
        self._close(True)
        self.indicator._get_values(codes, self.company, FIRST, LAST, "user_id")
        self._close(False, user_id=self.member.id)
        with self.assertQueryCount(len(codes) + 3):
            self.indicator._get_values(codes, self.company, FIRST, LAST, "user_id")

    def test_to_dos_count_for_whom_they_are_due_from(self):
        deal = self._create_deals(company_id=self.company.id)
        task = {"lead_id": deal.id, "name": "Call", "opened_at": datetime(2026, 3, 2), "due_at": datetime(2026, 3, 4)}
        self.env["sales.deal.task"].sudo().create(
            [
                {**task, "user_id": self.member.id, "state": "done", "done_at": datetime(2026, 3, 3)},
                {**task, "user_id": self.member.id, "state": "done", "done_at": datetime(2026, 3, 9)},
                {**task, "user_id": self.salesperson.id, "state": "done", "done_at": datetime(2026, 3, 3)},
            ]
        )
        by_person = self._read("on_time_rate", by="user_id")
        self.assertEqual((by_person[self.member.id], by_person[self.salesperson.id]), (50, 100))
        self.assertEqual(self._read("on_time_rate", user_id=self.member), {None: 50})

    def test_everybody_reads_what_is_theirs(self):
        self._close(True, user_id=self.salesperson.id)
        self._close(False, user_id=self.manager.id, team_id=self.other_team.id)
        self.assertEqual(self._read("win_rate", user=self.salesperson), {None: 100})
        self.assertEqual(self._read("win_rate", user=self.leader, by="team_id"), {self.team.id: 100})
        both = self._read("win_rate", user=self.manager, by="team_id")
        self.assertEqual((both[self.team.id], both[self.other_team.id]), (100, 0))

    def test_days_of_the_period_are_all_in_it(self):
        last = LAST + timedelta(days=1)
        self._close(True, moment=datetime(2026, 3, 1))
        self._close(True, moment=datetime(last.year, last.month, last.day))
        won = self._read("won_deals", team_id=self.team)
        self.assertEqual(won, {None: 1})
