"""Tiers by rule: the first that fits, never against a choice by hand, and figures that vanish with their invoices."""

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.common import DealDocumentCommon


@tagged("post_install", "-at_install", "customer")
class TestTierRule(DealDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.sales_customer_enabled = True
        cls.key, cls.regular, cls.small, cls.friend = cls.env["sales.customer.tier"].create(
            [
                {"name": "Key account", "sequence": 1, "rule_abc_class": "a", "rule_revenue": 1000},
                {"name": "Regular", "sequence": 2, "rule_revenue": 100},
                {"name": "Small", "sequence": 3, "is_default": True},
                {"name": "Friend", "sequence": 4},
            ]
        )
        cls.weber, cls.smith, cls.tiny, cls.stranger = cls.env["res.partner"].create(
            [
                {"name": "Weber", "is_company": True, "child_ids": [Command.create({"name": "Anna"})]},
                {"name": "Smith", "is_company": True},
                {"name": "Tiny", "is_company": True},
                {"name": "Stranger", "is_company": True},
            ]
        )
        cls.moves = {
            partner: cls._invoice(partner, amount)
            for partner, amount in ((cls.weber, 5000), (cls.smith, 150), (cls.tiny, 5))
        }

    @classmethod
    def _invoice(cls, partner, amount):
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    Command.create({"name": "Goods", "quantity": 1, "price_unit": amount, "tax_ids": False})
                ],
            }
        )
        move.action_post()
        return move

    def _compute(self):
        self.env["sales.customer.value"]._compute_company(self.company)
        return [partner.customer_tier_id for partner in (self.weber, self.smith, self.tiny)]

    # === Rules === #

    def test_customer_gets_first_tier_that_fits_and_contacts_share_it(self):
        self.assertEqual(self._compute(), [self.key, self.regular, self.small])
        self.assertEqual(self.weber.child_ids.customer_tier_id, self.key)
        self.assertFalse(self.stranger.customer_tier_id)

    def test_both_conditions_have_to_hold(self):
        self.key.rule_revenue = 6000
        self.assertEqual(self._compute()[0], self.regular)

    def test_choice_by_hand_stays(self):
        self.weber.write({"customer_tier_id": self.small.id, "customer_tier_locked": True})
        self.assertEqual(self._compute()[0], self.small)

    def test_tier_without_rule_stays_where_no_rule_fits(self):
        self.tiny.customer_tier_id = self.friend
        self.assertEqual(self._compute()[2], self.friend)

    def test_who_falls_below_its_rule_is_of_everybody_else(self):
        self.tiny.customer_tier_id = self.key
        self.assertEqual(self._compute()[2], self.small)
        self.small.is_default = False
        self.tiny.customer_tier_id = self.key
        self.assertEqual(self._compute()[2], self.key)

    def test_without_rules_nothing_changes(self):
        (self.key + self.regular).write({"rule_abc_class": False, "rule_revenue": 0})
        self.assertFalse(any(self._compute()))

    def test_rule_that_fits_nobody_changes_nobody(self):
        self.regular.rule_revenue = self.key.rule_revenue = 10**9
        self.small.is_default = False
        self.assertFalse(any(self._compute()))

    def test_tiers_of_another_company_do_not_count(self):
        other = self.setup_other_company()["company"]
        self.key.company_id = other
        self.assertEqual(self._compute()[0], self.regular)

    def test_revenue_below_zero_is_refused(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.key.rule_revenue = -1
            self.env.flush_all()

    # === Figures === #

    def test_figures_vanish_with_the_last_invoice(self):
        self._compute()
        self.assertEqual((self.smith.customer_revenue, bool(self.smith.rfm_computed_at)), (150, True))
        self.moves[self.smith].button_draft()
        self._compute()
        self.assertFalse(self.smith.customer_revenue or self.smith.rfm_segment or self.smith.rfm_computed_at)
        self.assertEqual(self.weber.customer_revenue, 5000)

    def test_button_computes_for_the_company_of_the_customer(self):
        other = self.setup_other_company()["company"]
        self.weber.with_company(other).action_compute_customer_value()
        self.assertEqual(self.weber.customer_revenue, 5000)
        self.assertEqual(self.weber.with_company(other).customer_currency_id, self.company.currency_id)
        self.company.sales_customer_enabled = False
        self.moves[self.weber].button_draft()
        self.weber.action_compute_customer_value()
        self.assertEqual(self.weber.customer_revenue, 5000)
