"""From where on a customer is good, matters or leaves, as each company says it."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.sales_management.tests.common import DealDocumentCommon


@tagged("post_install", "-at_install", "customer")
class TestValueLimits(DealDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company.sudo()
        cls.company.sales_customer_enabled = True
        cls.today = fields.Date.today()
        cls.value = cls.env["sales.customer.value"]
        cls.weber, cls.smith = cls.env["res.partner"].create(
            [{"name": "Weber", "is_company": True}, {"name": "Smith", "is_company": True}]
        )

    def _invoice(self, partner, amount, days=10):
        line = Command.create({"name": "Goods", "quantity": 1, "price_unit": amount, "tax_ids": False})
        day = self.today - timedelta(days=days)
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": day,
                "invoice_line_ids": [line],
            }
        )
        move.action_post()

    def _order(self, partner, *days):
        orders = self.env["sale.order"].create([{"partner_id": partner.id} for _day in days])
        orders.action_confirm()
        for order, day in zip(orders, days, strict=True):
            order.date_order = fields.Datetime.now() - timedelta(days=day)

    def _get_scores(self, partner):
        self.value._compute_company(self.company)
        return partner.rfm_recency, partner.rfm_frequency, partner.rfm_monetary

    # === Limits === #

    def test_fixed_limits_say_what_is_good(self):
        self._invoice(self.weber, 2000, days=100)
        self._invoice(self.weber, 2000, days=60)
        self._invoice(self.smith, 10, days=400)
        self.assertEqual(self._get_scores(self.weber), (5, 5, 5))
        self.company.customer_rfm_mode = "fixed"
        self.assertEqual(self._get_scores(self.weber), (4, 2, 2))
        self.company.write({"customer_rfm_recency_5": 60, "customer_rfm_monetary_3": 4000})
        self.assertEqual(self._get_scores(self.weber), (5, 2, 3))

    def test_months_say_what_counts(self):
        self._invoice(self.weber, 100, days=200)
        self.value._compute_company(self.company)
        self.assertTrue(self.weber.rfm_segment)
        self.company.customer_value_months = 6
        self.value._compute_company(self.company)
        self.assertFalse(self.weber.rfm_segment)
        self.assertEqual(self.weber.customer_revenue, 100)

    def test_shares_say_who_matters(self):
        self._invoice(self.weber, 60)
        self._invoice(self.smith, 40)
        self.value._compute_company(self.company)
        self.assertEqual((self.weber.abc_class, self.smith.abc_class), ("a", "a"))
        self.company.write({"customer_abc_a_percent": 50, "customer_abc_b_percent": 5})
        self.value._compute_company(self.company)
        self.assertEqual((self.weber.abc_class, self.smith.abc_class), ("a", "c"))

    def test_factors_say_who_leaves(self):
        self._order(self.weber, 75, 65, 55, 45)
        self.value._compute_company(self.company)
        self.assertEqual(self.weber.churn_state, "lost")
        self.company.customer_churn_lost = 6
        self.value._compute_company(self.company)
        self.assertEqual(self.weber.churn_state, "at_risk")
        self.company.customer_churn_shortest_days = 50
        self.value._compute_company(self.company)
        self.assertEqual(self.weber.churn_state, "active")

    def test_each_company_has_its_own(self):
        companies = self.env["res.company"].sudo()
        other = companies.create({"name": "Other", "sales_customer_enabled": True, "customer_churn_lost": 9})
        self.assertEqual(self.company._get_churn_thresholds().lost, 4)
        self.assertEqual(other._get_churn_thresholds().lost, 9)

    # === Bad input === #

    def test_all_problems_are_told_at_once(self):
        with self.assertRaises(ValidationError) as caught:
            self.company.write(
                {
                    "customer_value_months": 0,
                    "customer_rfm_mode": "fixed",
                    "customer_rfm_recency_5": 90,
                    "customer_rfm_frequency_2": 0,
                    "customer_rfm_monetary_5": -1,
                    "customer_abc_a_percent": 90,
                    "customer_abc_b_percent": 20,
                    "customer_churn_at_risk": 1,
                    "customer_churn_shortest_days": -1,
                }
            )
        lines = str(caught.exception).splitlines()
        self.assertEqual(len(lines), 7)
        for line in lines:
            self.assertTrue(line.startswith(self.company.name), line)

    def test_a_limit_that_is_not_used_stops_nobody(self):
        self.company.write({"customer_rfm_recency_5": 90})
        with self.assertRaises(ValidationError):
            self.company.write({"customer_rfm_mode": "fixed"})

    def test_form_writes_all_of_them_together(self):
        settings = self.env["res.config.settings"].sudo().create({"company_id": self.company.id})
        action = settings.action_open_customer_limits()
        company = self.env["res.company"].sudo().browse(action["res_id"])
        self.company.customer_rfm_mode = "fixed"
        with Form(company, view=action["views"][0][0]) as form:
            # Each by itself would not fit to the others.
            form.customer_rfm_recency_5 = 400
            form.customer_rfm_recency_4 = 500
            form.customer_rfm_recency_3 = 600
            form.customer_rfm_recency_2 = 700
        self.assertEqual(company._get_customer_scores().recency_days, (400, 500, 600, 700))
