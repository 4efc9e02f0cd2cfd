"""A template becomes the process of a company: what is created, what is found again, and that nobody hears of it."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management import hooks
from odoo.addons.sales_management.tests.common import DealCommon

CODES = ["lead", "contact", "requirements", "proposal", "negotiation", "won"]
#: What stages ask and open, by code, in the order of the design's table.
ASKED = {
    "lead": (["domain", "field"], [("stage", 24.0)]),
    "contact": (["activity"], [("stage", 24.0)]),
    "requirements": (["checklist", "document", "checklist"], []),
    "proposal": (["quotation", "field"], [("hand_over", 48.0), ("stage", 48.0)]),
    "negotiation": (["approval", "order", "document"], []),
    "won": ([], [("delivery", 168.0)]),
}


class TemplateCommon(DealCommon):
    """Applies templates as a sales manager does, in a company of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env.ref("sales_management.template_manufacturing")
        cls.trading = cls.env.ref("sales_management.template_trading")
        cls.company = cls.env["res.company"].create({"name": "Hengda"})
        cls.manager.write({"company_ids": [(4, cls.company.id)], "company_id": cls.company.id})
        cls.stages = cls.env["crm.stage"].search([], order="sequence, id")

    @classmethod
    def _preview(cls, template=None, company=None, team=None, lang="en_US"):
        env = cls.env(user=cls.manager, context={"allowed_company_ids": (company or cls.company).ids, "lang": lang})
        wizard = Form(env["sales.process.apply"])
        wizard.template_id = template or cls.template
        if team:
            wizard.team_id = team
        return wizard

    @classmethod
    def _apply(cls, **values):
        cls._preview(**values).save().action_apply()

    def _get_asked(self, company=None):
        return self.env["sales.stage.requirement"].search([("company_id", "=", (company or self.company).id)])

    def _get_opened(self, company=None):
        return self.env["sales.stage.task"].search([("company_id", "=", (company or self.company).id)])

    def _get_stages(self, template=None):
        return (template or self.template).stage_ids.mapped("applied_ids")


