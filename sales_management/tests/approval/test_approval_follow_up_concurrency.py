from contextlib import closing, contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged


@tagged("post_install", "-at_install", "approval", "concurrency")
class TestFollowUpConcurrency(BaseCase):
    """Two real connections: nobody is asked twice.

    One test cursor cannot show that, so the data is committed, and taken away again.
    """

    COUNT = 120

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self._environment() as env:
            self._create_data(env)
            env.cr.commit()
        self.addCleanup(self._remove_data)

    @contextmanager
    def _environment(self):
        """An environment on a connection of its own; what is not committed in it is rolled back."""
        with closing(self.registry.cursor()) as cr:
            cr.execute("SET lock_timeout = '5s'")
            yield api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            cr.rollback()
            cr.execute("RESET lock_timeout")

    def _create_data(self, env):
        self.was_enabled = env.company.sales_approval_enabled
        env.company.sales_approval_enabled = True
        group = [Command.link(env.ref("base.group_user").id)]
        people = env["res.users"].create(
            [{"name": name, "login": f"sm_{name}", "group_ids": group} for name in ("race_asked", "race_leader")]
        )
        team = env["crm.team"].create(
            {
                "name": "Race",
                "user_id": people[1].id,
                "company_id": False,
                "crm_team_member_ids": [Command.create({"user_id": people[0].id})],
            }
        )
        partner = env["res.partner"].create({"name": "Race"})
        orders = env["sale.order"].create([{"partner_id": partner.id}] * self.COUNT)
        requests, steps = self._create_late_steps(env, orders, people[0])
        env["sales.notice"].search([("res_model", "=", requests._name), ("res_id", "in", requests.ids)]).unlink()
        self.data = [orders, team, partner, people]
        self.request_ids, self.step_ids, self.leader_id = requests.ids, steps.ids, people[1].id

    def _create_late_steps(self, env, orders, asked):
        requests = env["sales.approval.request"].create(
            [
                {
                    "res_model": "sale.order",
                    "res_id": order.id,
                    "order_id": order.id,
                    "company_id": order.company_id.id,
                    "digest": "0" * 64,
                }
                for order in orders
            ]
        )
        steps = env["sales.approval.request.step"].create(
            [
                {
                    "request_id": request.id,
                    "user_ids": [Command.set(asked.ids)],
                    "deadline_hours": 8,
                    "state": "open",
                }
                for request in requests
            ]
        )
        steps.escalate_at = fields.Datetime.now() - timedelta(minutes=1)
        return requests, steps

    def _remove_data(self):
        with self._environment() as env:
            env.company.sales_approval_enabled = self.was_enabled
            domain = [("res_model", "=", "sales.approval.request"), ("res_id", "in", self.request_ids)]
            env["sales.notice"].search(domain).unlink()
            env["sales.approval.request"].browse(self.request_ids).unlink()
            for records in self.data:
                records.with_env(env).unlink()
            env.cr.commit()

    def test_two_workers_ask_the_next_level_once(self):
        with self._environment() as first, self._environment() as second:
            seen = {}
            follow_up = type(first["sales.approval.request.step"])._follow_up

            def follow_up_beside(steps):
                result = follow_up(steps)
                if steps.env.cr is first.cr and "beside" not in seen:
                    # The first holds its batch and has not committed; the second must pass it by.
                    seen["beside"] = True
                    second["sales.approval.request.step"]._cron_follow_up()
                return result

            with patch.object(type(first["sales.approval.request.step"]), "_follow_up", follow_up_beside):
                first["sales.approval.request.step"]._cron_follow_up()
        self.assertTrue(seen)
        with self._environment() as env:
            steps = env["sales.approval.request.step"].browse(self.step_ids)
            self.assertEqual(set(steps.mapped("escalation_level")), {1})
            told = env["sales.notice"].search([("kind_id.code", "=", "approval"), ("user_id", "=", self.leader_id)])
            self.assertEqual(sorted(told.mapped("res_id")), sorted(self.request_ids))
            notes = env["mail.message"].search_count(
                [
                    ("model", "=", "sales.approval.request"),
                    ("res_id", "in", self.request_ids),
                    ("body", "ilike", "Asked as well: race_leader"),
                ]
            )
            self.assertEqual(notes, self.COUNT)
