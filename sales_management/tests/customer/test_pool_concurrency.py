import os
from contextlib import closing, contextmanager

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, new_test_user, tagged
from odoo.tools import SQL, mute_logger

TRIALS = 100 if os.environ.get("SANDBOX_FULL") else 20


@tagged("post_install", "-at_install", "customer", "concurrency")
class TestPoolConcurrency(BaseCase):
    """Two people claim one customer at the same moment: one gets it, and the other is told who has it.

    One test cursor cannot show that, so the data is committed, and taken away again.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self._environment() as env:
            company = env.company
            names = ("sales_customer_enabled", "customer_pool_enabled", "customer_pool_claims_per_day")
            self.former = {name: company[name] for name in names}
            company.write(dict.fromkeys(names, True) | {"customer_pool_claims_per_day": 0})
            self.user_ids = [
                new_test_user(env, f"sm_claims_{name}", "sales_team.group_sale_salesman", name=name).id
                for name in ("Anna", "Ben")
            ]
            self.customer_id = env["res.partner"].create({"name": "Wanted", "customer_rank": 1}).id
            env.cr.commit()
        self.addCleanup(self._remove_data)

    @contextmanager
    def _environment(self, uid=SUPERUSER_ID):
        """An environment on a connection of its own; what is not committed in it is rolled back."""
        with closing(self.registry.cursor()) as cr:
            cr.execute("SET lock_timeout = '5s'")
            yield api.Environment(cr, uid, {"tracking_disable": True})
            cr.rollback()
            cr.execute("RESET lock_timeout")

    def _remove_data(self):
        with self._environment() as env:
            env.company.write(self.former)
            # Facts are never deleted, and these are not to stay: their guard lets a foreign key's action alone pass.
            env.flush_all()
            env.cr.execute("ALTER TABLE sales_customer_claim DISABLE TRIGGER USER")
            env.cr.execute(SQL("DELETE FROM sales_customer_claim WHERE partner_id = %s", self.customer_id))
            env.cr.execute("ALTER TABLE sales_customer_claim ENABLE TRIGGER USER")
            env.cr.execute(SQL("DELETE FROM sales_customer_key WHERE partner_id = %s", self.customer_id))
            env["res.partner"].browse(self.customer_id).unlink()
            users = env["res.users"].browse(self.user_ids)
            partners = users.partner_id
            users.unlink()
            partners.unlink()
            env.cr.commit()

    def _get_customer(self, env):
        customer = env["res.partner"].browse(self.customer_id)
        # From here on, the transaction sees what is there now.
        customer.fetch(["name"])
        return customer

    def _release(self):
        with self._environment() as env:
            self._get_customer(env)._release("released")
            # They would have to wait before they claim it again.
            env.cr.execute("ALTER TABLE sales_customer_claim DISABLE TRIGGER USER")
            env.cr.execute(SQL("DELETE FROM sales_customer_claim WHERE partner_id = %s", self.customer_id))
            env.cr.execute("ALTER TABLE sales_customer_claim ENABLE TRIGGER USER")
            env.cr.commit()

    def test_customer_is_claimed_once(self):
        for trial in range(TRIALS):
            first_id, second_id = self.user_ids if trial % 2 else reversed(self.user_ids)
            with self.subTest(trial=trial):
                with self._environment(first_id) as first, self._environment(second_id) as second:
                    winner, loser = self._get_customer(first), self._get_customer(second)
                    winner.action_claim()
                    first.flush_all()
                    first.cr.commit()
                    with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                        loser.action_claim()
                # Which Odoo tries again.
                with self._environment(second_id) as second:
                    loser = self._get_customer(second)
                    with self.assertRaisesRegex(UserError, f"Wanted is with {winner_name(second, first_id)} since"):
                        loser.action_claim()
                    self.assertEqual(loser.user_id.id, first_id)
                    claims = second["sales.customer.claim"].sudo().search([("partner_id", "=", self.customer_id)])
                    self.assertEqual(claims.filtered(lambda claim: claim.kind == "claimed").owner_id.id, first_id)
            self._release()


def winner_name(env, user_id):
    return env["res.users"].sudo().browse(user_id).name
