from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .deal_task_common import FRIDAY, TaskCommon

ESCALATION = "odoo.addons.sales_management.models.process.sales_deal_task_escalation"


@tagged("post_install", "-at_install", "process")
class TestEscalation(TaskCommon):
    """Who is told of what is not handled in time: once a level, whatever happens in between."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls._create_template(
            cls.contact,
            [
                {"level": 1, "hours": 48, "escalate_to": "team_leader"},
                {"level": 2, "hours": 72, "escalate_to": "department_manager"},
            ],
            hours=24,
            responsible="department",
            department_id=cls.department.id,
        )
        with freeze_time(FRIDAY):
            cls._move(cls.contact)
        cls.task = cls._get_tasks()
        cls.env["sales.notice"].search([("id", "!=", False)]).unlink()

    def _escalate(self, hours):
        with freeze_time(FRIDAY + timedelta(hours=hours)), self.enter_registry_test_mode():
            self.env.ref("sales_management.ir_cron_escalate_tasks").method_direct_trigger()
        self.env.invalidate_all()

    def _get_told(self):
        return self._get_notices("escalation").mapped("user_id.name")

    # === Levels === #

    def test_levels_are_told_one_after_the_other(self):
        expected = [(47.9, 0, []), (48, 1, ["Leader"]), (60, 1, ["Leader"]), (72, 2, ["Leader", "Chief"])]
        for hours, level, told in [*expected, (200, 2, ["Leader", "Chief"])]:
            self._escalate(hours)
            with self.subTest(hours):
                self.assertEqual((self.task.escalation_level, self._get_told()), (level, told))
        self.assertFalse(self.task.next_escalation_at)

    def test_levels_that_are_reached_at_once_are_told_once(self):
        self._escalate(100)
        self.assertEqual((self.task.escalation_level, self._get_told()), (2, ["Chief"]))
        self._escalate(101)
        self.assertEqual(self._get_told(), ["Chief"])

    def test_chatter_says_what_is_late_whose_and_who_was_told(self):
        self._escalate(72)
        body = self.deal.message_ids[0].body
        for text in ("To do in Contact", self.task.user_id.name, "Told: Chief"):
            self.assertIn(text, body)

    def test_what_is_done_or_gone_tells_nobody(self):
        others = self._create_deals(3, stage_id=self.enquiry.id)
        with freeze_time(FRIDAY):
            self._move(self.contact, others)
            self._get_tasks(others[0]).with_user(self.chief).action_done()
            others[1].action_set_lost()
            others[2].probability = 30
            others[2].action_archive()
        self.task._cancel()
        self._escalate(72)
        self.assertFalse(self._get_notices("escalation"))

    def test_switched_off_tells_nobody_and_asks_nothing(self):
        self.company.sales_process_enabled = False
        with self.assertQueryCount(0):
            self.env["sales.deal.task"]._cron_escalate()
        self._escalate(72)
        self.assertFalse(self._get_notices("escalation"))

    def test_change_of_a_level_does_not_reach_back(self):
        self.template.escalation_ids[0].unlink()
        self._escalate(50)
        self.assertEqual((self.task.escalation_level, self._get_told()), (1, []))
        self._escalate(72)
        self.assertEqual(self._get_told(), ["Chief"])

    def test_correction_tells_no_level_twice(self):
        self._escalate(48)
        self._move(self.enquiry)
        self.assertEqual(self.task.state, "cancelled")
        self.deal.with_user(self.salesperson).action_undo_stage_move()
        self._escalate(60)
        self.assertEqual((self.task.state, self._get_told()), ("open", ["Leader"]))

    # === Receivers === #

    def test_who_has_left_is_passed_over(self):
        self.chief.action_archive()
        self._escalate(72)
        self.assertEqual(self._get_told(), ["Leader"])

    def test_without_leader_the_managers_are_told(self):
        self.leader.action_archive()
        self._escalate(48)
        self.assertIn("Manager", self._get_told())
        self.assertNotIn("Salesperson", self._get_told())

    def test_managers_and_a_person(self):
        self._create_template(
            self.proposal,
            [
                {"level": 1, "hours": 1, "escalate_to": "user", "user_id": self.designer.id},
                {"level": 2, "hours": 2, "escalate_to": "manager"},
            ],
        )
        self.task._cancel()
        with freeze_time(FRIDAY):
            self._move(self.proposal)
        self._escalate(1)
        self.assertEqual(self._get_told(), ["Designer"])
        self._escalate(2)
        self.assertIn("Manager", self._get_told())

    # === Faults === #

    def test_one_that_fails_holds_up_no_other(self):
        others = self._create_deals(2, stage_id=self.enquiry.id)
        with freeze_time(FRIDAY):
            self._move(self.contact, others)
        tasks = self._get_tasks(others)
        send = type(self.env["sales.deal.task"])._tell_level
        broken = self.task.id

        def tell(records, level):
            if broken in records.ids:
                raise ValueError("Broken")
            return send(records, level)

        with patch.object(type(self.env["sales.deal.task"]), "_tell_level", tell), mute_logger(ESCALATION):
            self._escalate(48)
        self.assertEqual(tasks.mapped("escalation_level"), [1, 1])
        self.assertEqual(self.task.escalation_level, 0)
        self._escalate(49)
        self.assertEqual(self.task.escalation_level, 1)
        self.assertEqual(self._get_notices("escalation").mapped("res_id"), [*others.ids, self.deal.id])

    def test_number_of_queries_does_not_grow(self):
        counts = {}
        for size in (2, 4, 30):
            deals = self._create_deals(size, stage_id=self.enquiry.id)
            with freeze_time(FRIDAY):
                self._move(self.contact, deals)
            tasks = self._get_tasks(deals)
            self.env.flush_all()
            self.env.invalidate_all()
            with freeze_time(FRIDAY + timedelta(hours=48)):
                before = self.cr.sql_log_count
                tasks._escalate()
                self.env.flush_all()
                counts[size] = self.cr.sql_log_count - before
            self.assertEqual(set(tasks.mapped("escalation_level")), {1})
        self.assertLessEqual(counts[30], counts[4] + 2, counts)

    # === Clocks === #

    def test_levels_count_on_the_clock_of_the_task(self):
        self.company.resource_calendar_id = self.env["resource.calendar"].create(
            {
                "name": "Office",
                "tz": "Asia/Shanghai",
                "attendance_ids": [
                    Command.create({"name": "Day", "dayofweek": str(day), "hour_from": 9, "hour_to": 17})
                    for day in range(5)
                ],
            }
        )
        self._create_template(self.proposal, [{"level": 1, "hours": 2}], hours=1, clock="working")
        with freeze_time(FRIDAY):
            self._move(self.proposal)
            task = self._get_tasks(self.deal, "open")[-1]
            self.assertEqual(task.next_escalation_at, FRIDAY.replace(day=6, hour=2))
            self.env["sales.calendar.exception"].create({"date": "2026-07-04", "is_working": True})
        self.assertEqual(task.next_escalation_at, FRIDAY.replace(day=4, hour=2))
