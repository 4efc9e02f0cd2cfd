from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, REFUSED, AccessCommon


@tagged("post_install", "-at_install", "promise", "access")
class TestPromiseRole(AccessCommon):
    """Who may commit to the dates of which order, over RPC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sales_promise_enabled = True
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.env.company.id)], limit=1)
        cls.env["stock.quant"]._update_available_quantity(cls.bolt, cls.warehouse.lot_stock_id, 1000)
        cls.own, cls.mates, cls.foreign = (
            cls._create_order(user_id=user.id, team_id=team.id)
            for user, team in (
                (cls.salesperson, cls.team),
                (cls.member, cls.team),
                (cls.stranger, cls.other_team),
            )
        )
        cls.all_orders = cls.own | cls.mates | cls.foreign

    def _commit(self, user, order):
        self._call(user, "sale.order", "action_commit_promise", ids=order.ids)
        self.assertTrue(order.order_line.promise_committed_date, user.login)
        self.assertEqual((order.promise_state, order.commitment_date), ("ok", order.order_line.promise_committed_date))
        order.order_line.promise_committed_date = False

    def test_own_orders_and_those_of_ones_teams_are_committed(self):
        allowed = {
            self.salesperson: self.own,
            self.member: self.own | self.mates,
            self.leader: self.own | self.mates,
            self.manager: self.all_orders,
        }
        for user, orders in allowed.items():
            for order in orders:
                self._commit(user, order)
            for order in self.all_orders - orders:
                self._assert_refused(FORBIDDEN, user, "sale.order", "action_commit_promise", ids=order.ids)
                self._assert_refused(
                    FORBIDDEN, user, "sale.order.line", "action_commit_promise", ids=order.order_line.ids
                )
                self._assert_refused(FORBIDDEN, user, "sale.order", "action_refresh_promise", ids=order.ids)
        self.assertFalse(any(self.all_orders.order_line.mapped("promise_committed_date")))

    def test_warehouse_finance_and_customers_commit_to_nothing(self):
        self.own.partner_id = self.portal.partner_id
        for user in (self.stock, self.finance, self.portal):
            for model, ids in (("sale.order", self.own.ids), ("sale.order.line", self.own.order_line.ids)):
                self._assert_refused(FORBIDDEN, user, model, "action_commit_promise", ids=ids)
        self.assertFalse(self.own.order_line.promise_committed_date)

    def test_what_the_system_says_is_not_written(self):
        values = {"promise_date": "2031-01-01 10:00:00", "promise_state": "ok", "promise_was_held": True}
        line, before = self.own.order_line, self.own.order_line.promise_date
        for name, value in values.items():
            self._post(self.salesperson, "sale.order.line", "write", ids=line.ids, vals={name: value})
        self.env.invalidate_all()
        self.assertEqual((line.promise_date, line.promise_state, line.promise_was_held), (before, "none", False))

    def test_past_date_by_hand_is_late(self):
        past = "2020-01-01 04:00:00"
        line = self.own.order_line
        self._call(self.salesperson, "sale.order.line", "write", ids=line.ids, vals={"promise_committed_date": past})
        self.assertEqual(fields.Datetime.to_string(line.promise_committed_date), past)
        self.assertEqual((line.promise_state, line.promise_was_held, self.own.promise_state), ("late", False, "late"))

    def test_refused_orders_are_named_at_once(self):
        frozen = self._create_order() | self._create_order()
        frozen._action_cancel()
        orders = frozen | self.own
        message = self._assert_refused(REFUSED, self.manager, "sale.order", "action_commit_promise", ids=orders.ids)
        for order in frozen:
            self.assertIn(order.name, message)
        self.assertNotIn(self.own.name, message)
        self.assertFalse(self.own.order_line.promise_committed_date)
        dateless = self._create_order(quantity=10**6) | self._create_order(quantity=10**6)
        message = self._assert_refused(
            REFUSED, self.manager, "sale.order", "action_commit_promise", ids=(dateless | self.own).ids
        )
        for order in dateless:
            self.assertIn(order.name, message)

    def test_switched_off_the_refusal_says_so(self):
        self.env.company.sales_promise_enabled = False
        for model, ids in (("sale.order", self.own.ids), ("sale.order.line", self.own.order_line.ids)):
            message = self._assert_refused(REFUSED, self.salesperson, model, "action_commit_promise", ids=ids)
            self.assertIn(f"{self.own.name}: their company promises no dates", message)

    # === Batches === #

    def test_orders_committed_together_get_different_goods(self):
        nut = self.bolt.create({"name": "Nut", "type": "consu", "is_storable": True})
        self.env["stock.quant"]._update_available_quantity(nut, self.warehouse.lot_stock_id, 10)
        line = [fields.Command.create({"product_id": nut.id, "product_uom_qty": 6})]
        orders = self._create_order(order_line=line) | self._create_order(order_line=line)
        with self.assertRaises(UserError) as caught:
            orders.action_commit_promise()
        self.assertIn(orders[1].name, str(caught.exception))
        self.assertNotIn(orders[0].name, str(caught.exception))
        receipt = self.env["stock.move"].create(
            {
                "product_id": nut.id,
                "product_uom_qty": 10,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
                "date": fields.Datetime.now() + timedelta(days=20),
            }
        )
        receipt._action_confirm()
        orders.action_commit_promise()
        first, second = orders.mapped("order_line.promise_committed_date")
        self.assertGreaterEqual(second - first, timedelta(days=12))
        self.assertEqual(orders.mapped("promise_state"), ["ok", "ok"])

    def test_queries_do_not_grow_with_orders(self):
        counts = {}
        for count in (5, 50):
            orders = self.own.union(*(self._create_order(quantity=1) for _number in range(count))) - self.own
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders.with_user(self.manager).action_commit_promise()
            self.env.flush_all()
            counts[count] = self.env.cr.sql_log_count - before
            self.assertEqual(set(orders.mapped("promise_state")), {"ok"})
        self.assertLessEqual(counts[50], counts[5] + 5, counts)

    # === What follows from an order === #

    def test_copies_and_repeat_orders_promise_nothing(self):
        self.own.action_commit_promise()
        copy = self.own.copy()
        self.assertFalse(copy.order_line.promise_committed_date or copy.commitment_date)
        self.assertEqual(copy.promise_state, "none")
        self.assertTrue(copy.order_line.promise_date)
