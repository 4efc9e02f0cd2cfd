from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .lead_common import LeadCommon


@tagged("post_install", "-at_install", "promise", "companions")
class TestPromiseTrapsLeadCompanions(LeadCommon):
    """Lead times of vendors and productions, compared with core's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor, cls.other_vendor = cls.env["res.partner"].create([{"name": "Ningbo Steel"}, {"name": "Far Away"}])
        cls.company.days_to_purchase = 1
        cls.buy = cls.warehouse.buy_pull_id.route_id
        cls.make = cls.warehouse.manufacture_pull_id.route_id
        cls.buy.active = cls.make.active = True

    @classmethod
    def _sell(cls, product, *prices):
        product.seller_ids = [
            Command.create({"partner_id": cls.vendor.id, "delay": 12, "min_qty": 0, "price": 5, **price})
            for price in prices or [{}]
        ]
        return product

    @classmethod
    def _build(cls, product, *components, **values):
        product.route_ids = [Command.link(cls.make.id)]
        bill = {
            "product_tmpl_id": product.product_tmpl_id.id,
            "produce_delay": 3,
            "days_to_prepare_mo": 2,
            "bom_line_ids": [
                Command.create({"product_id": component.id, "product_qty": quantity})
                for component, quantity in components
            ],
            **values,
        }
        return cls.env["mrp.bom"].create(bill)

    def _get_core_days(self, product):
        rules = product._get_rules_from_location(self.warehouse.lot_stock_id)
        return rules.with_context(bypass_delay_description=True)._get_lead_days(product)[0]["total_delay"]

    # === Buying === #

    def test_the_vendor_is_chosen_by_quantity(self):
        self._sell(self.nut, {"delay": 20, "min_qty": 1}, {"delay": 5, "min_qty": 100, "price": 4})
        self.assertEqual([self._get_days(self.nut, quantity) for quantity in (1, 99, 100, 500)], [21, 21, 6, 6])

    def test_less_than_any_vendor_sells_comes_from_the_first(self):
        self._sell(self.nut, {"delay": 8, "min_qty": 50})
        self.assertEqual(self._get_days(self.nut, 1), 9)

    def test_vendors_of_other_variants_companies_and_times_do_not_count(self):
        other = self.env["res.company"].create({"name": "Other"})
        today = fields.Date.today()
        self._sell(
            self.nut,
            {"delay": 1, "company_id": other.id},
            {"delay": 2, "date_end": today - timedelta(1)},
            {"delay": 30, "partner_id": self.other_vendor.id},
        )
        self.assertEqual(self._get_days(self.nut), 31)
        self.other_vendor.active = False
        self.assertNotEqual(self._get_days(self.nut), 31)

    @freeze_time("2026-11-23 04:00:00")
    def test_working_days_of_vendors(self):
        self.company.resource_calendar_id = self.env["resource.calendar"].create({"name": "Office"})
        self._sell(self.nut, {"delay": 9})
        self.company.promise_vendor_days = "working"
        self.assertEqual(self._get_days(self.nut), 14)

    def test_receipts_of_several_steps_take_their_time(self):
        self._sell(self.nut)
        self.warehouse.reception_steps = "two_steps"
        self.warehouse.reception_route_id.rule_ids.filtered(lambda rule: rule.action == "push").delay = 2
        self.assertEqual(self._get_days(self.nut), 15)

    def test_trap_4_what_the_vendor_ships_does_not_wait_for_stock(self):
        route = self.env.ref("stock_dropshipping.route_drop_shipping")
        direct = self._sell(self._make_product("Direct", route_ids=[Command.set(route.ids)]))
        self.assertTrue(self._is_to_order(direct))
        self.assertEqual(self._get_days(direct), 13)

    # === Making === #

    def test_components_on_hand_delay_nothing(self):
        part, chair = self._sell(self._make_product("Part")), self._make_product("Chair")
        self._build(chair, (part, 4))
        self._put(part, 40)
        self.assertEqual(self._get_days(chair, 10), 5)
        # Four are missing for eleven: 13 days until they are there, and three to make it.
        self.assertEqual(self._get_days(chair, 11), 16)

    def test_components_are_made_in_turn(self):
        part, seat, chair = self._sell(self._make_product("Part")), *map(self._make_product, ("Seat", "Chair"))
        self._build(seat, (part, 1))
        self._build(chair, (seat, 1))
        self.assertEqual(self._get_days(chair), 13 + 3 + 3)

    def test_cycles_end(self):
        first, second = map(self._make_product, ("First", "Second"))
        self._build(first, (second, 1))
        # Core refuses a cycle that it sees; imports and other addons do not ask.
        bill = self._build(second, (self.nut, 1))
        self.env.cr.execute(
            "UPDATE mrp_bom_line SET product_id = %s, product_tmpl_id = %s WHERE bom_id = %s",
            [first.id, first.product_tmpl_id.id, bill.id],
        )
        self.env.invalidate_all()
        self.assertIsNone(self._get_days(first))
        self._put(second, 5)
        self.assertEqual(self._get_days(first), 5)

    def test_a_component_that_nobody_sells_is_not_to_be_had(self):
        chair = self._make_product("Chair")
        self._build(chair, (self.nut, 1))
        self.assertIsNone(self._get_days(chair))

    # === Kits === #

    def test_trap_16_kits_are_taken_apart(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        screw, bag, kit = map(self._make_product, ("Screw", "Bag", "Kit"))
        self.env["mrp.bom"].create(
            [
                {
                    "product_tmpl_id": bag.product_tmpl_id.id,
                    "type": "phantom",
                    "product_qty": 2,
                    "bom_line_ids": [
                        Command.create({"product_id": screw.id, "product_qty": 1, "product_uom_id": dozen.id})
                    ],
                },
                {
                    "product_tmpl_id": kit.product_tmpl_id.id,
                    "type": "phantom",
                    "bom_line_ids": [
                        Command.create({"product_id": bag.id, "product_qty": 3}),
                        Command.create({"product_id": self.nut.id, "product_qty": 2}),
                    ],
                },
            ]
        )
        pairs = {(product.id, self.warehouse.id) for product in kit | self.nut}
        kits = self.engine._get_kits(pairs)
        self.assertEqual(
            {pair: dict(own) for pair, own in kits.items()},
            {
                (kit.id, self.warehouse.id): {screw.id: 18, self.nut.id: 2},
            },
        )

    # === Many === #

    def test_trap_20_leads_of_many_products_are_those_of_core(self):
        steel, paint = self._sell(self._make_product("Steel")), self._sell(self._make_product("Paint"), {"delay": 3})
        for product in (steel, paint):
            self._put(product, 10**6)
        products = self.env["product.product"]
        for number in range(200):
            product = self._make_product(f"Part {number}")
            products |= product
            if number % 10 == 9:
                self._build(product, (steel, 1), (paint, 2), produce_delay=number % 7, days_to_prepare_mo=number % 3)
            elif number % 10 < 8:
                self._sell(product, {"delay": number % 31}, {"delay": number % 5, "partner_id": self.other_vendor.id})
        self.env.flush_all()
        requests = [self._request(product) for product in products]
        self.engine._get_leads(requests)

        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        leads = self.engine._get_leads(requests)
        count = self.env.cr.sql_log_count - before
        core = {product.id: self._get_core_days(product) for product in products}

        today = self._get_chain().now_day
        for product in products:
            expected = core[product.id] if product.seller_ids or product.bom_ids else None
            day = leads[product.id].day
            self.assertEqual(None if day is None else day - today, expected, product.name)
        self.assertLess(count, 45)

    def test_trap_20_leads_of_bought_products_take_eight_queries(self):
        products = self.env["product.product"]
        for number in range(200):
            products |= self._sell(self._make_product(f"Part {number}"), {"delay": number % 31})
        self.env.flush_all()
        requests = [self._request(product) for product in products]
        for warm in (False, True):
            self.env.invalidate_all()
            if not warm:
                self.env.registry.clear_cache()
            before = self.env.cr.sql_log_count
            self.engine._get_leads(requests)
        self.assertLessEqual(self.env.cr.sql_log_count - before, 8)
