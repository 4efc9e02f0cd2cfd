from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_management.tests.common import DealDocumentCommon
from odoo.addons.sales_management.tests.promise.fact_common import START, PromiseFactMixin
from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, AccessCommon

DAY = timedelta(days=1)


@tagged("post_install", "-at_install", "promise", "facts")
class TestPromiseFact(PromiseFactMixin, DealDocumentCommon):
    """What was promised, committed and delivered is kept, each with its moment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._switch_promise_on()

    def _get_kinds(self, record):
        return self._get_facts(record).mapped("kind")

    # === Promised === #

    def test_hand_over_keeps_what_the_customer_was_told(self):
        order = self._create_promised(START + 5 * DAY)
        self.assertFalse(self._get_facts(order))
        with self._promising(START + 5 * DAY):
            order._hand_over()
        fact = self._get_facts(order)
        self.assertEqual((fact.kind, fact.promise_date, fact.quantity), ("promised", START + 5 * DAY, 5))
        self.assertEqual((fact.partner_name, fact.product_name, fact.team_name), ("Hangzhou Bolt", "Bolt", "East"))
        self.assertEqual((fact.confidence, fact.user_id), ("a", self.env.user))

    def test_same_promise_is_kept_once(self):
        order = self._create_promised(START)
        with self._promising(START):
            order._hand_over()
            order._hand_over()
        self.assertEqual(self._get_kinds(order), ["promised"])
        with self._promising(START + DAY):
            order.order_line._mark_promises()
            self.env.flush_all()
            order._hand_over()
        self.assertEqual(self._get_facts(order).mapped("promise_date"), [START, START + DAY])

    def test_line_without_a_date_is_no_promise(self):
        order = self._create_promised(False)
        with self._promising(False):
            order._hand_over()
        self.assertFalse(self._get_facts(order))

    # === Committed === #

    def test_commitment_keeps_what_was_promised_then(self):
        order = self._create_promised(START)
        with self._promising(START):
            self._commit(order.order_line, START + DAY)
            self._commit(order.order_line, START + 2 * DAY)
            self._commit(order.order_line, START + 2 * DAY)
            self._commit(order.order_line, False)
        facts = self._get_facts(order)
        self.assertEqual(facts.mapped("kind"), ["promised", "committed", "changed", "withdrawn"])
        self.assertEqual(
            [(fact.former_date, fact.committed_date) for fact in facts[1:]],
            [(False, START + DAY), (START + DAY, START + 2 * DAY), (START + 2 * DAY, False)],
        )

    def test_line_created_with_a_commitment(self):
        with self._promising(START):
            order = self._create_order(
                order_line=[
                    Command.create({"product_id": self.bolt.id, "promise_committed_date": START}),
                    Command.create({"product_id": self.bolt.id}),
                ]
            )
        self.assertEqual(self._get_facts(order, "committed").line_id, order.order_line[0])

    def test_lines_are_kept_apart_and_together(self):
        order = self._create_promised(START, order_line=self._prepare_lines(*range(1, 11)))
        with self._promising(START):
            order.order_line.mapped("promise_date")
            self.env.flush_all()
            order.order_line[:5].mapped("promise_committed_date")
            self._commit(order.order_line[:1], START)
            self.env.flush_all()
            self.env.invalidate_all()
            order.order_line.mapped("promise_source")
            with self.assertQueryCount(40):
                self._commit(order.order_line, START + DAY)
                self.env.flush_all()
        self.assertEqual(len(self._get_facts(order, "committed")), 10)
        self.assertEqual(self._get_facts(order, "changed").line_id, order.order_line[0])

    # === Delivered === #

    def test_each_delivery_is_kept(self):
        order = self._create_promised(START, quantity=10)
        order.action_confirm()
        self._deliver(order, START + 3 * DAY, 4)
        self._deliver(order, START + 9 * DAY)
        facts = self._get_facts(order, "delivered")
        self.assertEqual(facts.mapped("quantity"), [4, 6])
        self.assertEqual(facts.mapped("effective_date"), [START + 3 * DAY, START + 9 * DAY])
        self.assertEqual(facts[-1].line_id.qty_delivered, 10)

    def test_delivery_is_kept_in_the_unit_of_the_product(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        line = Command.create({"product_id": self.bolt.id, "product_uom_qty": 2, "product_uom_id": dozen.id})
        order = self._create_promised(START, order_line=[line])
        order.action_confirm()
        self._deliver(order, START, 12)
        self._deliver(order, START + DAY)
        self.assertEqual(sum(self._get_facts(order, "delivered").mapped("quantity")), 24)

    def test_steps_inside_the_warehouse_are_no_delivery(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        order = self._create_promised(START)
        order.action_confirm()
        for days in range(3):
            self.assertFalse(self._get_facts(order, "delivered"))
            self._deliver(order, START + days * DAY)
        self.assertEqual(self._get_facts(order, "delivered").effective_date, START + 2 * DAY)

    def test_what_comes_back_is_taken_off(self):
        order = self._create_promised(START)
        order.action_confirm()
        picking = self._deliver(order, START)
        wizard = self.env["stock.return.picking"].with_context(active_id=picking.id, active_model="stock.picking")
        wizard = wizard.create({})
        wizard.product_return_moves.quantity = 2
        returned = wizard._create_return()
        returned.move_ids.write({"quantity": 2, "picked": True, "to_refund": True})
        returned._action_done()
        self.assertEqual(self._get_facts(order, "delivered").mapped("quantity"), [5, -2])
        self.assertEqual(order.order_line.qty_delivered, 3)

    def test_stock_user_without_sales_rights_delivers(self):
        order = self._create_promised(START)
        order.action_confirm()
        self._deliver(order, START, user=self.users_by_role["stock"])
        self.assertEqual(self._get_facts(order, "delivered").user_id, self.users_by_role["stock"])

    # === Off === #

    def test_nothing_is_kept_with_the_switch_off(self):
        self.env.company.sales_promise_enabled = False
        order = self._create_order()
        order._hand_over()
        self._commit(order.order_line, START)
        order.action_confirm()
        self._deliver(order, START)
        self.assertFalse(self._get_facts(order))
        self.assertFalse(order.promise_fact_count)

    # === Merged and erased === #

    def test_merged_customer_keeps_the_history(self):
        order = self._create_promised(START)
        with self._promising(START):
            order._hand_over()
        other = self.env["res.partner"].create({"name": "Hangzhou Bolt Ltd"})
        self.env["base.partner.merge.automatic.wizard"]._merge((self.customer | other).ids, other)
        fact = self._get_facts(order)
        self.assertEqual((fact.partner_id, fact.partner_name), (other, "Hangzhou Bolt"))

    def test_texts_are_erased_on_request(self):
        order = self._create_promised(START)
        with self._promising(START):
            order._hand_over()
        fact = self._get_facts(order)
        fact.with_user(self.manager).action_erase_texts("Mr Wang asked", ["partner_name"])
        self.assertNotEqual(fact.partner_name, "Hangzhou Bolt")
        self.assertEqual(fact.promise_date, START)


@tagged("post_install", "-at_install", "promise", "facts", "access")
class TestPromiseFactAccess(PromiseFactMixin, AccessCommon):
    """Nobody adds, changes or deletes a fact over RPC; who sees the order sees it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._switch_promise_on()
        cls.administrator = cls._create_user("root", "base.group_system,sales_team.group_sale_manager")
        cls.order = cls._create_order(user_id=cls.salesperson.id, team_id=cls.team.id)
        cls.order.order_line.promise_committed_date = START
        cls.fact = cls.env["sales.promise.fact"].search([("order_id", "=", cls.order.id)])[0]

    def test_nobody_changes_facts(self):
        values = {"kind": "committed", "order_id": self.order.id, "company_id": self.env.company.id}
        everybody = (
            self.salesperson, self.leader, self.manager, self.administrator, self.finance, self.stock, self.portal
        )  # fmt: skip
        for user in everybody:
            for method, arguments in (
                ("create", {"vals_list": [values]}),
                ("write", {"ids": self.fact.ids, "vals": {"committed_date": "2026-01-01 00:00:00"}}),
                ("unlink", {"ids": self.fact.ids}),
            ):
                with self.subTest(user=user.login, method=method):
                    self._assert_refused(FORBIDDEN, user, "sales.promise.fact", method, **arguments)
        self.assertEqual(self.fact.committed_date, START)
        # What could be promised then, and what was committed.
        self.assertEqual(self.env["sales.promise.fact"].search_count([("order_id", "=", self.order.id)]), 2)

    def test_who_sees_the_order_sees_its_history(self):
        domain = [["order_id", "=", self.order.id]]
        for user, seen in (
            (self.salesperson, 2), (self.member, 2), (self.leader, 2), (self.manager, 2), (self.stranger, 0)
        ):  # fmt: skip
            with self.subTest(user=user.login):
                count = self._call(user, "sales.promise.fact", "search_count", domain=domain)
                self.assertEqual(count, seen)
        for user in (self.portal, self.finance, self.stock):
            self._assert_refused(FORBIDDEN, user, "sales.promise.fact", "search_count", domain=domain)

    def test_order_counts_it_for_whoever_may_see_it(self):
        orders = self.order.with_user(self.salesperson)
        self.assertEqual(orders.promise_fact_count, 2)
        self.assertEqual(self.order.with_user(self.finance).promise_fact_count, 0)
        action = self._call(self.salesperson, "sale.order", "action_view_promise_history", ids=self.order.ids)
        self.assertEqual(action["domain"], [["order_id", "in", self.order.ids]])
