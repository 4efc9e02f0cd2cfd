from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_management.tests.process.gate_common import GateCommon


@tagged("post_install", "-at_install", "process")
class TestSettingsDeletion(GateCommon):
    """What settings become when what they name is deleted: never more than they were."""

    def test_team_takes_what_was_asked_of_it_alone(self):
        requirement = self._require(team_ids=[Command.set(self.other_team.ids)])
        both = self._require(field="email_from", team_ids=[Command.set((self.team | self.other_team).ids)])
        policy = self._set_policy("back_reason", team_ids=[Command.set(self.other_team.ids)])
        task = self._create_template(team_ids=[Command.set(self.other_team.ids)])
        deal_class = self.env["sales.deal.class"].create({"name": "Export", "team_ids": self.other_team.ids})
        self.other_team.unlink()
        self.env.invalidate_all()
        for setting in (requirement, policy, task, deal_class):
            self.assertFalse(setting.active, setting._name)
        self.assertTrue(both.active)
        self.assertEqual(both.team_ids, self.team)
        blockers = self.deal._get_stage_blockers(self.second)[self.deal]
        self.assertEqual([blocker.source.id for blocker in blockers], both.ids)
        self.assertEqual(self.env["sales.policy"]._get_level("back_reason", self.company, self.team), "off")

    def test_robot_of_a_team_does_not_hear_of_all(self):
        channel = self.env["sales.notice.channel"].create(
            {
                "name": "Export",
                "webhook_url": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1",
                "team_ids": self.other_team.ids,
            }
        )
        self.other_team.unlink()
        self.assertFalse(channel.active)

    def test_class_takes_what_was_asked_of_it_alone(self):
        key = self.env["sales.deal.class"].create({"name": "Key"})
        requirement = self._require(deal_class_ids=[Command.set(key.ids)])
        task = self._create_template(deal_class_ids=[Command.set(key.ids)])
        key.unlink()
        self.env.invalidate_all()
        self.assertFalse(requirement.active or task.active)
        self.assertFalse(self.deal._get_stage_blockers(self.second)[self.deal])

    def _create_template(self, **values):
        return self.env["sales.stage.task"].create({"name": "Call", "stage_id": self.first.id, **values})
