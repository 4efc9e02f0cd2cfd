"""Two workers on real connections: what one test cursor cannot show."""

import threading
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, fields
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged

from odoo.addons.sales_management.models.common.sales_notice_channel import ORIGINS_PARAMETER
from odoo.addons.sales_management.tests.common_ground.notice_common import RobotServer

WORKERS = 2
PEOPLE = 6


@tagged("post_install", "-at_install", "common_ground", "notice", "concurrency")
class TestNoticeConcurrency(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry_ = Registry(get_db_name())
        self.robot = RobotServer()
        self.addCleanup(self.robot.close)
        self.addCleanup(self._clean)
        with self._get_env() as env:
            self._create_records(env)

    @contextmanager
    def _get_env(self):
        """An environment on a connection of its own, whose work is committed."""
        with self.registry_.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _create_records(self, env):
        """Notices that are due for some people and channels, whatever time it is now."""
        env["ir.config_parameter"].set_param(ORIGINS_PARAMETER, self.robot.origin)
        company = env["res.company"].create({"name": "Race", "notice_quiet_from": 0, "notice_quiet_to": 0})
        company.resource_calendar_id = False
        users = (
            env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                [
                    {
                        "name": f"Racer {position}",
                        "login": f"sm_race_{position}",
                        "email": f"race{position}@example.com",
                        "company_id": company.id,
                        "company_ids": company.ids,
                    }
                    for position in range(PEOPLE)
                ]
            )
        )
        kind = env.ref("sales_management.sales_notice_kind_task")
        channels = env["sales.notice.channel"].create(
            [
                {"name": name, "webhook_url": self.robot.url, "company_id": company.id, "kind_ids": kind.ids}
                for name in "AB"
            ]
        )
        leads = env["crm.lead"].create([{"name": f"Race {number}", "company_id": company.id} for number in range(3)])
        env["sales.notice.mixin"].with_company(company)._send_notice("task", leads, users, "Race", "Run")
        notices = env["sales.notice"].search([("company_id", "=", company.id)])
        notices.send_at = fields.Datetime.now() - timedelta(minutes=1)
        self.ids = {
            "notices": notices.ids, "users": users.ids, "partners": users.partner_id.ids, "channels": channels.ids,
            "leads": leads.ids, "company": company.ids,
        }  # fmt: skip

    def _clean(self):
        with self._get_env() as env:
            env["ir.config_parameter"].set_param(ORIGINS_PARAMETER, False)
            env["mail.message"].search([("partner_ids", "in", self.ids["partners"])]).unlink()
            env["sales.notice.channel"].browse(self.ids["channels"]).unlink()
            env["sales.notice"].browse(self.ids["notices"]).exists().unlink()
            env["crm.lead"].browse(self.ids["leads"]).unlink()
            users = env["res.users"].browse(self.ids["users"])
            users.unlink()
            env["res.partner"].browse(self.ids["partners"]).exists().unlink()
            company = env["res.company"].browse(self.ids["company"])
            company.write({"active": False, "name": f"Race {company.id}"})

    def _run_workers(self):
        """Environments come from this thread: the loader holds the lock of the registry while tests run."""
        errors, barrier = [], threading.Barrier(WORKERS)

        def work(env):
            try:
                barrier.wait(10)
                env["sales.notice"]._cron_send()
            except BaseException as error:  # noqa: BLE001 it is a failure of the test, in another thread
                errors.append(error)

        with ExitStack() as stack:
            threads = [
                threading.Thread(target=work, args=[stack.enter_context(self._get_env())]) for _worker in range(WORKERS)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
        self.assertFalse(errors)

    def _assert_told_once(self):
        with self._get_env() as env:
            notices = env["sales.notice"].browse(self.ids["notices"])
            self.assertEqual(set(notices.mapped("state")), {"sent"}, notices.mapped("error"))
            for partner_id in self.ids["partners"]:
                messages = env["mail.message"].search([("partner_ids", "in", [partner_id])])
                self.assertEqual(len(messages), 1)
        self.assertEqual(len(self.robot.posts), 2, "One message for each channel.")

    def test_two_workers_tell_everybody_once(self):
        self.robot.delay = 0.3
        self._run_workers()
        self._run_workers()
        self._assert_told_once()

    def test_killed_between_a_mail_and_its_mark(self):
        model = self.registry_["sales.notice"]
        original, killed = model._set_sent, []

        def kill(notices, *args):
            if notices.user_id and not killed:
                killed.append(notices.user_id.id)
                raise SystemExit
            return original(notices, *args)

        with patch.object(model, "_set_sent", kill), self.assertRaises(SystemExit), self._get_env() as env:
            env["sales.notice"]._cron_send()
        self._run_workers()
        self._assert_told_once()
