from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .slip_common import COMMITTED, WORSE, SlipCommon


@tagged("post_install", "-at_install", "promise")
class TestPromiseDelivery(SlipCommon):
    """Who sees which promised delivery, and what one does about it."""

    def _get_demands(self, user):
        return self.env["sales.promise.demand"].with_user(user).search([])

    def test_each_sees_what_the_role_allows(self):
        own, team, other = (
            self._create_orders(user_id=user.id, team_id=group.id)
            for user, group in (
                (self.salesperson, self.team),
                (self.member, self.team),
                (self.manager, self.other_team),
            )
        )
        expected = {
            "salesperson": own,
            "leader": own | team,
            "manager": own | team | other,
            "stock": own | team | other,
        }
        for role, orders in expected.items():
            with self.subTest(role):
                demands = self._get_demands(self.users_by_role[role])
                self.assertEqual(set(demands.mapped("order_name")), set(orders.mapped("name")))
        with self.assertRaises(AccessError):
            self._get_demands(self.users_by_role["portal"])

    def test_other_company_is_not_seen(self):
        self._create_orders()
        company = self.env["res.company"].create({"name": "Elsewhere", "sales_promise_enabled": True})
        stranger = new_test_user(
            self.env, "sm_elsewhere", "stock.group_stock_user", company_id=company.id, company_ids=[(6, 0, company.ids)]
        )
        self.assertFalse(self._get_demands(stranger))

    def test_warehouse_reads_all_it_is_shown(self):
        """Without any right on sales; there are no prices among the fields."""
        self._create_orders()
        stock = self.users_by_role["stock"]
        names = ["committed_date", "partner_id", "product_id", "quantity", "deal_class_id", "order_name", "uom_id"]
        [row] = self._get_demands(stock).web_read(
            {name: {"fields": {"display_name": {}}} if name.endswith("_id") else {} for name in names}
        )
        self.assertEqual((row["quantity"], row["partner_id"]["display_name"]), (5, "Hangzhou Bolt"))
        action = self._get_demands(stock).action_open_document()
        self.assertEqual(action["res_model"], "stock.picking")

    def test_what_is_delivered_or_off_is_gone(self):
        order = self._create_orders()
        demand = self._get_demands(self.manager)
        self.assertEqual((demand.quantity, demand.committed_date), (5, COMMITTED))
        order.picking_ids.move_ids.write({"quantity": 2, "picked": True})
        order.picking_ids._action_done()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self._get_demands(self.manager).quantity, 3)
        self.env.company.sales_promise_enabled = False
        self.assertFalse(self._get_demands(self.manager))

    def test_what_came_back_is_not_delivered_again(self):
        order = self._create_orders()
        order.picking_ids.move_ids.write({"quantity": 5, "picked": True})
        order.picking_ids._action_done()
        wizard = self.env["stock.return.picking"].create({"picking_id": order.picking_ids.id})
        wizard.product_return_moves.quantity = 1
        back = wizard._create_return()
        back.move_ids.picked = True
        back._action_done()
        self.env.flush_all()
        self.assertEqual(order.order_line.qty_delivered, 4)
        self.assertFalse(self._get_demands(self.manager))

    def test_delivery_says_what_was_promised(self):
        picking = self._create_orders().picking_ids.with_user(self.users_by_role["stock"])
        self.assertEqual((picking.promise_committed_date, picking.promise_customer_id), (COMMITTED, self.customer))
        self.env.company.sales_promise_enabled = False
        self.env.invalidate_all()
        self.assertFalse(picking.promise_committed_date)

    def test_today_shows_own_deliveries_at_risk(self):
        self.env.company.sales_process_enabled = True
        orders, receipt = self._create_orders(2), self._create_receipt()
        self._slip(receipt, orders[0].order_line, WORSE)
        sections = self.env["sales.today"].with_user(self.salesperson).get_today()["sections"]
        [section] = [section for section in sections if section["code"] == "deliveries"]
        self.assertEqual((section["headline"], len(section["rows"])), ("1 delivery at risk", 1))
        row = section["rows"][0]
        self.assertIn(orders[0].name, row["title"])
        self.assertEqual((row["when"], row["note"]), ("03/10/2031 → 03/12/2031", receipt.name))
        self.assertEqual([action["code"] for action in row["actions"]], ["take", "open"])
        others = self.env["sales.today"].with_user(self.member).get_today()["sections"]
        self.assertNotIn("deliveries", [section["code"] for section in others])

    def test_only_sales_takes_a_new_date(self):
        order, receipt = self._create_orders(), self._create_receipt()
        self._slip(receipt, order.order_line, WORSE)
        taken = []

        def commit(lines):
            taken.append(lines)
            lines.sudo().write({"promise_committed_date": WORSE})

        lines = type(self.env["sale.order.line"])
        if hasattr(lines, "action_commit_promise"):
            self.patch(lines, "action_commit_promise", commit)
        else:
            lines.action_commit_promise = commit
            self.addCleanup(delattr, lines, "action_commit_promise")
        with self.assertRaises(AccessError):
            self._get_demands(self.users_by_role["stock"]).action_take_promised_date()
        self.assertFalse(taken)
        self._get_demands(self.salesperson).action_take_promised_date()
        self.assertEqual(order.order_line.promise_state, "ok")

    def test_unknown_date_is_not_taken(self):
        order, receipt = self._create_orders(), self._create_receipt()
        self._slip(receipt, order.order_line, False)
        with self.assertRaisesRegex(UserError, order.name):
            self._get_demands(self.salesperson).action_take_promised_date()
