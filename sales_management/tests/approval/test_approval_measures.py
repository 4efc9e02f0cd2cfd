import json
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .rules_common import RulesCommon


@tagged("post_install", "-at_install")
class TestApprovalMeasures(RulesCommon):
    def test_they_can_be_kept_as_evidence(self):
        order = self._create_quotation({"product_id": self.plain.id, "product_uom_qty": 3})
        measures = self._measure(order)
        self.assertEqual(json.loads(json.dumps(measures)), measures)
        self.assertEqual(measures["amount"], 300)
        self.assertEqual(measures["margin"], 40)

    def test_amount_without_a_rate_is_not_known_and_asks(self):
        foreign = self.env["res.currency"].create({"name": "XQZ", "symbol": "Q", "rounding": 0.01})
        pricelist = self.env["product.pricelist"].create({"name": "Q", "currency_id": foreign.id})
        order = self._create_quotation({"product_id": self.plain.id}, pricelist_id=pricelist.id)
        order.currency_id = foreign
        self.assertIsNone(self._measure(order)["amount"])
        rule = self._create_rule(amount_min=10**9)
        self.assertEqual(self.Rule._get_matching_rules(order)[order], rule)
        self.assertIn("XQZ has no rate", rule._get_reasons(order, self._measure(order))[rule])

    def test_margin_of_what_is_given_away(self):
        order = self._create_quotation({"product_id": self.plain.id}, {"product_id": self.plain.id, "price_unit": 0})
        self.assertEqual(self._measure(order)["line_margin"], -100)
        self.assertEqual(self._measure(order)["margin"], -20)

    def test_payment_days_by_the_last_part(self):
        Term = self.env["account.payment.term"]
        parts = [
            ("days_after", 10, 10),
            ("days_after_end_of_month", 30, 46),
            ("days_after_end_of_next_month", 0, 44),
        ]
        for delay, days, expected in parts:
            term = Term.create(
                {
                    "name": delay,
                    "line_ids": [
                        Command.create({"value": "percent", "value_amount": 30, "nb_days": 0}),
                        Command.create({"value": "percent", "value_amount": 70, "nb_days": days, "delay_type": delay}),
                    ],
                }
            )
            order = self._create_quotation(
                {"product_id": self.plain.id}, payment_term_id=term.id, date_order="2026-03-15 09:00:00"
            )
            with self.subTest(delay):
                expected = {"days_after": 10, "days_after_end_of_month": 46, "days_after_end_of_next_month": 46}[delay]
                self.assertEqual(self._measure(order)["payment_days"], expected)

    def test_validity_without_end_is_over_every_limit(self):
        today = fields.Date.context_today(self.env.user)
        order = self._create_quotation({"product_id": self.plain.id}, validity_date=today + timedelta(days=20))
        rule = self._create_rule(validity_days_max=20)
        self.assertEqual(self._measure(order)["validity_days"], 20)
        self.assertFalse(self.Rule._get_matching_rules(order)[order])
        order.validity_date = False
        self.assertEqual(self.Rule._get_matching_rules(order)[order], rule)

    def test_floor_price_holds_also_against_a_discount_on_the_whole(self):
        self.plain.approval_floor_price = 90
        order = self._create_quotation({"product_id": self.plain.id, "product_uom_qty": 2, "price_unit": 90})
        self.assertEqual(self._measure(order)["floor_count"], 0)
        order.order_line = [Command.create({"product_id": self.rebate.id, "price_unit": -1})]
        measures = self._measure(order)
        self.assertEqual(measures["floor_line_ids"], order.order_line[0].ids)

    def test_floor_price_is_one_of_each_company(self):
        self.plain.approval_floor_price = 90
        other = self.env["res.company"].create({"name": "Other"})
        self.assertFalse(self.plain.with_company(other).approval_floor_price)

    def test_categories_include_those_above(self):
        parent = self.env["product.category"].create({"name": "Bolts"})
        child = self.env["product.category"].create({"name": "Long bolts", "parent_id": parent.id})
        self.plain.categ_id = child
        order = self._create_quotation({"product_id": self.plain.id})
        other = self._create_quotation({"product_id": self.included.id})
        rule = self._create_rule(category_ids=[Command.set(parent.ids)])
        matching = self.Rule._get_matching_rules(order + other)
        self.assertEqual((matching[order], matching[other]), (rule, self.Rule))

    def test_overdue_is_what_the_customer_owes_past_due(self):
        contact = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.customer.id})
        order = self._create_quotation({"product_id": self.plain.id}, partner_id=contact.id)
        self.assertEqual(self._measure(order)["overdue"], 0)
        today = fields.Date.context_today(self.env.user)
        for days, post in ((5, True), (-5, True), (5, False)):
            invoice = self.env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_date": today - timedelta(days=20),
                    "invoice_date_due": today - timedelta(days=days),
                    "invoice_line_ids": [Command.create({"name": "Bolts", "price_unit": 70, "tax_ids": False})],
                }
            )
            if post:
                invoice.action_post()
        self.assertEqual(self._measure(order)["overdue"], 70)

    def test_changed_terms_are_named(self):
        term = self.env["account.payment.term"].create({"name": "45 days"})
        order = self._create_quotation({"product_id": self.plain.id})
        self.assertEqual(self._measure(order)["changed_terms"], [])
        order.payment_term_id = term
        order.note = "<p>Free delivery</p>"
        self.assertEqual(set(self._measure(order)["changed_terms"]), {"payment_term_id", "note"})
        self.customer.property_payment_term_id = term
        self.assertEqual(self._measure(order)["changed_terms"], ["note"])

    def test_another_pricelist_is_a_changed_term(self):
        self.env.user.group_ids += self.group_pricelist
        order = self._create_quotation({"product_id": self.plain.id})
        self.assertEqual(self._measure(order)["changed_terms"], [])
        order.pricelist_id = self.env["product.pricelist"].create({"name": "Promotion"})
        self.assertEqual(self._measure(order)["changed_terms"], ["pricelist_id"])

    def test_unsaved_quotation_can_be_measured(self):
        order = self.env["sale.order"].new(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create({"product_id": self.plain.id, "product_uom_qty": 1, "price_unit": 88})],
            }
        )
        self.assertEqual(order._get_approval_measures()[order]["discount"], 12)
