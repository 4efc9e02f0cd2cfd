from datetime import timedelta

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.sales_management.tests.common import ChineseMixin

from .test_promise_commitment import CommitmentCommon


class PromiseTourCommon(CommitmentCommon, HttpCase):
    def _start(self, tour, **values):
        order = self._create_order(user_id=self.salesperson.id, **values)
        self.start_tour(f"/odoo/sales/{order.id}", tour, login=self.salesperson.login)
        return order


@tagged("post_install", "-at_install", "promise")
class TestPromiseTour(PromiseTourCommon):
    def test_date_changes_while_typing_and_is_taken(self):
        nut = self.env["product.product"].create({"name": "Nut", "type": "consu", "is_storable": True})
        self.env["stock.quant"]._update_available_quantity(nut, self.warehouse.lot_stock_id, 10)
        lines = [Command.create({"product_id": product.id, "product_uom_qty": 5}) for product in (self.bolt, nut)]
        order = self._start("promise_on_quotation", order_line=lines)
        line, other = order.order_line
        self.assertEqual(other.promise_committed_date, other.promise_date)
        self.assertEqual((line.product_uom_qty, line.promise_state), (15, "ok"))
        self.assertEqual(line.promise_committed_date, line.promise_date)

    def test_date_follows_a_receipt_that_is_delayed(self):
        self.salesperson.sudo().group_ids += self.env.ref("stock.group_stock_user")
        order = self._create_order(user_id=self.salesperson.id, quantity=15)
        before = order.order_line.promise_date
        self.start_tour(f"/odoo/sales/{order.id}", "promise_delayed", login=self.salesperson.login)
        self.assertEqual((order.order_line.promise_date - before).days, 7)

    def test_what_is_at_risk_is_listed_and_takes_a_new_date(self):
        order = self._create_order(user_id=self.salesperson.id, quantity=15)
        order.action_commit_promise()
        order.action_confirm()
        self.receipt.date += timedelta(days=7)
        self.env.flush_all()
        self.env.cr.precommit.run()
        with self.enter_registry_test_mode():
            self.env.ref("sales_management.ir_cron_refresh_promises").method_direct_trigger()
        self.assertEqual(order.order_line.promise_state, "at_risk")
        self.start_tour("/odoo/promised-deliveries", "promise_at_risk", login=self.salesperson.login)
        self.assertEqual(order.order_line.promise_committed_date, order.order_line.promise_date)
        self.assertEqual(order.order_line.promise_state, "ok")


@tagged("post_install", "-at_install", "promise")
class TestPromisePhoneTour(PromiseTourCommon):
    browser_size = "390x844"
    touch_enabled = True

    def test_date_is_taken_on_a_phone(self):
        order = self._start("promise_on_phone", quantity=15)
        self.assertTrue(order.order_line.promise_committed_date)


@tagged("post_install", "-at_install", "promise")
class TestPromiseChineseTour(ChineseMixin, TestPromiseTour):
    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._speak_chinese(cls.salesperson)
