from contextlib import closing, contextmanager

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL, mute_logger


@tagged("post_install", "-at_install", "quotation", "concurrency")
class TestOrderConcurrency(BaseCase):
    """One confirms a quotation while another revises it: one of them wins, and the other is told.

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
        """An environment on a connection of its own; what is not committed in it is rolled back."""
        with closing(self.registry.cursor()) as cr:
            cr.execute("SET lock_timeout = '5s'")
            yield api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            cr.rollback()
            cr.execute("RESET lock_timeout")

    def _create_data(self, env):
        self.was_enabled = env.company.sales_quotation_enabled
        env.company.sales_quotation_enabled = True
        partner = env["res.partner"].create({"name": "Race"})
        product = env["product.product"].create({"name": "Race", "type": "service", "list_price": 10.0})
        order = env["sale.order"].create(
            {"partner_id": partner.id, "order_line": [Command.create({"product_id": product.id})]}
        )
        self.order_id, self.data = order.id, [product, partner]

    def _remove_data(self):
        with self._environment() as env:
            orders = env["sale.order"].search([("partner_id", "=", self.data[1].id)])
            families = orders.quotation_family_id
            # Confirmed orders are not to be deleted, otherwise.
            env.cr.execute(SQL("UPDATE sale_order SET state = 'cancel' WHERE id IN %s", orders._ids))
            env.cr.execute(SQL("DELETE FROM sale_order WHERE id IN %s", orders._ids))
            env.invalidate_all()
            families.unlink()
            for records in self.data:
                records.with_env(env).unlink()
            env.company.sales_quotation_enabled = self.was_enabled
            env.cr.commit()

    def _get_order(self, env):
        order = env["sale.order"].browse(self.order_id)
        # From here on, the transaction sees what is there now.
        order.fetch(["state"])
        return order

    def _assert_one_valid(self):
        with self._environment() as env:
            orders = env["sale.order"].search([("partner_id", "=", self.data[1].id)])
            self.assertEqual(len(orders.filtered(lambda order: order.state == "sale")), 1)
            self.assertEqual(len(orders.filtered("is_current_revision")), 1)
            self.assertEqual(orders.filtered("is_current_revision").state, "sale")

    def test_who_revises_first_wins(self):
        with self._environment() as first, self._environment() as second:
            confirmed = self._get_order(second)
            self._get_order(first).action_create_revision()
            first.cr.commit()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                confirmed.action_confirm()
                second.flush_all()
        with self._environment() as env:
            # Which Odoo tries again.
            order = self._get_order(env)
            with self.assertRaises(UserError) as caught:
                order.action_confirm()
            self.assertIn(order.superseded_by_id.name, str(caught.exception))
            env.cr.rollback()
            self._get_order(env).superseded_by_id.action_confirm()
            env.cr.commit()
        self._assert_one_valid()

    def test_who_confirms_first_wins(self):
        with self._environment() as first, self._environment() as second:
            revised = self._get_order(second)
            self._get_order(first).action_confirm()
            first.flush_all()
            with self.assertRaises(UserError), mute_logger("odoo.sql_db"):
                revised.action_create_revision()
            first.cr.commit()
        with self._environment() as env, self.assertRaises(UserError):
            self._get_order(env).action_create_revision()
        self._assert_one_valid()

    def test_confirming_and_changing_at_once(self):
        """Lines that change the amount meet the confirmation in the row of the order."""
        with self._environment() as first, self._environment() as second:
            confirmed = self._get_order(second)
            self._get_order(first).order_line.price_unit = 1
            first.cr.commit()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                confirmed.action_confirm()
                second.flush_all()
