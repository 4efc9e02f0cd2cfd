"""A robot on this machine, and people in two zones who hear of deals."""

import functools
import json
import threading
import time
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

from freezegun import freeze_time

from odoo.addons.sales_management.models.common.sales_notice_channel import ORIGINS_PARAMETER
from odoo.addons.sales_management.tests.common_ground.common import CalendarCommon

#: Wednesday, 10:05 in Hangzhou, 04:05 in Berlin.
MORNING = datetime(2026, 6, 10, 2, 5)
#: The end of that quarter of an hour.
QUARTER = datetime(2026, 6, 10, 2, 15)

TAKEN = (200, {"errcode": 0, "errmsg": "ok", "code": 0})


class RobotServer:
    """A server that keeps what it is sent and answers what it is told to, the last answer from then on."""

    def __init__(self):
        self.posts, self.answers, self.delay = [], [TAKEN], 0
        robot = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                payload = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                robot.posts.append((self.path, payload))
                time.sleep(robot.delay)
                status, answer, *location = robot.answers.pop(0) if len(robot.answers) > 1 else robot.answers[0]
                body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                for address in location:
                    self.send_header("Location", address)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                """Who asked may have gone before the answer."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.url = f"{self.origin}/robot/send?key=k3y"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def get_texts(self):
        """What was said in Markdown, message by message."""
        return [payload["markdown"].get("content") or payload["markdown"]["text"] for _path, payload in self.posts]


class NoticeCommon(CalendarCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id = cls.calendar
        cls.calendar.company_id = cls.company
        cls.company.write({"notice_quiet_from": 20, "notice_quiet_to": 8})
        cls.salesperson.tz = cls.leader.tz = cls.manager.tz = "Asia/Shanghai"
        cls.member.tz = "Europe/Berlin"
        cls.deals = cls._create_deals(3)
        cls.deal = cls.deals[0]
        # What the database has of these already is none of what is counted here.
        cls.env["sales.notice.channel"].search([("active", "=", True)]).active = False
        cls.env["sales.notice"].search([("state", "!=", False)]).unlink()
        cls.robot = RobotServer()
        cls.addClassCleanup(cls.robot.close)
        cls.env["ir.config_parameter"].set_param(ORIGINS_PARAMETER, cls.robot.origin)

    def setUp(self):
        super().setUp()
        self.robot.posts.clear()
        self.robot.answers, self.robot.delay = [TAKEN], 0

    @classmethod
    def _create_channel(cls, kinds=("task",), **values):
        defaults = {
            "name": "Sales East",
            "webhook_url": cls.robot.url,
            "kind_ids": [cls.env.ref(f"sales_management.sales_notice_kind_{kind}").id for kind in kinds],
            "lang": "en_US",
        }
        return cls.env["sales.notice.channel"].create({**defaults, **values})

    def _send(self, records=None, users=None, cause="Feedback overdue", body="Call Mrs Li", kind="task", at=MORNING):
        with freeze_time(at):
            return self.env["sales.notice.mixin"]._send_notice(
                kind, self.deal if records is None else records, users, cause, body
            )

    @contextmanager
    def _cron_mode(self):
        with self.enter_registry_test_mode():
            yield

    def _run_cron(self, at):
        with freeze_time(at), self._cron_mode():
            self.env.ref("sales_management.ir_cron_send_notices").method_direct_trigger()
        self.env.invalidate_all()

    def _fail_once(self, method, error):
        """Let a private method of notices raise, the first time only."""
        model = self.env.registry["sales.notice"]
        original, calls = getattr(model, method), []

        @functools.wraps(original)
        def fail(notices, *args, **kwargs):
            calls.append(notices.ids)
            if len(calls) == 1:
                raise error
            return original(notices, *args, **kwargs)

        return patch.object(model, method, fail)
