from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_management.tests.process.test_process_configuration import ConfigurationCommon


@tagged("post_install", "-at_install", "process")
class TestProcessConfigurationChatter(ConfigurationCommon):
    """Every change of what is asked stands in its chatter with old and new value."""

    def test_every_field_of_a_requirement(self):
        requirement = self._create_requirement(company_id=False).with_user(self.manager)
        self.assertFalse(self._get_changes(requirement))
        deal_class = self.env["sales.deal.class"].create({"name": "Key account"})
        call = self.env.ref("mail.mail_activity_data_call")
        changes = [
            ({"name": "Mobile"}, ("name", "Phone", "Mobile")),
            ({"field_name": "email_from"}, ("field_label", "Phone", "Email")),
            ({"stage_id": self.second.id}, ("stage_id", "First", "Second")),
            ({"level": "block"}, ("enforcement", "Warn", "Block")),
            ({"level": "off"}, ("active", True, False)),
            ({"active_from": "2026-12-01"}, ("active_from", False, "2026-12-01")),
            ({"deal_class_ids": [Command.link(deal_class.id)]}, ("deal_class_ids", "", "Key account")),
            ({"deal_class_ids": [Command.clear()]}, ("deal_class_ids", "Key account", "")),
            ({"team_ids": [Command.set(self.team.ids)]}, ("team_ids", "", "East")),
            ({"team_ids": [Command.set(self.other_team.ids)]}, ("team_ids", "East", "Export")),
            ({"company_id": self.env.company.id}, ("company_id", "", self.env.company.name)),
            ({"kind": "activity"}, ("kind", "Field Is Filled In", "Done Activity")),
            ({"activity_type_id": call.id}, ("activity_type_id", "", "Call")),
            ({"min_count": 2}, ("min_count", 1, 2)),
            ({"document_type_id": self.document_type.id}, ("document_type_id", "", "Signed contract")),
            ({"domain": "[('phone', '!=', False)]"}, ("domain", False, "[('phone', '!=', False)]")),
        ]
        for vals, expected in changes:
            with self.subTest(vals):
                known = len(self._get_changes(requirement))
                requirement.write(vals)
                self.assertEqual(self._get_changes(requirement)[known:], [expected])
        told = {expected[0] for _vals, expected in changes}
        self.assertEqual(told, set(requirement._track_get_fields()), "No tracked field is left out here.")

    def test_lines_of_a_checklist(self):
        requirement = self._create_requirement(kind="checklist", item_ids=[Command.create({"name": "Drawing"})])
        requirement = requirement.with_user(self.manager)
        self.assertFalse(self._get_changes(requirement), "What it begins with is no change.")
        drawing = requirement.item_ids
        steps = [
            (lambda: drawing.write({"name": "Drawing 2D"}), "Drawing", "Drawing 2D"),
            (lambda: requirement.write({"item_ids": [Command.create({"name": "Price"})]}), None, "Drawing 2D, Price"),
            (lambda: drawing.write({"sequence": 99}), None, "Price, Drawing 2D"),
            (lambda: drawing.write({"active": False}), None, "Price"),
            (lambda: requirement.item_ids.unlink(), None, ""),
        ]
        before = "Drawing"
        for change, _old, after in steps:
            known = len(self._get_changes(requirement))
            change()
            self.assertEqual(self._get_changes(requirement)[known:], [("item_ids", before, after)])
            before = after

    def test_lines_changed_together_are_told_once(self):
        names = [Command.create({"name": name}) for name in ("Drawing", "Price")]
        requirement = self._create_requirement(kind="checklist", item_ids=names)
        self._get_changes(requirement)
        for item in requirement.item_ids:
            item.name = f"{item.name}!"
        requirement.item_ids = [Command.create({"name": "Date"})]
        self.assertEqual(self._get_changes(requirement), [("item_ids", "Drawing, Price", "Drawing!, Price!, Date")])

    def test_line_that_goes_to_another_checklist(self):
        one = self._create_requirement(kind="checklist", item_ids=[Command.create({"name": "Drawing"})])
        two = self._create_requirement(kind="checklist")
        self._get_changes(one | two)
        one.item_ids.requirement_id = two
        self.assertEqual(self._get_changes(one), [("item_ids", "Drawing", "")])
        self.assertEqual(self._get_changes(two), [("item_ids", "", "Drawing")])

    def test_translations(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        requirement = self._create_requirement(kind="checklist", item_ids=[Command.create({"name": "Drawing"})])
        self._get_changes(requirement)
        requirement.with_user(self.manager).update_field_translations("name", {"zh_CN": "电话"})
        requirement.item_ids.with_user(self.manager).update_field_translations("name", {"zh_CN": "图纸"})
        self.assertEqual(
            self._get_changes(requirement),
            [("name", "zh_CN: Phone", "zh_CN: 电话"), ("item_ids", "zh_CN: Drawing", "zh_CN: 图纸")],
        )

    def test_policy_and_class(self):
        policy = self.env["sales.policy"].with_user(self.manager).create({"code": "back_reason"})
        self._get_changes(policy)
        policy.action_set_block()
        self.assertEqual(self._get_changes(policy), [("level", "Warn", "Block")])
        deal_class = self.env["sales.deal.class"].with_user(self.manager).create({"name": "Key account"})
        self._get_changes(deal_class)
        deal_class.write({"amount_min": 1000.0, "sequence": 3})
        self.assertCountEqual(self._get_changes(deal_class), [("amount_min", 0.0, 1000.0), ("sequence", 10, 3)])
