import os
from contextlib import closing, contextmanager
from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL, mute_logger

TRIALS = 200 if os.environ.get("SANDBOX_FULL") else 20


@tagged("post_install", "-at_install", "promise", "concurrency")
class TestPromiseConcurrency(BaseCase):
    """Two people want the last units at the same moment: one gets them, and the other the next date.

    One test cursor cannot show that, so the data is committed, and taken away again.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self._environment() as env:
            self._create_data(env)
            env.cr.commit()
        self.addCleanup(self._remove_data)
        # Facts are never deleted, and these are not to stay.
        facts = self.registry["sales.promise.fact"]
        self.startPatcher(patch.object(facts, "_record", lambda facts, kind, lines, **values: facts))

    @contextmanager
    def _environment(self):
        """An environment on a connection of its own; what is not committed in it is rolled back."""
        with closing(self.registry.cursor()) as cr:
            cr.execute("SET lock_timeout = '5s'")
            yield api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            cr.rollback()
            cr.execute("RESET lock_timeout")

    def _create_data(self, env):
        self.was_enabled = env.company.sales_promise_enabled
        env.company.sales_promise_enabled = True
        self.partner = env["res.partner"].create({"name": "Last Units"})
        self.product = env["product.product"].create({"name": "Last", "type": "consu", "is_storable": True})
        warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
        env["stock.quant"]._update_available_quantity(self.product, warehouse.lot_stock_id, 10)
        receipt = env["stock.move"].create(
            {
                "product_id": self.product.id,
                "product_uom_qty": 10,
                "product_uom": self.product.uom_id.id,
                "location_id": env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": warehouse.lot_stock_id.id,
                "picking_type_id": warehouse.in_type_id.id,
                "date": fields.Datetime.now() + timedelta(days=20),
            }
        )
        receipt._action_confirm()
        lines = [Command.create({"product_id": self.product.id, "product_uom_qty": 10})]
        orders = env["sale.order"].create([{"partner_id": self.partner.id, "order_line": lines} for _each in range(2)])
        self.order_ids = orders.ids

    def _remove_data(self):
        with self._environment() as env:
            orders = env["sale.order"].search([("partner_id", "=", self.partner.id)])
            orders._action_cancel()
            env.flush_all()
            tables = ("stock_move_line", "stock_move", "stock_quant", "sales_promise_lock", "sales_promise_mark")
            for table in tables:
                env.cr.execute(SQL("DELETE FROM %s WHERE product_id = %s", SQL.identifier(table), self.product.id))
            env.cr.execute(SQL("DELETE FROM sale_order WHERE id IN %s", orders._ids))
            env.invalidate_all()
            self.product.with_env(env).active = False
            env.company.sales_promise_enabled = self.was_enabled
            env.cr.commit()
            # Marks are written as the transaction ends.
            env.cr.execute(SQL("DELETE FROM sales_promise_mark WHERE product_id = %s", self.product.id))
            env.cr.commit()

    def _release(self):
        with self._environment() as env:
            lines = env["sale.order"].browse(self.order_ids).order_line
            lines.write({"promise_committed_date": False})
            env.cr.commit()

    def _get_orders(self, *envs):
        orders = [env["sale.order"].browse(order_id) for env, order_id in zip(envs, self.order_ids, strict=True)]
        for order in orders:
            # From here on, the transaction sees what is there now.
            order.fetch(["state"])
        return orders

    def _assert_later(self, env):
        """The other order can be committed, to what comes in twenty days."""
        loser = env["sale.order"].browse(self.order_ids[1])
        loser.action_commit_promise()
        self.assertGreater(loser.order_line.promise_committed_date, fields.Datetime.now() + timedelta(days=19))
        self.assertEqual(loser.order_line.promise_state, "ok")

    def test_last_units_are_committed_once(self):
        for trial in range(TRIALS):
            with self.subTest(trial=trial), self._environment() as first, self._environment() as second:
                winner, loser = self._get_orders(first, second)
                winner.action_commit_promise()
                first.flush_all()
                first.cr.commit()
                with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                    loser.action_commit_promise()
                self.assertTrue(winner.order_line.promise_was_held)
            with self._environment() as env:
                # Which Odoo tries again.
                self._assert_later(env)
                env.cr.commit()
            self._release()

    def test_who_confirms_meanwhile_has_the_goods(self):
        with self._environment() as first, self._environment() as second:
            winner, loser = self._get_orders(first, second)
            winner.action_confirm()
            first.flush_all()
            first.cr.commit()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                loser.action_commit_promise()
        with self._environment() as env:
            self._assert_later(env)
