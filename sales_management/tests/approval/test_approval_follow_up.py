from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .approver_common import ApproverCommon

FOLLOW_UP = "odoo.addons.sales_management.models.approval.sales_approval_request_step_escalation"
#: A Friday, at noon by the clock of the company.
FRIDAY = datetime(2026, 7, 3, 12)


@tagged("post_install", "-at_install", "approval")
class TestApprovalFollowUp(ApproverCommon):
    """Who does not decide in working time is reminded, then others are asked: nothing is approved by silence."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        calendar = cls.env["resource.calendar"].create(
            {
                "name": "Office",
                "tz": "UTC",
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create({"name": str(day), "dayofweek": str(day), "hour_from": 9, "hour_to": 17})
                        for day in range(5)
                    ),
                ],
            }
        )
        cls.env.company.resource_calendar_id = calendar
        # The leader is led by nobody, so that his own leader is somebody else's.
        cls.chief = cls.member
        cls.env["crm.team"].create(
            {"name": "Leaders", "user_id": cls.chief.id, "company_id": False, "member_ids": [cls.leader.id]}
        )
        with freeze_time(FRIDAY):
            cls.request = cls._ask()
        cls.step = cls.request.step_ids[0]
        cls.env["sales.notice"].sudo().search([("id", "!=", False)]).unlink()

    def _run(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref("sales_management.ir_cron_follow_up_approvals").method_direct_trigger()
        self.env.invalidate_all()

    # === Clock === #

    def test_deadline_counts_working_hours(self):
        self.assertEqual(self.step.deadline_at, datetime(2026, 7, 6, 12))
        self.assertEqual(self.step.remind_at, datetime(2026, 7, 3, 16))

    def test_later_step_starts_its_clock_when_it_opens(self):
        self.assertFalse(self.request.step_ids[1].deadline_at)
        with freeze_time("2026-07-06 10:00:00"):
            self.request.with_user(self.leader).action_approve()
        self.assertEqual(self.request.step_ids[1].deadline_at, datetime(2026, 7, 7, 10))
        self.assertFalse(self.step.escalate_at)

    # === Reminder and escalation === #

    def test_one_reminder_then_the_next_level(self):
        self._run(FRIDAY + timedelta(hours=3))
        self.assertFalse(self._get_told("approval_news"))
        self._run(FRIDAY + timedelta(hours=4))
        self._run(FRIDAY + timedelta(hours=50))
        self.assertEqual(self._get_told("approval_news"), ["Leader"])
        self._run(datetime(2026, 7, 6, 12))
        self.assertEqual(self.step.user_ids, self.leader | self.chief)
        self.assertEqual(self._get_told("approval"), ["Member"])
        self._run(datetime(2026, 7, 7, 11))
        self.assertEqual(self.step.user_ids, self.leader | self.chief)
        self._run(datetime(2026, 7, 7, 12))
        self.assertIn(self.manager, self.step.user_ids)
        people = self.step.user_ids
        self._run(datetime(2026, 7, 20, 12))
        self.assertEqual(self.step.user_ids, people)
        self.assertEqual((self.request.state, self.step.state), ("pending", "open"))
        self.assertEqual(self._get_waiting(self.manager), self.request)

    def test_chatter_says_who_was_asked_and_reminded(self):
        self._run(FRIDAY + timedelta(hours=4))
        self._run(datetime(2026, 7, 6, 12))
        bodies = " ".join(self.request.message_ids.mapped("body"))
        self.assertIn("Reminded: Leader", bodies)
        self.assertIn("Asked as well: Member", bodies)

    def test_author_is_never_asked(self):
        self.env["crm.team"].search([("user_id", "=", self.chief.id)]).user_id = self.salesperson
        self._run(datetime(2026, 7, 6, 12))
        self.assertNotIn(self.salesperson, self.step.user_ids)

    def test_what_was_decided_or_recalled_is_left_alone(self):
        self.request.with_user(self.salesperson).action_recall()
        self._run(datetime(2026, 7, 8, 12))
        self.assertFalse(self._get_told("approval_news") + self._get_told("approval"))

    def test_switched_off_does_nothing_and_asks_nothing(self):
        self.env["res.company"].search([("sales_approval_enabled", "=", True)]).sales_approval_enabled = False
        self.env.flush_all()
        with self.assertQueryCount(0):
            self.env["sales.approval.request.step"]._cron_follow_up()

    # === People who left === #

    def test_who_left_is_replaced_by_whom_the_rule_asks_now(self):
        self.team.user_id = self.chief
        self.leader.sudo().active = False
        self._run(FRIDAY + timedelta(minutes=15))
        self.assertEqual(self.step.with_context(active_test=False).user_ids, self.chief)
        self.assertEqual(self._get_told("approval"), ["Member"])

    def test_nobody_left_is_a_todo_of_the_managers(self):
        managers = self.env.ref("sales_team.group_sale_manager").all_user_ids
        self.leader.sudo().active = False
        resolved = "_get_next_candidates"
        with patch.object(type(self.step), resolved, lambda step: []):
            self._run(FRIDAY + timedelta(minutes=15))
            self._run(FRIDAY + timedelta(minutes=30))
        self.assertFalse(self.step.user_ids)
        self.assertEqual((self.request.state, self.step.state), ("pending", "open"))
        told = self._get_told("approval_stuck")
        self.assertIn("Manager", told)
        self.assertEqual(len(told), len(set(told)))
        self.assertLessEqual(set(told), set(managers.mapped("name")))

    # === Faults === #

    def test_one_that_fails_holds_up_no_other(self):
        with freeze_time(FRIDAY):
            other = self._ask()
        follow_up = type(self.step)._follow_up
        broken = self.step

        def fail(steps):
            if broken in steps:
                raise ValueError("broken")
            return follow_up(steps)

        with patch.object(type(self.step), "_follow_up", fail), mute_logger(FOLLOW_UP):
            self._run(datetime(2026, 7, 6, 12))
        self.assertEqual(other.step_ids[0].escalation_level, 1)
        self.assertEqual(self.step.escalation_level, 0)
        self._run(datetime(2026, 7, 6, 12, 15))
        self.assertEqual(self.step.escalation_level, 1)
