import random
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_management.tests.process.test_process_configuration import ConfigurationCommon


@tagged("post_install", "-at_install", "process")
class TestProcessConfigurationFigures(ConfigurationCommon):
    """What requirements and policies would have stopped, against a count by hand."""

    def _add_move(self, deal, left, reached, **values):
        defaults = {
            "lead_id": deal.id,
            "from_stage_id": left.id,
            "to_stage_id": reached.id,
            "moved_at": fields.Datetime.now() - timedelta(days=1),
            "direction": "forward",
            "origin": "user",
            "team_id": deal.team_id.id,
        }
        return self.env["sales.stage.move"]._add_facts([{**defaults, **values}])

    def _get_figures(self, requirement):
        requirement.invalidate_recordset()
        return requirement.would_stop_count, requirement.would_stop_total

    def test_against_a_count_by_hand(self):
        seeded = random.Random(19)
        now = fields.Datetime.now()
        requirements = self._create_requirements(now - timedelta(days=15))
        deals = self.env["crm.lead"]
        for _position in range(40):
            deals |= self._create_deals(
                team_id=seeded.choice(self.team | self.other_team).id,
                stage_id=self.third.id,
                phone=seeded.choice([False, "1"]),
                email_from=seeded.choice([False, "a@example.com"]),
            )
        steps = [(self.first, self.second, 0), (self.second, self.third, 0), (self.first, self.third, 1)]
        rows = []
        for deal in deals:
            for _position in range(seeded.randint(0, 3)):
                left, reached, skipped = seeded.choice(steps)
                rows.append((deal, left, reached, skipped, now - timedelta(days=seeded.choice([2, 10, 20, 40]))))
        for deal, left, reached, skipped, moved_at in rows:
            warned = requirements.filtered(lambda requirement: seeded.random() < 0.5)
            self._add_move(
                deal,
                left,
                reached,
                skipped_count=skipped,
                moved_at=moved_at,
                origin=seeded.choice(["user", "user", "import", "merge"]),
                direction=seeded.choice(["forward", "forward", "won", "back"]),
                warned_requirement_ids=[Command.set(warned.ids)],
            )
        for requirement in requirements:
            with self.subTest(requirement.name, stage=requirement.stage_id.name):
                self.assertEqual(self._get_figures(requirement), self._count_by_hand(requirement, deals))
        self.assertTrue(any(requirement.would_stop_count for requirement in requirements))

    def _create_requirements(self, asked_since):
        requirements = (
            self._create_requirement(team_ids=[Command.set(self.team.ids)])
            | self._create_requirement(kind="document", document_type_id=self.document_type.id)
            | self._create_requirement(stage_id=self.second.id, field_name="email_from")
            | self._create_requirement(active=False)
            | self._create_requirement(stage_id=self.third.id)
        )
        requirements.asked_since = asked_since
        return requirements

    def _count_by_hand(self, requirement, deals):
        order = list(self.stages)
        now, stopped, looked_at = fields.Datetime.now(), set(), set()
        for move in self.env["sales.stage.move"].search([("lead_id", "in", deals.ids), ("direction", "!=", "enter")]):
            passed = order[order.index(move.from_stage_id) : order.index(move.to_stage_id)]
            if (
                requirement.stage_id not in passed
                or move.direction == "back"
                or move.origin == "merge"
                or move.moved_at < now - timedelta(days=30)
                or (requirement.team_ids and move.lead_id.team_id not in requirement.team_ids)
            ):
                continue
            looked_at.add(move.lead_id)
            if requirement.active and move.moved_at >= requirement.asked_since:
                is_met = requirement not in move.warned_requirement_ids
            elif requirement.kind == "field":
                is_met = bool(move.lead_id[requirement.field_name])
            else:
                is_met = False
            if not is_met:
                stopped.add(move.lead_id)
        return len(stopped), len(looked_at)

    def test_of_real_moves(self):
        requirement = self._create_requirement()
        deals = self._create_deals(3, stage_id=self.first.id)
        deals[0].phone = "1"
        for deal in deals[:2]:
            deal.with_user(self.salesperson).stage_id = self.second
        self.assertEqual(self._get_figures(requirement), (1, 2))
        self.assertEqual(requirement.would_stop_label, "1 of 2")
        deals[1].phone = "1"
        self.assertEqual(self._get_figures(requirement), (1, 2), "What was recorded stays.")
        requirement.kind = "order"
        self.env.cr.execute("UPDATE sales_stage_requirement SET asked_since = now() + interval '1 s'")
        self.assertEqual(self._get_figures(requirement), (2, 2), "What it asks now, none of them has.")

    def test_change_of_what_it_asks_looks_at_the_deals_anew(self):
        requirement = self._create_requirement()
        requirement.asked_since = long_ago = fields.Datetime.now() - timedelta(days=90)
        requirement.enforcement = "block"
        requirement.name = "Mobile"
        self.assertEqual(requirement.asked_since, long_ago)
        requirement.field_name = "email_from"
        self.assertGreater(requirement.asked_since, long_ago)

    def test_date_from_which_it_is_asked(self):
        requirement = self._create_requirement(active_from=fields.Date.today() - timedelta(days=5))
        requirement.asked_since = fields.Datetime.now() - timedelta(days=90)
        for days in (2, 20):
            self._add_move(
                self._create_deals(), self.first, self.second, moved_at=fields.Datetime.now() - timedelta(days=days)
            )
        self.assertEqual(self._get_figures(requirement), (1, 2), "Before the date nobody was asked.")

    def test_figures_of_a_list_are_counted_at_once(self):
        deals = self._create_deals(20, stage_id=self.first.id)
        for deal in deals:
            self._add_move(deal, self.first, self.second)
        requirements = self.env["sales.stage.requirement"]
        for position in range(10):
            requirements |= self._create_requirement(name=f"Phone {position}")
        requirements.asked_since = fields.Datetime.now() - timedelta(days=90)
        requirements.mapped("would_stop_label")
        counts = []
        for records in (requirements[0], requirements):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.mapped("would_stop_label")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_policies(self):
        policies = self.env["sales.policy"].create(
            [
                {"code": "back_reason", "company_id": False},
                {"code": "back_reason", "company_id": False, "team_ids": [Command.set(self.other_team.ids)]},
                {"code": "lost_reason", "company_id": False},
                {"code": "kept_value", "company_id": False},
            ]
        )
        deals = self._create_deals(4, stage_id=self.second.id)
        self._add_move(deals[0], self.second, self.first, direction="back")
        self._add_move(deals[1], self.second, self.first, direction="back", reason="Asked again")
        self._add_move(deals[1], self.second, self.first, direction="back", origin="merge")
        deals[2].lost_reason_id = self.env["crm.lost.reason"].create({"name": "Price"})
        for deal in deals[2:]:
            self._add_move(deal, self.second, self.second, direction="lost")
        self.assertEqual(
            [(policy.would_stop_count, policy.would_stop_total) for policy in policies],
            [(1, 2), (0, 0), (1, 2), (0, 0)],
        )
        self.assertEqual(policies.mapped("would_stop_label"), ["1 of 2", "0 of 0", "1 of 2", "0 of 0"])

    def test_policy_is_called_by_its_rule(self):
        policy = self.env["sales.policy"].create({"code": "back_reason"})
        self.assertEqual(policy.display_name, "Moving a Deal Back Needs a Reason")
