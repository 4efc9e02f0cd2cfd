from contextlib import closing, contextmanager

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged


@tagged("post_install", "-at_install", "promise", "concurrency")
class TestPromiseMarkConcurrency(BaseCase):
    """Two transactions that move the same product wait neither for each other nor for the job.

    One test cursor cannot show that, so the data is committed, and taken away again.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self._environment() as env:
            self.product_id = env["product.product"].create({"name": "Race", "is_storable": True}).id
            env.cr.commit()
        self.addCleanup(self._remove_data)

    @contextmanager
    def _environment(self):
        with closing(self.registry.cursor()) as cr:
            cr.execute("SET lock_timeout = '200ms'")
            yield api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            cr.rollback()

    def _remove_data(self):
        with self._environment() as env:
            env["product.product"].browse(self.product_id).unlink()
            env.cr.commit()

    def _mark(self, env, cause):
        env["sales.promise.mark"]._add([self.product_id], cause)
        env.cr.flush()

    def test_moves_of_one_product_do_not_wait_for_each_other(self):
        with self._environment() as first, self._environment() as second:
            self._mark(first, "WH/IN/1")
            self._mark(second, "WH/IN/2")
            second.cr.commit()
            first.cr.commit()
            taken = first["sales.promise.mark"]._take([self.product_id])
            self.assertEqual(set(taken[self.product_id][0]), {"WH/IN/1", "WH/IN/2"})

    def test_two_jobs_share_the_marks(self):
        with self._environment() as first, self._environment() as second, self._environment() as third:
            self._mark(first, "WH/IN/1")
            first.cr.commit()
            self.assertTrue(first["sales.promise.mark"]._take([self.product_id]))
            self.assertFalse(second["sales.promise.mark"]._take([self.product_id]), "The other job has them.")
            self._mark(third, "WH/IN/2")
            third.cr.commit()
            first.cr.commit()
            second.cr.rollback()
            taken = second["sales.promise.mark"]._take([self.product_id])
            self.assertEqual(taken[self.product_id][0], ("WH/IN/2",))

    def test_what_a_savepoint_took_back_marks_nothing(self):
        with self._environment() as env:
            self._mark(env, "WH/IN/1")
            savepoint = env.cr.savepoint(flush=True)
            env["sales.promise.mark"]._add([self.product_id], "WH/IN/2")
            savepoint.close(rollback=True)
            env.cr.flush()
            self.assertEqual(env["sales.promise.mark"]._take([self.product_id])[self.product_id][0], ("WH/IN/1",))
