from contextlib import closing, contextmanager
from functools import partial
from unittest.mock import patch

from psycopg2.errors import LockNotAvailable

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install", "approval", "concurrency")
class TestApprovalConcurrency(BaseCase):
    """Two approvers on two real connections: both count, and who comes too late is told.

    One test cursor cannot show that, so the data is committed, and taken away again.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self._environment() as env:
            self._create_data(env)
            env.cr.commit()
        self.addCleanup(self._remove_data)

    @contextmanager
    def _environment(self):
        with closing(self.registry.cursor()) as cr:
            yield api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            cr.rollback()

    def _create_data(self, env):
        self.was_enabled = env.company.sales_approval_enabled
        users = env["res.users"].create(
            [
                {
                    "name": name,
                    "login": f"sm_race_{name}",
                    "company_ids": [Command.set(env.company.ids)],
                    "company_id": env.company.id,
                    "group_ids": [Command.set(env.ref("base.group_user").ids)],
                }
                for name in ("first", "second")
            ]
        )
        rule = self._create_rule(env, users)
        partner = env["res.partner"].create({"name": "Race"})
        env.company.sales_approval_enabled = True
        order = env["sale.order"].create({"partner_id": partner.id, "user_id": False})

        def match(self, documents, measures=None):
            return dict.fromkeys(documents, self.env["sales.approval.rule"].browse(rule.id))

        with patch.object(type(rule), "_get_matching_rules", match):
            order.action_request_approval()
            env.flush_all()
        self.assertEqual(order.approval_state, "pending")
        self.user_ids, self.order_id, self.data = users.ids, order.id, [order, rule, partner, users]

    @staticmethod
    def _create_rule(env, users):
        return env["sales.approval.rule"].create(
            {
                "name": "Race",
                "enforcement": "block",
                "active": False,
                "step_ids": [
                    Command.create(
                        {
                            "approver_kind": "user",
                            "user_ids": users.ids,
                            "required": "count",
                            "required_count": 2,
                            "deadline_hours": 0,
                        }
                    )
                ],
            }
        )

    def _remove_data(self):
        with self._environment() as env:
            env.company.sales_approval_enabled = self.was_enabled
            order = self.data[0].with_env(env)
            env["sales.notice"].search([("res_model", "in", ("sale.order", "sales.approval.request"))]).unlink()
            for records in (order, *self.data[1:]):
                records.with_env(env).exists().unlink()
            env.cr.commit()

    def _browse(self, *environments):
        """The quotation as each of the approvers sees it, on a connection of his own."""
        return [
            env["sale.order"].with_user(user_id).browse(self.order_id)
            for env, user_id in zip(environments, self.user_ids, strict=True)
        ]

    def _decide_together(self, name, *arguments):
        """Both look at the request; the second decides when the first has committed, as if it had waited for it."""
        with self._environment() as first, self._environment() as second:
            orders = self._browse(first, second)
            for order in orders:
                self.assertEqual(order.sudo().approval_request_ids.state, "pending")
            orders[0].action_approve()
            first.cr.commit()
            retrying(partial(getattr(orders[1], name), *arguments), orders[1].env)
            second.cr.commit()

    def test_second_waits_for_the_first(self):
        with self._environment() as first, self._environment() as second:
            second.cr.execute("SET lock_timeout = '100ms'")
            orders = self._browse(first, second)
            orders[0].action_approve()
            with self.assertRaises(LockNotAvailable), mute_logger("odoo.sql_db"):
                orders[1].action_approve()
            second.cr.rollback()
            second.cr.execute("RESET lock_timeout")

    def test_both_count(self):
        self._decide_together("action_approve")
        with self._environment() as env:
            order = env["sale.order"].browse(self.order_id)
            self.assertEqual(order.approval_request_ids.state, "approved")
            self.assertEqual(order.approval_state, "approved")
            self.assertEqual(len(order.approval_request_ids.decision_ids), 2)
            self.assertFalse(order._verify_chain()[order])

    def test_who_comes_too_late_is_told(self):
        with self._environment() as env:
            env["sale.order"].browse(self.order_id).approval_request_ids.step_ids.required_count = 1
            env.cr.commit()
        with self.assertRaisesRegex(UserError, "no approval is asked for"):
            self._decide_together("action_reject", "no")
        with self._environment() as env:
            order = env["sale.order"].browse(self.order_id)
            self.assertEqual(order.approval_request_ids.state, "approved")
            self.assertEqual(len(order.approval_request_ids.decision_ids), 1)
