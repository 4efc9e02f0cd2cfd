"""Robots of group chats, against a server on this machine."""

import base64
import hashlib
import hmac
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import file_open

from odoo.addons.sales_management.models.common.sales_notice_channel import ORIGINS_PARAMETER
from odoo.addons.sales_management.tests.common_ground.notice_common import QUARTER, TAKEN, NoticeCommon


@tagged("post_install", "-at_install", "common_ground", "notice")
class TestNoticeChannel(NoticeCommon):
    def _get_notices(self, channel):
        return self.env["sales.notice"].search([("channel_id", "=", channel.id)], order="id")

    def _sign(self, key, text):
        return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()

    # === Who hears of what === #

    def test_kinds(self):
        channel = self._create_channel(("task", "escalation"))
        for kind in ("task", "escalation", "deal"):
            self._send(kind=kind)
        self.assertEqual(self._get_notices(channel).kind_id.mapped("code"), ["task", "escalation"])

    def test_teams_and_companies(self):
        everybody, east = self._create_channel(), self._create_channel(team_ids=self.team.ids)
        export = self._create_channel(team_ids=self.other_team.ids)
        elsewhere = self._create_channel(company_id=self.other_company.id)
        unteamed = self._create_deals(user_id=False, team_id=False, company_id=self.company.id)
        self._send(self.deals | unteamed)
        told = [self._get_notices(channel).mapped("res_id") for channel in (everybody, east, export, elsewhere)]
        self.assertEqual(told, [(self.deals | unteamed).ids, self.deals.ids, [], []])

    def test_archived_channel(self):
        channel = self._create_channel()
        notice = self._send()
        channel.active = False
        self._run_cron(QUARTER)
        self.assertEqual(notice.state, "cancelled")
        self.assertFalse(self._send(self.deals[1]))
        self.assertFalse(self.robot.posts)

    # === What is said === #

    def test_wecom(self):
        channel = self._create_channel()
        self._send(self.deals[:2])
        self._send(self.deals[2], cause="No next step", body="")
        self._run_cron(QUARTER)
        [(path, payload)] = self.robot.posts
        self.assertEqual(path, "/robot/send?key=k3y")
        base = self.deal.get_base_url()
        urls = [f"{base}/mail/view?model=crm.lead&res_id={deal.id}" for deal in self.deals]
        text = "\n".join(
            [
                "### 3 notices: Feedback overdue, No next step",
                "**Feedback overdue**",
                f"- [Deal 1]({urls[0]}) Call Mrs Li",
                f"- [Deal 2]({urls[1]}) Call Mrs Li",
                "**No next step**",
                f"- [Deal 3]({urls[2]})",
            ]
        )
        self.assertEqual(payload, {"msgtype": "markdown", "markdown": {"content": text}})
        self.assertEqual(set(self._get_notices(channel).mapped("state")), {"sent"})
        self.assertEqual((channel.last_success, channel.failure_count), (QUARTER, 0))

    def test_dingtalk(self):
        self._create_channel(provider="dingtalk", secret="SEC1")
        self._send()
        self._run_cron(QUARTER)
        [(path, payload)] = self.robot.posts
        query = parse_qs(urlsplit(path).query)
        timestamp = str(int((QUARTER - datetime(1970, 1, 1)).total_seconds() * 1000))
        self.assertEqual(query["timestamp"], [timestamp])
        self.assertEqual(query["sign"], [self._sign("SEC1", f"{timestamp}\nSEC1")])
        self.assertEqual(query["key"], ["k3y"])
        self.assertEqual(payload["markdown"]["title"], "Feedback overdue: Deal 1")
        self.assertIn("**Feedback overdue**\n\n- [Deal 1](", payload["markdown"]["text"])

    def test_feishu(self):
        self._create_channel(provider="feishu", secret="SEC1")
        self._send()
        self._run_cron(QUARTER)
        [(path, payload)] = self.robot.posts
        timestamp = str(int((QUARTER - datetime(1970, 1, 1)).total_seconds()))
        self.assertEqual(path, "/robot/send?key=k3y")
        self.assertEqual((payload["timestamp"], payload["sign"]), (timestamp, self._sign(f"{timestamp}\nSEC1", "")))
        post = payload["content"]["post"]["zh_cn"]
        self.assertEqual(post["title"], "Feedback overdue: Deal 1")
        self.assertEqual(post["content"][0], [{"tag": "text", "text": "Feedback overdue"}])
        self.assertEqual(post["content"][1][0]["href"].rpartition("=")[2], str(self.deal.id))
        self.assertEqual(post["content"][1][1], {"tag": "text", "text": " Call Mrs Li"})

    def test_unsigned(self):
        for provider in ("dingtalk", "feishu"):
            self._create_channel(provider=provider)
        self._send()
        self._run_cron(QUARTER)
        self.assertEqual([path for path, _payload in self.robot.posts], ["/robot/send?key=k3y"] * 2)
        self.assertFalse(any("sign" in payload for _path, payload in self.robot.posts))

    def test_amounts(self):
        hidden, shown = self._create_channel(), self._create_channel(with_amounts=True)
        self.deal.name = "120 pumps, $ 48,000.00"
        self._send(cause="Order over 50,000 USD", body="Deposit of ¥12万 in 48 hours")
        self._run_cron(QUARTER)
        texts = dict(zip((hidden, shown), self.robot.get_texts(), strict=True))
        for amount in ("48,000", "50,000", "12万"):
            self.assertIn(amount, texts[shown])
            self.assertNotIn(amount, texts[hidden])
        for kept in ("120 pumps", "48 hours"):
            self.assertIn(kept, texts[hidden])

    def test_language_of_the_channel(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.deal.stage_id.with_context(lang="zh_CN").name = "谈判"
        self._create_channel(lang="zh_CN")
        self._send(body=lambda deals: deals.stage_id.name)
        self._run_cron(QUARTER)
        self.assertIn("谈判", self.robot.get_texts()[0])

    def test_nobody_is_mentioned_and_nothing_linked(self):
        self._create_channel()
        self.deal.name = "[free](https://evil.example) <@all>"
        self._send(body="a\nb")
        self._run_cron(QUARTER)
        text = self.robot.get_texts()[0]
        self.assertNotIn("<@", text)
        self.assertNotIn("](https://evil", text)
        self.assertIn("a b", text)

    def test_long_messages_say_how_much_they_leave_out(self):
        channels = [self._create_channel(provider=provider) for provider in ("wecom", "dingtalk", "feishu")]
        deals = self._create_deals(200, name="客户" * 60)
        self._send(deals, body="跟进" * 300)
        self._run_cron(QUARTER)
        for channel, (_path, payload) in zip(channels, self.robot.posts, strict=True):
            with self.subTest(channel.provider):
                if channel.provider == "feishu":
                    lines = payload["content"]["post"]["zh_cn"]["content"]
                    shown, last = len(lines) - 2, lines[-1][0]["text"]
                else:
                    text = payload["markdown"].get("content") or payload["markdown"]["text"]
                    self.assertLessEqual(len(text.encode()), {"wecom": 4096, "dingtalk": 18_000}[channel.provider])
                    shown, last = text.count("\n- "), text.splitlines()[-1]
                self.assertGreater(shown, 2)
                self.assertEqual(last, f"… and {200 - shown} more")
                self.assertEqual(set(self._get_notices(channel).mapped("state")), {"sent"})

    # === Failures === #

    def _assert_fails(self, answer, problem, **values):
        channel = self._create_channel(**values)
        self.robot.answers = [answer]
        notice = self._send()
        self._run_cron(QUARTER)
        self.assertEqual((notice.state, notice.attempts), ("pending", 1))
        self.assertEqual(notice.send_at, QUARTER + timedelta(minutes=5))
        self.assertIn(problem, notice.error)
        self.assertEqual((channel.last_error, channel.failure_count), (notice.error, 1))
        self.assertFalse(channel.last_success)
        self.assertNotIn("k3y", notice.error, "Whoever reads it could write into the group.")
        return channel, notice

    def test_error_codes_under_200(self):
        for provider, answer, problem in (
            ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url"}, "93000 invalid webhook url"),
            ("dingtalk", {"errcode": 310000, "errmsg": "sign not match"}, "310000 sign not match"),
            ("feishu", {"code": 19021, "msg": "sign match fail"}, "19021 sign match fail"),
            ("feishu", {"StatusCode": 9499, "StatusMessage": "Bad Request"}, "9499 Bad Request"),
            ("wecom", {}, "{}"),
            ("feishu", [], "[]"),
            ("dingtalk", b"<html>Maintenance</html>", "not one of a robot"),
            ("wecom", b"", "not one of a robot"),
            ("wecom", b"\xff\xfe{", "not one of a robot"),
        ):
            with self.subTest(provider=provider, answer=answer):
                channel, _notice = self._assert_fails((200, answer), problem, provider=provider)
                channel.unlink()

    def test_status_of_an_error(self):
        self._assert_fails((500, TAKEN[1]), "status 500")

    def test_redirections_are_not_followed(self):
        self._assert_fails((307, TAKEN[1], self.robot.url), "status 307")
        self.assertEqual(len(self.robot.posts), 1)

    def test_robot_that_does_not_answer(self):
        """Odoo's tests let no request wait for less than ten seconds."""
        self.robot.delay = 12
        self._assert_fails(TAKEN, "did not answer within 10 seconds")

    def test_robot_that_is_not_there(self):
        origin = "http://127.0.0.1:9"
        self.env["ir.config_parameter"].set_param(ORIGINS_PARAMETER, origin)
        self._assert_fails(TAKEN, f"{origin} could not be reached", webhook_url=f"{origin}/send?key=k3y")

    def test_retry_until_it_is_taken(self):
        channel, notice = self._assert_fails((200, {"errcode": 45009, "errmsg": "api freq out of limit"}), "45009")
        self._run_cron(QUARTER + timedelta(minutes=4))
        self.assertEqual(notice.attempts, 1, "Not before its moment.")
        self.robot.answers = [TAKEN]
        self._run_cron(QUARTER + timedelta(minutes=5))
        self.assertEqual((notice.state, notice.attempts, notice.error), ("sent", 2, False))
        self.assertEqual((channel.failure_count, channel.last_error), (0, False))
        self.assertEqual(len(self.robot.posts), 2)

    def test_back_off_and_final_failure(self):
        channel, notice = self._assert_fails((500, {}), "status 500")
        moments = [notice.send_at]
        while notice.state == "pending":
            self._run_cron(notice.send_at)
            moments.append(notice.send_at)
        waits = [(later - earlier).total_seconds() / 60 for earlier, later in pairwise(moments)]
        self.assertEqual(waits, [15, 45, 120, 0])
        self.assertEqual((notice.state, notice.attempts), ("failed", 5))
        self.assertEqual((channel.failure_count, channel.failed_notice_count), (5, 1))
        self._run_cron(notice.send_at + timedelta(days=1))
        self.assertEqual(len(self.robot.posts), 5)

    def test_retry_by_hand(self):
        _channel, notice = self._assert_fails((500, {}), "status 500")
        notice.state = "failed"
        self.robot.answers = [TAKEN]
        later = QUARTER + timedelta(hours=1)
        with freeze_time(later):
            notice.with_user(self.manager).action_retry()
        self._run_cron(later)
        self.assertEqual(notice.state, "sent")

    def test_one_channel_fails_and_the_others_do_not(self):
        channels = [self._create_channel(name=name) for name in "ABC"]
        self.robot.answers = [TAKEN, (500, {}), TAKEN]
        self._send(users=self.salesperson)
        self._run_cron(QUARTER)
        self.assertEqual([self._get_notices(channel).state for channel in channels], ["sent", "pending", "sent"])
        self.assertEqual(self.env["sales.notice"].search([("user_id", "!=", False)]).state, "sent")

    def test_killed_after_the_post(self):
        """Whether it arrived is not known then, so it is not said again, and is seen."""
        channel = self._create_channel()
        notice = self._send()
        # Odoo's own assertRaises would undo what was committed before.
        with self._fail_once("_set_sent", SystemExit()), suppress(SystemExit):
            self._run_cron(QUARTER)
        for minutes in (0, 5, 60):
            self._run_cron(QUARTER + timedelta(minutes=minutes))
        self.assertEqual(len(self.robot.posts), 1)
        self.assertEqual(notice.state, "failed")
        self.assertIn("interrupted", notice.error)
        self.assertEqual(channel.failed_notice_count, 1)

    # === Where it may post to === #

    def test_addresses(self):
        for provider, url in (
            ("wecom", "https://open.feishu.cn/open-apis/bot/v2/hook/1"),
            ("wecom", "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"),
            ("wecom", "https://qyapi.weixin.qq.com@evil.example/"),
            ("wecom", "https://qyapi.weixin.qq.com.evil.example/"),
            ("feishu", "http://127.0.0.1:1/"),
            ("feishu", "file:///etc/passwd"),
            ("dingtalk", "https://[x"),
        ):
            with self.subTest(url), self.assertRaisesRegex(ValidationError, "Sales East must begin with https://"):
                self._create_channel(provider=provider, webhook_url=url)
        for provider, url in (
            ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"),
            ("dingtalk", " https://oapi.dingtalk.com/robot/send?access_token=1"),
            ("feishu", "https://open.larksuite.com/open-apis/bot/v2/hook/1"),
        ):
            self._create_channel(provider=provider, webhook_url=url)

    def test_address_is_checked_again_when_it_is_used(self):
        channel = self._create_channel()
        self.env["ir.config_parameter"].set_param(ORIGINS_PARAMETER, False)
        notice = self._send()
        self._run_cron(QUARTER)
        self.assertIn("must begin with", notice.error)
        self.assertEqual(channel.failure_count, 1)
        self.assertFalse(self.robot.posts)

    # === Test message, copies === #

    def test_test_message(self):
        channel = self._create_channel()
        with freeze_time("2026-06-13 20:00:00"):
            action = channel.with_user(self.manager).action_send_test()
        self.assertEqual(action["params"]["type"], "success")
        self.assertIn("Manager tests the channel Sales East.", self.robot.get_texts()[0])
        self.robot.answers = [(200, {"errcode": 93000, "errmsg": "invalid webhook url"})]
        action = channel.with_user(self.manager).action_send_test()
        self.assertEqual(action["params"]["type"], "danger")
        self.assertIn("93000 invalid webhook url", action["params"]["message"])
        self.assertIn("93000", channel.last_error)

    def test_copied_database_is_silent(self):
        channel = self._create_channel(provider="feishu", secret="SEC1")
        waiting, cron = self._send(), self.env.ref("sales_management.ir_cron_send_notices")
        self.env.flush_all()
        with file_open("sales_management/data/neutralize.sql") as file:
            self.env.cr.execute(file.read())
        self.env.invalidate_all()
        self.assertFalse(channel.active or channel.secret or cron.active)
        self.assertEqual(waiting.state, "cancelled")
        channel.active = True
        self.assertEqual(channel.with_user(self.manager).action_send_test()["params"]["type"], "danger")
        self.assertFalse(self.robot.posts)
