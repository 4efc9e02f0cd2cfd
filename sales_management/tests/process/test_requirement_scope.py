from contextlib import ExitStack

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.process.gate_common import GateCommon


@tagged("post_install", "-at_install", "process")
class TestRequirementScope(GateCommon):
    """For which deals a requirement holds, and from when on."""

    def _may_move(self, deal=None):
        return not (deal or self.deal)._get_stage_blockers(self.second)[deal or self.deal]

    def test_switched_off_nothing_is_asked(self):
        self._require()
        self._set_policy("lost_reason")
        self._set_policy("back_reason")
        self.company.sales_process_enabled = False
        self.deal.stage_id = self.second
        self.deal.stage_id = self.first
        self.deal.action_set_lost()
        self.assertEqual(self._get_moves().mapped("direction"), ["forward", "back", "lost"])
        self.assertFalse(self.deal.can_undo_stage_move)

    def test_company(self):
        other = self.env["res.company"].create({"name": "Ningbo Nuts", "sales_process_enabled": True})
        self._require(company_id=other.id)
        self.assertTrue(self._may_move())
        self.team.company_id = False
        self.deal.sudo().write({"user_id": False, "team_id": False, "company_id": other.id})
        self.assertFalse(self._may_move(self.deal.sudo()))
        other.sales_process_enabled = False
        self.assertTrue(self._may_move(self.deal.sudo()))

    def test_deal_without_company(self):
        """It follows its team, else its salesperson, whoever moves it."""
        other = self.env["res.company"].create({"name": "Ningbo Nuts"})
        self._require(company_id=self.company.id)
        self.manager.write({"company_ids": [Command.link(other.id)], "company_id": other.id})
        deal = self.deal.sudo()
        deal.company_id = False
        self.assertFalse(self._may_move(deal.with_user(self.manager)))
        deal.write({"user_id": False, "team_id": self.other_team.id})
        self.other_team.company_id = other
        self.assertTrue(self._may_move(deal.with_user(self.salesperson)))

    def test_domain_of_the_company_says_the_same(self):
        other = self.env["res.company"].create({"name": "Ningbo Nuts"})
        deals = self._create_deals(4, stage_id=self.first.id).sudo()
        deals[0].write({"company_id": other.id, "user_id": False, "team_id": False})
        deals[1].write({"company_id": False, "team_id": self.other_team.id, "user_id": False})
        self.other_team.company_id = other
        deals[2].write({"company_id": False, "team_id": False, "user_id": self.salesperson.id})
        self.env.flush_all()
        for company in (self.company, other):
            found = deals.search([("id", "in", deals.ids), *deals._get_process_company_domain(company.ids)])
            expected = [deal.id for deal in deals if deal._get_process_company() == company]
            self.assertEqual(sorted(found.ids), expected)
            self.assertTrue(expected)

    def test_team(self):
        self._require(team_ids=[Command.set(self.other_team.ids)])
        self.assertTrue(self._may_move())
        self._require(team_ids=[Command.set(self.team.ids)])
        self.assertFalse(self._may_move())

    def test_archived_team_is_not_all_teams(self):
        self._require(team_ids=[Command.set(self.other_team.ids)])
        self._set_policy("back_reason", team_ids=[Command.set(self.other_team.ids)])
        self.other_team.active = False
        self.env.registry.clear_cache()
        self.assertTrue(self._may_move())
        self.assertEqual(self.env["sales.policy"]._get_level("back_reason", self.company, self.team), "off")

    def test_context_of_the_first_to_ask_is_not_that_of_all(self):
        self._require(active=False)
        self._set_policy("back_reason", active=False)
        self.env.registry.clear_cache()
        everything = self.deal.with_context(active_test=False)
        for deal in (everything, self.deal):
            self.assertTrue(self._may_move(deal))
            level = deal.env["sales.policy"]._get_level("back_reason", self.company, self.team)
            self.assertEqual(level, "off")
        self.assertFalse(everything.env["sales.stage.requirement"]._get_field_requirements())

    def test_class(self):
        key, standard = self.env["sales.deal.class"].create([{"name": "Key"}, {"name": "Standard"}])
        self._require(deal_class_ids=[Command.set(key.ids)])
        self.deal.with_user(self.manager).deal_class_id = standard
        self.assertTrue(self._may_move())
        self.deal.with_user(self.manager).deal_class_id = key
        self.assertFalse(self._may_move())

    def test_active_from_is_a_day_of_the_company(self):
        self._require(active_from="2027-03-02")
        other = self.env["res.company"].create({"name": "Ningbo Nuts", "sales_process_enabled": True})
        self.company.partner_id.tz, other.partner_id.tz = "Asia/Shanghai", "America/New_York"
        self.env.registry.clear_cache()
        deal = self._create_deals(stage_id=self.first.id).sudo()
        deal.write({"user_id": False, "team_id": False, "company_id": other.id})
        for moment, here, there in (
            ("2027-03-01 15:59:59", True, True),
            ("2027-03-01 16:00:00", False, True),
            ("2027-03-02 04:59:59", False, True),
            ("2027-03-02 05:00:00", False, False),
        ):
            with self.subTest(moment), freeze_time(moment):
                self.assertEqual((self._may_move(), self._may_move(deal)), (here, there))

    # === What has gone === #

    def test_field_that_is_gone_is_not_asked(self):
        requirement = self._require()
        self.assertFalse(requirement.is_broken)
        self.env.cr.execute("UPDATE sales_stage_requirement SET field_id = NULL WHERE id = %s", requirement.ids)
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.assertTrue(requirement.is_broken)
        self.deal.stage_id = self.second
        self.assertEqual(self._get_moves().mapped("direction"), ["forward"])

    def test_condition_that_is_broken_is_not_asked(self):
        requirement = self._require(kind="domain", domain="[('expected_revenue', '>', 1)]")
        self.assertFalse(self._may_move())
        for domain in ("[('gone', '=', 1)]", "[('name', '=',", "nonsense", "[('partner_id.gone', '=', 1)]"):
            with self.subTest(domain):
                with self.assertRaises(ValidationError), self.env.cr.savepoint():
                    requirement.domain = domain
                self.env.cr.execute(
                    "UPDATE sales_stage_requirement SET domain = %s WHERE id = %s", [domain, requirement.id]
                )
                self.env.invalidate_all()
                self.assertTrue(requirement.is_broken)
                self.assertTrue(self._may_move())

    def test_stage_with_deals_is_not_deleted(self):
        self._require()
        with self.assertRaisesRegex(UserError, "First: 1"):
            self.first.unlink()
        self.env.invalidate_all()
        self.assertFalse(self._may_move())

    def test_stage_that_is_emptied_and_deleted_takes_its_requirements(self):
        requirement = self._require()
        # Merging stages: what stands in one goes to the other, by whoever sets the pipeline up.
        self.deal.with_user(self.manager).action_move_stage(self.second.id, reason="Stages merged")
        self.first.unlink()
        self.assertFalse(requirement.exists())
        self.deal.stage_id = self.third
        self.assertEqual(self._get_moves()[0].from_stage_label, "First")

    def test_checklist_that_changes_while_deals_use_it(self):
        requirement = self._require(kind="checklist", item_ids=[Command.create({"name": name}) for name in "AB"])
        items = requirement.item_ids
        lines = (
            self.env["sales.deal.checklist"]
            .with_user(self.salesperson)
            .create([{"lead_id": self.deal.id, "requirement_id": requirement.id, "item_id": item.id} for item in items])
        )
        lines.is_done = True
        self.assertTrue(self._may_move())
        self.assertEqual(lines.done_by_id, self.salesperson)
        requirement.item_ids = [Command.create({"name": "C"})]
        self.assertFalse(self._may_move())
        (requirement.item_ids - items).unlink()
        self.assertTrue(self._may_move())
        items[0].unlink()
        self.assertTrue(lines.exists()[0].is_done)
        self.assertTrue(self._may_move())


