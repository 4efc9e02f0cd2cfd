import os
from contextlib import closing, contextmanager

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, new_test_user, tagged
from odoo.tools import SQL, mute_logger

TRIALS = 20 if os.environ.get("SANDBOX_FULL") else 5
FACTS = ("sales_customer_handover", "sales_customer_handover_successor_rel", "sales_customer_handover_line")


@tagged("post_install", "-at_install", "customer", "concurrency")
class TestHandoverConcurrency(BaseCase):
    """Two managers hand over the same person at the same moment: it is done once, and the other is told.

    One test cursor cannot show that, so the data is committed, and taken away again.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self._environment() as env:
            self.former = env.company.sales_customer_enabled
            env.company.sales_customer_enabled = True
            groups = dict.fromkeys(("Anna", "Ben", "Cara"), "sales_team.group_sale_salesman")
            groups |= dict.fromkeys(("Max", "Mia"), "sales_team.group_sale_manager")
            self.user_ids = {
                name: new_test_user(env, f"sm_handover_{name}", group, name=name).id for name, group in groups.items()
            }
            self.customer_ids = (
                env["res.partner"]
                .create([{"name": f"Firm {n}", "is_company": True, "customer_rank": 1} for n in range(3)])
                .ids
            )
            env.cr.commit()
        self.addCleanup(self._remove_data)

    @contextmanager
    def _environment(self, name=None):
        """An environment on a connection of its own; what is not committed in it is rolled back."""
        with closing(self.registry.cursor()) as cr:
            cr.execute("SET lock_timeout = '5s'")
            yield api.Environment(cr, self.user_ids[name] if name else SUPERUSER_ID, {"tracking_disable": True})
            cr.rollback()
            cr.execute("RESET lock_timeout")

    def _remove_data(self):
        with self._environment() as env:
            env.company.sales_customer_enabled = self.former
            env.flush_all()
            users = env["res.users"].browse(self.user_ids.values())
            # Facts are never deleted, and these are not to stay: their guard lets a foreign key's action alone pass.
            for table in (*FACTS, "sales_customer_claim"):
                env.cr.execute(SQL("ALTER TABLE %s DISABLE TRIGGER USER", SQL.identifier(table)))
            env.cr.execute(SQL("DELETE FROM sales_customer_handover WHERE former_id = ANY(%s)", users.ids))
            env.cr.execute(SQL("DELETE FROM sales_customer_claim WHERE partner_id = ANY(%s)", self.customer_ids))
            for table in (*FACTS, "sales_customer_claim"):
                env.cr.execute(SQL("ALTER TABLE %s ENABLE TRIGGER USER", SQL.identifier(table)))
            env.cr.execute(SQL("DELETE FROM sales_customer_key WHERE partner_id = ANY(%s)", self.customer_ids))
            env["sales.notice"].search([("user_id", "in", users.ids)]).unlink()
            env["res.partner"].browse(self.customer_ids).unlink()
            partners = users.partner_id
            env["sales.customer.handover.plan"].search([("user_id", "in", users.ids)]).unlink()
            users.unlink()
            partners.unlink()
            env.cr.commit()

    def _give_to_anna(self):
        with self._environment() as env:
            env["res.partner"].browse(self.customer_ids).user_id = self.user_ids["Anna"]
            env.cr.commit()

    def _plan(self, manager, successor):
        with self._environment(manager) as env:
            plan = env["sales.customer.handover.plan"].create(
                {
                    "user_id": self.user_ids["Anna"],
                    "successor_ids": [Command.set([self.user_ids[successor]])],
                }
            )
            plan.action_preview()
            env.cr.commit()
            return plan.id

    def test_it_is_handed_over_once(self):
        for trial in range(TRIALS):
            self._give_to_anna()
            managers = ("Max", "Mia") if trial % 2 else ("Mia", "Max")
            first_id, second_id = self._plan(managers[0], "Ben"), self._plan(managers[1], "Cara")
            with self.subTest(trial=trial):
                with self._environment(managers[0]) as first, self._environment(managers[1]) as second:
                    winner = first["sales.customer.handover.plan"].browse(first_id)
                    loser = second["sales.customer.handover.plan"].browse(second_id)
                    # From here on, both transactions see what is there now.
                    winner.fetch(["user_id"])
                    loser.fetch(["user_id"])
                    winner.action_hand_over()
                    first.flush_all()
                    first.cr.commit()
                    with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                        loser.action_hand_over()
                # Which Odoo tries again.
                with self._environment(managers[1]) as second:
                    loser = second["sales.customer.handover.plan"].browse(second_id)
                    with self.assertRaisesRegex(UserError, "Nothing is left that Anna could hand over"):
                        loser.action_hand_over()
                    owners = second["res.partner"].browse(self.customer_ids).mapped("user_id")
                    self.assertEqual(owners.ids, [self.user_ids["Ben"]])
                    domain = [("partner_id", "in", self.customer_ids), ("owner_id", "=", self.user_ids["Cara"])]
                    self.assertFalse(second["sales.customer.claim"].sudo().search_count(domain))
