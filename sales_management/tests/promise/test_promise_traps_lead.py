from datetime import datetime

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .lead_common import LeadCommon


@tagged("post_install", "-at_install", "promise")
class TestPromiseTrapsLead(LeadCommon):
    """Traps of routes and calendars, each by its number."""

    # === Traps === #

    def test_trap_4_what_is_brought_to_order_does_not_wait_for_stock(self):
        route = self.warehouse.mto_pull_id.route_id
        route.active = True
        to_order = self._make_product("Made to measure", route_ids=[Command.set(route.ids)])

        self.assertTrue(self._is_to_order(to_order))
        self.assertFalse(self._is_to_order(self.nut))

    def test_trap_4_a_line_may_name_the_route(self):
        route = self.warehouse.mto_pull_id.route_id
        route.active = True

        self.assertTrue(self._is_to_order(self.nut, route.ids))
        self.assertFalse(self._is_to_order(self.nut))

    def test_trap_16_what_needs_no_stock(self):
        service, untracked = self.env["product.product"].create(
            [{"name": "Advice", "type": "service"}, {"name": "Sand", "type": "consu"}]
        )
        pairs = {(product.id, self.warehouse.id) for product in service | untracked | self.nut}

        stockless = self.engine._get_stockless(pairs)

        self.assertEqual({product for product, _warehouse in stockless}, {service.id, untracked.id})
        promises = self.engine._promise([self._request(product, 10**6) for product in service | untracked])
        self.assertEqual([promise.confidence for promise in promises], ["a", "a"])

    def test_trap_18_warehouses_of_lines_with_routes_are_read_at_once(self):
        other = self.env["stock.warehouse"].create({"name": "West", "code": "WST"})
        routes = other.delivery_route_id | self.warehouse.delivery_route_id
        routes.sale_selectable = True
        products = [self._make_product(f"Part {number}") for number in range(30)]
        lines = [
            Command.create({"product_id": product.id, "route_ids": [Command.set(routes[number % 2].ids)]})
            for number, product in enumerate(products)
        ]
        order = self._create_order(order_line=lines)
        ours = self._compute_warehouses(order.order_line)
        self.env.company.sales_promise_enabled = False
        self.assertEqual(self._compute_warehouses(order.order_line), ours)
        self.assertEqual(set(ours), set((other | self.warehouse).ids))
        self.env.company.sales_promise_enabled = True
        counts = []
        for lines in (order.order_line, order.order_line[:2], order.order_line):
            self.env.invalidate_all()
            lines.order_id.fetch(["warehouse_id"])
            lines.fetch(["warehouse_id", "order_id"])
            before = self.env.cr.sql_log_count
            self._compute_warehouses(lines)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])

    def _compute_warehouses(self, lines):
        self.env.add_to_compute(lines._fields["warehouse_id"], lines)
        return lines.mapped("warehouse_id.id") and [line.warehouse_id.id for line in lines]

    # === Chains === #

    def _set_delivery(self, steps, delays=()):
        self.warehouse.delivery_steps = steps
        for rule, delay in zip(self.warehouse.delivery_route_id.rule_ids, delays, strict=False):
            rule.delay = delay

    def _check_first_move(self):
        """The first move takes goods on the shelf day, from which the customer is promised the same date again."""
        chain = self._get_chain()
        committed = chain.to_customer(chain.today + 20, 3)
        values = {
            "date_planned": chain.to_ship(committed, 3),
            "date_deadline": committed,
            "warehouse_id": self.warehouse,
            "company_id": self.company,
        }
        customers = self.env.ref("stock.stock_location_customers")
        rules = self.env["stock.rule"]
        rules.run([rules.Procurement(self.nut, 2, self.nut.uom_id, customers, "nut", "S1", self.company, values)])
        move = (
            self.env["stock.move"]
            .search([("product_id", "=", self.nut.id)])
            .filtered(lambda move: move.location_id._child_of(self.warehouse.lot_stock_id))
        )
        self.assertEqual(chain.get_day(move.date), chain.to_shelf(committed, 3))
        self.assertEqual(chain.to_customer(chain.get_day(move.date), 3), committed)

    def test_goods_of_one_step_leave_the_shelf_in_time(self):
        self._set_delivery("ship_only", [2])
        self._check_first_move()

    def test_goods_of_two_steps_leave_the_shelf_in_time(self):
        self._set_delivery("pick_ship", [2, 1])
        self._check_first_move()

    def test_goods_of_three_steps_leave_the_shelf_in_time(self):
        self._set_delivery("pick_pack_ship", [2, 1, 3])
        self._check_first_move()

    def test_pulled_steps_leave_the_shelf_in_time(self):
        self._set_delivery("pick_ship", [2, 1])
        first, second = self.warehouse.delivery_route_id.rule_ids.sorted(lambda rule: rule.action != "pull")
        customers = self.env.ref("stock.stock_location_customers")
        first.write({"location_dest_id": self.warehouse.wh_output_stock_loc_id.id, "location_dest_from_rule": True})
        second.write({"action": "pull", "procure_method": "make_to_order", "location_dest_id": customers.id})
        self._check_first_move()

    @freeze_time("2026-09-30 08:00:00")
    def test_a_holiday_week_and_the_cut_off_hour(self):
        self._close_for_the_holiday()
        self.warehouse.promise_cutoff = 0
        chain = self._get_chain()
        # Four in the afternoon of Wednesday, 30 September, in Shanghai.
        self.assertEqual(chain.to_customer(chain.today, 2), datetime(2026, 10, 2, 4))
        self.warehouse.promise_cutoff = 15
        chain = self._get_chain()
        self.assertEqual(chain.to_customer(chain.today, 2), datetime(2026, 10, 10, 4))
        # Saturday the 10th makes up for a day of the holiday.
        self._set_delivery("ship_only", [2])
        chain = self._get_chain()
        self.assertEqual(chain.to_customer(chain.today, 2), datetime(2026, 10, 12, 4))

    def _close_for_the_holiday(self):
        calendar = self.env["resource.calendar"].create({"name": "Factory", "tz": "Asia/Shanghai"})
        self.warehouse.promise_calendar_id = calendar
        self._get_chain()  # What was kept is forgotten when an exception is added.
        days = [(f"2026-10-{day:02}", False) for day in range(1, 8)] + [("2026-10-10", True)]
        self.env["sales.calendar.exception"].create(
            [{"date": day, "is_working": working, "company_id": self.company.id} for day, working in days]
        )

    def test_a_calendar_without_hours_closes_nothing(self):
        calendar = self.env["resource.calendar"].create({"name": "Empty", "attendance_ids": [Command.clear()]})
        self.warehouse.promise_calendar_id = calendar
        chain = self._get_chain()
        self.assertTrue(chain.to_customer(chain.today, 10**9))
        self.assertTrue(chain.to_shelf(datetime(1901, 1, 1), 5))

    def test_safety_days_count_once(self):
        chain = self._get_chain()
        before = chain.to_customer(chain.today, 1)
        self.company.security_lead = 4
        self.assertEqual((self._get_chain().to_customer(chain.today, 1) - before).days, 4)

    def test_without_a_vendor_nobody_knows(self):
        self.assertIsNone(self._get_days(self.nut))
