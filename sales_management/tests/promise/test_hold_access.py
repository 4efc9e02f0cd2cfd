from odoo.tests import tagged

from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, REFUSED, AccessCommon

from .hold_common import HoldCommon

MODEL = "sales.promise.hold"


@tagged("post_install", "-at_install", "access", "promise")
class TestHoldAccess(AccessCommon, HoldCommon):
    """Who sees and releases held quantities, over real RPC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stock_manager = cls._create_user("stock_manager", "stock.group_stock_manager")

    def setUp(self):
        super().setUp()
        self.order = self._send(self._quote((5, 3)))
        self.held = self.holds.search([("order_id", "=", self.order.id)])

    def test_salesperson_leader_and_managers_release(self):
        for user in (self.salesperson, self.leader, self.manager, self.stock_manager):
            with self.subTest(user.login):
                self._send(self.order)
                held = self.holds.search([("order_id", "=", self.order.id), ("released_at", "=", False)])
                self.assertEqual(len(held), 2)
                self._call(user, MODEL, "action_release", ids=held[0].ids, reason="Decided otherwise")
                self.assertEqual((held[0].released_by_id, held[0].release_reason), (user, "Decided otherwise"))
                self.assertEqual(len(self._get_held(self.order)), 1)
                message = self.order.message_ids[0]
                self.assertIn("Decided otherwise", message.body)
                self.assertIn("Bolt", message.body)
                self.assertEqual(message.author_id, user.partner_id)

    def test_others_do_not_release(self):
        for user in (self.member, self.stock, self.finance, self.stranger, self.portal):
            with self.subTest(user.login):
                self._assert_refused(FORBIDDEN, user, MODEL, "action_release", ids=self.held.ids, reason="Mine")
        self.assertEqual(len(self._get_held(self.order)), 2)

    def test_reason_is_asked(self):
        for reason in ("", "  ", None, 7):
            with self.subTest(reason=reason):
                self._assert_refused(
                    REFUSED, self.salesperson, MODEL, "action_release", ids=self.held.ids, reason=reason
                )

    def test_released_line_holds_nothing_until_it_is_sent_anew(self):
        line = self.held[0].line_id
        self._call(self.salesperson, MODEL, "action_release", ids=self.held[0].ids, reason="Decided otherwise")
        line.product_uom_qty = 9
        self.assertEqual(len(self._get_held(self.order)), 1)
        self._send(self.order)
        self.assertEqual(len(self._get_held(self.order)), 2)

    def test_dialog_releases(self):
        action = self.held.with_user(self.salesperson).action_open_release()
        dialog = self.env[action["res_model"]].with_user(self.salesperson).with_context(**action["context"])
        dialog.create({"reason": "Decided otherwise"}).action_apply()
        self.assertFalse(self._get_held(self.order))

    def test_leaders_and_the_warehouse_see_them(self):
        for user, count in (
            (self.salesperson, 2),
            (self.leader, 2),
            (self.manager, 2),
            (self.stock, 2),
            (self.stranger, 0),
        ):
            with self.subTest(user.login):
                domain = [["order_id", "=", self.order.id]]
                self.assertEqual(self._call(user, MODEL, "search_count", domain=domain), count)
        self._assert_refused(FORBIDDEN, self.finance, MODEL, "search_count", domain=[])

    def test_warehouse_reads_the_list(self):
        view = self.env[MODEL].with_user(self.stock).get_views([(False, "list"), (False, "kanban")])
        specification = {name: {} for name in view["models"][MODEL]["fields"]}
        specification["order_id"] = {"fields": {"display_name": {}}}
        rows = self._call(
            self.stock, MODEL, "web_search_read", domain=[["is_active", "=", True]], specification=specification
        )
        self.assertIn(self.order.name, {row["order_id"]["display_name"] for row in rows["records"]})

    def test_nobody_writes_creates_or_deletes(self):
        values = {"line_id": self.order.order_line[0].id, "order_id": self.order.id, "quantity": 99}
        values |= {
            "product_id": self.bolt.id,
            "warehouse_id": self.order.warehouse_id.id,
            "company_id": self.company.id,
        }
        values |= {"date": "2030-01-01 00:00:00", "expiry": "2030-01-01 00:00:00"}
        for user in (self.salesperson, self.leader, self.manager, self.stock_manager):
            with self.subTest(user.login):
                self._assert_refused(FORBIDDEN, user, MODEL, "create", vals_list=[values])
                self._assert_refused(FORBIDDEN, user, MODEL, "write", ids=self.held.ids, vals={"quantity": 99})
                self._assert_refused(FORBIDDEN, user, MODEL, "unlink", ids=self.held.ids)
                hold_until = {"promise_hold_until": "2040-01-01 00:00:00"}
                self._assert_refused(REFUSED, user, "sale.order", "write", ids=self.order.ids, vals=hold_until)

    def test_own_defaults_forge_no_release(self):
        for name, value in {"released_at": "2020-01-01 00:00:00", "released_by_id": self.manager.id}.items():
            arguments = {"model_name": MODEL, "field_name": name, "value": value, "user_id": True}
            self._call(self.salesperson, "ir.default", "set", **arguments)
        order = self._quote((4,))
        self._call(self.salesperson, "sale.order", "action_quotation_sent", ids=order.ids)
        hold = self.holds.search([("order_id", "=", order.id)])
        self.assertEqual(hold.quantity, 4)
        self.assertFalse(hold.released_at or hold.released_by_id)
