from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_management.stage_history import fill_stage_history
from odoo.addons.sales_management.tests.common import DealCommon


@tagged("post_install", "-at_install", "process")
class TestStageMove(DealCommon):
    """Every change of a deal's stage is recorded, whatever caused it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Stages of earlier data would stand between ours.
        cls.env["crm.stage"].search([("id", "!=", False)]).write({"sequence": 0})
        cls.stages = cls.env["crm.stage"].create(
            [
                {"name": name, "sequence": 10 + position, "is_won": name == "Deal"}
                for position, name in enumerate(("First", "Second", "Third", "Fourth", "Deal"))
            ]
        )
        cls.first, cls.second, cls.third, cls.fourth, cls.won = cls.stages
        cls.deal = cls._create_deals(stage_id=cls.first.id)
        cls.env.flush_all()

    def _get_moves(self, deals=None):
        return (deals or self.deal).stage_move_ids.sorted("id")

    def _assert_moves(self, expected, deals=None):
        moves = self._get_moves(deals)
        self.assertEqual([(m.direction, m.from_stage_name, m.to_stage_name, m.skipped_count) for m in moves], expected)

    # === Directions === #

    def test_new_deal_has_no_move(self):
        self._assert_moves([])

    def test_forward_back_and_skipped(self):
        for stage in (self.second, self.fourth, self.third):
            self.deal.with_user(self.salesperson).stage_id = stage
        self._assert_moves(
            [("forward", "First", "Second", 0), ("forward", "Second", "Fourth", 1), ("back", "Fourth", "Third", 0)]
        )
        self.assertEqual(set(self._get_moves().mapped("origin")), {"user"})
        self.assertEqual(self._get_moves().user_id, self.salesperson)
        self.assertEqual(set(self._get_moves().mapped("user_name")), {"Salesperson"})

    def test_same_stage_again_is_no_move(self):
        self.deal.write({"stage_id": self.first.id, "priority": "1"})
        self._assert_moves([])

    def test_won_is_a_move_that_skips(self):
        self.deal.action_set_won()
        self._assert_moves([("won", "First", "Deal", 3)])

    def test_lost_and_reopened(self):
        self.deal.stage_id = self.second
        self.deal.action_set_lost()
        self.deal.action_restore()
        self._assert_moves(
            [("forward", "First", "Second", 0), ("lost", "Second", "Second", 0), ("reopen", "Second", "Second", 0)]
        )

    def test_won_button_on_a_lost_deal(self):
        self.deal.action_set_lost()
        self.deal.action_set_won()
        self.assertEqual(self._get_moves().mapped("direction"), ["lost", "reopen", "won"])

    def test_lost_deal_that_is_dragged_to_won(self):
        self.deal.action_set_lost()
        self.deal.stage_id = self.won
        self.assertEqual(self._get_moves().mapped("direction"), ["lost", "reopen", "won"])

    def test_archived_deal_that_is_not_lost_has_no_move(self):
        self.deal.probability = 30
        self.deal.action_archive()
        self._assert_moves([])

    def test_batch_is_recorded_at_once(self):
        deals = self._create_deals(5, stage_id=self.first.id)
        deals.write({"stage_id": self.third.id})
        self.assertEqual(len(self._get_moves(deals)), 5)

    def test_lead_has_no_move_until_it_is_a_deal(self):
        lead = self._create_deals(type="lead", stage_id=self.first.id)
        lead.stage_id = self.second
        self.assertFalse(lead.stage_move_ids)

    def test_stages_of_other_teams_are_not_skipped(self):
        self.env["crm.stage"].create(
            {"name": "Export only", "sequence": 10, "team_ids": [Command.set(self.other_team.ids)]}
        )
        self.deal.stage_id = self.second
        self._assert_moves([("forward", "First", "Second", 0)])

    def test_days_in_stage_are_those_of_the_stage_left(self):
        self.env.cr.execute(
            "UPDATE crm_lead SET date_last_stage_update = now() AT TIME ZONE 'UTC' - interval '36 hours' WHERE id = %s",
            [self.deal.id],
        )
        self.env.invalidate_all()
        self.deal.stage_id = self.second
        self.assertAlmostEqual(self._get_moves().days_in_stage, 1.5, 2)

    # === What core does by itself === #

    def test_change_of_team_moves_the_deal(self):
        self.second.team_ids = self.team
        deal = self.deal.with_user(self.manager)
        deal.stage_id = self.second
        deal.team_id = self.other_team
        self.assertNotEqual(deal.stage_id, self.second)
        self.assertEqual(self._get_moves().mapped("origin"), ["user", "team"])

    def test_stage_that_becomes_won_wins_its_deals(self):
        self.fourth.sequence = 13
        self.deal.stage_id = self.fourth
        self.fourth.is_won = True
        self.assertEqual(self._get_moves()[-1].mapped("direction"), ["won"])
        self.assertEqual(self._get_moves()[-1].origin, "stage_setting")

    def test_merge_takes_the_history_over(self):
        other = self._create_deals(stage_id=self.first.id, name="Other")
        deals = (self.deal | other).with_user(self.manager)
        deals[0].stage_id = self.second
        deals[1].stage_id = self.third
        numbers = deals.mapped("deal_number")
        merged = deals.merge_opportunity()
        moves = self._get_moves(merged)
        self.assertEqual(len(moves.filtered(lambda move: move.origin == "user")), 2)
        entered = moves.filtered("merged_from_number")
        self.assertEqual(entered.mapped("merged_from_number"), [n for n in numbers if n != merged.deal_number])
        self.assertEqual(set((moves - moves.filtered(lambda m: m.origin == "user")).mapped("origin")), {"merge"})

    def test_import_and_system_say_so(self):
        deals = self.env["crm.lead"].with_user(self.salesperson)
        deals.load([".id", "stage_id/.id"], [[str(self.deal.id), str(self.second.id)]])
        self.deal.with_user(self.env.ref("base.user_root")).stage_id = self.third
        self.assertEqual(self._get_moves().mapped("origin"), ["import", "system"])

    # === What stays === #

    def test_names_stay_when_records_go(self):
        self.deal.with_user(self.salesperson).stage_id = self.second
        self.deal.stage_id = self.third
        self.second.unlink()
        moves = self._get_moves()
        self.assertEqual(moves[0].to_stage_name, "Second")
        self.assertFalse(moves[0].to_stage_id)

    def test_moves_go_with_their_deal(self):
        self.deal.stage_id = self.second
        moves = self._get_moves()
        self.deal.unlink()
        self.assertFalse(moves.exists())

    def test_moves_are_not_copied(self):
        self.deal.stage_id = self.second
        self.assertFalse(self.deal.copy().stage_move_ids)

    # === Rights === #

    def test_who_sees_what(self):
        self.deal.stage_id = self.second
        foreign = self._create_deals(stage_id=self.first.id, user_id=self.manager.id, team_id=self.other_team.id)
        foreign.stage_id = self.second
        moves = self._get_moves(self.deal | foreign)
        visible = {
            role: len(self.env["sales.stage.move"].with_user(user).search([("id", "in", moves.ids)]))
            for role, user in self.users_by_role.items()
            if role in ("salesperson", "member", "leader", "manager")
        }
        self.assertEqual(visible, {"salesperson": 1, "member": 1, "leader": 1, "manager": 2})

    # === History === #

    def test_history_is_taken_over_from_tracking(self):
        deal = self._create_deals(stage_id=self.first.id)
        self.flush_tracking()
        for stage in (self.second, self.fourth, self.first):
            deal.with_user(self.salesperson).stage_id = stage
            self.flush_tracking()
        recorded = [(m.direction, m.from_stage_name, m.to_stage_name, m.skipped_count) for m in self._get_moves(deal)]
        self._forget(deal)
        fill_stage_history(self.env)
        self.env.invalidate_all()
        self._assert_moves(recorded, deal)
        self.assertEqual(set(self._get_moves(deal).mapped("origin")), {"history"})
        self.assertEqual(self._get_moves(deal).user_id, self.salesperson)
        fill_stage_history(self.env)
        self.env.invalidate_all()
        self.assertEqual(len(self._get_moves(deal)), 3, "A second time adds nothing.")

    def flush_tracking(self):
        self.env.flush_all()
        self.env.cr.precommit.run()

    def _forget(self, deal):
        """As if the addon had not been there: only a test may step past the guard, by switching it off."""
        self.env.cr.execute("ALTER TABLE sales_stage_move DISABLE TRIGGER USER")
        self.env.cr.execute("DELETE FROM sales_stage_move WHERE lead_id = %s", [deal.id])
        self.env.cr.execute("ALTER TABLE sales_stage_move ENABLE TRIGGER USER")
        self.env.invalidate_all()
