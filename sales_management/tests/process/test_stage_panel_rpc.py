from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_management.tests.process.test_stage_panel import PanelMixin
from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, REFUSED, AccessCommon


@tagged("post_install", "-at_install", "access")
class TestStagePanelRpc(PanelMixin, AccessCommon):
    """The dialog over real RPC: what its buttons hide, the server refuses."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_process()
        cls.all_deals.write({"stage_id": cls.requirements.id})

    def test_nobody_but_a_manager_overrides(self):
        for user in (self.salesperson, self.leader):
            change_id = self._open(user, self.mate_deal)
            for method in ("action_move", "action_move_anyway"):
                with self.subTest(user=user.login, method=method):
                    message = self._assert_refused(REFUSED, user, "sales.stage.change", method, ids=change_id)
                    self.assertIn("Call summary", message)
            self._assert_refused(REFUSED, user, "crm.lead", "action_move_on", **self._get_move_on())
        self.assertEqual(self.mate_deal.stage_id, self.requirements)
        change_id = self._open(self.manager, self.mate_deal)
        self._call(self.manager, "sales.stage.change", "action_move_anyway", ids=change_id)
        self.assertEqual(self.mate_deal.stage_id, self.proposal)

    def test_deals_of_others_are_neither_shown_nor_moved(self):
        values = {"lead_ids": [Command.set(self.foreign_deal.ids)]}
        self._assert_refused(FORBIDDEN, self.salesperson, "sales.stage.change", "create", vals_list=[values])
        # Or the deal goes to somebody else while the dialog is open.
        self._complete(self.mate_deal)
        change_id = self._open(self.salesperson, self.mate_deal)
        self.mate_deal.write({"user_id": self.stranger.id, "team_id": self.other_team.id})
        rows = self._call(self.salesperson, "sales.stage.change", "read", ids=change_id, fields=["panels"])
        self.assertFalse(rows[0]["panels"])
        for method in ("action_move", "action_move_ready", "action_move_anyway"):
            message = self._assert_refused(REFUSED, self.salesperson, "sales.stage.change", method, ids=change_id)
            self.assertIn("given to somebody else", message)
        self.assertEqual((self.foreign_deal | self.mate_deal).stage_id, self.requirements)

    def test_dialogs_of_others_are_closed(self):
        change_id = self._open(self.manager, self.mate_deal)
        self._assert_refused(
            FORBIDDEN, self.salesperson, "sales.stage.change", "read", ids=change_id, fields=["reason"]
        )
        self._assert_refused(FORBIDDEN, self.finance, "sales.stage.change", "create", vals_list=[{}])

    def _open(self, user, deal):
        values = {"lead_ids": [Command.set(deal.ids)], "reason": "I say so"}
        return self._call(user, "sales.stage.change", "create", vals_list=[values])

    def _get_move_on(self):
        return {"ids": self.mate_deal.ids, "from_stage_id": self.requirements.id}
