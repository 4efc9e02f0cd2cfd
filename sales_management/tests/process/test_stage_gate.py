from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_management.tests.process.gate_common import GateCommon


@tagged("post_install", "-at_install", "process")
class TestStageGate(GateCommon):
    """What a move must meet, who passes it all the same, and who takes it back."""

    # === Refusing === #

    def test_all_that_is_missing_at_once(self):
        self._require()
        self._require(field="city")
        self._require(self.second, kind="order")
        other = self._create_deals(stage_id=self.first.id, name="Other")
        deals = self.deal | other
        refusal = self._assert_blocked(
            lambda: deals.write({"stage_id": self.third.id}), "Phone", "City", "confirm the order", "Other"
        )
        self.assertEqual(refusal.args[1]["context"]["default_lead_ids"], deals.ids)
        self._assert_stage(self.first, deals)
        self.assertFalse(self._get_moves(deals))

    def test_one_of_a_batch_holds_up_all(self):
        self._require()
        ready = self._create_deals(stage_id=self.first.id, phone="1")
        self._assert_blocked(lambda: (self.deal | ready).write({"stage_id": self.second.id}))
        self._assert_stage(self.first, self.deal | ready)

    def test_met_requirement_lets_pass(self):
        self._require()
        self.deal.phone = "+86 571 1234"
        self.deal.stage_id = self.second
        self._assert_stage(self.second)

    def test_what_is_missing_may_come_with_the_move(self):
        """A form saves the new stage and the field that was just filled in with one write."""
        self._require()
        self._require(field="tag_ids")
        self._require(kind="domain", domain="[('expected_revenue', '>', 100)]")
        tag = self.env["crm.tag"].create({"name": "Bolts"})
        vals = {"stage_id": self.second.id, "phone": "1", "tag_ids": [Command.link(tag.id)], "expected_revenue": 101}
        self._assert_blocked(lambda: self.deal.write({**vals, "phone": "  "}), "Phone")
        self._assert_blocked(lambda: self.deal.write({**vals, "expected_revenue": 100}), "not so yet")
        self.deal.write(vals)
        self._assert_stage(self.second)

    def test_what_the_move_itself_empties_is_missing(self):
        self._require()
        self.deal.phone = "1"
        self._assert_blocked(lambda: self.deal.write({"stage_id": self.second.id, "phone": False}), "Phone")

    def test_every_stage_that_is_passed_over_asks(self):
        self._require(self.third)
        self.deal.stage_id = self.second
        self._assert_blocked(lambda: self.deal.write({"stage_id": self.fourth.id}), "Phone")
        self.deal.stage_id = self.third
        self._assert_blocked(self.deal.action_set_won, "Phone")

    def test_moving_back_asks_nothing(self):
        self.deal.stage_id = self.third
        self._require(self.third)
        self.deal.stage_id = self.second
        self._assert_stage(self.second)

    def test_emptying_the_stage_is_no_way_round(self):
        self._require()
        self.deal.stage_id = False
        self._assert_blocked(lambda: self.deal.write({"stage_id": self.second.id}), "Phone")
        self._set_policy("back_reason")
        self.deal.stage_id = self.first
        self._assert_blocked(lambda: self.deal.write({"stage_id": False}), "reason")

    def test_passing_over_a_stage(self):
        self.second.skip_policy = "block"
        self._assert_blocked(lambda: self.deal.write({"stage_id": self.third.id}), "Second is passed over")
        self.deal.stage_id = self.second
        self.deal.stage_id = self.third
        self._assert_stage(self.third)

    # === Warning === #

    def test_warned_move_passes_and_says_what_was_missing(self):
        requirement = self._require(enforcement="warn")
        self.deal.stage_id = self.second
        move = self._get_moves()
        self.assertEqual(move.warned_requirement_ids, requirement)
        self.assertFalse(move.is_override)
        self.assertIn("Needs phone", move.warned_summary)

    def test_what_was_missing_outlives_the_requirement(self):
        requirement = self._require(enforcement="warn")
        self.second.skip_policy = "warn"
        self.deal.stage_id = self.third
        move = self._get_moves()
        requirement.unlink()
        self.env.invalidate_all()
        self.assertFalse(move.warned_requirement_ids)
        for text in ("Needs phone", "Second is passed over"):
            self.assertIn(text, move.warned_summary)

    # === Overriding === #

    def test_manager_overrides_with_a_reason(self):
        requirement = self._require()
        deal = self.deal.with_user(self.manager)
        for reason in (None, "", "   "):
            self._assert_blocked(lambda reason=reason: deal.action_move_stage(self.second.id, reason=reason))
        self.assertTrue(deal.action_move_stage(self.second.id, reason=" The customer insists "))
        move = self._get_moves()
        self.assertTrue(move.is_override)
        self.assertEqual((move.reason, move.user_id), ("The customer insists", self.manager))
        self.assertEqual(move.warned_requirement_ids, requirement)

    def test_nobody_else_overrides(self):
        self._require()
        for user in (self.salesperson, self.member, self.leader):
            for deal in (self.deal.with_user(user), self.deal.with_user(user).sudo()):
                with self.subTest(user=user.login, su=deal.env.su):
                    deal = deal.with_context(import_file=True, tracking_disable=True, install_mode=True)
                    self._assert_blocked(lambda deal=deal: deal.action_move_stage(self.second.id, reason="Mine"))

    def test_reason_alone_is_no_override(self):
        self.deal.with_user(self.manager).action_move_stage(self.second.id, reason="As agreed")
        self.assertFalse(self._get_moves().is_override)
        self.assertEqual(self._get_moves().reason, "As agreed")

    # === Reason to go back === #

    def test_going_back_needs_a_reason(self):
        self._set_policy("back_reason")
        self.deal.stage_id = self.third
        self._assert_blocked(lambda: self.deal.write({"stage_id": self.second.id}), "Second", "reason")
        self.deal.action_move_stage(self.second.id, reason="They want another size")
        self.assertEqual(self._get_moves()[-1].direction, "back")
        self.assertFalse(self._get_moves()[-1].is_override)

    # === Kept values === #

    def test_required_value_is_kept(self):
        self._require(enforcement="warn")
        self._set_policy("kept_value")
        self.deal.phone = "1"
        self.deal.phone = False
        self.deal.phone = "2"
        self.deal.stage_id = self.second
        for value in (False, "", "  "):
            self._assert_blocked(lambda value=value: self.deal.write({"phone": value}), "Phone", self.deal.deal_number)
        self.deal.phone = "3"
        self.assertEqual(self.deal.phone, "3")

    def test_value_of_many_is_kept(self):
        self._require(field="tag_ids")
        self._set_policy("kept_value")
        tag = self.env["crm.tag"].create({"name": "Bolts"})
        self.deal.tag_ids = tag
        self.deal.stage_id = self.second
        for command in (Command.clear(), Command.set([]), Command.unlink(tag.id)):
            self._assert_blocked(lambda command=command: self.deal.write({"tag_ids": [command]}), "Tags")

    def test_value_of_a_stage_to_come_may_go(self):
        self._require(self.second)
        self._set_policy("kept_value")
        self.deal.write({"phone": "1"})
        self.deal.phone = False
        self.assertFalse(self.deal.phone)

    def test_value_that_is_only_warned_of_may_go(self):
        self._require()
        self._set_policy("kept_value", "warn")
        self.deal.write({"phone": "1", "stage_id": self.second.id})
        self.deal.phone = False
        self.assertFalse(self.deal.phone)

    # === Taking back === #

    def test_undo_within_ten_minutes(self):
        self._require(self.second)
        self.deal.stage_id = self.second
        self.deal.phone = "1"
        self.deal.stage_id = self.fourth
        self.assertTrue(self.deal.can_undo_stage_move)
        self.deal.action_undo_stage_move()
        self._assert_stage(self.second)
        move = self._get_moves()[-1]
        self.assertEqual((move.direction, move.skipped_count, move.to_stage_id), ("correction", 0, self.second))
        with self.assertRaises(UserError):
            self.deal.action_undo_stage_move()

    def test_undo_passes_what_would_block(self):
        self.deal.stage_id = self.third
        self.deal.stage_id = self.first
        self._require()
        self.deal.action_undo_stage_move()
        self._assert_stage(self.third)

    def test_undo_of_won(self):
        self.deal.action_set_won()
        self.deal.action_undo_stage_move()
        self._assert_stage(self.first)
        self.assertEqual(self.deal.won_status, "pending")
        self.assertLess(self.deal.probability, 100)
        self.assertEqual(self._get_moves().mapped("direction"), ["won", "correction"])

    def test_undo_of_lost(self):
        self.deal.action_set_lost(lost_reason_id=self.reason.id)
        self.deal.action_undo_stage_move()
        self.assertTrue(self.deal.active)
        self.assertEqual(self.deal.won_status, "pending")
        self.assertFalse(self.deal.lost_reason_id)
        self.assertEqual(self._get_moves().mapped("direction"), ["lost", "correction"])

    def test_undo_is_for_the_same_person(self):
        self.deal.stage_id = self.second
        for user in (self.leader, self.manager):
            deal = self.deal.with_user(user)
            self.assertFalse(deal.can_undo_stage_move)
            with self.assertRaisesRegex(UserError, self.deal.deal_number):
                deal.action_undo_stage_move()

    def test_undo_is_for_ten_minutes(self):
        self.deal.stage_id = self.second
        moved_at = self._get_moves().moved_at
        with freeze_time(moved_at.replace(microsecond=0)) as clock:
            clock.tick(599)
            self.deal.invalidate_recordset()
            self.assertTrue(self.deal.can_undo_stage_move)
            clock.tick(2)
            self.deal.invalidate_recordset()
            self.assertFalse(self.deal.can_undo_stage_move)
            with self.assertRaises(UserError):
                self.deal.action_undo_stage_move()

    def test_undo_goes_back_to_no_stage_that_is_gone(self):
        self.deal.stage_id = self.second
        self.first.unlink()
        with self.assertRaises(UserError):
            self.deal.action_undo_stage_move()

    def test_undo_takes_back_no_move_of_core(self):
        self.second.team_ids = self.team
        deal = self.deal.with_user(self.manager)
        deal.stage_id = self.second
        deal.team_id = self.other_team
        self.env.flush_all()
        self.assertEqual(self._get_moves()[-1].origin, "team")
        with self.assertRaises(UserError):
            deal.action_undo_stage_move()
