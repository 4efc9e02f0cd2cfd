from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .deal_task_common import FRIDAY, TaskCommon


@tagged("post_install", "-at_install", "process")
class TestDealTaskOpening(TaskCommon):
    """Entering a stage opens what it asks, for everybody at once, and nothing of what was there before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls._create_template(cls.contact)

    # === What opens one === #

    def test_entering_a_stage_opens_its_task(self):
        with freeze_time(FRIDAY):
            self._move(self.contact)
        task = self._get_tasks()
        self.assertEqual((task.name, task.state, task.user_id), ("To do in Contact", "open", self.salesperson))
        self.assertEqual((task.opened_at, task.due_at), (FRIDAY, FRIDAY + timedelta(hours=24)))
        self.assertEqual(task.opening_move_id.to_stage_id, self.contact)
        self.assertEqual((task.company_id, task.stage_id), (self.company, self.contact))

    def test_new_deal_opens_what_its_stage_asks(self):
        deal = self.env["crm.lead"].with_user(self.salesperson)
        deal = deal.create({"name": "New", "type": "opportunity", "stage_id": self.contact.id})
        self.assertEqual(len(self._get_tasks(deal)), 1)

    def test_conversion_opens_what_its_stage_asks(self):
        lead = self._create_deals(type="lead", stage_id=self.contact.id)
        self.assertFalse(self._get_tasks(lead))
        lead.with_user(self.salesperson).convert_opportunity(self.env["res.partner"])
        self.assertEqual(len(self._get_tasks(lead)), 1)

    def test_second_move_opens_no_second_one_while_it_is_open(self):
        for stage in (self.contact, self.proposal, self.contact, self.enquiry, self.contact):
            self._move(stage)
        self.assertEqual(len(self._get_tasks(self.deal, "open")), 1)

    def test_archived_template_opens_nothing(self):
        self.template.active = False
        self._move(self.contact)
        self.assertFalse(self._get_tasks())

    def test_template_of_another_company_or_class_opens_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        deal_class = self.env["sales.deal.class"].create({"name": "Key Account", "amount_min": 1_000_000})
        self.template.company_id = other
        self._create_template(self.contact, deal_class_ids=[Command.link(deal_class.id)])
        self._move(self.contact)
        self.assertFalse(self._get_tasks())

    def test_template_of_its_class_opens_one(self):
        deal_class = self.env["sales.deal.class"].create({"name": "Key Account"})
        self.template.deal_class_ids = deal_class
        self.deal.with_user(self.manager).deal_class_id = deal_class
        self._move(self.contact)
        self.assertEqual(len(self._get_tasks()), 1)

    # === What opens none === #

    def test_template_opens_nothing_for_deals_that_are_there(self):
        self._create_template(self.enquiry)
        self.assertFalse(self._get_tasks())

    def test_switching_on_and_off(self):
        self.company.sales_process_enabled = False
        self._move(self.contact)
        self.assertFalse(self._get_tasks())
        self.company.sales_process_enabled = True
        self.assertFalse(self._get_tasks(), "No clock starts for what is there.")
        self._move(self.enquiry)
        self._move(self.contact)
        self.assertEqual(len(self._get_mirrors()), 1)
        self.company.sales_process_enabled = False
        self.assertEqual(self._get_tasks().state, "cancelled")
        self.assertFalse(self._get_mirrors())

    def test_import_opens_nothing(self):
        leads = self.env["crm.lead"].with_user(self.salesperson)
        before = self.env["mail.mail"].search_count([("id", "!=", False)])
        rows = [[f"Row {number}", "opportunity", str(self.contact.id)] for number in range(50)]
        result = leads.load(["name", "type", "stage_id/.id"], rows)
        self.assertFalse(result["messages"])
        leads.load([".id", "stage_id/.id"], [[str(self.deal.id), str(self.contact.id)]])
        deals = leads.browse(result["ids"]) | self.deal
        self.assertFalse(self._get_tasks(deals))
        self.assertFalse(self._get_mirrors(deals))
        self.assertFalse(self._get_notices("task"))
        self.assertEqual(self.env["mail.mail"].search_count([("id", "!=", False)]), before)

    def test_stage_that_becomes_won_opens_nothing(self):
        self._create_template(self.negotiation)
        self.negotiation.is_won = True
        deals = self._create_deals(2, stage_id=self.negotiation.id)
        self._get_tasks(deals)._cancel()
        self.negotiation.is_won = False
        self.negotiation.is_won = True
        self.assertFalse(self._get_tasks(deals, "open"))

    # === Batches === #

    def test_number_of_queries_does_not_grow(self):
        self._create_template(self.contact, clock="working", hours=2)
        self._create_template(self.contact, responsible="department", department_id=self.department.id)
        self._create_template(self.contact, done_when="next_step", start="hand_over")
        counts = {}
        # The first opens caches.
        for size in (1, 5, 30):
            deals = self._create_deals(size, stage_id=self.enquiry.id)
            self.env.cr.execute("UPDATE crm_lead SET stage_id = %s WHERE id = ANY(%s)", [self.contact.id, deals.ids])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            deals.with_user(self.salesperson)._open_stage_tasks()
            self.env.flush_all()
            counts[size] = self.cr.sql_log_count - before
            self.assertEqual(len(self._get_mirrors(deals)), 3 * size)
        self.assertLessEqual(counts[30], counts[5], counts)


@tagged("post_install", "-at_install", "process")
class TestDealTaskDeadline(TaskCommon):
    """When a task is due: to the hour, in calendar and working time, whatever the zone and the season."""

    def _open(self, moment, **values):
        template = self._create_template(self.contact, **values)
        with freeze_time(moment):
            self._move(self.contact)
        return self._get_tasks().filtered(lambda task: task.template_id == template)

    def _set_calendar(self, zone="Asia/Shanghai"):
        calendar = self.env["resource.calendar"].create(
            {
                "name": "Office",
                "tz": zone,
                "attendance_ids": [
                    Command.create({"name": "Day", "dayofweek": str(day), "hour_from": 9, "hour_to": 17})
                    for day in range(5)
                ],
            }
        )
        self.company.resource_calendar_id = calendar
        return calendar

    def test_working_hours_leave_the_weekend_out(self):
        self._set_calendar()
        task = self._open(FRIDAY, clock="working", hours=2)
        # From 16:50 on Friday: ten minutes then, the rest on Monday until 10:50.
        self.assertEqual(task.due_at, datetime(2026, 7, 6, 2, 50))

    def test_working_saturday_counts_and_its_removal_too(self):
        self._set_calendar()
        saturday = self.env["sales.calendar.exception"].create({"date": date(2026, 7, 4), "is_working": True})
        with freeze_time(FRIDAY):
            task = self._open(FRIDAY, clock="working", hours=2)
            self.assertEqual(task.due_at, datetime(2026, 7, 4, 2, 50))
            self.assertEqual(task.activity_id.date_deadline, date(2026, 7, 4))
            saturday.unlink()
        self.assertEqual(task.due_at, datetime(2026, 7, 6, 2, 50))
        self.assertEqual(task.activity_id.date_deadline, date(2026, 7, 6))

    def test_holiday_that_is_declared_later_moves_the_deadline(self):
        self._set_calendar()
        with freeze_time(FRIDAY):
            task = self._open(FRIDAY, clock="working", hours=2)
            self.env["sales.calendar.exception"].create({"date": date(2026, 7, 6), "is_working": False})
        self.assertEqual(task.due_at, datetime(2026, 7, 7, 2, 50))

    def test_calendar_hours_take_no_notice_of_daylight_saving(self):
        self.salesperson.tz = "Europe/Berlin"
        # The night in which Berlin sets its clocks back: 24 hours are one hour less on the wall.
        task = self._open(datetime(2026, 10, 24, 10), hours=24)
        self.assertEqual(task.due_at, datetime(2026, 10, 25, 10))

    def test_working_hours_follow_the_clock_on_the_wall(self):
        self._set_calendar("Europe/Berlin")
        # Friday, 16:00 in summer; eight hours of work later it is Monday, 16:00 in winter.
        task = self._open(datetime(2026, 10, 23, 14), clock="working", hours=8)
        self.assertEqual(task.due_at, datetime(2026, 10, 26, 15))

    def test_each_company_has_its_calendar(self):
        self._set_calendar()
        other = self.env["res.company"].create({"name": "Berlin", "sales_process_enabled": True})
        other.resource_calendar_id = self.env["resource.calendar"].create(
            {
                "name": "Berlin",
                "tz": "Europe/Berlin",
                "company_id": other.id,
                "attendance_ids": [
                    Command.create({"name": "Day", "dayofweek": str(day), "hour_from": 9, "hour_to": 17})
                    for day in range(5)
                ],
            }
        )
        self.salesperson.company_ids += other
        self._create_template(self.contact, clock="working", hours=2)
        deals = self._create_deals(2, stage_id=self.enquiry.id)
        deals[1].write({"company_id": other.id})
        with freeze_time(FRIDAY):
            deals.sudo().write({"stage_id": self.contact.id})
        due = {task.lead_id: task.due_at for task in self._get_tasks(deals)}
        self.assertEqual(due[deals[0]], datetime(2026, 7, 6, 2, 50))
        self.assertEqual(due[deals[1]], datetime(2026, 7, 3, 10, 50))

    def test_calendar_without_working_time_counts_calendar_hours_and_says_so(self):
        calendar = self._set_calendar()
        calendar.attendance_ids.unlink()
        task = self._open(FRIDAY, clock="working", hours=2)
        self.assertEqual(task.due_at, FRIDAY + timedelta(hours=2))
        self.assertIn("calendar hours are counted", task.activity_id.note)

    def test_mirror_is_due_on_the_date_of_the_responsible(self):
        due_at = datetime(2026, 7, 4, 20)
        for zone, day in (("Asia/Shanghai", 5), ("America/New_York", 4), (False, 4)):
            with self.subTest(zone):
                self.salesperson.tz = zone
                self._move(self.enquiry)
                task = self._open(due_at - timedelta(hours=24))
                self.assertEqual((task.due_at, task.activity_id.date_deadline), (due_at, date(2026, 7, day)))

    # === Templates === #

    def test_absurd_hours_are_refused(self):
        for hours in (0, -1, 8761, float("inf"), float("nan")):
            with self.subTest(hours), self.assertRaises(ValidationError), self.env.cr.savepoint():
                self._create_template(self.contact, hours=hours)
        self._create_template(self.contact, hours=0.25)

    def test_all_problems_are_said_at_once(self):
        with self.assertRaises(ValidationError) as caught:
            self._create_template(self.contact, hours=0, responsible="user")
        self.assertIn("due after more than 0", str(caught.exception))
        self.assertIn("choose the person", str(caught.exception))

    def test_levels_are_checked(self):
        for levels in (
            [{"level": 1, "hours": 0}],
            [{"level": 1, "hours": 9000}],
            [{"level": 0, "hours": 5}],
            [{"level": 1, "hours": 5}, {"level": 1, "hours": 6}],
            [{"level": 1, "hours": 5}, {"level": 2, "hours": 5}],
            [{"level": 1, "hours": 5, "escalate_to": "user"}],
            [{"level": 1, "hours": 5, "escalate_to": "department_manager"}],
        ):
            with self.subTest(levels), self.assertRaises(ValidationError), self.env.cr.savepoint():
                self._create_template(self.contact, levels)

    def test_changes_stand_in_the_chatter(self):
        template = self._create_template(self.contact, [{"level": 1, "hours": 48}])
        self._commit_tracking()
        template.hours = 48.5
        self._commit_tracking()
        values = template.message_ids.tracking_value_ids
        self.assertIn((24.0, 48.5), [(value.old_value_float, value.new_value_float) for value in values])
        first, changed = "1: Team Leader after 48 h", "1: Sales Managers after 72 h"
        template.escalation_ids.write({"hours": 72, "escalate_to": "manager"})
        self._commit_tracking()
        template.escalation_ids.unlink()
        self._commit_tracking()
        values = template.message_ids.tracking_value_ids
        told = [(value.old_value_char, value.new_value_char) for value in values.sorted("id") if value.old_value_char]
        self.assertEqual(told, [(first, changed), (changed, "")])

    def _commit_tracking(self):
        self.env.flush_all()
        self.env.cr.precommit.run()

    def test_change_of_a_template_holds_from_then_on(self):
        template = self._create_template(self.contact, [{"level": 1, "hours": 48}])
        with freeze_time(FRIDAY):
            self._move(self.contact)
        task = self._get_tasks()
        template.hours = 1
        template.escalation_ids.hours = 2
        self.assertEqual(task.due_at, FRIDAY + timedelta(hours=24))
        self.assertEqual(task.next_escalation_at, FRIDAY + timedelta(hours=48))


@tagged("post_install", "-at_install", "process")
class TestDealTaskResponsible(TaskCommon):
    """Who is asked, and who hears of it."""

    def _open(self, **values):
        template = self._create_template(self.contact, **values)
        deals = self._create_deals(4, stage_id=self.enquiry.id)
        self._move(self.contact, deals)
        return self._get_tasks(deals).filtered(lambda task: task.template_id == template)

    def test_roles(self):
        self.assertEqual(self._open(responsible="salesperson").user_id, self.salesperson)
        self.assertEqual(self._open(responsible="team_leader").user_id, self.leader)
        self.assertEqual(self._open(responsible="user", user_id=self.chief.id).user_id, self.chief)

    def test_department_shares_the_work(self):
        tasks = self._open(responsible="department", department_id=self.department.id)
        self.assertEqual(sorted(tasks.user_id.mapped("name")), ["Designer", "Engineer"])
        self.assertEqual({len(own) for own in tasks.grouped("user_id").values()}, {2})

    def test_all_members_are_told(self):
        tasks = self._open(responsible="department", department_id=self.department.id)
        notices = self._get_notices("task")
        self.assertEqual(notices.user_id, self.engineer | self.designer)
        self.assertEqual(len(notices), 2 * len(tasks))

    def test_nobody_is_told_of_what_he_did_himself(self):
        self._open(responsible="salesperson")
        self.assertFalse(self._get_notices("task"))

    def test_no_mail_leaves_for_a_mirror(self):
        self._create_template(self.contact, responsible="team_leader")
        mails = self.env["mail.mail"].search_count([("id", "!=", False)])
        self._move(self.contact)
        self.assertEqual(self.env["mail.mail"].search_count([("id", "!=", False)]), mails)
        self.assertEqual(self._get_notices("task").user_id, self.leader)

    def test_who_has_left_is_passed_over(self):
        for user, chosen in (
            (self.engineer, self.designer),
            (self.designer, self.chief),
            (self.chief, self.leader),
            (self.leader, self.salesperson),
        ):
            user.action_archive()
            tasks = self._open(responsible="department", department_id=self.department.id)
            with self.subTest(user.name):
                self.assertEqual(tasks.user_id, chosen)

    def test_nobody_left_leaves_it_open_without_a_person(self):
        (self.salesperson | self.leader).action_archive()
        tasks = self._open()
        self.assertFalse(tasks.user_id)
        self.assertEqual(len(self._get_mirrors(tasks.lead_id)), 4)

    def test_name_is_in_the_language_of_the_responsible(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.leader.lang = "fr_FR"
        template = self._create_template(self.contact, name="First contact", responsible="team_leader")
        template.with_context(lang="fr_FR").name = "Premier contact"
        self._move(self.contact)
        self.assertEqual(self._get_tasks().name, "Premier contact")
