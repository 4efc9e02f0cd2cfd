"""Who hears of what, when, and in how many messages."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.tests import RecordCapturer, new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.translate import LazyTranslate

from odoo.addons.sales_management.tests.common_ground.notice_common import MORNING, QUARTER, NoticeCommon

_lt = LazyTranslate("sales_management")

SENDING = "odoo.addons.sales_management.models.common.sales_notice_sending"


@tagged("post_install", "-at_install", "common_ground", "notice")
class TestNoticeMoment(NoticeCommon):
    """The moment of a notice is that of its receiver."""

    def _get_moments(self, at, users=None):
        notices = self._send(users=users or self.salesperson, at=at)
        moments = {notice.user_id: notice.send_at for notice in notices}
        notices.unlink()
        return moments

    def test_end_of_the_quarter(self):
        self.assertEqual(self._get_moments(MORNING), {self.salesperson: QUARTER})

    def test_quiet_hours_are_by_the_clock_of_each_receiver(self):
        both = self.salesperson | self.member
        berlin = datetime(2026, 6, 10, 6)
        self.assertEqual(self._get_moments(MORNING, both), {self.salesperson: QUARTER, self.member: berlin})
        evening = datetime(2026, 6, 10, 13)
        moments = {self.salesperson: datetime(2026, 6, 11), self.member: datetime(2026, 6, 10, 13, 15)}
        self.assertEqual(self._get_moments(evening, both), moments)

    def test_quiet_hours_of_the_company(self):
        self.company.write({"notice_quiet_from": 9.5, "notice_quiet_to": 12})
        self.assertEqual(self._get_moments(MORNING), {self.salesperson: datetime(2026, 6, 10, 4)})
        self.company.write({"notice_quiet_from": 0, "notice_quiet_to": 0})
        night = datetime(2026, 6, 10, 18)
        self.assertEqual(self._get_moments(night), {self.salesperson: datetime(2026, 6, 10, 18, 15)})

    def test_weekend(self):
        saturday = datetime(2026, 6, 13, 2)
        self.assertEqual(self._get_moments(saturday), {self.salesperson: datetime(2026, 6, 15)})

    def test_holiday_and_the_saturday_that_makes_up_for_it(self):
        for day in range(15, 20):
            self._create_exception(date(2026, 6, day), name="Festival")
        working = self._create_exception(date(2026, 6, 20), True)
        monday = datetime(2026, 6, 15, 2)
        self.assertEqual(self._get_moments(monday), {self.salesperson: datetime(2026, 6, 20)})
        working.unlink()
        self.assertEqual(self._get_moments(monday), {self.salesperson: datetime(2026, 6, 22)})

    def test_calendar_without_working_days_keeps_nothing_back_for_ever(self):
        self.calendar.attendance_ids.unlink()
        self.assertEqual(self._get_moments(MORNING), {self.salesperson: QUARTER + timedelta(days=31, hours=21.75)})

    def test_cron_is_woken_at_the_moment(self):
        cron = self.env.ref("sales_management.ir_cron_send_notices")
        with RecordCapturer(self.env["ir.cron.trigger"], [("cron_id", "=", cron.id)]) as captured:
            self._send(self.deals, self.salesperson | self.member)
        self.assertEqual(sorted(captured.records.mapped("call_at")), [QUARTER, datetime(2026, 6, 10, 6)])

    def test_cron_that_runs_in_quiet_hours_waits(self):
        """It was late, or the hours were changed meanwhile."""
        notice = self._send(users=self.salesperson)
        self._run_cron(datetime(2026, 6, 10, 12, 30))
        self.assertEqual((notice.state, notice.send_at), ("pending", datetime(2026, 6, 11)))


@tagged("post_install", "-at_install", "common_ground", "notice")
class TestNoticeMessage(NoticeCommon):
    """Everything for a receiver within a quarter of an hour is one message."""

    def _get_messages(self, user):
        notified = [("partner_ids", "in", user.partner_id.ids), ("model", "=", False)]
        return self.env["mail.message"].search(notified, order="id")

    def test_one_message_grouped_by_cause(self):
        self._send(self.deals[:2], self.salesperson)
        self._send(self.deals[2], self.salesperson, cause="No next step", at=MORNING + timedelta(minutes=5))
        late = self._send(self.deals[2], self.salesperson, at=MORNING + timedelta(minutes=9))
        self._run_cron(QUARTER)
        message = self._get_messages(self.salesperson)
        self.assertEqual(len(message), 1)
        self.assertEqual(message.subject, "4 notices: Feedback overdue, No next step")
        body = str(message.body)
        self.assertEqual(body.count("Feedback overdue"), 1)
        self.assertEqual(body.count("/mail/view?model=crm.lead"), 4)
        self.assertLess(body.index(f"res_id={late.res_id}"), body.index("No next step"))
        self.assertIn("Call Mrs Li", body)
        self.assertEqual(len(message.mail_ids), 1)
        self.assertEqual(message.notified_partner_ids, self.salesperson.partner_id)

    def test_next_quarter_is_another_message(self):
        self._send(users=self.salesperson)
        self._send(users=self.salesperson, cause="No next step", at=QUARTER)
        self._run_cron(QUARTER)
        self.assertEqual(len(self._get_messages(self.salesperson)), 1)
        self._run_cron(QUARTER + timedelta(minutes=15))
        self.assertEqual(
            self._get_messages(self.salesperson).mapped("subject"),
            ["Feedback overdue: Deal 1", "No next step: Deal 1"],
        )

    def test_no_second_message_within_a_quarter(self):
        """Whatever makes a notice due: a retry by hand, an attempt after a failure."""
        self._send(users=self.salesperson)
        self._run_cron(QUARTER)
        other = self._send(self.deals[1], self.salesperson)
        other.send_at = QUARTER
        self._run_cron(QUARTER + timedelta(minutes=3))
        self.assertEqual((other.state, other.send_at), ("pending", QUARTER + timedelta(minutes=15)))
        self.assertEqual(len(self._get_messages(self.salesperson)), 1)

    def test_a_night_is_one_message(self):
        for hour in range(14, 20):
            self._send(users=self.salesperson, cause=f"Cause {hour}", at=datetime(2026, 6, 10, hour))
        self._run_cron(datetime(2026, 6, 11))
        self.assertEqual(len(self._get_messages(self.salesperson)), 1)
        self.assertEqual(self.env["sales.notice"].search([]).mapped("state"), ["sent"] * 6)

    def test_what_waits_is_not_said_again(self):
        first = self._send(self.deals, self.salesperson)
        self.assertFalse(self._send(self.deals, self.salesperson))
        self.assertEqual(self._send(self.deals, self.salesperson | self.leader).user_id, self.leader)
        changed = self._send(self.deals[0], self.salesperson, body="Call Mr Wang")
        self.assertEqual(len(first | changed), 4)
        self._run_cron(QUARTER)
        body = str(self._get_messages(self.salesperson).body)
        self.assertIn("Call Mr Wang", body)
        self.assertEqual(body.count("Call Mrs Li"), 2, "The later text replaces the earlier one.")

    def test_inbox(self):
        self.salesperson.notification_type = "inbox"
        self._send(users=self.salesperson)
        self._run_cron(QUARTER)
        notification = self._get_messages(self.salesperson).notification_ids
        self.assertEqual(notification.mapped("notification_type"), ["inbox"])

    def test_texts_by_record_and_people_by_record(self):
        mine, yours, other = self.deals
        people = {mine: self.salesperson, yours: self.leader}
        notices = self._send(self.deals, people, body={mine: "Mine", yours: "Yours", other: "Nobody's"})
        told = {(notice.user_id, notice.res_id, notice.body) for notice in notices}
        self.assertEqual(told, {(self.salesperson, mine.id, "Mine"), (self.leader, yours.id, "Yours")})

    def test_language_of_the_receiver(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.salesperson.lang = "zh_CN"
        stage = self.deal.stage_id
        stage.with_context(lang="zh_CN").name = "谈判"
        notices = self._send(
            users=self.salesperson | self.leader, cause=_lt("Working"), body=lambda deals: deals.stage_id.name
        )
        texts = {notice.user_id: notice.body for notice in notices}
        self.assertEqual(texts, {self.salesperson: "谈判", self.leader: stage.name})
        causes = {notice.user_id: notice.cause for notice in notices}
        self.assertEqual(causes[self.leader], "Working")
        self.assertNotEqual(causes[self.salesperson], "Working")

    def test_text_is_no_markup(self):
        self.deal.name = "<b>Deal</b>"
        self._send(users=self.salesperson, cause="<i>Late</i>", body="<script>alert(1)</script>")
        self._run_cron(QUARTER)
        body = str(self._get_messages(self.salesperson).body)
        for text in ("<b>", "<i>", "<script"):
            self.assertNotIn(text, body)
        self.assertIn("&lt;b&gt;Deal", body)

    def test_unknown_kind(self):
        with self.assertRaisesRegex(ValueError, "no kind of notice has the code rumour"):
            self._send(kind="rumour")

    def test_queries_do_not_grow(self):
        counts = []
        for deals in (self._create_deals(2), self._create_deals(40)):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._send(deals, self.salesperson | self.leader | self.manager, kind="deal")
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0], counts)


@tagged("post_install", "-at_install", "common_ground", "notice")
class TestNoticeReceiver(NoticeCommon):
    """Receivers and records that are not what they were."""

    def test_people_from_outside_and_archived_hear_nothing(self):
        portal = new_test_user(self.env, "sm_outside", "base.group_portal")
        self.leader.active = False
        self.assertFalse(self._send(users=portal | self.leader))

    def test_archived_meanwhile(self):
        notice = self._send(users=self.salesperson)
        self.salesperson.active = False
        self._run_cron(QUARTER)
        self.assertEqual((notice.state, notice.error), ("cancelled", "The receiver is archived."))

    def test_record_deleted_meanwhile(self):
        notices = self._send(self.deals, self.salesperson)
        self.deal.unlink()
        self._run_cron(QUARTER)
        by_record = {notice.res_id: notice.state for notice in notices}
        self.assertEqual(by_record, dict(zip(notices.mapped("res_id"), ("cancelled", "sent", "sent"), strict=True)))

    def test_model_uninstalled_meanwhile(self):
        notice = self._send(users=self.salesperson)
        notice.res_model = "x.gone"
        self._run_cron(QUARTER)
        self.assertEqual(notice.state, "cancelled")

    def test_archived_record_is_told_of(self):
        """A lost deal is archived, and its loss may be what is told."""
        notice = self._send(users=self.salesperson)
        self.deal.action_archive()
        self._run_cron(QUARTER)
        self.assertEqual(notice.state, "sent")

    def test_without_email(self):
        self.salesperson.email = False
        notice = self._send(users=self.salesperson)
        self._run_cron(QUARTER)
        self.assertEqual((notice.state, notice.attempts), ("pending", 1))
        self.assertEqual(notice.error, "Salesperson has no email address.")

    def test_failure_of_one_stops_no_other(self):
        notices = self._send(users=self.salesperson | self.leader | self.manager)
        with self._fail_once("_send_to_user", KeyError("broken")), mute_logger(SENDING):
            self._run_cron(QUARTER)
        self.assertEqual(sorted(notices.mapped("state")), ["pending", "sent", "sent"])
        failed = notices.filtered(lambda notice: notice.state == "pending")
        self.assertEqual((failed.error, failed.attempts), ("KeyError: 'broken'", 1))
        self.assertEqual(failed.send_at, QUARTER + timedelta(minutes=5))

    def test_mail_that_core_could_not_deliver(self):
        notice = self._send(users=self.salesperson)
        self._run_cron(QUARTER)
        message = notice.mail_message_id
        message.notification_ids.write({"notification_status": "exception", "failure_reason": "Server down"})
        self._run_cron(QUARTER + timedelta(minutes=15))
        self.assertEqual((notice.state, notice.error), ("pending", "Server down"))
        self._run_cron(QUARTER + timedelta(minutes=30))
        self.assertEqual(notice.state, "sent")
        self.assertNotEqual(notice.mail_message_id, message)
        self.assertEqual(message.notification_ids.notification_status, "canceled")

    def test_failure_of_the_recall_stops_nothing(self):
        notice = self._send(users=self.salesperson)
        with self._fail_once("_recall_undelivered", KeyError("broken")), mute_logger(SENDING):
            self._run_cron(QUARTER)
        self.assertEqual(notice.state, "sent")

    def test_old_notices_are_removed(self):
        sent, waiting = self._send(users=self.salesperson | self.member)
        sent.state = "sent"
        self.env.flush_all()
        self.env.cr.execute("UPDATE sales_notice SET write_date = now() - interval '91 days'")
        self.env.invalidate_all()
        self.env["sales.notice"]._gc_notices()
        self.assertEqual(self.env["sales.notice"].search([]), waiting)


@tagged("post_install", "-at_install", "common_ground", "notice")
class TestNoticeActivity(NoticeCommon):
    """A kind that asks people to act opens an activity."""

    def _get_activities(self):
        return self.env["mail.activity"].search([("res_model", "=", "crm.lead"), ("res_id", "in", self.deals.ids)])

    def test_activity(self):
        with freeze_time(MORNING):
            self._send(self.deals, self.salesperson, kind="deal")
        activities = self._get_activities()
        self.assertEqual(len(activities), 3)
        self.assertEqual(activities.user_id, self.salesperson)
        self.assertEqual(set(activities.mapped("summary")), {"Feedback overdue"})
        self.assertEqual(set(activities.mapped("date_deadline")), {date(2026, 6, 10)})

    def test_kind_without_activity(self):
        self._send(self.deals, self.salesperson, kind="task")
        self.assertFalse(self._get_activities())

    def test_not_a_second_one_while_it_is_open(self):
        self._send(users=self.salesperson, kind="deal")
        self._send(users=self.salesperson, kind="deal", body="Still")
        self.assertEqual(len(self._get_activities()), 1)
        self._send(users=self.salesperson, kind="deal", cause="No contract")
        self.assertEqual(len(self._get_activities()), 2)
        self._get_activities().action_feedback()
        self._send(users=self.salesperson, kind="deal", body="Again")
        self.assertEqual(len(self._get_activities()), 1)

    def test_core_sends_no_message_of_its_own(self):
        before = self.env["mail.message"].search_count([])
        self._send(users=self.salesperson, kind="deal")
        self.assertEqual(self.env["mail.message"].search_count([]), before)

    def test_whoever_may_not_read_the_record_gets_the_message_alone(self):
        stock = self.users_by_role["stock"]
        notice = self._send(users=stock | self.salesperson, kind="deal")
        self.assertEqual(notice.user_id, stock | self.salesperson)
        self.assertEqual(self._get_activities().user_id, self.salesperson)

    def test_record_without_activities(self):
        notice = self._send(self.env.company, self.manager, kind="deal")
        self.assertEqual(notice.res_name, self.env.company.name)
