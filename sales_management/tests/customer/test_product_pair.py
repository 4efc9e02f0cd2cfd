"""What is bought together: kept by company, suggested on quotations of what may be sold, by who may read them."""

from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.common import DealDocumentCommon


class ProductPairCommon(DealDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.sales_customer_enabled = True
        cls.pairs = cls.env["sales.product.pair"].sudo()
        cls.buyer = cls.env["res.partner"].create({"name": "Weber", "is_company": True})
        cls.pump, cls.seal, cls.hose, cls.valve, cls.bolt = cls.env["product.product"].create(
            [
                {"name": name, "default_code": code, "type": "consu", "list_price": price}
                for name, code, price in (
                    ("Pump", "HD-M03", 100),
                    ("Seal", "SE-01", 5),
                    ("Hose", "HO-01", 8),
                    ("Valve", "VA-01", 30),
                    ("Bolt", "BO-01", 1),
                )
            ]
        )

    @classmethod
    def _sell(cls, products, count=1, days=30, **values):
        lines = [Command.create({"product_id": product.id, "product_uom_qty": 2}) for product in products]
        orders = cls.env["sale.order"].create(
            [{"partner_id": cls.buyer.id, "order_line": lines, **values} for _n in range(count)]
        )
        orders.action_confirm()
        orders.date_order = fields.Datetime.now() - timedelta(days=days)
        return orders

    @classmethod
    def _sell_usual(cls):
        cls._sell(cls.pump + cls.seal, 4)
        cls._sell(cls.pump + cls.hose, 3)
        cls._sell(cls.pump, 1)
        cls._sell(cls.bolt, 12)
        cls.pairs._compute_company(cls.company)

    def _suggest(self, products, user=None, company=None, order=None):
        pairs = self.pairs.with_user(user or self.salesperson)
        return pairs.suggest_products(products.ids, (company or self.company).id, order and order.id)


@tagged("post_install", "-at_install", "customer")
class TestProductPair(ProductPairCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._sell_usual()

    # === Suggestions === #

    def test_what_goes_with_it_is_said_with_its_reason(self):
        rows = self._suggest(self.pump)
        self.assertEqual({row["id"] for row in rows}, {self.seal.id, self.hose.id})
        reasons = {row["id"]: row["reason"] for row in rows}
        self.assertEqual(reasons[self.seal.id], "in 4 of 8 orders with HD-M03")
        self.assertEqual(reasons[self.hose.id], "in 3 of 8 orders with HD-M03")
        self.assertEqual([row["id"] for row in self._suggest(self.seal)], [self.pump.id])
        self.assertFalse(self._suggest(self.bolt))
        self.assertFalse(self._suggest(self.env["product.product"]))

    def test_figures_are_those_of_independent_sql(self):
        self.env.flush_all()
        self.env.cr.execute(
            """
              SELECT one.product_id, other.product_id, count(DISTINCT one.order_id)
                FROM sale_order_line one
                JOIN sale_order_line other ON other.order_id = one.order_id AND other.product_id <> one.product_id
                JOIN sale_order sale ON sale.id = one.order_id
               WHERE sale.state = 'sale' AND sale.company_id = %s AND one.product_id IN %s
            GROUP BY 1, 2
              HAVING count(DISTINCT one.order_id) >= 3
            """,
            [self.company.id, tuple((self.pump + self.seal + self.hose).ids)],
        )
        expected = {(one, other): count for one, other, count in self.env.cr.fetchall()}
        found = self.pairs.search([("product_id", "in", (self.pump + self.seal + self.hose).ids)])
        self.assertEqual(
            {(pair.product_id.id, pair.other_id.id): pair.pair_count for pair in found},
            expected,
        )
        pair = found.filtered(lambda own: own.product_id == self.pump and own.other_id == self.seal)
        self.assertEqual((pair.product_count, pair.confidence), (8, 50))

    def test_never_what_is_there_archived_or_not_sold(self):
        self.assertEqual([row["id"] for row in self._suggest(self.pump + self.seal)], [self.hose.id])
        order = self.env["sale.order"].create(
            {"partner_id": self.buyer.id, "order_line": [Command.create({"product_id": self.hose.id})]}
        )
        self.assertEqual([row["id"] for row in self._suggest(self.pump, self.manager, order=order)], [self.seal.id])
        self.seal.sale_ok = False
        self.assertEqual([row["id"] for row in self._suggest(self.pump)], [self.hose.id])
        self.hose.active = False
        self.assertFalse(self._suggest(self.pump))

    def test_no_more_than_five(self):
        others = self.env["product.product"].create([{"name": f"P {n}", "type": "consu"} for n in range(8)])
        # Each from another product, so that no product is cut by itself.
        causes = self.env["product.product"].create([{"name": f"C {n}", "type": "consu"} for n in range(8)])
        for cause, other in zip(causes, others, strict=True):
            self._sell(cause + other, 3)
        self.pairs._compute_company(self.company)
        self.assertEqual(len(self._suggest(causes)), 5)

    def test_old_orders_drafts_and_other_companies_do_not_count(self):
        self._sell(self.valve + self.bolt, 3, days=800)
        self.env["sale.order"].create(
            [
                {
                    "partner_id": self.buyer.id,
                    "order_line": [Command.create({"product_id": p.id}) for p in (self.valve, self.bolt)],
                }
                for _n in range(3)
            ]
        )
        self.pairs._compute_company(self.company)
        self.assertFalse(self._suggest(self.valve))

    # === Companies === #

    def test_each_company_has_its_own(self):
        other = self.env["res.company"].create({"name": "Other", "sales_customer_enabled": True})
        self.salesperson.company_ids |= other
        self.pairs._compute_company(other)
        self.assertEqual(self._suggest(self.pump, company=other), [])
        pairs = self.pairs.with_user(self.salesperson).with_context(allowed_company_ids=[other.id])
        self.assertEqual(pairs.suggest_products(self.pump.ids, self.company.id), [])
        theirs = self.env["product.product"].sudo().create({"name": "Theirs", "company_id": other.id})
        pair = {"product_id": self.pump.id, "other_id": theirs.id, "lift": 99, "confidence": 99}
        self.pairs.create({**pair, "company_id": self.company.id})
        both = self.pairs.with_user(self.salesperson).with_context(allowed_company_ids=[self.company.id, other.id])
        rows = both.suggest_products(self.pump.ids, self.company.id)
        self.assertEqual({row["id"] for row in rows}, {self.seal.id, self.hose.id})

    def test_switched_off_nothing_is_suggested_or_computed(self):
        self.company.sales_customer_enabled = False
        self.assertEqual(self._suggest(self.pump), [])
        self.pairs.search([]).unlink()
        self.pairs._cron_compute()
        self.assertFalse(self.pairs.search_count([]))

    # === Keeping === #

    def test_what_did_not_change_is_not_written(self):
        self.assertEqual(self.pairs._compute_company(self.company), 0)
        kept = self.pairs.search([("product_id", "=", self.pump.id), ("other_id", "=", self.seal.id)])
        self._sell(self.pump + self.seal)
        self.assertTrue(self.pairs._compute_company(self.company))
        self.assertEqual((kept.pair_count, kept.product_count), (5, 9))
        self.env["sale.order"].search([("partner_id", "=", self.buyer.id)])._action_cancel()
        self.pairs._compute_company(self.company)
        self.assertFalse(kept.exists())
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            values = {"product_id": self.pump.id, "other_id": self.seal.id, "company_id": self.company.id}
            self.pairs.create([values, values])
            self.env.flush_all()

    def test_cost_grows_with_nothing(self):
        def measure(products):
            self._suggest(products)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._suggest(products)
            return self.env.cr.sql_log_count - before

        few = measure(self.seal)
        self.assertLessEqual(measure(self.pump + self.bolt + self.valve), few)
        self.assertLessEqual(few, 8)

    # === Access === #

    def test_rights_by_role(self):
        for role in ("salesperson", "leader", "manager"):
            self.assertTrue(self._suggest(self.pump, self.users_by_role[role]))
        with self.assertRaises(AccessError), mute_logger("odoo.models", "odoo.addons.base.models.ir_model"):
            self._suggest(self.pump, self.users_by_role["portal"])
        with self.assertRaises(AccessError):
            self.pairs.with_user(self.salesperson).action_compute_pairs()
        self.pairs.search([]).unlink()
        self.pairs.with_user(self.manager).action_compute_pairs()
        pair = self.pairs.search([("product_id", "=", self.pump.id)], limit=1)
        self.assertTrue(pair)
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            pair.with_user(self.manager).write({"pair_count": 99})
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            pair.with_user(self.manager).unlink()

    def test_bad_input_is_refused_in_words(self):
        pairs = self.pairs.with_user(self.salesperson)
        for products, company in (("abc", 1), (["x"], 1), ([10**12], 1), ([1], -3), ({}, 1), ([None], 1)):
            with self.assertRaisesRegex(UserError, "by their numbers"):
                pairs.suggest_products(products, company)
        self.assertEqual(pairs.suggest_products([2**31 - 1], self.company.id), [])
        self.assertEqual(pairs.suggest_products(self.pump.ids, 2**31 - 1), [])


@tagged("post_install", "-at_install", "customer")
class TestProductPairTour(ProductPairCommon, HttpCase):
    def test_suggestion_becomes_a_line_by_one_click(self):
        self._sell_usual()
        self.salesperson.sudo().write({"email": "sm_salesperson@example.com", "odoobot_state": "disabled"})
        order = self.env["sale.order"].create(
            {
                "partner_id": self.buyer.id,
                "user_id": self.salesperson.id,
                "order_line": [Command.create({"product_id": self.pump.id})],
            }
        )
        self.start_tour(f"/odoo/sales/{order.id}", "product_is_bought_together", login=self.salesperson.login)
        line = order.order_line.filtered(lambda own: own.product_id == self.seal)
        self.assertEqual((line.product_uom_qty, line.price_unit), (1, 5))
        self.assertEqual(line.tax_ids, self.seal.taxes_id.filtered(lambda tax: tax.company_id == self.company))