@tagged("post_install", "-at_install", "process", "concurrency")
class TestStageGateConcurrency(BaseCase):
    """Two real connections move the same deal: the second is told to look again, and then sees the first's move."""

    def test_two_people_move_the_same_deal(self):
        registry = Registry(get_db_name())
        with ExitStack() as stack:
            with registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
                stages = env["crm.stage"].create([{"name": f"Race {number}", "sequence": 800} for number in range(3)])
                deal = env["crm.lead"].create({"name": "Race", "type": "opportunity", "stage_id": stages[0].id})
            stack.callback(self._remove, registry, deal.id, stages.ids)
            first, second = (self._open(stack, registry) for _connection in range(2))
            for env in (first, second):
                self.assertEqual(env["crm.lead"].browse(deal.id).stage_id.id, stages[0].id)
            first["crm.lead"].browse(deal.id).action_move_stage(stages[1].id)
            first.cr.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                second["crm.lead"].browse(deal.id).action_move_stage(stages[2].id)
                second.cr.flush()
            # The server runs the request again, as it does for every write that another one overtook.
            second.cr.rollback()
            second.invalidate_all()
            second["crm.lead"].browse(deal.id).action_move_stage(stages[2].id)
            second.cr.commit()
            moves = second["crm.lead"].browse(deal.id).stage_move_ids.sorted("id")
            self.assertEqual(moves.from_stage_id.ids, stages[:2].ids)
            self.assertEqual(moves.mapped("direction"), ["forward", "forward"])

    def _open(self, stack, registry):
        cr = stack.enter_context(registry.cursor())
        stack.callback(cr.rollback)
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    def _remove(self, registry, deal_id, stage_ids):
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            deal = env["crm.lead"].browse(deal_id)
            number = deal.deal_number
            deal.unlink()
            env["sales.deal.number"].search([("name", "=", number)]).unlink()
            env["crm.stage"].browse(stage_ids).unlink()
