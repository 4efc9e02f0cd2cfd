from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from odoo.addons.sales_management.tools.promise import PromiseRequest, PromiseTerms

from .hold_common import HoldCommon


@tagged("post_install", "-at_install", "promise")
class TestHoldEffect(HoldCommon):
    """What others are told because of what is held, and that nobody is told anything because of his own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.env["stock.quant"]._update_available_quantity(cls.bolt, cls.warehouse.lot_stock_id, 10)
        cls.answer["date"] = fields.Datetime.now() + timedelta(days=1)

    def _ask(self, quantity, line=None):
        """:return: whether a quantity can be had from stock"""
        self.env.flush_all()
        request = PromiseRequest("ask", self.bolt.id, self.warehouse.id, quantity)
        terms = {"ask": PromiseTerms(line.id, line.order_id.id)} if line else {}
        (result,) = self.env["sales.promise.engine"]._promise([request], terms)
        return result.confidence == "a"

    def test_others_are_told_what_is_left(self):
        self.assertTrue(self._ask(10))
        order = self._send(self._quote((6,)))
        self.assertFalse(self._ask(5))
        self.assertTrue(self._ask(4))
        self.holds._release(order.order_line, "Decided otherwise")
        self.assertTrue(self._ask(10))

    def test_never_counted_against_itself(self):
        order = self._send(self._quote((6, 4)))
        for line in order.order_line:
            self.assertTrue(self._ask(10, line))
        self.assertFalse(self._ask(1))

    def test_expired_holds_count_no_more(self):
        order = self._send(self._quote((6,)))
        hold = self.holds.search([("order_id", "=", order.id)])
        with freeze_time(hold.expiry + timedelta(seconds=1)):
            self.assertTrue(self._ask(10))

    def test_confirmation_counts_once(self):
        order = self._send(self._quote((6,)))
        order.action_confirm()
        self.assertTrue(self._ask(4))
        self.assertFalse(self._ask(5))


@tagged("post_install", "-at_install", "promise")
class TestHoldCompanies(HoldCommon):
    """Companies with settings and warehouses of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.setup_other_company()["company"]
        cls.other_company.write({"sales_promise_enabled": True, "promise_hold_enabled": False})

    def _quote_there(self):
        return (
            self.env["sale.order"]
            .with_company(self.other_company)
            .create(
                {
                    "company_id": self.other_company.id,
                    "partner_id": self.customer.id,
                    "order_line": [fields.Command.create({"product_id": self.bolt.id, "product_uom_qty": 3})],
                }
            )
        )

    def test_each_company_decides_for_itself(self):
        here, there = self._quote(), self._quote_there()
        (here | there)._hand_over()
        self.assertEqual(self._get_held(here), [("Bolt", 5)])
        self.assertFalse(self._get_held(there))
        self.other_company.promise_hold_enabled = True
        (here | there)._hand_over()
        hold = self.holds.search([("order_id", "=", there.id)])
        self.assertEqual((hold.company_id, hold.warehouse_id.company_id), (self.other_company, self.other_company))

    def test_nobody_sees_what_another_company_holds(self):
        self.other_company.promise_hold_enabled = True
        self._send(self._quote_there())
        for user in (self.manager, self.users_by_role["stock"]):
            found = self.holds.with_user(user).search([])
            self.assertNotIn(self.other_company, found.sudo().company_id)

    def test_sending_a_batch_costs_no_more_queries(self):
        def send(count):
            orders = self.env["sale.order"].union(*(self._quote() for _each in range(count)))
            orders.order_line.mapped("promise_date")
            orders.write({"state": "sent"})
            self.holds.sudo().search([("order_id", "in", orders.ids)]).unlink()
            orders.sudo().promise_hold_until = False
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders._hold_quantities()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        send(2)
        self.assertLessEqual(send(20), send(3) + 2)
