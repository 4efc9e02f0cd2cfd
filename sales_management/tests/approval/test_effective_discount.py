from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .rules_common import RulesCommon


@tagged("post_install", "-at_install")
class TestEffectiveDiscount(RulesCommon):
    """Twelve per cent are twelve per cent, however they came about."""

    def _discount_column(self, product):
        return self._create_quotation({"product_id": product.id, "product_uom_qty": 10, "discount": 12})

    def _unit_price(self, product):
        return self._create_quotation({"product_id": product.id, "product_uom_qty": 10, "price_unit": 88})

    def _free_line(self, product):
        return self._create_quotation(
            {"product_id": product.id, "product_uom_qty": 88},
            {"product_id": product.id, "product_uom_qty": 12, "price_unit": 0},
        )

    def _negative_line(self, product):
        taxes = self.tax_included if product == self.included else self.tax_excluded
        rebate = {"product_id": self.rebate.id, "price_unit": -120, "tax_ids": [Command.set(taxes.ids)]}
        return self._create_quotation({"product_id": product.id, "product_uom_qty": 10}, rebate)

    def _negative_quantity(self, product):
        back = {"product_id": product.id, "product_uom_qty": -1.2}
        return self._create_quotation({"product_id": product.id, "product_uom_qty": 10}, back)

    def _discount_wizard(self, product):
        order = self._create_quotation({"product_id": product.id, "product_uom_qty": 10})
        self.env["sale.order.discount"].create(
            {"sale_order_id": order.id, "discount_type": "so_discount", "discount_percentage": 0.12}
        ).action_apply_discount()
        return order

    def _rounded_off_total(self, product):
        """1,363.64 a hundred times is rounded off to a price that twelve per cent less would have."""
        order = self._create_quotation({"product_id": product.id, "product_uom_qty": 13.6364})
        self.env["sale.order.discount"].create(
            {
                "sale_order_id": order.id,
                "discount_type": "amount",
                "discount_amount": order.amount_total - round(order.amount_total * 0.88, -1),
            }
        ).action_apply_discount()
        return order

    def _mixed(self, product):
        return self._create_quotation(
            {"product_id": product.id, "product_uom_qty": 5, "discount": 12},
            {"product_id": product.id, "product_uom_qty": 5, "price_unit": 88},
        )

    def _create_then(self, order):
        """Let a quotation be as old as it says."""
        order.flush_recordset()
        self.env.cr.execute("UPDATE sale_order SET create_date = date_order WHERE id = %s", order.ids)
        order.invalidate_recordset()

    def test_every_way_to_a_discount_asks_the_same_approver(self):
        rule = self._create_rule(discount_max=10)
        ways = (
            self._discount_column,
            self._unit_price,
            self._free_line,
            self._negative_line,
            self._negative_quantity,
            self._discount_wizard,
            self._rounded_off_total,
            self._mixed,
        )
        for way in ways:
            for product in (self.plain, self.included):
                with self.subTest(way.__name__, product=product.name):
                    order = way(product)
                    measures = self._measure(order)
                    self.assertAlmostEqual(measures["discount"], 12, delta=0.4 if "rounded" in way.__name__ else 0.01)
                    self.assertEqual(self.Rule._get_matching_rules(order)[order], rule)

    def test_ten_per_cent_do_not_ask_where_more_than_ten_are_asked(self):
        self._create_rule(discount_max=10)
        for product in (self.plain, self.included):
            order = self._create_quotation({"product_id": product.id, "product_uom_qty": 3, "discount": 10})
            self.assertFalse(self.Rule._get_matching_rules(order)[order])

    def test_tax_made_included_is_a_discount(self):
        """The price stays, and the tax comes out of it."""
        order = self._create_quotation({"product_id": self.plain.id, "tax_ids": [Command.set(self.tax_included.ids)]})
        self.assertAlmostEqual(order.order_line.effective_discount, 11.5, delta=0.01)

    def test_fiscal_position_is_no_discount(self):
        position = self.env["account.fiscal.position"].create({"name": "Export"})
        self.env["account.tax"].create(
            {
                "name": "0 %",
                "amount": 0,
                "type_tax_use": "sale",
                "fiscal_position_ids": [Command.set(position.ids)],
                "original_tax_ids": [Command.set((self.tax_included + self.tax_excluded).ids)],
            }
        )
        for product in (self.plain, self.included):
            order = self._create_quotation({"product_id": product.id}, fiscal_position_id=position.id)
            self.assertEqual(order.order_line.effective_discount, 0, product.name)
            order.order_line.discount = 12
            self.assertEqual(order.order_line.effective_discount, 12, product.name)

    def test_what_the_pricelist_gives_is_no_discount(self):
        self.env.user.group_ids += self.group_pricelist
        base = self.env["product.pricelist"].create(
            {
                "name": "Dealers",
                "item_ids": [Command.create({"compute_price": "percentage", "percent_price": 20, "min_quantity": 10})],
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Good dealers",
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "formula",
                            "base": "pricelist",
                            "base_pricelist_id": base.id,
                            "price_discount": 5,
                            "price_surcharge": 1,
                        }
                    )
                ],
            }
        )
        for each in (base, pricelist):
            order = self._create_quotation(
                {"product_id": self.plain.id, "product_uom_qty": 10},
                {"product_id": self.included.id, "product_uom_qty": 2},
                pricelist_id=each.id,
            )
            self.assertEqual(order.order_line.mapped("effective_discount"), [0, 0], each.name)
        self.assertEqual(order.order_line.mapped("price_unit"), [77, 96])
        order.order_line[0].price_unit = 38.5
        self.assertEqual(order.order_line[0].effective_discount, 50)

    def test_foreign_currency_takes_the_rate_of_the_day(self):
        self.env.user.group_ids += self.group_pricelist
        euro = self.env.ref("base.EUR") if self.company.currency_id.name != "EUR" else self.env.ref("base.USD")
        euro.active = True
        euro.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            [
                {"currency_id": euro.id, "name": "2025-01-01", "rate": 0.5, "company_id": self.company.id},
                {"currency_id": euro.id, "name": "2025-06-01", "rate": 0.25, "company_id": self.company.id},
            ]
        )
        pricelist = self.env["product.pricelist"].create({"name": "Euro", "currency_id": euro.id})
        for date, price in (("2025-03-01 09:00:00", 50), ("2025-07-01 09:00:00", 25)):
            order = self._create_quotation(
                {"product_id": self.plain.id}, pricelist_id=pricelist.id, date_order=date, currency_id=euro.id
            )
            self._create_then(order)
            self.assertEqual(order.order_line.price_unit, price)
            self.assertEqual(order.order_line.effective_discount, 0)
            self.assertEqual(self._measure(order)["amount"], 100)

    def test_another_unit_has_its_own_price(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._create_quotation({"product_id": self.plain.id, "product_uom_id": dozen.id})
        self.assertEqual(order.order_line.effective_discount, 0)
        order.order_line.price_unit = 1056
        self.assertEqual(order.order_line.effective_discount, 12)

    def test_what_is_not_sold_has_none(self):
        order = self._create_quotation(
            {"display_type": "line_section", "name": "Bolts", "product_uom_qty": 0},
            {"product_id": self.plain.id},
            {"product_id": self.plain.id, "product_uom_qty": 0, "price_unit": 70},
            {"product_id": self.rebate.id, "price_unit": 5},
        )
        self.assertEqual(order.order_line.mapped("effective_discount"), [0, 0, 30, 0])
        measures = self._measure(order)
        # What the customer may add is offered at this price, and is no part of the total.
        self.assertEqual((measures["discount"], measures["line_discount"]), (0, 30))

    def test_combo_is_what_its_pricelist_says(self):
        combo = self.env["product.combo"].create(
            {"name": "Set", "combo_item_ids": [Command.create({"product_id": self.plain.id})]}
        )
        product = self.env["product.product"].create(
            {"name": "Kit", "type": "combo", "list_price": 80, "combo_ids": [Command.set(combo.ids)]}
        )
        order = self._create_quotation({"product_id": product.id})
        line = self.env["sale.order.line"].create(
            {
                "order_id": order.id,
                "product_id": self.plain.id,
                "combo_item_id": combo.combo_item_ids.id,
                "linked_line_id": order.order_line.id,
            }
        )
        self.assertEqual(line.price_unit, 80)
        self.assertEqual(self._measure(order)["discount"], 0)
        line.price_unit = 40
        self.assertEqual(self._measure(order)["discount"], 50)

    def test_it_is_told_as_one_types(self):
        with Form(self.env["sale.order"]) as form:
            form.partner_id = self.customer
            with form.order_line.new() as line:
                line.product_id = self.plain
                line.price_unit = 75
                self.assertEqual(line.effective_discount, 25)

    def test_nothing_is_asked_where_approval_is_off(self):
        order = self._create_quotation({"product_id": self.plain.id, "price_unit": 75})
        self.company.sales_approval_enabled = False
        self.env.flush_all()
        self.env["res.company"]._get_enabled_company_ids("sales_approval_enabled")
        line = order.order_line
        self.assertEqual(line.effective_discount, 0)
        line.invalidate_recordset(["effective_discount"])
        with self.assertQueryCount(0):
            self.assertEqual(line.effective_discount, 0)

    def test_customers_do_not_see_it(self):
        order = self._create_quotation({"product_id": self.plain.id, "price_unit": 75})
        portal = self.users_by_role["portal"]
        order.message_subscribe(portal.partner_id.ids)
        with self.assertRaises(AccessError):
            order.order_line.with_user(portal).read(["effective_discount"])
        self.assertNotIn("effective_discount", order.order_line.with_user(portal).fields_get())

    def test_date_of_the_price_is_that_of_the_quotation(self):
        self.env.user.group_ids += self.group_pricelist
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Spring",
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "fixed",
                            "fixed_price": 50,
                            "date_start": "2025-03-01 00:00:00",
                            "date_end": "2025-03-31 23:59:59",
                        }
                    )
                ],
            }
        )
        line = {"product_id": self.plain.id, "price_unit": 50}
        spring = self._create_quotation(line, pricelist_id=pricelist.id, date_order="2025-03-15 09:00:00")
        self._create_then(spring)
        now = self._create_quotation(line, pricelist_id=pricelist.id, date_order=fields.Datetime.now())
        self.assertEqual((spring + now).order_line.mapped("effective_discount"), [0, 50])
