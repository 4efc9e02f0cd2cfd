from contextlib import closing, contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged


class Killed(BaseException):
    """What no handler of errors catches, as a worker that is killed."""


@tagged("post_install", "-at_install", "process", "concurrency")
class TestEscalationConcurrency(BaseCase):
    """Two real connections and a worker that dies: nothing lost, nobody told twice.

    One test cursor cannot show that, so the data is committed, and taken away again.
    """

    COUNT = 250

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
        self.company_id = env.company.id
        self.was_enabled = env.company.sales_process_enabled
        stages = env["crm.stage"].create([{"name": f"Race {number}", "sequence": 900 + number} for number in (1, 2)])
        leader = env["res.users"].create(
            {"name": "Race Leader", "login": "sm_race", "group_ids": [Command.link(env.ref("base.group_user").id)]}
        )
        team = env["crm.team"].create({"name": "Race", "user_id": leader.id, "company_id": False})
        template = env["sales.stage.task"].create(
            {
                "name": "Race",
                "stage_id": stages[1].id,
                "hours": 1,
                "escalation_ids": [Command.create({"level": 1, "hours": 2, "escalate_to": "team_leader"})],
            }
        )
        leads = env["crm.lead"].create(
            [{"name": "Race", "type": "opportunity", "stage_id": stages[0].id, "team_id": team.id}] * self.COUNT
        )
        env.company.sales_process_enabled = True
        leads.write({"stage_id": stages[1].id})
        tasks = env["sales.deal.task"].search([("lead_id", "in", leads.ids)])
        tasks.next_escalation_at = fields.Datetime.now() - timedelta(hours=1)
        for task in tasks:
            plan = [[*row[:3], task.next_escalation_at.isoformat()] for row in task.escalation_plan]
            task.escalation_plan = plan
        self.data = [leads, template, stages, team, leader]
        self.leader_id, self.task_ids = leader.id, tasks.ids

    def _remove_data(self):
        with self._environment() as env:
            env.company.sales_process_enabled = self.was_enabled
            domain = [("res_model", "=", "crm.lead"), ("res_id", "in", self.data[0].ids)]
            env["sales.notice"].search(domain).unlink()
            numbers = self.data[0].with_env(env).mapped("deal_number")
            for records in self.data:
                records.with_env(env).unlink()
            env["sales.deal.number"].search([("name", "in", numbers)]).unlink()
            env.cr.commit()

    def _assert_told_once(self):
        with self._environment() as env:
            tasks = env["sales.deal.task"].browse(self.task_ids)
            self.assertEqual(set(tasks.mapped("escalation_level")), {1})
            self.assertFalse(any(tasks.mapped("next_escalation_at")))
            told = env["sales.notice"].search([("kind_id.code", "=", "escalation"), ("user_id", "=", self.leader_id)])
            self.assertEqual(sorted(told.mapped("res_id")), sorted(tasks.lead_id.ids))
            notes = env["mail.message"].search_count(
                [
                    ("model", "=", "crm.lead"),
                    ("res_id", "in", tasks.lead_id.ids),
                    ("body", "ilike", "Told: Race Leader"),
                ]
            )
            self.assertEqual(notes, self.COUNT)

    def test_two_workers_tell_once(self):
        with self._environment() as first, self._environment() as second:
            seen = {}
            escalate = type(first["sales.deal.task"])._escalate

            def escalate_beside(tasks):
                result = escalate(tasks)
                if tasks.env.cr is first.cr and "beside" not in seen:
                    # The first holds its batch and has not committed; the second must pass it by.
                    seen["beside"] = True
                    second["sales.deal.task"]._cron_escalate()
                return result

            with patch.object(type(first["sales.deal.task"]), "_escalate", escalate_beside):
                first["sales.deal.task"]._cron_escalate()
        self.assertTrue(seen)
        self._assert_told_once()

    def test_worker_that_is_killed_leaves_the_rest_to_the_next(self):
        with self._environment() as env:
            tell = type(env["sales.deal.task"])._tell_level
            calls = []

            def tell_and_die(tasks, level):
                result = tell(tasks, level)
                calls.append(len(tasks))
                if len(calls) == 2:
                    raise Killed
                return result

            with patch.object(type(env["sales.deal.task"]), "_tell_level", tell_and_die), self.assertRaises(Killed):
                env["sales.deal.task"]._cron_escalate()
            env.cr.rollback()
        with self._environment() as env:
            done = env["sales.deal.task"].search_count([("id", "in", self.task_ids), ("escalation_level", "=", 1)])
            self.assertEqual(done, calls[0], "What was told before is kept, what was not committed is not.")
            env["sales.deal.task"]._cron_escalate()
        self._assert_told_once()
