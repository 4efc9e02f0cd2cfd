from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.sales_management.tests.common import ChineseMixin, DealDocumentCommon


@tagged("post_install", "-at_install", "reporting")
class TestBoardTour(DealDocumentCommon, HttpCase):
    """The board as people use it: read, drilled into, come back to; each sees what is theirs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sales_reporting_enabled = True

    def test_salesperson_drills_and_comes_back(self):
        mine = self._confirm_order(user_id=self.salesperson.id, team_id=self.team.id)
        other = self.env["res.partner"].create({"name": "Ningbo Marine"})
        theirs = self._confirm_order(partner_id=other.id, user_id=self.manager.id, team_id=self.other_team.id)
        (mine | theirs).date_order = fields.Datetime.now() - timedelta(days=3)
        self.start_tour("/odoo/sales-board", "sales_board", login=self.salesperson.login)

    def test_a_board_without_data_is_a_sample(self):
        self.env["sale.order"].search([("state", "=", "sale")])._action_cancel()
        self.assertFalse(self.env["sales.result"].with_user(self.salesperson).search_count([], limit=1))
        self.start_tour("/odoo/sales-board", "sales_board_sample", login=self.salesperson.login)

    def test_the_other_boards_open(self):
        self.env.company.sales_target_enabled = True
        self._confirm_order(user_id=self.salesperson.id, team_id=self.team.id)
        self.env["sales.target"].create({"metric": "ordered", "date_from": fields.Date.today(), "amount": 1000})
        deal = self._create_deals(company_id=self.env.company.id)
        deal.action_set_won()
        self.start_tour("/odoo/process-board", "sales_other_boards", login=self.manager.login)


@tagged("post_install", "-at_install", "reporting")
class TestBoardChineseTour(ChineseMixin, TestBoardTour):
    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._speak_chinese(cls.salesperson | cls.manager)
