from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .deal_task_common import FRIDAY, TaskCommon


@tagged("post_install", "-at_install", "process")
class TestDealTaskFlow(TaskCommon):
    """What becomes of open tasks when their deal moves, is lost, won, merged or deleted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for stage in cls.stages:
            cls._create_template(stage, [{"level": 1, "hours": 48}])
        cls.deal.unlink()
        cls.deal = cls._create_deals(stage_id=cls.enquiry.id)

    def _assert_states(self, expected, deals=None):
        self.assertEqual([(task.stage_id.name, task.state) for task in self._get_tasks(deals)], expected)
        open_tasks = self._get_tasks(deals, "open")
        self.assertEqual(open_tasks.activity_id, self._get_mirrors(deals), "Each open task has its activity.")
        self.assertEqual(len(open_tasks.activity_id), len(open_tasks))

    # === Moves === #

    def test_moved_on_keeps_what_is_open(self):
        self._move(self.contact)
        self._assert_states([("Enquiry", "open"), ("Contact", "open")])

    def test_moved_on_completes_what_asks_for_it(self):
        self.env["sales.stage.task"].search([("stage_id", "=", self.enquiry.id)]).done_when = "forward"
        deal = self._create_deals(stage_id=self.enquiry.id)
        self._move(self.proposal, deal)
        self._assert_states([("Enquiry", "done"), ("Proposal", "open")], deal)
        self.assertEqual(self._get_tasks(deal)[0].done_by_id, self.salesperson)

    def test_moved_back_takes_off_what_comes_after(self):
        self._move(self.contact)
        self._move(self.proposal)
        self._move(self.contact)
        self._assert_states([("Enquiry", "open"), ("Contact", "open"), ("Proposal", "cancelled")])

    def test_moved_back_asks_for_nothing_that_was_done(self):
        self._move(self.contact)
        self._get_tasks(self.deal, "open").with_user(self.salesperson).action_done()
        self._move(self.proposal)
        self._move(self.contact)
        self._assert_states([("Enquiry", "done"), ("Contact", "done"), ("Proposal", "cancelled")])
        self._move(self.proposal)
        self.assertEqual(self._get_tasks(self.deal, "open").stage_id, self.proposal)

    def test_moved_on_again_asks_anew(self):
        self._move(self.contact)
        self._get_tasks(self.deal, "open").with_user(self.salesperson).action_done()
        self._move(self.enquiry)
        self._move(self.contact)
        self.assertEqual(self._get_tasks(self.deal, "open").stage_id, self.contact)

    def test_lost_and_restored(self):
        self._move(self.contact)
        self.deal.with_user(self.salesperson).action_set_lost()
        self._assert_states([("Enquiry", "cancelled"), ("Contact", "cancelled")])
        self.deal.with_user(self.salesperson).action_restore()
        self._assert_states([("Enquiry", "cancelled"), ("Contact", "cancelled"), ("Contact", "open")])

    def test_won_leaves_what_the_won_stage_asks(self):
        self._move(self.contact)
        self.deal.with_user(self.salesperson).action_set_won()
        self._assert_states([("Enquiry", "cancelled"), ("Contact", "cancelled"), ("Deal", "open")])

    def test_batch_of_deals_is_lost_in_few_queries(self):
        counts = {}
        for size in (2, 4, 30):
            deals = self._create_deals(size, stage_id=self.enquiry.id)
            self.env.flush_all()
            self.env.invalidate_all()
            moves = self.env["sales.stage.move"]._add_facts(
                [{**deal._prepare_stage_move_common_values("user"), "direction": "lost"} for deal in deals]
            )
            self.env.flush_all()
            before = self.cr.sql_log_count
            deals._after_stage_moves(moves)
            self.env.flush_all()
            counts[size] = self.cr.sql_log_count - before
            self.assertEqual(set(self._get_tasks(deals).mapped("state")), {"cancelled"})
        self.assertLessEqual(counts[30], counts[4], counts)

    # === Taking back === #

    def test_correction_takes_back_what_the_move_opened(self):
        self._move(self.contact)
        self.deal.with_user(self.salesperson).action_undo_stage_move()
        self._assert_states([("Enquiry", "open"), ("Contact", "cancelled")])

    def test_correction_gives_back_what_the_move_took_off(self):
        self._move(self.contact)
        self._move(self.proposal)
        due = {task: task.due_at for task in self._get_tasks()}
        self._move(self.enquiry)
        self._assert_states([("Enquiry", "open"), ("Contact", "cancelled"), ("Proposal", "cancelled")])
        self.deal.with_user(self.salesperson).action_undo_stage_move()
        self._assert_states([("Enquiry", "open"), ("Contact", "open"), ("Proposal", "open")])
        self.assertEqual({task: task.due_at for task in self._get_tasks()}, due)
        self.assertTrue(all(self._get_tasks().mapped("next_escalation_at")))

    def test_correction_of_losing(self):
        self.deal.with_user(self.salesperson).action_set_lost()
        self.deal.with_user(self.salesperson).action_undo_stage_move()
        self._assert_states([("Enquiry", "open")])

    # === People === #

    def test_reassigned_deal_takes_its_tasks_along(self):
        self.deal.with_user(self.leader).user_id = self.member
        task = self._get_tasks()
        self.assertEqual((task.user_id, task.activity_id.user_id), (self.member, self.member))
        self.assertIn(self.member, self._get_notices("task").user_id)

    def test_mirror_is_due_in_the_zone_of_the_new_person(self):
        self.salesperson.tz, self.member.tz = "Asia/Shanghai", "America/New_York"
        with freeze_time(FRIDAY.replace(hour=20)):
            deal = self._create_deals(stage_id=self.enquiry.id)
        mirror = self._get_mirrors(deal)
        before = mirror.date_deadline
        deal.user_id = self.member
        self.assertEqual(mirror.date_deadline, before - timedelta(days=1))

    def test_task_that_was_given_to_another_stays_there(self):
        self._get_mirrors().with_user(self.leader).user_id = self.manager
        self.deal.with_user(self.manager).user_id = self.member
        self.assertEqual(self._get_tasks().user_id, self.manager)

    def test_change_of_team_and_leader(self):
        self._create_template(self.contact, responsible="team_leader")
        self._move(self.contact)
        task = self._get_tasks().filtered(lambda task: task.responsible == "team_leader")
        self.assertEqual(task.user_id, self.leader)
        self.team.user_id = self.member
        self.assertEqual((task.user_id, task.activity_id.user_id), (self.member, self.member))
        self.other_team.user_id = self.manager
        self.deal.with_user(self.manager).team_id = self.other_team
        self.assertEqual(task.user_id, self.manager)

    def test_archived_user_leaves_no_task_behind(self):
        self.salesperson.action_archive()
        task = self._get_tasks()
        self.assertEqual((task.state, task.user_id, task.activity_id.user_id), ("open", self.leader, self.leader))
        self._assert_states([("Enquiry", "open")])

    def test_deleted_user_leaves_no_task_behind(self):
        deal = self._create_deals(stage_id=self.enquiry.id, user_id=self.engineer.id)
        self.env.flush_all()
        self.engineer.unlink()
        self.assertEqual(self._get_tasks(deal).user_id, self.leader)
        self._assert_states([("Enquiry", "open")], deal)

    # === Merging, deleting === #

    def test_merge_keeps_one_of_each(self):
        with freeze_time(FRIDAY):
            early = self._create_deals(stage_id=self.enquiry.id, name="Early")
        late = self._create_deals(stage_id=self.enquiry.id, name="Late")
        self._move(self.contact, late)
        due = self._get_tasks(early).due_at
        merged = (early | late).with_user(self.manager).merge_opportunity()
        self.assertEqual(
            sorted((task.stage_id.name, task.state) for task in self._get_tasks(merged)),
            [("Contact", "open"), ("Enquiry", "cancelled"), ("Enquiry", "open")],
        )
        open_tasks = self._get_tasks(merged, "open")
        self.assertEqual(min(open_tasks.mapped("due_at")), due)
        self.assertEqual(open_tasks.activity_id, self._get_mirrors(merged))
        self.assertEqual(open_tasks.activity_id.mapped("res_id"), [merged.id, merged.id])

    def test_deleted_deal_leaves_nothing(self):
        mirrors, tasks = self._get_mirrors(), self._get_tasks()
        self.deal.unlink()
        self.assertFalse(mirrors.exists() | self.env["mail.activity"].search([("res_id", "=", self.deal.id)]))
        self.assertFalse(tasks.exists())

    def test_deleted_template_and_stage_leave_the_task(self):
        self._move(self.contact)
        task = self._get_tasks(self.deal, "open")[-1]
        task.template_id.unlink()
        self._move(self.proposal)
        self.contact.unlink()
        self.assertEqual((task.state, task.name), ("open", "To do in Contact"))
        self.salesperson.action_archive()
        self.assertEqual(task.user_id, self.leader)
        self._move(self.enquiry, user=self.manager)
        self.deal.action_set_lost()
        self.assertEqual(task.state, "cancelled")

    # === The deal itself === #

    def test_deal_tells_its_next_task(self):
        self._move(self.contact)
        first = min(self._get_tasks(), key=lambda task: task.due_at)
        self.assertEqual(self.deal.deal_task_open_count, 2)
        self.assertEqual((self.deal.deal_task_next_due, self.deal.deal_task_next_name), (first.due_at, first.name))
        self.assertEqual((self.deal.deal_task_next_user_id, self.deal.deal_task_state), (self.salesperson, "today"))
        with freeze_time(fields.Datetime.now() + timedelta(days=2)):
            self.deal.invalidate_recordset()
            self.assertEqual(self.deal.deal_task_state, "late")
        self._get_tasks()._cancel()
        self.assertFalse(self.deal.deal_task_next_due or self.deal.deal_task_state or self.deal.deal_task_next_name)


@tagged("post_install", "-at_install", "process")
class TestDealTaskDone(TaskCommon):
    """What completes a task, and who may."""

    def _open(self, **values):
        self._create_template(self.contact, **values)
        self._move(self.contact)
        return self._get_tasks(self.deal, "open")[-1]

    # === By its activity and its button === #

    def test_activity_completes_the_task(self):
        task = self._open()
        with freeze_time(task.due_at):
            task.activity_id.with_user(self.salesperson).action_feedback(feedback="Called them.")
        self.assertEqual((task.state, task.done_by_id, task.is_on_time), ("done", self.salesperson, True))
        self.assertIn("Called them.", self.deal.message_ids[0].body)

    def test_one_second_late_is_late(self):
        task = self._open()
        with freeze_time(task.due_at + timedelta(seconds=1)):
            self.assertTrue(task.is_late)
            task.with_user(self.salesperson).action_done()
        self.assertEqual((task.state, task.is_on_time), ("done", False))

    def test_button_completes_the_activity(self):
        task = self._open()
        activity = task.activity_id
        task.with_user(self.salesperson).action_done(feedback="They want samples.")
        self.assertFalse(activity.active)
        self.assertIn("They want samples.", self.deal.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "Somebody has been here before"):
            task.with_user(self.salesperson).action_done()

    def test_member_of_the_department_completes_the_task_of_another(self):
        task = self._open(responsible="department", department_id=self.department.id)
        other = (self.engineer | self.designer) - task.user_id
        task.with_user(other).action_done()
        self.assertEqual(task.done_by_id, other)

    def test_leader_cancels_with_a_reason_and_opens_again(self):
        task = self._open()
        due = task.due_at
        with self.assertRaisesRegex(UserError, "Say why"):
            task.with_user(self.leader).action_cancel(" ")
        task.with_user(self.leader).action_cancel("They called us.")
        self.assertEqual(task.state, "cancelled")
        self.assertIn("They called us.", self.deal.message_ids[0].body)
        self.assertFalse(self._get_mirrors())
        task.with_user(self.leader).action_reopen()
        self.assertEqual((task.state, task.due_at, task.activity_id), ("open", due, self._get_mirrors()))

    # === By itself === #

    def test_contact(self):
        task = self._open(done_when="contact")
        task.activity_id.date_deadline = task.activity_id.date_deadline
        self.deal.activity_schedule("mail.mail_activity_data_todo", user_id=self.salesperson.id)
        self.deal.with_user(self.salesperson).activity_feedback(["mail.mail_activity_data_todo"])
        self.assertEqual(task.state, "open", "A to-do of one's own is no contact.")
        self.deal.activity_schedule("mail.mail_activity_data_call", user_id=self.salesperson.id)
        self.deal.with_user(self.salesperson).activity_feedback(["mail.mail_activity_data_call"])
        self.assertEqual((task.state, task.done_by_id), ("done", self.salesperson))

    def test_mirror_is_no_contact(self):
        asked = self._open(done_when="contact")
        self._create_template(self.enquiry)
        self._move(self.enquiry)
        other = self._get_tasks(self.deal, "open")
        other.activity_id.with_user(self.salesperson).action_feedback()
        self.assertEqual((other.state, asked.state), ("done", "cancelled"))
        self.assertFalse(self.deal.first_response_at)

    def test_next_step(self):
        task = self._open(done_when="next_step")
        self.deal.with_user(self.salesperson).deal_next_step = "Send samples"
        self.assertEqual(task.state, "done")

    def test_planned_activity_is_a_next_step(self):
        task = self._open(done_when="next_step")
        self.deal.with_user(self.salesperson).activity_schedule("mail.mail_activity_data_call")
        self.assertEqual(task.state, "open", "What a program plans is nobody's plan.")
        self.env["mail.activity"].with_user(self.salesperson).create(
            {
                "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "res_id": self.deal.id,
                "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
            }
        )
        self.assertEqual((task.state, task.done_by_id), ("done", self.salesperson))

    def test_what_is_there_already_is_done_at_once(self):
        self.deal.with_user(self.salesperson).deal_next_step = "Send samples"
        self._create_template(self.contact, done_when="next_step", levels=[{"level": 1, "hours": 48}])
        self._move(self.contact)
        task = self._get_tasks()
        self.assertEqual((task.state, task.is_on_time, task.next_escalation_at), ("done", True, False))
        self.assertFalse(self._get_mirrors())

    # === What the activity may not do === #

    def test_activity_that_is_deleted_by_a_program_comes_back(self):
        task = self._open()
        task.activity_id.sudo().unlink()
        self.assertEqual((task.state, task.activity_id), ("open", self._get_mirrors()))

    def test_leader_who_deletes_the_activity_cancels_the_task(self):
        task = self._open()
        task.activity_id.with_user(self.leader).unlink()
        self.assertEqual(task.state, "cancelled")

    def test_deadline_of_the_activity_stays(self):
        task = self._open()
        with self.assertRaisesRegex(UserError, "stays as it is"):
            task.activity_id.with_user(self.salesperson).date_deadline += timedelta(days=3)

    def test_leader_gives_the_activity_to_another(self):
        task = self._open()
        task.activity_id.with_user(self.leader).user_id = self.member
        self.assertEqual(task.user_id, self.member)
