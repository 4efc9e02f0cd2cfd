from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.sales_management.tests.common import DealCommon

#: Settings of the staged process, and the smallest record of each.
SETTINGS = {
    "sales.deal.class": {"name": "Key account"},
    "sales.department": {"name": "Engineering"},
    "sales.document.type": {"name": "Signed contract"},
    "sales.policy": {"code": "back_reason"},
    "sales.stage.requirement": {"name": "Order", "kind": "order"},
    "sales.stage.task": {"name": "First contact"},
}
ACTIONS = (
    "crm_stage_action_process",
    "sales_stage_requirement_action",
    "sales_stage_task_action",
    "sales_department_action",
    "sales_deal_class_action",
    "sales_document_type_action",
    "sales_policy_action",
)


class ConfigurationCommon(DealCommon):
    """A company that uses the staged process, with three stages of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sales_process_enabled = True
        # Stages of earlier data would stand between ours.
        cls.env["crm.stage"].search([("id", "!=", False)]).write({"sequence": 0})
        cls.stages = cls.env["crm.stage"].create(
            [{"name": name, "sequence": 10 + position} for position, name in enumerate(("First", "Second", "Third"))]
        )
        cls.first, cls.second, cls.third = cls.stages
        cls.document_type = cls.env["sales.document.type"].create({"name": "Signed contract", "company_id": False})

    @classmethod
    def _create_requirement(cls, **values):
        defaults = {"name": "Phone", "stage_id": cls.first.id, "kind": "field", "field_name": "phone"}
        if values.get("kind", "field") != "field":
            del defaults["field_name"]
        return cls.env["sales.stage.requirement"].create({**defaults, **values})

    def _get_changes(self, record):
        """:return: what the chatter says of changes: names of fields, old and new values"""
        self.env.flush_all()
        self.env.cr.precommit.run()
        values = record.message_ids.sudo().tracking_value_ids.sorted("id")
        return [
            (value.field_id.name, change["oldValue"], change["newValue"])
            for value in values
            for change in value._tracking_value_format()
        ]


@tagged("post_install", "-at_install", "process")
class TestProcessConfiguration(ConfigurationCommon):
    """Managers edit what the process asks, on screens that everybody in sales may read."""

    # === Screens === #

    def test_screens_open_for_manager_and_salesperson(self):
        for name in ACTIONS:
            action = self.env.ref(f"sales_management.{name}")
            views = [(False, mode) for mode in action.view_mode.split(",")] + [(False, "search")]
            for user in (self.manager, self.salesperson):
                with self.subTest(name, user=user.login):
                    loaded = self.env[action.res_model].with_user(user).get_views(action.views or views)
                    self.assertTrue(loaded["views"])
            self.assertTrue(action.help, name)
            self.assertTrue(action.path, name)

    def test_stage_has_its_requirements_and_todos(self):
        with Form(self.first.with_user(self.manager)) as form:
            form.sales_code = "L1"
            with form.stage_requirement_ids.new() as line:
                line.name = "Phone"
                line.field_name = "phone"
        requirement = self.first.stage_requirement_ids
        self.assertEqual(requirement.field_id.name, "phone")
        self.assertEqual(requirement.target, "Phone")
        self.assertEqual((self.first.stage_requirement_count, self.first.stage_task_count), (1, 0))

    def test_stage_shows_nothing_of_it_while_it_is_off(self):
        self.env.company.sales_process_enabled = False
        for user in (self.manager, self.salesperson):
            arch = self.env["crm.stage"].with_user(user).get_view(self.env.ref("crm.crm_stage_form").id)["arch"]
            self.assertNotIn("stage_requirement_ids", arch)
            self.assertNotIn("skip_policy", arch)
            self.assertIn("Requirements", arch, "Core's own text has its heading.")

    def test_requirement_of_each_kind_by_its_form(self):
        activity_type = self.env.ref("mail.mail_activity_data_call")
        targets = {
            "field": ("field_name", "phone", "Phone"),
            "document": ("document_type_id", self.document_type, "Signed contract"),
            "activity": ("activity_type_id", activity_type, "Call"),
            "domain": ("domain", "[('expected_revenue', '>', 0)]", ""),
        }
        for kind, (field, value, target) in targets.items():
            with self.subTest(kind):
                form = Form(self.env["sales.stage.requirement"].with_user(self.manager))
                form.name = kind
                form.stage_id = self.first
                form.kind = kind
                form[field] = value
                requirement = form.save()
                self.assertEqual(requirement.target, target)
                self.assertFalse(requirement.is_broken)

    def test_checklist_by_its_form(self):
        form = Form(self.env["sales.stage.requirement"].with_user(self.manager))
        form.name = "Customer requirements"
        form.stage_id = self.first
        form.kind = "checklist"
        for name in ("Drawing", "Quantity"):
            with form.item_ids.new() as line:
                line.name = name
        requirement = form.save()
        self.assertEqual(requirement.item_ids.mapped("name"), ["Drawing", "Quantity"])
        self.assertEqual(requirement.target, "2 lines")

    def test_fields_that_can_be_asked_for(self):
        choices = dict(self.env["sales.stage.requirement"].with_user(self.manager)._get_field_selection())
        self.assertLessEqual({"partner_id", "phone", "source_id", "expected_revenue"}, choices.keys())
        fields_ = self.env["crm.lead"]._fields
        self.assertFalse([name for name in choices if not fields_[name].store or name in ("stage_id", "create_date")])

    def test_requirement_that_lost_its_field(self):
        requirement = self._create_requirement()
        self.env.flush_all()
        self.env.cr.execute("UPDATE sales_stage_requirement SET field_id = NULL WHERE id = %s", [requirement.id])
        self.env.invalidate_all()
        self.assertTrue(requirement.is_broken)
        self.assertEqual(requirement.target, "Phone", "What it was is still to be read.")
        with Form(requirement.with_user(self.manager)) as form:
            form.field_name = "email_from"
        self.assertFalse(requirement.is_broken)
        self.assertEqual(requirement.target, "Email")

    def test_checklist_without_lines_is_not_asked(self):
        requirement = self._create_requirement(kind="checklist", item_ids=[Command.create({"name": "Drawing"})])
        deal = self._create_deals(stage_id=self.first.id)
        self.assertTrue(deal._get_stage_blockers()[deal])
        requirement.item_ids.unlink()
        self.assertTrue(requirement.is_broken)
        self.assertFalse(deal._get_stage_blockers()[deal])

    # === One click === #

    def test_only_managers_are_offered_the_click(self):
        for model in ("sales.stage.requirement", "sales.policy"):
            for user, is_offered in ((self.manager, True), (self.salesperson, False)):
                arch = self.env[model].with_user(user).get_view(view_type="list")["arch"]
                self.assertEqual("action_set_block" in arch, is_offered, f"{model} {user.login}")

    def test_level_by_one_click(self):
        requirement = self._create_requirement().with_user(self.manager)
        policy = self.env["sales.policy"].with_user(self.manager).create({"code": "back_reason"})
        for record in (requirement, policy):
            for level in ("block", "off", "warn"):
                getattr(record, f"action_set_{level}")()
                self.assertEqual(record.level, level)
        self.assertTrue(requirement.active)
        requirement.level = "off"
        self.assertFalse(requirement.active)
        self.assertIn(requirement, self.first.stage_requirement_ids, "It can be switched on again where it was.")
        self.assertFalse(self.first.stage_requirement_count)

    def test_level_of_several_at_once(self):
        requirements = self._create_requirement() | self._create_requirement(enforcement="block", active=False)
        requirements.action_set_block()
        self.assertEqual(requirements.mapped("level"), ["block", "block"])

    # === Rights === #

    def test_salesperson_reads_and_manager_writes(self):
        for model, values in SETTINGS.items():
            values = {**values, "stage_id": self.first.id} if "stage_id" in self.env[model] else values
            with self.subTest(model):
                record = self.env[model].with_user(self.manager).create(values)
                as_salesperson = record.with_user(self.salesperson)
                self.assertTrue(as_salesperson.read())
                for refused in (
                    lambda record=as_salesperson: record.write({"active": False}),
                    lambda record=as_salesperson: record.unlink(),
                    lambda record=as_salesperson, values=values: record.create(values),
                ):
                    with self.assertRaises(AccessError):
                        refused()
                record.write({"active": False})
                record.unlink()

    def test_level_is_not_a_salespersons(self):
        policy = self.env["sales.policy"].create({"code": "back_reason"})
        for record in (self._create_requirement(), policy):
            with self.assertRaises(AccessError):
                record.with_user(self.salesperson).action_set_block()

    def test_settings_of_other_companies_are_not_seen(self):
        other = self.env["res.company"].create({"name": "Other"})
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.env.company.id})
        for model, values in SETTINGS.items():
            values = {**values, "stage_id": self.first.id} if "stage_id" in self.env[model] else values
            shared, own, foreign = self.env[model].create(
                [{**values, "company_id": company_id} for company_id in (False, self.env.company.id, other.id)]
            )
            with self.subTest(model):
                seen = self.env[model].with_user(self.manager).search([("id", "in", (shared | own | foreign).ids)])
                self.assertEqual(seen, shared | own)
                self.manager.company_ids |= branch
                seen = seen.with_context(allowed_company_ids=branch.ids).search([("id", "in", seen.ids)])
                self.assertEqual(seen, shared | own, "A branch sees what holds for it.")
                with self.assertRaises(AccessError):
                    own.with_user(self.manager).with_context(allowed_company_ids=branch.ids).write({"active": False})

    # === Refusals === #

    def test_all_that_is_wrong_is_said_at_once(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreign_type = self.env["sales.document.type"].create({"name": "Foreign paper", "company_id": other.id})
        values = {"stage_id": self.first.id}
        with self.assertRaises(ValidationError) as raised:
            self.env["sales.stage.requirement"].create(
                [
                    {**values, "name": "No field", "kind": "field"},
                    {**values, "name": "No document", "kind": "document"},
                    {**values, "name": "Foreign", "kind": "document", "document_type_id": foreign_type.id},
                    {**values, "name": "No sense", "kind": "domain", "domain": "[('no_such_field', '=', 1)]"},
                ]
            )
        for name in ("No field", "No document", "Foreign", "No sense"):
            self.assertIn(f"{name}: ", str(raised.exception))
        with self.assertRaises(ValidationError) as raised:
            self.env["sales.deal.class"].create([{"name": name, "domain": "[("} for name in ("One", "Two")])
        self.assertIn("One", str(raised.exception))
        self.assertIn("Two", str(raised.exception))

    def test_type_of_a_company_for_its_branch(self):
        self.document_type.company_id = self.env.company
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.env.company.id})
        values = {"kind": "document", "document_type_id": self.document_type.id}
        self.assertTrue(self._create_requirement(company_id=branch.id, **values))
        with self.assertRaises(ValidationError):
            self._create_requirement(company_id=False, **values)

    # === Copies === #

    def test_copy_of_a_requirement_has_its_lines(self):
        requirement = self._create_requirement(kind="checklist", item_ids=[Command.create({"name": "Drawing"})])
        copy = requirement.with_user(self.manager).copy()
        self.assertEqual(copy.item_ids.mapped("name"), ["Drawing"])
        self.assertFalse(copy.item_ids & requirement.item_ids)
        self.assertEqual(copy.name, "Phone (copy)")

    def test_copies_have_codes_of_their_own(self):
        for model in ("sales.deal.class", "sales.document.type"):
            record = self.env[model].create({"name": "Key account", "code": "key"})
            self.assertFalse(record.copy().code)

    # === Settings === #

    def test_switches_in_the_settings(self):
        settings = self.env["res.config.settings"].create({"sales_process_enabled": False, "won_on_confirm": True})
        settings.execute()
        self.assertFalse(self.env.company.sales_process_enabled)
        self.assertTrue(self.env.company.won_on_confirm)
