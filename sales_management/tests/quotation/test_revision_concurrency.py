from contextlib import ExitStack

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install", "quotation", "concurrency")
class TestRevisionConcurrency(BaseCase):
    """Two real connections: one wins, and the other is told."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = self._get_env(cr)
            self.partner_id = env["res.partner"].create({"name": "Race"}).id
            company = env.company
            self.was_enabled = company.sales_quotation_enabled
            company.sales_quotation_enabled = True
            order = env["sale.order"].create({"partner_id": self.partner_id})
            self.order_id = order.id
        self.addCleanup(self._clean_up)

    def _get_env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True, "mail_create_nosubscribe": True})

    def _clean_up(self):
        with self.registry.cursor() as cr:
            env = self._get_env(cr)
            families = env["sale.order"].search([("partner_id", "=", self.partner_id)]).quotation_family_id
            cr.execute("DELETE FROM sale_order WHERE partner_id = %s", [self.partner_id])
            env.invalidate_all()
            families.unlink()
            env["res.partner"].browse(self.partner_id).unlink()
            env.company.sales_quotation_enabled = self.was_enabled

    def test_one_wins_and_the_other_is_told(self):
        with ExitStack() as stack:
            orders = []
            for _connection in range(2):
                cr = stack.enter_context(self.registry.cursor())
                stack.callback(cr.rollback)
                cr.execute("SET LOCAL lock_timeout = '5s'")
                order = self._get_env(cr)["sale.order"].browse(self.order_id)
                order.name  # noqa: B018  # both have the page open
                orders.append(order)
            orders[0].action_create_revision()
            # Neither has ended: the second is told at once.
            with self.assertRaisesRegex(UserError, "Somebody else"):
                orders[1].action_create_revision()
            orders[0].env.cr.commit()
            # The first has ended: the framework runs the second anew, which then sees what was done.
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                orders[1].action_create_revision()
            orders[1].env.cr.rollback()
            orders[1].env.invalidate_all()
            with self.assertRaisesRegex(UserError, "was replaced by"):
                orders[1].action_create_revision()
            family = orders[1].quotation_family_id.order_ids
            self.assertEqual(len(family.filtered("is_current_revision")), 1)
