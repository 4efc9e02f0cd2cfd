"""How customers are: by rule, in words, and equal to what independent SQL over core's tables says."""

from datetime import datetime, time, timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.common import DealDocumentCommon


@tagged("post_install", "-at_install", "customer")
class TestHealth(DealDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.sales_customer_enabled = True
        cls.today = fields.Date.today()
        cls.value = cls.env["sales.customer.value"]
        cls.tier = cls.env["sales.customer.tier"].create({"name": "Key", "contact_days": 30})
        cls.weber, cls.smith = cls.env["res.partner"].create(
            [
                {"name": "Weber", "is_company": True, "child_ids": [Command.create({"name": "Anna"})]},
                {"name": "Smith", "is_company": True},
            ]
        )
        cls.weber.customer_tier_id = cls.tier
        cls.nut = cls.env["product.product"].create({"name": "Nut", "is_storable": True, "list_price": 10})

    def _invoice(self, partner, amount, days=10, due=None, move_type="out_invoice"):
        line = Command.create({"name": "Goods", "quantity": 1, "price_unit": amount, "tax_ids": False})
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": partner.id,
                "invoice_date": self.today - timedelta(days=days),
                "invoice_date_due": self.today - timedelta(days=days if due is None else due),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [line],
            }
        )
        move.action_post()
        return move

    def _deliver(self, partner, *days_late):
        for late in days_late:
            line = Command.create({"product_id": self.nut.id, "product_uom_qty": 1})
            order = self.env["sale.order"].create({"partner_id": partner.id, "order_line": [line]})
            order.action_confirm()
            picking = order.picking_ids
            picking.move_ids.write({"quantity": 1, "picked": True})
            picking.button_validate()
            done = datetime.combine(self.today - timedelta(days=20), time(12))
            picking.write({"date_done": done, "date_deadline": done - timedelta(days=late)})

    def _compute(self):
        self.value._compute_company(self.company)

    def _get_parts(self, partner):
        return {name: (points, most) for name, points, most, _reason in partner.customer_health_detail}

    # === Figures === #

    def test_all_is_well(self):
        self._invoice(self.weber, 1000, due=-30)
        self._create_deals(1, partner_id=self.weber.child_ids.id)
        self.weber._touch_contacts()
        self._compute()
        self.assertEqual((self.weber.customer_health, self.weber.customer_health_score), ("good", 100))
        self.assertEqual(self.weber.customer_health_reason, "Nothing speaks against it.")

    def test_what_is_wrong_is_said_the_worst_first(self):
        self._invoice(self.weber, 300, days=500, due=460)
        self._invoice(self.weber.child_ids, 100, days=40, due=-10)
        self._deliver(self.weber, 0, 3)
        self.weber._touch_contacts(fields.Datetime.now() - timedelta(days=70))
        self._compute()
        # Without a rhythm of its own: 75 % overdue, half the deliveries late, twice the days of its tier, no deal.
        parts = self._get_parts(self.weber)
        self.assertEqual({name: points for name, (points, _most) in parts.items()}, dict.fromkeys(parts, 0))
        self.assertEqual(next(iter(parts)), "overdue")
        self.assertEqual(sum(most for _points, most in parts.values()), 100)
        self.assertEqual((self.weber.customer_health, self.weber.customer_health_score), ("poor", 0))
        lines = self.weber.customer_health_reason.splitlines()
        self.assertIn("Of what it owes, 75 % is overdue.", lines[0])
        self.assertTrue(any("Of its deliveries in the last twelve months, 1 of 2 came late." in line for line in lines))
        self.assertTrue(any("Nobody was in touch for 70 days; its tier asks for every 30." in line for line in lines))
        self.assertTrue(any("It bought for 67 % less" in line for line in lines))
        self.assertTrue(any("No deal or quotation is open." in line for line in lines))

    def test_it_holds_no_words_and_no_amounts(self):
        self._invoice(self.weber, 777, days=50, due=40)
        self._compute()
        detail = str(self.weber.customer_health_detail)
        self.assertNotIn("777", detail)
        self.assertNotIn("owes", detail)
        self.env["res.lang"]._activate_lang("fr_FR")
        self.weber.with_context(lang="fr_FR").customer_health_reason  # noqa: B018

    def test_overdue_is_that_of_independent_sql(self):
        self._invoice(self.weber, 1000, days=50, due=20)
        self._invoice(self.weber, 3000, days=50, due=-20)
        self._invoice(self.weber, 200, days=30, due=10, move_type="out_refund")
        self._compute()
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT sum(line.amount_residual) FILTER (WHERE line.date_maturity < %s) * 100 / sum(line.amount_residual)
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
             WHERE account.account_type = 'asset_receivable' AND line.parent_state = 'posted' AND line.partner_id = %s
            """,
            [self.today, self.weber.id],
        )
        [percent] = self.env.cr.fetchone()
        parts = {name: reason for name, _points, _most, reason in self.weber.customer_health_detail}
        self.assertEqual(parts["overdue"]["percent"], round(float(percent), 1))

    def test_an_open_quotation_is_something_that_runs(self):
        self._invoice(self.weber, 10)
        self.env["sale.order"].create({"partner_id": self.weber.child_ids.id})
        self._compute()
        self.assertNotIn("deals", self._get_parts(self.weber))

    def test_who_buys_nothing_has_none(self):
        invoice = self._invoice(self.weber, 10)
        self._compute()
        self.assertTrue(self.weber.customer_health)
        self.assertFalse(self.smith.customer_health_reason)
        invoice.button_cancel()
        self._compute()
        self.assertFalse(self.weber.customer_health or self.weber.customer_health_detail)

    def test_quiet_night_writes_nothing(self):
        self._invoice(self.weber, 10, days=50, due=40)
        self.weber._touch_contacts(fields.Datetime.now() - timedelta(days=100))
        self.assertTrue(self.value._compute_company(self.company))
        self.assertFalse(self.value._compute_company(self.company))

    # === Access === #

    def test_only_colleagues_read_it(self):
        self._invoice(self.weber, 10)
        self._compute()
        self.assertTrue(self.weber.with_user(self.salesperson).customer_health_reason)
        for name in ("customer_health", "customer_health_reason", "next_action"):
            with self.assertRaises(AccessError), mute_logger("odoo.models"):
                self.weber.with_user(self.users_by_role["portal"]).read([name])
