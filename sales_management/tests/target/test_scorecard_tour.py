"""Scorecards and strategy adjustments in a browser, in both languages."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.sales_management.tests.common import ChineseMixin, DealCommon


@tagged("post_install", "-at_install", "target")
class TestScorecardTour(DealCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.write({"sales_target_enabled": True, "sales_month_start": 1})
        # The bot's greeting covers the screen.
        people = cls.manager | cls.leader | cls.salesperson
        people.sudo().odoobot_state = "disabled"
        indicators = cls.env["sales.scorecard.indicator"]
        indicators.search([("active", "=", True)]).active = False
        indicators.create({"name": "Wins", "source": "win_rate", "weight": 100, "wanted": 100})
        cls.env["crm.team.member"].search([("crm_team_id", "!=", cls.team.id)]).unlink()

    def _close(self, won, name, day=None):
        deal = self._create_deals(company_id=self.company.id)
        deal.name = name
        deal.action_set_won() if won else deal.action_set_lost()
        deal.date_closed = day or fields.Datetime.now()

    def test_scorecards_are_published_and_found(self):
        today = self.company._get_sales_today()
        self._close(True, "Deal 1")
        self._close(False, "Deal 2")
        cards = self.env["sales.scorecard"]._make(self.company, "month", today)
        mine = cards.filtered(lambda card: card.user_id == self.salesperson)
        self.start_tour("/odoo/scorecards", "scorecard_publish", login=self.manager.login)
        self.assertEqual((mine.state, mine.total), ("published", 50))
        self.browser_size = "390x844"
        self.start_tour("/odoo/scorecards", "scorecard_own", login=self.salesperson.login)

    def test_a_leader_adjusts_and_reads_what_came_of_it(self):
        self._close(True, "Deal 1", fields.Datetime.now() - timedelta(minutes=1))
        self.start_tour("/odoo/strategy-adjustments", "strategy_adjustment", login=self.leader.login)
        adjustment = self.env["sales.strategy.adjustment"].search([("owner_id", "=", self.leader.id)])
        self.assertEqual((adjustment.indicator, adjustment.target, adjustment.actual), ("win_rate", 60, 100))


@tagged("post_install", "-at_install", "target")
class TestScorecardChineseTour(ChineseMixin, TestScorecardTour):
    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._speak_chinese(cls.manager | cls.leader | cls.salesperson)
