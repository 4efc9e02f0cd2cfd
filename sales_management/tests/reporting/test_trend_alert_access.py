"""Alerts in words: who sees, dismisses and hears of which, over real RPC too."""

from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.sales_management.tests.reporting.alert_common import NOW, AlertCommon
from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, REFUSED, AccessCommon


class AlertTeamsCommon(AlertCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sees_all = new_test_user(
            cls.env, "sm_all", "sales_team.group_sale_salesman_all_leads", company_id=cls.company.id
        )
        with freeze_time(NOW):
            cls._sell_in((10, 10, 10, 2))
            cls._sell_in((10, 10, 10, 40), team_id=cls.other_team.id, product=cls.nut)
            cls.env.flush_all()
            cls.made = cls.alerts._watch(cls.company)
        cls.own = cls.made.filtered(lambda alert: alert.team_id == cls.team)
        cls.foreign = cls.made.filtered(lambda alert: alert.team_id == cls.other_team)
        cls.env.flush_all()


@tagged("post_install", "-at_install", "reporting")
class TestTrendAlertAccess(AlertTeamsCommon):
    def test_leaders_see_their_team_and_managers_all(self):
        self.assertTrue(self.own and self.foreign and self.made - self.own - self.foreign)
        seen = {
            self.leader: self.own,
            self.member: self.alerts,
            self.sees_all: self.made,
            self.manager: self.made,
        }
        for user, alerts in seen.items():
            found = self.made.with_user(user)._filtered_access("read")
            self.assertEqual(found, alerts, user.name)
            self.assertEqual(self.alerts.with_user(user).search([]), alerts, user.name)
        for user in (self.salesperson, self.finance, self.users_by_role["stock"], self.users_by_role["portal"]):
            self.assertFalse(self.alerts.with_user(user).has_access("read"), user.name)
            with self.assertRaises(AccessError):
                self.own.with_user(user).read(["sentence"])

    def test_leaders_dismiss_those_of_their_team(self):
        self.own.with_user(self.leader).action_dismiss()
        self.assertEqual(set(self.own.mapped("state")), {"dismissed"})
        for user, alerts in ((self.leader, self.foreign), (self.leader, self.made), (self.sees_all, self.own)):
            for method in ("action_dismiss", "action_reopen"):
                with self.assertRaises(AccessError):
                    getattr(alerts.with_user(user), method)()
        self.made.with_user(self.manager).action_dismiss()
        self.assertEqual(self.own.dismissed_by_id, self.leader)
        self.assertEqual(self.foreign.dismissed_by_id, self.manager)

    def test_a_leader_opens_what_it_is_made_of(self):
        alert = self._find(self.own, subject="team").with_user(self.leader)
        results = self.env["sales.result"].with_user(self.leader)
        self.assertEqual(sum(results.search(alert.action_open_results()["domain"]).mapped("amount")), alert.value)
        with self.assertRaises(AccessError):
            self.foreign[:1].with_user(self.leader).action_open_results()

    def test_another_company_is_another_matter(self):
        other = self.env["res.company"].create({"name": "Second", "sales_reporting_enabled": True})
        chief = new_test_user(self.env, "sm_chief", "sales_team.group_sale_manager", company_id=other.id)
        self.assertFalse(self.alerts.with_user(chief).search([("id", "in", self.made.ids)]))
        with self.assertRaises(AccessError):
            self.made.with_user(chief).mapped("sentence")
        self.assertNotIn(chief, self.made._get_receivers())
        self.manager.company_ids = [Command.link(other.id)]
        there = self.alerts.with_user(self.manager).with_context(allowed_company_ids=other.ids)
        self.assertFalse(there.search([("id", "in", self.made.ids)]))

    # === Telling === #

    def _get_notices(self, user=None):
        domain = [("res_model", "=", self.alerts._name), ("res_id", "in", self.made.ids)]
        return self.env["sales.notice"].sudo().search(domain + ([("user_id", "=", user.id)] if user else []))

    def test_each_is_told_once_what_they_may_see(self):
        self.assertEqual(set(self._get_notices(self.leader).mapped("res_id")), set(self.own.ids))
        # Of more than ten the eleventh says that there are more.
        self.assertEqual(set(self._get_notices(self.manager).mapped("res_id")), set(self.made.sorted("id")[:11].ids))
        for user in (self.member, self.salesperson, self.sees_all, self.finance):
            self.assertFalse(self._get_notices(user), user.name)
        notice = self._get_notices(self.leader)[-1:]
        self.assertEqual(notice.body, self.own.browse(notice.res_id).sentence)
        # One cause and one moment: one message.
        self.assertEqual(len(set(self._get_notices(self.manager).mapped("cause"))), 1)
        self.assertEqual(len(set(self._get_notices(self.manager).mapped("send_at"))), 1)
        message = self._get_notices(self.manager)._get_message(self.manager)
        self.assertEqual(len(message.topics), 1)
        count = len(self._get_notices())
        self._get_notices().state = "sent"
        self._watch()
        self.assertEqual(len(self._get_notices()), count)

    def test_what_comes_later_is_told_alone_and_not_to_whom_asked(self):
        count = len(self._get_notices(self.manager))
        order = self._order(9, datetime(2026, 5, 20))
        order.team_id = self.env["crm.team"].create({"name": "Late", "company_id": False})
        self.env.flush_all()
        self.alerts.with_user(self.manager).action_make()
        late = self.alerts.search([("team_id", "=", order.team_id.id)])
        self.assertTrue(late)
        self.assertTrue(all(late.mapped("told_at")))
        self.assertEqual(len(self._get_notices(self.manager)), count)

    def test_what_is_dismissed_already_is_told_to_nobody(self):
        self._get_notices().unlink()
        self.made.told_at = False
        self.foreign.action_dismiss()
        self._watch()
        told = set(self._get_notices().mapped("res_id"))
        self.assertTrue(told)
        self.assertFalse(told & set(self.foreign.ids))
        self.assertFalse(any(self.foreign.mapped("told_at")))

    def test_of_many_it_is_said_that_there_are_more(self):
        teams = self.env["crm.team"].create(
            [{"name": f"Team {number}", "company_id": False, "user_id": self.leader.id} for number in range(12)]
        )
        for team in teams:
            self._sell_in((9, 9, 9, 1), team_id=team.id)
        self.env["sales.notice"].sudo().search([]).unlink()
        self.made.unlink()
        self.made = self._watch()
        for user in (self.leader, self.manager):
            notices = self._get_notices(user)
            self.assertEqual(len(notices), 11, user.name)
            self.assertEqual(len(notices.filtered(lambda notice: "lists them all" in notice.body)), 1)
        self.assertTrue(all(self.made.mapped("told_at")))

    def test_it_is_told_in_the_language_of_the_receiver(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.leader.lang = "zh_CN"
        self.env["sales.notice"].sudo().search([]).unlink()
        self.made.unlink()
        self.made = self._watch()
        self.assertIn("2026年5月", self._get_notices(self.leader)[-1:].body)
        self.assertIn("May 2026", self._get_notices(self.manager)[-1:].body)

    def test_leaders_without_the_right_and_people_who_left_are_told_nothing(self):
        self.env["sales.notice"].sudo().search([]).unlink()
        self.made.unlink()
        self.other_team.user_id = self.salesperson
        self.manager.active = False
        self.made = self._watch()
        self.assertFalse(self._get_notices(self.salesperson) | self._get_notices(self.manager))
        self.assertTrue(self._get_notices(self.leader))

    def test_channels_of_the_company_hear_of_it(self):
        kind = self.env.ref("sales_management.sales_notice_kind_trend")
        values = {"kind_ids": [Command.set(kind.ids)], "company_id": self.company.id}
        values["webhook_url"] = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"
        channel, east = self.env["sales.notice.channel"].create(
            [{**values, "name": "All"}, {**values, "name": "East", "team_ids": [Command.set(self.team.ids)]}]
        )
        self.made.unlink()
        self.made = self._watch()
        self.assertEqual(set(self._get_notices().filtered("channel_id").channel_id), {channel, east})
        heard = self._get_notices().filtered(lambda notice: notice.channel_id == east)
        self.assertEqual(set(heard.mapped("res_id")), set(self.made.filtered(lambda own: own.team_id == self.team).ids))


@tagged("post_install", "-at_install", "reporting")
class TestTrendAlertRpc(AlertTeamsCommon, AccessCommon):
    clock = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Keys are of today: so are the months.
        cls.alerts._make(cls.company, cls.alerts._get_last_month(cls.company))
        cls.values = {"company_id": cls.company.id, "metric": "ordered", "subject": "company", "direction": "over"}
        cls.values |= {"date_from": str(date(2026, 1, 1)), "date_to": str(date(2026, 1, 31))}

    def test_a_client_reads_what_its_user_may(self):
        model = self.alerts._name
        found = self._call(self.leader, model, "search_read", domain=[], fields=["sentence"])
        self.assertEqual({row["id"] for row in found}, set(self.own.ids))
        self.assertTrue(all(row["sentence"] for row in found))
        found = self._call(self.manager, model, "search_read", domain=[], fields=["value"])
        self.assertGreaterEqual({row["id"] for row in found}, set(self.made.ids))
        for user in (self.salesperson, self.finance, self.stock, self.portal):
            self._assert_refused(FORBIDDEN, user, model, "search_read", domain=[], fields=["sentence"])
        self._assert_refused(FORBIDDEN, self.leader, model, "read", ids=self.foreign.ids, fields=["sentence"])

    def test_a_client_writes_a_reason_and_nothing_else(self):
        model, ids = self.alerts._name, self.own[:1].ids
        self._call(self.leader, model, "write", ids=ids, vals={"reason": "The fair"})
        self._call(self.leader, model, "action_dismiss", ids=ids)
        self.assertEqual((self.own[0].reason, self.own[0].dismissed_by_id), ("The fair", self.leader))
        for user in (self.leader, self.manager):
            for vals in ({"value": 1}, {"state": "open"}, {"reason": "x", "told_at": False}, {"team_id": False}):
                self._assert_refused(FORBIDDEN, user, model, "write", ids=ids, vals=vals)
            self._assert_refused(FORBIDDEN, user, model, "create", vals_list=[self.values])
            self._assert_refused(FORBIDDEN, user, model, "unlink", ids=ids)
        self._assert_refused(FORBIDDEN, self.leader, model, "write", ids=self.foreign.ids, vals={"reason": "x"})

    def test_only_managers_look_now(self):
        for user in (self.leader, self.sees_all, self.salesperson):
            self._assert_refused(FORBIDDEN, user, self.alerts._name, "action_make", context={"lang": "en_US"})
        self.assertIn("params", self._call(self.manager, self.alerts._name, "action_make", context={"lang": "en_US"}))
        self.company.sales_alert_enabled = False
        self._assert_refused(REFUSED, self.manager, self.alerts._name, "action_make", context={"lang": "en_US"})
