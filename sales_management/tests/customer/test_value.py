"""What customers are worth and whether they leave: of invoices and orders, by company, in its currency."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.common import DealDocumentCommon


@tagged("post_install", "-at_install", "customer")
class TestValue(DealDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.sales_customer_enabled = True
        cls.today = fields.Date.today()
        cls.value = cls.env["sales.customer.value"]
        cls.weber, cls.smith = cls.env["res.partner"].create(
            [
                {"name": "Weber GmbH", "is_company": True, "child_ids": [Command.create({"name": "Anna"})]},
                {"name": "Smith Ltd", "is_company": True},
            ]
        )

    def _invoice(self, partner, amount, days=10, move_type="out_invoice", **values):
        day = self.today - timedelta(days=days)
        line = Command.create({"name": "Goods", "quantity": 1, "price_unit": amount, "tax_ids": False})
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": partner.id,
                "invoice_date": day,
                "invoice_date_due": day,
                "invoice_line_ids": [line],
                **values,
            }
        )
        move.action_post()
        return move

    def _order(self, partner, *days):
        orders = self.env["sale.order"].create([{"partner_id": partner.id} for _day in days])
        orders.action_confirm()
        for order, day in zip(orders, days, strict=True):
            order.date_order = fields.Datetime.now() - timedelta(days=day)

    # === Figures === #

    def test_revenue_counts_invoices_less_credit_notes_of_all_contacts(self):
        self._invoice(self.weber, 1000)
        self._invoice(self.weber.child_ids, 500)
        self._invoice(self.weber, 200, move_type="out_refund")
        self._invoice(self.smith, 5)
        self.value._compute_company(self.company)
        self.assertEqual(self.weber.customer_revenue, 1300)
        self.assertEqual((self.weber.abc_class, self.smith.abc_class), ("a", "c"))
        self.assertGreater(self.weber.rfm_monetary, self.smith.rfm_monetary)
        self.assertGreater(self.weber.customer_expected_value, 1300)
        self.assertFalse(self.weber.child_ids.customer_revenue)

    def test_drafts_and_old_invoices_do_not_count_for_the_comparison(self):
        self._invoice(self.weber, 700, days=3 * 365)
        self._invoice(self.smith, 10)
        self.env["account.move"].create({"move_type": "out_invoice", "partner_id": self.smith.id})
        self.value._compute_company(self.company)
        self.assertEqual((self.weber.customer_revenue, self.weber.rfm_segment), (700, False))
        self.assertTrue(self.smith.rfm_segment)

    def test_foreign_currency_counts_in_the_money_of_the_company(self):
        currency = self.env["res.currency"].create(
            {"name": "FOO", "symbol": "F", "rate_ids": [Command.create({"name": "2000-01-01", "rate": 4.0})]}
        )
        self._invoice(self.weber, 400, currency_id=currency.id)
        self.value._compute_company(self.company)
        self.assertEqual(self.weber.customer_revenue, 100)

    def test_rhythm_is_that_of_the_customer(self):
        self._order(self.weber.child_ids, 100, 90, 80, 70, 65)
        self._order(self.smith, 900, 600, 300)
        self.value._compute_company(self.company)
        self.assertEqual((self.weber.churn_state, self.weber.usual_cycle_days), ("lost", 10))
        self.assertEqual((self.smith.churn_state, self.smith.usual_cycle_days), ("active", 300))
        self.assertIn("every 10 days; the last order was 65 days ago", self.weber.churn_reason)
        action = self.env.ref("sales_management.res_partner_action_at_risk")
        listed = self.env["res.partner"].search([("churn_state", "in", ("slowing", "at_risk", "lost"))])
        self.assertIn(self.weber, listed)
        self.assertIn("churn_state", action.domain)

    def _trade(self):
        partners = self.env["res.partner"].create([{"name": f"C {n}", "is_company": True} for n in range(7)])
        for number, partner in enumerate(partners):
            child = self.env["res.partner"].create({"name": "Contact", "parent_id": partner.id})
            self._invoice(partner, 100 * number + 33.33, days=40 * number + 1)
            self._invoice(child, 10, days=900)
            self._invoice(child, 7.5, days=20, move_type="out_refund")
            self._order(child, 30 * number + 5, 30 * number + 25, 30 * number + 60)
        self.value._compute_company(self.company)
        self.env.flush_all()
        return partners

    def test_money_is_that_of_independent_sql(self):
        self._trade()
        amounts = {}
        # Over the lines of the entries, where the figures come from the invoices themselves.
        self.env.cr.execute(
            """
            SELECT partner.commercial_partner_id, -sum(line.balance),
                   -COALESCE(sum(line.balance) FILTER (
                        WHERE move.invoice_date > current_date - interval '24 months'), 0)
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN res_partner partner ON partner.id = move.partner_id
             WHERE move.state = 'posted' AND move.company_id = %s AND line.display_type = 'product'
               AND move.move_type IN ('out_invoice', 'out_refund')
          GROUP BY 1
            """,
            [self.company.id],
        )
        for partner, to_date, lately in self.env.cr.fetchall():
            amounts[partner] = lately
            self.assertAlmostEqual(self.env["res.partner"].browse(partner).customer_revenue, float(to_date), 2)
        total, before = sum(amounts.values()), 0
        for partner, amount in sorted(amounts.items(), key=lambda pair: -pair[1]):
            expected = "c" if amount <= 0 or before * 100 >= 95 * total else "b" if before * 100 >= 80 * total else "a"
            self.assertEqual(self.env["res.partner"].browse(partner).abc_class, expected)
            before += max(amount, 0)

    def test_rhythm_is_that_of_independent_sql(self):
        partners = self._trade()
        self.env.cr.execute(
            """
            SELECT customer, percentile_cont(0.5) WITHIN GROUP (ORDER BY day - former), max(day)
              FROM (SELECT partner.commercial_partner_id AS customer, sale.date_order::date AS day,
                           lag(sale.date_order::date) OVER (
                               PARTITION BY partner.commercial_partner_id ORDER BY sale.date_order) AS former
                      FROM sale_order sale
                      JOIN res_partner partner ON partner.id = sale.partner_id
                     WHERE sale.state = 'sale' AND sale.company_id = %s) days
             WHERE customer = ANY(%s)
          GROUP BY 1
            """,
            [self.company.id, partners.ids],
        )
        for customer, cycle, last in self.env.cr.fetchall():
            partner = self.env["res.partner"].browse(customer)
            self.assertEqual((partner.usual_cycle_days, partner.last_order_date), (round(cycle), last))
            silent = (self.today - last).days
            state = "lost" if silent >= 4 * cycle else "at_risk" if silent >= 2 * cycle else "slowing"
            self.assertEqual(partner.churn_state, state if silent >= 1.5 * cycle else "active")

    def test_merged_customers_are_one(self):
        self._invoice(self.weber, 100)
        self._invoice(self.smith, 50, days=30)
        self._order(self.weber, 50, 30)
        self._order(self.smith, 40)
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo().create({})
        wizard._merge((self.weber | self.smith).ids, self.weber)
        self.value._compute_company(self.company)
        self.assertEqual((self.weber.customer_revenue, self.weber.usual_cycle_days), (150, 10))

    def test_moved_contact_takes_its_orders_along(self):
        self._order(self.weber.child_ids, 50, 40, 30)
        self.weber.child_ids.parent_id = self.smith
        self.value._compute_company(self.company)
        self.assertEqual((self.weber.usual_cycle_days, self.smith.usual_cycle_days), (0, 10))

    # === Companies === #

    def test_each_company_counts_what_is_its_own(self):
        other = self.setup_other_company()["company"]
        self._invoice(self.weber, 100)
        self.value._compute_company(other)
        self.assertFalse(self.weber.customer_revenue)
        self.weber.company_id = self.company
        self.value._compute_company(self.company)
        self.assertEqual(self.weber.customer_revenue, 100)

    def test_job_does_nothing_where_it_is_switched_off(self):
        self._invoice(self.weber, 100)
        self.company.sales_customer_enabled = False
        self.value._cron_compute()
        self.assertFalse(self.weber.rfm_computed_at)
        self.company.sales_customer_enabled = True
        self.value._cron_compute()
        self.assertTrue(self.weber.rfm_computed_at)

    # === Writing === #

    def test_what_did_not_change_is_not_written(self):
        self._invoice(self.weber, 100)
        self.assertTrue(self.value._compute_company(self.company))
        self.assertFalse(self.value._compute_company(self.company))

    def test_button_computes_for_who_may_edit_the_customer(self):
        self._invoice(self.weber, 100)
        self.weber.with_user(self.salesperson).action_compute_customer_value()
        self.assertEqual(self.weber.customer_revenue, 100)
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            self.weber.with_user(self.users_by_role["portal"]).action_compute_customer_value()

    def test_many_customers_take_no_more_queries(self):
        def measure(count):
            for partner in self.env["res.partner"].create([{"name": f"C {n}"} for n in range(count)]):
                self._invoice(partner, 10)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.value._compute_company(self.company)
            return self.env.cr.sql_log_count - before

        measure(1)
        self.assertEqual(measure(2), measure(10))