@tagged("post_install", "-at_install", "process")
class TestProcessTemplate(TemplateCommon):
    # === What the template says === #

    def test_manufacturing_is_the_table_of_the_design(self):
        self._apply()
        stages = self._get_stages()
        self.assertEqual(stages.mapped("sales_code"), CODES)
        self.assertEqual(stages.sorted(lambda stage: (stage.sequence, stage.id)), stages)
        requirements, tasks = self._get_asked(), self._get_opened()
        for stage in stages:
            with self.subTest(stage.sales_code):
                asked = requirements.filtered(lambda one, stage=stage: one.stage_id == stage)
                opened = tasks.filtered(lambda one, stage=stage: one.stage_id == stage)
                kinds, clocks = ASKED[stage.sales_code]
                self.assertEqual(asked.mapped("kind"), kinds)
                self.assertEqual([(task.start, task.hours) for task in opened], clocks)
                self.assertTrue(stage.stage_guidance)
        self.assertEqual(set(requirements.mapped("enforcement")), {"warn"})
        self.assertEqual(set(tasks.mapped("clock")), {"calendar"})
        self.assertEqual(len(requirements.filtered(lambda one: one.stage_id == stages[2])[0].item_ids), 8)

    def test_technical_department_is_told_and_then_its_manager(self):
        wizard = self._preview()
        with wizard.department_ids.edit(0) as department:
            department.manager_id = self.leader
            department.user_ids.add(self.member)
        wizard.save().action_apply()
        department = self.env["sales.department"].search([("company_id", "=", self.company.id)])
        self.assertEqual((department.manager_id, department.user_ids), (self.leader, self.member))
        task = self._get_opened().filtered("department_id")
        self.assertEqual(task.department_id, department)
        self.assertEqual(
            task.escalation_ids.mapped(lambda level: (level.hours, level.escalate_to)), [(72.0, "department_manager")]
        )

    def test_classes(self):
        self._apply()
        deals = self._create_deals(5, company_id=self.company.id, team_id=False, user_id=False)
        for deal, revenue in zip(deals, (0, 500, 19_999, 20_000, 500_000), strict=True):
            deal.expected_revenue = revenue
        self.assertEqual([deal.deal_class_id.code for deal in deals], ["standard", "fast", "fast", "standard", "key"])

    def test_key_account_is_asked_most_and_fast_track_least(self):
        self._apply()
        stages = self._get_stages()
        order = {"company_id": self.company.id, "team_id": False, "user_id": False}
        deals = self.env["crm.lead"].union(
            *(self._create_deals(expected_revenue=revenue, **order) for revenue in (600_000, 100_000, 5_000))
        )
        blockers = deals._get_stage_blockers(stages[-1])
        key, standard, fast = ({blocker.source.name for blocker in blockers[deal]} for deal in deals)
        self.assertEqual(key - standard, {"Technical liaison"})
        self.assertLess(fast, standard)
        self.assertIn("Order confirmed", fast)

    def test_trading_is_another_process_of_data_alone(self):
        self._apply(template=self.trading)
        self.assertEqual(len(self._get_stages(self.trading)), 3)
        self.assertEqual(self._get_asked().mapped("kind"), ["domain", "order"])
        self.assertFalse(self.company.won_on_confirm)

    def test_field_that_is_not_there_is_left_out(self):
        self.template.stage_ids.requirement_ids.filtered(lambda one: one.kind == "field").field_name = "no_such_field"
        self._apply()
        self.assertNotIn("field", self._get_asked().mapped("kind"))

    # === Matching === #

    def test_every_stage_of_the_preview_is_found_or_created(self):
        wizard = self._preview()
        found = [line["stage_id"] for line in wizard.line_ids._records]
        before = len(self.stages)
        wizard.save().action_apply()
        self.assertEqual(len(self.env["crm.stage"].search([])), before + found.count(False))

    def test_order_of_existing_stages_stays(self):
        own = self.env["crm.stage"].create({"name": "Sampling", "sequence": self.stages[1].sequence})
        before = self.env["crm.stage"].search([], order="sequence, id")
        self._apply()
        after = self.env["crm.stage"].search([], order="sequence, id")
        self.assertEqual(after & before, before)
        self.assertEqual([stage for stage in after if stage in before], list(before))
        self.assertIn(own, after)

    def test_live_stages_keep_their_names_and_deals(self):
        deals = self._create_deals(3, stage_id=self.stages[0].id)
        names = self.stages.mapped("name")
        self._apply()
        self.assertEqual(self.stages.mapped("name"), names)
        self.assertEqual(deals.stage_id, self.stages[0])

    def test_manager_chooses_to_create(self):
        self._create_deals(stage_id=self.stages[1].id)
        wizard = self._preview()
        for position in range(1, 5):
            with wizard.line_ids.edit(position) as line:
                line.stage_id = self.env["crm.stage"]
        self.assertIn(self.stages[1].name, wizard.other_stages)
        wizard.save().action_apply()
        self.assertEqual(len(self._get_stages() - self.stages), 4)
        self.assertFalse(self.stages[1].stage_requirement_ids)

    def test_manager_chooses_to_rename(self):
        self._create_deals()
        wizard = self._preview()
        with wizard.line_ids.edit(0) as line:
            line.stage_id = self.stages[0]
            line.is_renamed = True
        wizard.save().action_apply()
        self.assertEqual(self.stages[0].name, "Lead")
        self.assertIn("Find out who asks", self.stages[0].requirements)

    def test_stages_that_cannot_be(self):
        won = self.stages.filtered("is_won")[:1]
        wizard = self._preview()
        for position, stage in ((1, won), (2, self.stages[0]), (0, self.stages[0])):
            with wizard.line_ids.edit(position) as line:
                line.stage_id = stage
        with self.assertRaises(UserError) as caught:
            wizard.save().action_apply()
        self.assertEqual(len(str(caught.exception).splitlines()), 3, str(caught.exception))
        self.assertIn("cannot be Contact", str(caught.exception))
        self.assertIn("Lead and Requirements Confirmed", str(caught.exception))

    def test_order_of_the_template_is_that_of_the_pipeline(self):
        first, second = self.env["crm.stage"].create([{"name": name, "sequence": 5} for name in ("A", "B")])
        wizard = self._preview()
        for position, stage in ((2, second), (3, first)):
            with wizard.line_ids.edit(position) as line:
                line.stage_id = stage
        with self.assertRaisesRegex(UserError, "B stands behind A"):
            wizard.save().action_apply()

    # === Twice, for one team, in another company === #

    def test_applied_twice_nothing_is_there_twice(self):
        self._apply()
        before = [self._get_asked(), self._get_opened(), self.env["crm.stage"].search([])]
        before += [self.env[model].search([]) for model in ("sales.deal.class", "sales.department")]
        wizard = self._preview()
        self.assertFalse([line["additions"] for line in wizard.line_ids._records if line["additions"]])
        wizard.save().action_apply()
        after = [self._get_asked(), self._get_opened(), self.env["crm.stage"].search([])]
        after += [self.env[model].search([]) for model in ("sales.deal.class", "sales.department")]
        self.assertEqual(after, before)

    def test_what_a_manager_changed_stays(self):
        self._apply()
        changed, dropped = self._get_asked()[:2]
        changed.write({"name": "Ours", "enforcement": "block"})
        dropped.active = False
        self._apply()
        self.assertEqual((changed.name, changed.enforcement, dropped.active), ("Ours", "block", False))
        self.assertEqual(len(self._get_asked().filtered(lambda one: one.stage_id == changed.stage_id)), 1)

    def test_one_team_gets_stages_between_shared_ones(self):
        wizard = self._preview(team=self.other_team)
        for position in range(1, 5):
            with wizard.line_ids.edit(position) as line:
                line.stage_id = self.env["crm.stage"]
        wizard.save().action_apply()
        stages = self._get_stages()
        self.assertFalse((stages[0] | stages[-1]).team_ids)
        self.assertEqual(stages[1:-1].team_ids, self.other_team)
        self.assertEqual(self._get_asked().team_ids, self.other_team)
        elsewhere = self._create_deals(company_id=self.company.id, user_id=False)
        self.assertFalse(elsewhere._get_stage_blockers()[elsewhere])
        self.assertFalse(elsewhere.deal_task_ids)
        there = self._create_deals(company_id=self.company.id, user_id=False, team_id=self.other_team.id)
        self.assertEqual(there.deal_task_ids.mapped("name"), ["First contact"])

    def test_shared_stages_are_not_created_for_one_team(self):
        wizard = self._preview(team=self.other_team)
        with wizard.line_ids.edit(0) as line:
            line.stage_id = self.env["crm.stage"]
        with self.assertRaisesRegex(UserError, "Lead would be a new stage of all teams"):
            wizard.save().action_apply()

    def test_another_team_is_added_to_what_is_asked(self):
        self._apply(team=self.other_team)
        shared, own = self._get_stages()[0], self._get_stages()[2]
        self._apply(team=self.team)
        asked = self._get_asked().filtered(lambda one: one.stage_id == shared)
        self.assertEqual(len(asked), 2)
        self.assertEqual(asked.team_ids, self.team | self.other_team)
        self.assertEqual(own.stage_requirement_ids.team_ids, self.other_team, "the stages of a team are its own")

    def test_second_company_has_its_own(self):
        self._apply()
        other = self.env["res.company"].create({"name": "Yongcheng"})
        self.manager.company_ids |= other
        self._apply(company=other)
        self.assertEqual(len(self._get_asked(other)), len(self._get_asked()))
        self.assertFalse(self._get_asked(other) & self._get_asked())
        self.assertEqual(self._get_asked(other).stage_id, self._get_asked().stage_id)
        self.assertTrue(other.sales_process_enabled)

    # === Languages === #

    def test_names_come_in_every_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self._translate_template()
        self._apply(lang="zh_CN")
        stage = self._get_stages()[2]
        self.assertEqual((stage.name, stage.with_context(lang="zh_CN").name), ("Requirements Confirmed", "需求确认"))
        self.assertIn("先写下", stage.with_context(lang="zh_CN").stage_guidance)
        self.assertIn("Write down", stage.stage_guidance)
        checklist = self._get_asked().filtered(lambda one: one.stage_id == stage)[0]
        self.assertEqual(checklist.with_context(lang="zh_CN").item_ids[0].name, "图纸")

    def test_language_that_comes_later(self):
        self._apply()
        requirement, own = self._get_asked()[0], self._get_asked()[1]
        own.name = "Our own words"
        self.env["res.lang"]._activate_lang("zh_CN")
        self._translate_template()
        self.env["sales.process.template"]._translate_all_applied()
        stage = self._get_stages()[2]
        self.assertEqual(stage.with_context(lang="zh_CN").name, "需求确认")
        self.assertEqual(requirement.with_context(lang="zh_CN").name, "联系人")
        self.assertEqual(own.with_context(lang="zh_CN").name, "Our own words")

    def test_stage_called_so_in_another_language_is_found(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self._translate_template()
        own = self.env["crm.stage"].create({"name": "需求确认", "sequence": self.stages[1].sequence})
        self.assertEqual(self.template._prepare_matches()[self.template.stage_ids[2]], own)

    def _translate_template(self):
        stage = self.template.stage_ids[2]
        stage.update_field_translations("name", {"zh_CN": "需求确认"})
        term = next(term for term in stage._fields["guidance"].get_trans_terms(stage.guidance) if "Write down" in term)
        stage.update_field_translations("guidance", {"zh_CN": {term: "先写下客户需要什么"}})
        stage.requirement_ids.item_ids[0].update_field_translations("name", {"zh_CN": "图纸"})
        self.template.stage_ids.requirement_ids[0].update_field_translations("name", {"zh_CN": "联系人"})

    # === Rule 3, rights === #

    def test_applying_starts_no_clock_and_tells_nobody(self):
        deals = self._create_deals(20, company_id=self.company.id, team_id=False, user_id=False)
        self.env.flush_all()
        models = ["sales.deal.task", "mail.activity", "mail.mail", "mail.notification", "sales.stage.move"]
        before = [self.env[model].search_count([]) for model in models]
        messages = len(deals.message_ids)
        self._apply()
        self.assertEqual([self.env[model].search_count([]) for model in models], before)
        self.assertEqual(len(deals.message_ids), messages)
        self.assertEqual(deals.deal_class_id.code, "standard", "what is open is asked what its class is asked")

    def test_applying_switches_the_process_on(self):
        self._apply()
        self.assertTrue(self.company.sales_process_enabled)
        self.assertTrue(self.company.won_on_confirm)
        self.assertTrue(self.salesperson.has_group("sales_management.group_process"))

    def test_only_a_manager_applies(self):
        for user in (self.salesperson, self.leader):
            with self.subTest(user.login), self.assertRaises(AccessError), mute_logger("odoo.models"):
                self.env["sales.process.apply"].with_user(user).create({"template_id": self.template.id})

    def test_preview_of_another_manager_is_not_theirs(self):
        wizard = self._preview().save()
        other = new_test_user(self.env, "sm_other_manager", "sales_team.group_sale_manager")
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            wizard.with_user(other).action_apply()

    # === Stages that go === #

    def test_stage_with_deals_is_not_deleted(self):
        self._apply()
        stage = self._get_stages()[2]
        self._create_deals(stage_id=stage.id, company_id=self.company.id, team_id=False, user_id=False)
        with self.assertRaisesRegex(UserError, "Requirements Confirmed: 1"):
            stage.unlink()

    def test_stage_takes_what_it_asks_with_it(self):
        self._apply()
        stage = self._get_stages()[2]
        requirements = stage.stage_requirement_ids
        stage.unlink()
        self.assertFalse(requirements.exists())
        self._apply()
        self.assertEqual(len(self._get_stages()), 6, "the template brings it back")

    def test_history_keeps_the_name_of_a_stage_that_is_gone(self):
        self._apply()
        stages = self._get_stages()
        deal = self._create_deals(company_id=self.company.id, team_id=False, user_id=False, stage_id=stages[2].id)
        deal.stage_id = stages[3]
        stages[2].unlink()
        move = deal.stage_move_ids.filtered("from_stage_name")[:1]
        self.assertEqual(move.from_stage_label, "Requirements Confirmed")

    def test_uninstalled_addon_leaves_the_stages(self):
        """Core's stages are nobody's data: no external id of ours would take them along."""
        self._apply()
        stages = self._get_stages()
        data = self.env["ir.model.data"].search([("model", "=", "crm.stage"), ("res_id", "in", stages.ids)])
        self.assertNotIn("sales_management", data.mapped("module"))

    def test_uninstallation_tries_to_delete_no_type_that_is_required(self):
        self._apply()
        hooks.uninstall_hook(self.env)
        self.assertFalse(self.env["ir.model.data"].search([("model", "=", "sales.document.type")]))
