"""Notices and channels over real RPC."""

from odoo.tests import tagged

from odoo.addons.sales_management.models.common.sales_notice_channel import ORIGINS_PARAMETER
from odoo.addons.sales_management.tests.common_ground.notice_common import RobotServer
from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, AccessCommon

CHANNEL = "sales.notice.channel"
NOTICE = "sales.notice"


@tagged("post_install", "-at_install", "common_ground", "notice", "access")
class TestNoticeAccess(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.robot = RobotServer()
        cls.addClassCleanup(cls.robot.close)
        cls.env["ir.config_parameter"].set_param(ORIGINS_PARAMETER, cls.robot.origin)
        cls.env["sales.notice.channel"].search([("active", "=", True)]).active = False
        cls.administrator = cls._create_user("root", "base.group_system,sales_team.group_sale_manager")
        kind = cls.env.ref("sales_management.sales_notice_kind_task")
        cls.channel = cls.env[CHANNEL].create(
            {
                "name": "East",
                "provider": "feishu",
                "webhook_url": cls.robot.url,
                "secret": "SEC1",
                "kind_ids": kind.ids,
                "lang": "en_US",
            }
        )
        users = cls.salesperson | cls.leader
        cls.notices = cls.env["sales.notice.mixin"]._send_notice("task", cls.mate_deal, users, "Late", "Call")
        cls.mine = cls.notices.filtered(lambda notice: notice.user_id == cls.salesperson)
        cls.outsiders = (cls.salesperson, cls.leader, cls.finance, cls.stock, cls.portal)

    def setUp(self):
        super().setUp()
        self.robot.posts.clear()

    # === Channels === #

    def test_others_read_no_channel(self):
        for user in self.outsiders:
            for method, arguments in (
                ("search_read", {"domain": [], "fields": ["webhook_url"]}),
                ("read", {"ids": self.channel.ids, "fields": ["name", "secret"]}),
                ("search_count", {"domain": [["secret", "=like", "S%"]]}),
                ("write", {"ids": self.channel.ids, "vals": {"with_amounts": True}}),
                ("create", {"vals_list": [{"name": "Mine", "webhook_url": self.robot.url}]}),
                ("unlink", {"ids": self.channel.ids}),
                ("action_send_test", {"ids": self.channel.ids}),
                ("action_open_failed_notices", {"ids": self.channel.ids}),
            ):
                with self.subTest(user=user.login, method=method):
                    self._assert_refused(FORBIDDEN, user, CHANNEL, method, **arguments)
        self.assertFalse(self.robot.posts)

    def test_address_is_not_read_through_a_notice(self):
        notice = self.notices.filtered("channel_id")
        self.assertEqual(len(notice), 1)
        for user in self.outsiders[:-1]:
            with self.subTest(user.login):
                self._assert_refused(FORBIDDEN, user, NOTICE, "read", ids=notice.ids, fields=["channel_id"])
                domain = [["channel_id.webhook_url", "ilike", "key"]]
                self._assert_refused(FORBIDDEN, user, NOTICE, "search_count", domain=domain)

    def test_manager_keeps_channels(self):
        [row] = self._call(self.manager, CHANNEL, "read", ids=self.channel.ids, fields=["webhook_url", "secret"])
        self.assertEqual((row["webhook_url"], row["secret"]), (self.robot.url, "SEC1"))
        self._call(self.manager, CHANNEL, "write", ids=self.channel.ids, vals={"with_amounts": True})
        action = self._call(self.manager, CHANNEL, "action_send_test", ids=self.channel.ids)
        self.assertEqual(action["params"]["type"], "success")
        self.assertEqual(len(self.robot.posts), 1)

    def test_channel_of_another_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.channel.company_id = company
        for method in ("read", "action_send_test"):
            self._assert_refused(FORBIDDEN, self.manager, CHANNEL, method, ids=self.channel.ids)

    # === Notices === #

    def test_people_read_their_own(self):
        rows = self._call(self.salesperson, NOTICE, "search_read", domain=[], fields=["cause", "body", "channel_id"])
        self.assertEqual([row["id"] for row in rows], self.mine.ids)
        self._assert_refused(FORBIDDEN, self.salesperson, NOTICE, "read", ids=(self.notices - self.mine).ids)
        for user in (self.finance, self.stock):
            self.assertEqual(self._call(user, NOTICE, "search_count", domain=[]), 0)
        self._assert_refused(FORBIDDEN, self.portal, NOTICE, "search_count", domain=[])

    def test_manager_reads_all(self):
        domain = [["id", "in", self.notices.ids]]
        self.assertEqual(self._call(self.manager, NOTICE, "search_count", domain=domain), 3)

    def test_nobody_writes_notices(self):
        vals = {
            "kind_id": self.mine.kind_id.id,
            "user_id": self.leader.id,
            "res_model": "crm.lead",
            "res_id": self.mate_deal.id,
            "cause": "Forged",
            "send_at": "2026-01-01 00:00:00",
        }
        for user in (self.salesperson, self.leader, self.manager, self.administrator):
            for method, arguments in (
                ("create", {"vals_list": [vals]}),
                ("write", {"ids": self.mine.ids, "vals": {"state": "sent"}}),
                ("unlink", {"ids": self.mine.ids}),
                ("copy", {"ids": self.mine.ids}),
            ):
                with self.subTest(user=user.login, method=method):
                    self._assert_refused(FORBIDDEN, user, NOTICE, method, **arguments)

    def test_private_ways(self):
        for model, method, arguments in (
            ("sales.notice.mixin", "_send_notice", {"kind": "task", "records": []}),
            (NOTICE, "_queue", {"vals_list": []}),
            (NOTICE, "_cron_send", {"context": {}}),
            (NOTICE, "_set_sent", {"ids": self.mine.ids}),
            (CHANNEL, "_deliver", {"ids": self.channel.ids, "message": "x"}),
            (CHANNEL, "_post", {"ids": self.channel.ids, "message": "x"}),
        ):
            with self.subTest(method):
                self._assert_refused(FORBIDDEN, self.administrator, model, method, **arguments)

    def test_retry(self):
        self.mine.state = "failed"
        self._assert_refused(FORBIDDEN, self.salesperson, NOTICE, "action_retry", ids=self.mine.ids)
        self._assert_refused(FORBIDDEN, self.leader, NOTICE, "action_retry", ids=self.mine.ids)
        self._call(self.manager, NOTICE, "action_retry", ids=self.mine.ids)
        self.assertEqual(self.mine.state, "pending")

    def test_kinds(self):
        kind = self.mine.kind_id
        for user in (self.salesperson, self.manager):
            self._assert_refused(
                FORBIDDEN, user, "sales.notice.kind", "write", ids=kind.ids, vals={"activity_type_id": False}
            )
