import random
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .events_common import TODAY, EventsCommon


@tagged("post_install", "-at_install", "promise")
class TestPromiseTrapsStock(EventsCommon):
    """What comes and goes, by the numbers of the design's list of traps."""

    def test_trap_01_reserved_goods_count_once(self):
        self._put(10)
        self._deliver(4, 3)._action_assign()
        self.assertEqual(self._get_changes(), {0: 10, 3: -4})

    def test_trap_02_reservation_of_an_internal_move_is_no_demand(self):
        self._put(10)
        shelf = self.env["stock.location"].create({"name": "Shelf", "location_id": self.stock.id})
        self._create_move(self.stock, shelf, 6, 1)._action_assign()
        self.assertEqual(self._get_changes(), {0: 10})

    def test_trap_03_steps_of_a_delivery_count_once(self):
        self._put(10)
        self.warehouse.delivery_steps = "pick_pack_ship"
        order = self._sell(4, 2)
        self.assertEqual(self._get_changes(), {0: 10, 2: -4})
        pick = order.order_line.move_ids
        pick._action_assign()
        pick.picked = True
        pick._action_done()
        self.assertEqual(sum(self._get_changes().values()), 6)

    def test_trap_03_a_pulled_chain_takes_goods_with_its_first_step(self):
        self._put(10)
        output = self.warehouse.wh_output_stock_loc_id
        output.active = True
        pick = self._create_move(self.stock, output, 4, 2)
        ship = self._deliver(4, 5, location_id=output.id, procure_method="make_to_order", move_orig_ids=pick.ids)
        self.assertEqual(ship.location_id, output)
        self.assertEqual(self._get_changes(), {0: 10, 2: -4})

    def test_trap_04_mto_pairs_count_on_neither_side(self):
        self._put(3)
        receipt = self._receive(10, 2)
        delivery = self._deliver(6, 1, procure_method="make_to_order", move_orig_ids=receipt.ids)
        self.assertEqual(self._get_changes(), {0: 3, 2: 4}, "what was bought beyond is free")
        delivery.procure_method = "make_to_stock"
        self.assertEqual(self._get_changes(), {0: 3, 1: -6, 2: 10})

    def test_trap_04_mto_without_an_order_yet_counts_not_at_all(self):
        self._put(3)
        self._deliver(6, 1).procure_method = "make_to_order"
        self.assertEqual(self._get_changes(), {0: 3})

    def test_trap_04_mto_whose_goods_are_there_takes_them(self):
        receipt = self._receive(6, 0)
        self._deliver(6, 4, procure_method="make_to_order", move_orig_ids=receipt.ids)
        receipt.quantity, receipt.picked = 6, True
        receipt._action_done()
        self.assertEqual(self._get_changes(), {0: 6, 4: -6})

    def test_trap_04_one_receipt_for_two_deliveries(self):
        receipt = self._receive(10, 2)
        for quantity in (6, 3):
            self._deliver(quantity, 3, procure_method="make_to_order", move_orig_ids=receipt.ids)
        self.assertEqual(self._get_changes(), {2: 1})

    def test_trap_05_own_deliveries_of_lines_can_be_left_out(self):
        self._put(10)
        order = self._sell(4, 3)
        self._deliver(1, 2)
        self.assertEqual(self._get_changes(), {0: 10, 2: -1, 3: -4})
        self.assertEqual(self._get_changes(sales=False), {0: 10, 2: -1})
        (demand,) = self.engine._get_sales_demands([(self.bolt.id, self.warehouse.id)])
        self.assertEqual(
            (demand.line, demand.group, demand.day - TODAY.toordinal(), demand.quantity),
            (order.order_line.id, order.id, 3, 4 * self.factor),
        )

    def test_trap_05_urgent_lines_come_first(self):
        later, sooner, urgent = self._sell(1, 5), self._sell(2, 3), self._sell(3, 9)
        urgent.order_line.move_ids.priority = "1"
        demands = self.engine._get_sales_demands([(self.bolt.id, self.warehouse.id)])
        ranked = [demand.group for demand in sorted(demands, key=lambda demand: demand.rank)]
        self.assertEqual(ranked, [urgent.id, sooner.id, later.id])

    def test_trap_06_holds_end(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [fields.Command.create({"product_id": self.bolt.id, "product_uom_qty": 2})],
            }
        )
        values = {
            "line_id": order.order_line.id,
            "order_id": order.id,
            "company_id": self.company.id,
            "product_id": self.bolt.id,
            "warehouse_id": self.warehouse.id,
            "quantity": 2,
            "date": "2026-11-25 17:00:00",
            "expiry": "2026-11-30 00:00:00",
        }
        hold = self.env["sales.promise.hold"].create(values)
        pair = [(self.bolt.id, self.warehouse.id)]
        (demand,) = self.engine._get_hold_demands(pair)
        self.assertEqual(demand.day - TODAY.toordinal(), 3, "it is past midnight in Shanghai")
        self.assertEqual((demand.line, demand.quantity), (order.order_line.id, 2 * self.factor))
        hold.expiry = "2026-11-22 00:00:00"
        self.assertFalse(self.engine._get_hold_demands(pair))
        hold.write({"expiry": "2026-11-30 00:00:00", "released_at": fields.Datetime.now()})
        self.assertFalse(self.engine._get_hold_demands(pair))

    def test_trap_07_overdue_supply_comes_later_overdue_demand_is_due(self):
        self._receive(5, -4)
        self._deliver(2, -3)
        self.assertEqual(self._get_changes(), {0: -2, 1: 5})
        self.assertEqual(self._get_confidences(), [("receipt", "c")])
        self.company.promise_overdue_days = 5
        self.assertEqual(self._get_changes(), {0: -2, 7: 5}, "five working days")

    def test_trap_09_drafts_do_not_count(self):
        move = self._receive(5, 2)
        move.state = "draft"
        self.assertEqual(self._get_changes(), {})

    def test_trap_10_quantities_are_in_the_unit_of_the_product(self):
        self._receive(2, 2, product_uom=self.env.ref("uom.product_uom_dozen").id)
        self.assertEqual(self._get_changes(), {2: 24})

    def test_trap_11_companies_and_warehouses_keep_apart(self):
        self._put(10)
        other = self.env["res.company"].create({"name": "Sister"})
        theirs = self.env["stock.warehouse"].search([("company_id", "=", other.id)], limit=1)
        self._put(7, location=theirs.lot_stock_id)
        self.assertEqual(self._get_changes(), {0: 10})
        self.assertEqual(self._get_changes(warehouse=theirs), {0: 7})

    def test_trap_11_a_transfer_is_demand_of_one_and_supply_of_the_other(self):
        other = self.env["stock.warehouse"].create({"name": "West", "code": "WEST", "partner_id": self.address.id})
        self._create_move(self.stock, other.lot_stock_id, 4, 2)
        self.assertEqual(self._get_changes(), {2: -4})
        self.assertEqual(self._get_changes(warehouse=other), {2: 4})
        self.assertEqual(self._get_confidences(warehouse=other), [("transfer", "c")])

    def test_trap_12_what_others_own_is_not_ours(self):
        self._put(10)
        self._put(7, owner_id=self.customer)
        self._receive(3, 2, restrict_partner_id=self.customer.id)
        self.assertEqual(self._get_changes(), {0: 10})

    def test_trap_12_what_the_company_owns_by_name_is(self):
        self._put(7, owner_id=self.company.partner_id)
        self.assertEqual(self._get_changes(), {0: 7})

    def test_trap_13_goods_on_the_dock_have_their_way_to_go(self):
        self.warehouse.reception_steps = "three_steps"
        rules = self.warehouse.reception_route_id.rule_ids.filtered(lambda rule: rule.action in ("push", "pull_push"))
        rules.delay = 2
        self._put(5)
        self._put(7, location=self.warehouse.wh_input_stock_loc_id)
        self._put(1, location=self.warehouse.wh_qc_stock_loc_id)
        self.assertEqual(self._get_changes(), {0: 5, 2: 1, 4: 7})
        self._create_move(self.suppliers, self.warehouse.wh_input_stock_loc_id, 3, 1, location_final_id=self.stock.id)
        self.assertEqual(self._get_changes(), {0: 5, 2: 1, 4: 7, 7: 3}, "Saturday and Sunday in between")

    def test_trap_14_returns_are_less_sure(self):
        self._create_move(self.customers, self.stock, 4, 2)
        self.assertEqual(self._get_changes(), {2: 4})
        self.assertEqual(self._get_confidences(), [("return", "c")])

    def test_trap_14_a_scrap_is_done_at_once(self):
        self._put(10)
        scrap = self.env["stock.scrap"].create(
            {"product_id": self.bolt.id, "scrap_qty": 3, "location_id": self.stock.id}
        )
        scrap.do_scrap()
        self.assertEqual(self._get_changes(), {0: 7})

    def test_trap_14_a_return_to_the_vendor_takes_goods(self):
        self._put(10)
        self._create_move(self.stock, self.suppliers, 4, 2)
        self.assertEqual(self._get_changes(), {0: 10, 2: -4})

    def test_trap_15_a_backlog_stays_negative(self):
        self._put(-5)
        self._receive(3, 2)
        self.assertEqual(self._get_changes(), {0: -5, 2: 3})

    def test_trap_17_goods_that_only_pass_through_do_not_come(self):
        self._create_move(self.suppliers, self.stock, 4, 2, location_final_id=self.customers.id)
        self.assertEqual(self._get_changes(), {})


