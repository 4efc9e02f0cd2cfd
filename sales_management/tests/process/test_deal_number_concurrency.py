from contextlib import ExitStack

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged

#: Sizes of the batches that two people create in turn, neither transaction ending before the other.
BATCHES = (1, 7, 20, 3, 50, 1, 18)


@tagged("post_install", "-at_install", "process", "concurrency")
class TestDealNumberConcurrency(BaseCase):
    """Two real connections: what one test cursor cannot show."""

    def test_two_connections_draw_different_numbers(self):
        registry = Registry(get_db_name())
        with ExitStack() as stack:
            environments = []
            for _connection in range(2):
                cr = stack.enter_context(registry.cursor())
                stack.callback(cr.rollback)
                cr.execute("SET LOCAL lock_timeout = '5s'")
                environments.append(api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True}))
            numbers = []
            for size in BATCHES:
                for env in environments:
                    deals = env["crm.lead"].create([{"name": "Race", "type": "opportunity"}] * size)
                    numbers += deals.mapped("deal_number")
                    env.flush_all()
            self.assertEqual(len(numbers), 2 * sum(BATCHES))
            self.assertEqual(len(set(numbers)), len(numbers))
