from odoo.tests import HttpCase, tagged

from odoo.addons.sales_management.tests.process.test_stage_panel import PanelCommon


@tagged("post_install", "-at_install", "process")
class TestStagePanelTour(PanelCommon, HttpCase):
    """The refusal, the dialog and the panel as people meet them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls._create_deals(name="Bolts for a bridge", stage_id=cls.requirements.id)

    def _start(self, tour, user=None, path=None):
        login = (user or self.salesperson).login
        self.start_tour(path or f"/odoo/crm/{self.deal.id}", tour, login=login)

    def test_refusal_in_the_kanban(self):
        self._start("stage_change_from_kanban", path="/odoo/crm")
        self.assertEqual(self.deal.stage_id, self.proposal)
        self.assertEqual(self.deal.stage_move_ids.mapped("direction"), ["forward"])
        self.assertFalse(self.deal.stage_move_ids.is_override)

    def test_refusal_in_the_form(self):
        self._start("stage_change_from_form")
        self.assertEqual(self.deal.stage_id, self.proposal)
        self.assertEqual(self.deal.deal_document_ids.user_id, self.salesperson)

    def test_refused_win_leaves_nothing_behind(self):
        self.deal.probability = 20
        self._start("stage_change_leaves_nothing")
        self.assertEqual((self.deal.stage_id, self.deal.probability), (self.requirements, 20))

    def test_forward_in_two_clicks_and_back(self):
        self._complete(self.deal)
        self._start("stage_panel_forward", path="/odoo/crm")
        self.assertEqual(self.deal.stage_id, self.requirements)
        self.assertEqual(self.deal.stage_move_ids.mapped("direction"), ["correction", "forward"])

    def test_missing_things_are_taken_in_place(self):
        self._start("stage_panel_in_place")
        self.assertEqual(self.deal.stage_blocker_count, 0)
        self.assertEqual(set(self.deal.deal_checklist_ids.mapped("done_by_id")), {self.salesperson})

    def test_manager_moves_it_anyway(self):
        self._start("stage_change_override", self.manager)
        move = self.deal.stage_move_ids
        self.assertTrue(move.is_override)
        self.assertEqual(move.reason, "The customer is in a hurry")