@tagged("post_install", "-at_install", "promise")
class TestPromiseEvents(EventsCommon):
    """What comes and goes in general."""

    def test_days_are_those_of_the_warehouse(self):
        self._receive(3, 2, hour=17)
        self.assertEqual(self._get_changes(), {3: 3}, "one in the morning in Shanghai")
        self.address.tz = "America/New_York"
        self.assertEqual(self._get_changes(), {2: 3}, "noon in New York")

    def test_the_statement_is_one(self):
        products = [self._create_product(f"Nut {number}") for number in range(30)]
        for number, product in enumerate(products):
            self._put(5, product=product)
            self._receive(1, number % 9, product=product)
        counts = []
        for part in (products[:1], products):
            pairs = [(product.id, self.warehouse.id) for product in part]
            self.engine._get_events(pairs)
            before = self.env.cr.sql_log_count
            self.engine._get_events(pairs)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts, [1, 1])

    def test_sources_are_described_in_as_many_queries_for_many(self):
        pickings = []
        for days in range(2):
            picking = self.env["stock.picking"].create(
                {
                    "picking_type_id": self.warehouse.in_type_id.id,
                    "location_id": self.suppliers.id,
                    "location_dest_id": self.stock.id,
                }
            )
            self._receive(3, days * 4 - 2, picking_id=picking.id)
            pickings.append(picking)
        sources = [event.source for event in sorted(self._get_events(), key=lambda event: event.source.id)]
        described = self.engine._describe_sources(sources)
        self.assertEqual(
            [(described[source].name, described[source].date, described[source].flag) for source in sources],
            [(pickings[0].name, "2026-11-21", "overdue"), (pickings[1].name, "2026-11-25", "unacknowledged")],
        )

    def test_the_last_balance_is_that_of_the_forecast(self):
        dice = random.Random(7)
        products = [self._create_product(f"Washer {number}") for number in range(40)]
        for product in products:
            self._put(dice.randint(1, 20) - 0.5 * dice.randint(0, 1) * 50, product=product)
            for _move in range(dice.randint(0, 6)):
                step = dice.choice((self._receive, self._deliver))
                step(dice.randint(1, 9), dice.randint(-3, 30), product=product)
        for product in products:
            native = product.with_context(warehouse_id=self.warehouse.id).virtual_available
            self.assertAlmostEqual(self._get_last_balance(product), native, msg=product.name)

    def test_nothing_is_asked_of_nothing(self):
        with self.assertQueryCount(0):
            self.assertEqual(self.engine._get_events([]), {})
            self.assertEqual(self.engine._get_sales_demands([]), [])
            self.assertEqual(self.engine._get_hold_demands([]), [])

    def test_open_moves_are_found_by_their_index(self):
        done = self._receive(3, 2, product=self._create_product("Nut"))
        self._receive(3, 2)
        self.env.flush_all()
        columns = SQL(
            "product_id, product_uom, product_uom_qty, product_qty, location_id, location_dest_id, company_id, date,"
            " procure_method"
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO stock_move (%(columns)s, state) SELECT %(columns)s, each.state FROM stock_move,"
                " generate_series(1, 3000), (VALUES ('done'), ('assigned')) AS each (state) WHERE id = %(id)s",
                columns=columns,
                id=done.id,
            )
        )
        self.env.cr.execute("ANALYZE stock_move")
        plans, execute = [], type(self.env).execute_query

        def explain(env, query):
            plans.extend(row[0] for row in execute(env, SQL("EXPLAIN %s", query)))
            return execute(env, query)

        self.patch(type(self.env), "execute_query", explain)
        self._get_events()
        self.assertIn("stock_move_promise_idx", "\n".join(plans))

    def test_wrong_variants_are_told_apart(self):
        self._put(10)
        self._deliver(4, 3)._action_assign()
        receipt = self._receive(9, 2, hour=17)
        self._deliver(6, 5, procure_method="make_to_order", move_orig_ids=receipt.ids)
        right = {0: 10, 3: -1}
        self.assertEqual(self._get_changes(), right)
        engine = type(self.engine)
        rivals = {
            "reserved goods subtracted": (
                "_select_stock",
                "quant.quantity,",
                "quant.quantity - quant.reserved_quantity,",
            ),
            "supply not pegged": ("_select_supply", "SELECT in_id, sum(quantity)", "SELECT in_id, 0 * sum(quantity)"),
            "demand not pegged": ("_select_demand", "SELECT out_id, sum(quantity)", "SELECT out_id, 0 * sum(quantity)"),
            "nothing climbed": ("_select_climb", "= 'make_to_order'", "= 'none'"),
            "steps within count": (
                "_select_open_moves",
                "source.wh IS DISTINCT FROM target.wh",
                "target.wh IS NOT NULL",
            ),
            "days of no zone": ("_get_zone_values", "Asia/Shanghai", "UTC"),
        }
        for name, (method, text, wrong) in rivals.items():
            original = getattr(engine, method)

            def rival(engine, *args, original=original, text=text, wrong=wrong):
                query = original(engine, *args)
                params = [wrong if param == text else param for param in query.params]
                return SQL(query.code.replace(text, wrong), *params)

            with self.subTest(name), patch.object(engine, method, rival):
                self.assertNotEqual(self._get_changes(), right)

    def test_salespeople_need_no_rights_on_stock(self):
        self._put(3)
        user = self.env["res.users"].create(
            {
                "name": "Seller",
                "login": "events_seller",
                "group_ids": [fields.Command.link(self.env.ref("sales_team.group_sale_salesman").id)],
            }
        )
        pair = (self.bolt.id, self.warehouse.id)
        events = self.engine.with_user(user)._get_events([pair])[pair]
        self.assertEqual([event.quantity for event in events], [3 * self.factor])
        self.assertEqual(timedelta(days=events[0].day - TODAY.toordinal()), timedelta())
