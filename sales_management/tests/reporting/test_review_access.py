"""The review of a week: who sees what of it, who gets it, and when."""

from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_management.tests.reporting.review_common import MONDAY, SUNDAY, ReviewCommon


@tagged("post_install", "-at_install", "reporting")
class TestReviewAccess(ReviewCommon):
    def test_each_reader_sees_what_they_may(self):
        self._close(self._deal(name="Own"), datetime(2026, 6, 3))
        self._close(self._deal(name="Colleague", user_id=self.member.id), datetime(2026, 6, 3))
        self._close(
            self._deal(name="Elsewhere", user_id=self.manager.id, team_id=self.other_team.id), datetime(2026, 6, 3)
        )
        seen = {
            self.salesperson: {"Own"},
            self.leader: {"Own", "Colleague"},
            self.manager: {"Own", "Colleague", "Elsewhere"},
        }
        for user, names in seen.items():
            sections = self._read(self._review(user, teams=[]), user)[1]
            self.assertEqual(set(self._names(sections["Won"])), names, user.name)
        # A page that names more teams shows no more.
        wide = self._review(self.leader, date(2026, 5, 25), (self.team | self.other_team).ids)
        self._close(self._deal(name="Far", user_id=self.manager.id, team_id=self.other_team.id), datetime(2026, 5, 27))
        self.assertFalse(self._read(wide)[1]["Won"]["count"])
        self.assertNotIn("Far", wide.content)
        self.assertIn("Far", wide.with_user(self.manager).content)

    def test_pages_are_read_by_their_leader_and_managers(self):
        review = self._review()
        self.assertTrue(review.with_user(self.manager).has_access("read"))
        for user in (self.salesperson, self.finance):
            self.assertFalse(review.with_user(user).has_access("read"))
            with self.assertRaises(AccessError):
                review.with_user(user).read(["content"])
            with self.assertRaises(AccessError):
                review.with_user(user).action_open_previous()
        with self.assertRaises(AccessError):
            review.with_user(self.leader).user_id = self.salesperson
        with self.assertRaises(AccessError):
            self.env["sales.review"].with_user(self.manager).create({"user_id": self.manager.id})

    def test_anybody_in_sales_opens_the_own_week(self):
        reviews = self.env["sales.review"].with_user(self.leader)
        action = reviews.action_open_last_week()
        review = reviews.browse(action["res_id"])
        self.assertEqual((review.date_from, review.date_to, review.team_ids), (MONDAY, SUNDAY, self.team))
        self.assertEqual(reviews.action_open_last_week()["res_id"], review.id)
        before = reviews.browse(review.action_open_previous()["res_id"])
        self.assertEqual(before.date_from, date(2026, 5, 25))
        self.assertEqual(before.action_open_next()["res_id"], review.id)
        this = reviews.browse(reviews.action_open_this_week()["res_id"])
        with self.assertRaisesRegex(UserError, "not begun"):
            this.action_open_next()
        self.assertFalse(
            reviews.with_user(self.salesperson)
            .browse(reviews.with_user(self.salesperson).action_open_last_week()["res_id"])
            .team_ids
        )
        with self.assertRaises(AccessError):
            reviews.with_user(self.finance).action_open_last_week()
        self.company.sales_reporting_enabled = False
        with self.assertRaisesRegex(UserError, "does not use sales reports"):
            reviews.action_open_last_week()

    def test_another_company_is_not_on_the_page(self):
        other = self.env["res.company"].create({"name": "Other", "sales_reporting_enabled": True})
        self.manager.company_ids |= other
        shared = self._deal(name="Shared", company_id=False, team_id=False, user_id=self.manager.id)
        foreign = self._deal(name="Foreign", company_id=other.id, team_id=False, user_id=self.manager.id)
        self._close(shared | foreign, datetime(2026, 6, 3))
        review = self._review(self.manager, teams=[])
        self.assertEqual(self._names(self._read(review, self.manager)[1]["Won"]), ["Shared"])
        week = self.env["sales.review"]._get_week(self.company).previous()
        there = self.env["sales.review"]._get_or_make(other, week, {self.manager: []}).with_user(self.manager)
        self.assertIn("Foreign", there.with_context(allowed_company_ids=(self.company | other).ids).content)
        self.assertNotIn("Shared", there.with_context(allowed_company_ids=(self.company | other).ids).content)
        self.assertFalse(there.with_user(self.leader).has_access("read"))


