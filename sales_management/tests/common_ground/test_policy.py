from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_management.tests.process.gate_common import GateCommon


@tagged("post_install", "-at_install", "common_ground")
class TestPolicy(GateCommon):
    """How strictly a rule holds, and what it would have stopped."""

    def _get_level(self, code="lost_reason", company=None, team=None):
        return self.env["sales.policy"]._get_level(code, company or self.company, self.team if team is None else team)

    # === Levels === #

    def test_none_means_off(self):
        self.assertEqual(self._get_level(), "off")

    def test_strictest_that_applies_counts(self):
        self._set_policy("lost_reason", "warn")
        self._set_policy("lost_reason", "off")
        self.assertEqual(self._get_level(), "warn")
        strict = self._set_policy("lost_reason", "block")
        self.assertEqual(self._get_level(), "block")
        strict.active = False
        self.assertEqual(self._get_level(), "warn")
        self.assertEqual(self._get_level("back_reason"), "off")

    def test_team(self):
        self._set_policy("lost_reason", team_ids=[Command.set(self.team.ids)])
        no_team = self.env["crm.team"]
        self.assertEqual(
            [self._get_level(team=team) for team in (self.team, self.other_team, no_team)], ["block", "off", "off"]
        )

    def test_company(self):
        other = self.env["res.company"].create({"name": "Ningbo Nuts"})
        self._set_policy("lost_reason", company_id=other.id)
        self.assertEqual([self._get_level(company=company) for company in (self.company, other)], ["off", "block"])

    def test_day_on_which_it_begins_is_that_of_the_company(self):
        other = self.env["res.company"].create({"name": "Ningbo Nuts"})
        self.company.partner_id.tz, other.partner_id.tz = "Asia/Shanghai", "America/New_York"
        self.env.registry.clear_cache()
        self._set_policy("lost_reason", active_from="2027-03-02")
        for moment, here, there in (
            ("2027-03-01 15:59:59", "off", "off"),
            ("2027-03-01 16:00:00", "block", "off"),
            ("2027-03-02 05:00:00", "block", "block"),
        ):
            with self.subTest(moment), freeze_time(moment):
                levels = [self._get_level(company=company) for company in (self.company, other)]
                self.assertEqual(levels, [here, there])

    def test_asking_again_costs_nothing(self):
        self._set_policy("lost_reason")
        self._get_level()
        with self.assertQueryCount(0):
            self._get_level()

    # === What it would have stopped === #

    def _assert_counts(self, policy, stopped, total):
        self.env.flush_all()
        policy.invalidate_recordset()
        self.assertEqual((policy.would_stop_count, policy.would_stop_total), (stopped, total))

    def test_losses_without_a_reason(self):
        policy = self._set_policy("lost_reason", "off")
        deals = self._create_deals(4, stage_id=self.first.id)
        deals[0].action_set_lost()
        deals[1].action_set_lost(lost_reason_id=self.reason.id)
        deals[2].with_user(self.env.ref("base.user_root")).action_set_lost()
        self._assert_counts(policy, 1, 2)
        policy.team_ids = self.other_team
        self._assert_counts(policy, 0, 0)
        policy.team_ids = self.team
        self._assert_counts(policy, 1, 2)

    def test_moves_of_other_companies(self):
        other = self.env["res.company"].create({"name": "Ningbo Nuts", "sales_process_enabled": True})
        policy = self._set_policy("lost_reason", "off", company_id=other.id)
        self.deal.action_set_lost()
        self._assert_counts(policy, 0, 0)
        policy.company_id = self.company
        self._assert_counts(policy, 1, 1)

    def test_moves_back_without_a_reason(self):
        policy = self._set_policy("back_reason", "off")
        for reason in (None, "They want another size"):
            self.deal.stage_id = self.second
            self.deal.action_move_stage(self.first.id, reason=reason)
        self._assert_counts(policy, 1, 2)

    def test_moves_of_long_ago(self):
        policy = self._set_policy("back_reason", "off")
        with freeze_time("2026-01-01"):
            self.env["sales.stage.move"]._add_facts(
                [
                    {
                        "lead_id": self.deal.id,
                        "direction": "back",
                        "origin": "user",
                        "moved_at": "2026-01-01",
                        "user_id": self.salesperson.id,
                    }
                ]
            )
        self._assert_counts(policy, 0, 0)

    def test_values_that_are_not_kept(self):
        policy = self._set_policy("kept_value", "off")
        self._require(enforcement="warn")
        self._require(field="city", enforcement="warn", team_ids=[Command.set(self.other_team.ids)])
        self._require(self.third, field="street", enforcement="warn")
        self._create_deals(2, stage_id=self.second.id)
        self._create_deals(stage_id=self.second.id, phone="1")
        self._create_deals(stage_id=self.second.id).action_set_lost()
        self._assert_counts(policy, 2, 3)
        policy.team_ids = self.other_team
        self._assert_counts(policy, 0, 0)