@tagged("post_install", "-at_install", "reporting")
class TestReviewJob(ReviewCommon):
    def _run(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("sales_management.ir_cron_make_reviews").method_direct_trigger()
        self.env.invalidate_all()
        return self.env["sales.review"].search([("company_id", "=", self.company.id)])

    def _get_notices(self):
        return self.env["sales.notice"].search([("res_model", "=", "sales.review")])

    def test_each_leader_is_told_once_of_the_week_before(self):
        self._close(self._deal(name="Secret", expected_revenue=12345), datetime(2026, 6, 3))
        review = self._run()
        self.assertEqual((review.user_id, review.team_ids, review.date_from), (self.leader, self.team, MONDAY))
        notice = self._get_notices()
        self.assertEqual((notice.user_id, notice.res_id), (self.leader, review.id))
        self.assertNotIn("12", notice.body)
        notice.sudo().state = "sent"
        self.assertEqual(self._run(), review)
        self.assertEqual(len(self._get_notices()), 1)
        with freeze_time("2026-06-15 08:00:00"):
            self.assertEqual(len(self._run()), 2)

    def test_who_opened_the_page_early_is_told_all_the_same(self):
        self.env["sales.review"].with_user(self.leader).action_open_last_week()
        self.assertFalse(self._get_notices())
        self.assertTrue(self._run().announced_at)
        self.assertEqual(self._get_notices().user_id, self.leader)

    def test_it_waits_for_its_day_by_the_clock_of_the_company(self):
        self.company.sales_review_day = "2"
        self.assertFalse(self._run())
        self.company.partner_id.tz = "Pacific/Kiritimati"
        with freeze_time("2026-06-09 11:00:00"):
            self.assertEqual(self._run().date_from, MONDAY)

    def test_nobody_gets_one_who_should_not(self):
        self.company.sales_review_day = False
        self.assertFalse(self._run())
        self.company.sales_review_day = "0"
        self.company.sales_reporting_enabled = False
        self.assertFalse(self._run())
        self.company.sales_reporting_enabled = True
        self.team.user_id = self.finance
        self.assertFalse(self._run())

    def test_those_named_get_the_whole_company(self):
        self.company.sales_review_user_ids = self.manager | self.leader
        reviews = self._run()
        self.assertEqual(reviews.user_id, self.manager | self.leader)
        self.assertFalse(reviews.team_ids)

    def test_channels_of_the_team_get_the_link(self):
        kind = self.env.ref("sales_management.sales_notice_kind_review")
        channels = self._create_channels(kind)
        self._run()
        self.assertEqual(self._get_notices().channel_id, channels[:2])

    def _create_channels(self, kind):
        values = {"kind_ids": [Command.set(kind.ids)], "company_id": self.company.id}
        values["webhook_url"] = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"
        return self.env["sales.notice.channel"].create(
            [
                {**values, "name": "All"},
                {**values, "name": "East", "team_ids": [Command.set(self.team.ids)]},
                {**values, "name": "Export", "team_ids": [Command.set(self.other_team.ids)]},
            ]
        )

    def test_a_leader_who_leaves_takes_the_pages_along(self):
        review = self._run()
        self.team.unlink()
        self.assertTrue(review.exists())
        self.env.cr.execute("DELETE FROM res_users WHERE id = %s", [self.leader.id])
        self.env.invalidate_all()
        self.assertFalse(review.exists())
