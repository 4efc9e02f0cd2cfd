"""What was reached, line by line, against core's own tables: companies, currencies, zones, shared credit, roles."""

from datetime import date, datetime

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.sales_management.tests.common import DealDocumentCommon

DAY = date(2026, 3, 31)


@tagged("post_install", "-at_install", "target")
class TestResult(DealDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.sales_target_enabled = True
        cls.company.partner_id.tz = "UTC"
        cls.result = cls.env["sales.result"]
        cls.euro = cls.setup_other_currency("EUR", rates=[("2020-01-01", 0.8)])
        cls.tax = cls.env["account.tax"].create({"name": "13 %", "amount": 13, "company_id": cls.company.id})
        cls.bolt.write({"list_price": 100, "standard_price": 60, "taxes_id": [Command.set(cls.tax.ids)]})
        cls.pricelist = cls.env["product.pricelist"].create({"name": "Euro", "currency_id": cls.euro.id})

    def _order(self, quantity=1, moment=datetime(2026, 3, 31, 12), deal=None, **values):
        values = {"user_id": self.salesperson.id, "team_id": self.team.id, **values}
        order = self._confirm_order(deal, quantity=quantity, **values)
        order.date_order = moment
        return order

    def _invoice(self, order, day=DAY):
        invoice = order._create_invoices()
        invoice.invoice_date = day
        invoice.action_post()
        return invoice

    def _pay(self, invoices, amount=None, day=DAY, **values):
        context = {"active_model": "account.move", "active_ids": invoices.ids}
        values = {"payment_date": day, **({"amount": amount} if amount else {}), **values}
        return self.env["account.payment.register"].with_context(**context).create(values)._create_payments()

    def _sum(self, metric, field="amount_untaxed", company=None, **domain):
        rows = self.result.sudo()._read_group(
            [("metric", "=", metric), ("company_id", "=", (company or self.company).id)]
            + [(name, "=", value) for name, value in domain.items()],
            aggregates=[f"{field}:sum"],
        )
        return round(rows[0][0] or 0, 2)

    def _ask(self, query, *args):
        self.env.flush_all()
        [(value,)] = self.env.execute_query(SQL(query, *args))
        return round(float(value or 0), 2)

    # === Orders === #

    def test_orders_count_in_company_currency_at_their_own_rate(self):
        self._order(2)
        self._order(5, pricelist_id=self.pricelist.id, currency_id=self.euro.id)
        self._create_order(quantity=7)
        expected = self._ask(
            "SELECT sum(amount_untaxed / currency_rate) FROM sale_order WHERE state = 'sale' AND company_id = %s",
            self.company.id,
        )
        self.assertEqual(self._sum("ordered"), expected)
        self.assertEqual(self._sum("ordered"), 700)
        self.assertEqual(self._sum("ordered", "amount_total"), 791)
        self.assertEqual(self._sum("margin"), 280)
        self.assertEqual(self._sum("ordered", "quantity"), 7)

    def test_amounts_follow_the_company(self):
        self._order(2)
        self.assertEqual(self._sum("ordered", "amount"), 200)
        self.company.sales_amount_tax = "included"
        self.assertEqual(self._sum("ordered", "amount"), 226)
        self.assertEqual(self.company._get_amount_tax_label(), "incl. tax")

    def test_a_day_is_one_of_the_company(self):
        late = datetime(2026, 3, 31, 20)
        self._order(moment=late)
        self.assertEqual(self._sum("ordered", date=DAY), 100)
        self.company.partner_id.tz = "Asia/Shanghai"
        self.env.invalidate_all()
        self.assertEqual(self._sum("ordered", date=DAY), 0)
        self.assertEqual(self._sum("ordered", date=date(2026, 4, 1)), 100)
        self.company.partner_id.tz = "America/New_York"
        self.assertEqual(self._sum("ordered", date=DAY), 100)

    def test_down_payments_are_no_orders(self):
        order = self._order(4)
        wizard = self.env["sale.advance.payment.inv"].with_context(active_ids=order.ids, active_model="sale.order")
        wizard.create({"advance_payment_method": "percentage", "amount": 30}).create_invoices()
        order.invoice_ids.action_post()
        self.assertEqual(self._sum("ordered"), 400)
        self.assertEqual(self._sum("invoiced"), 120)

    def test_a_customer_is_new_once_in_each_company(self):
        before = self._sum("new_customers")
        contact = self.env["res.partner"].create({"name": "Anna", "parent_id": self.customer.id})
        self._order(moment=datetime(2026, 3, 5), partner_id=contact.id)
        self._order(moment=datetime(2026, 3, 9))
        self.assertEqual(self._sum("new_customers") - before, 1)
        self.assertEqual(self._sum("new_customers", partner_id=self.customer.id, date=date(2026, 3, 5)), 1)

    # === Invoices === #

    def test_invoices_count_less_credit_notes_with_tax_and_without(self):
        invoice = self._invoice(self._order(3))
        self._invoice(self._order(5, pricelist_id=self.pricelist.id, currency_id=self.euro.id))
        refund = invoice._reverse_moves([{"invoice_date": DAY}])
        refund.invoice_line_ids.quantity = 1
        refund.action_post()
        self._order(1)._create_invoices()
        for field, column in (("amount_untaxed", "amount_untaxed_signed"), ("amount_total", "amount_total_signed")):
            expected = self._ask(
                "SELECT sum(%s) FROM account_move WHERE state = 'posted' AND company_id = %s "
                "AND move_type IN ('out_invoice', 'out_refund')",
                SQL.identifier(column),
                self.company.id,
            )
            self.assertEqual(self._sum("invoiced", field), expected, field)
        self.assertEqual(self._sum("invoiced"), 700)
        self.assertEqual(self._sum("invoiced", "quantity"), 7)

    def test_tax_stays_with_the_lines_that_have_it(self):
        service = self.env["product.product"].create({"name": "Fitting", "type": "service", "list_price": 100})
        service.taxes_id = self.env["account.tax"].create({"name": "6 %", "amount": 6, "company_id": self.company.id})
        order = self._order(1)
        order.order_line = [Command.create({"product_id": service.id, "product_uom_qty": 1, "qty_delivered": 1})]
        self._invoice(order)
        self.assertEqual(self._sum("invoiced", "amount_total", product_id=self.bolt.id), 113)
        self.assertEqual(self._sum("invoiced", "amount_total", product_id=service.id), 106)

    def test_an_invoice_that_was_counted_later_counts_then(self):
        invoice = self._invoice(self._order(1))
        invoice.sales_counted_on = date(2026, 4, 2)
        self.assertEqual(self._sum("invoiced", date=DAY), 0)
        self.assertEqual(self._sum("invoiced", date=date(2026, 4, 2)), 100)

    # === Money === #

    def test_payments_count_in_part_and_by_the_untaxed_part(self):
        first, second = (self._invoice(self._order(quantity)) for quantity in (1, 3))
        self._pay(first, amount=56.5, day=date(2026, 4, 2))
        self._pay(second, day=date(2026, 4, 3))
        self.assertEqual(self._sum("collected", "amount_total"), 395.5)
        self.assertEqual(self._sum("collected"), 350)
        self.assertEqual(self._sum("collected", date=date(2026, 4, 2)), 50)
        self.assertEqual(self._sum("collected", user_id=self.salesperson.id, team_id=self.team.id), 350)
        self.assertEqual(self._sum("collected", product_id=self.bolt.id), 350)

    def test_a_payment_of_several_invoices_is_split(self):
        invoices = self._invoice(self._order(1)) | self._invoice(self._order(3, user_id=self.member.id))
        self._pay(invoices, group_payment=True)
        self.assertEqual(self._sum("collected", user_id=self.salesperson.id), 100)
        self.assertEqual(self._sum("collected", user_id=self.member.id), 300)

    def test_money_paid_in_another_currency_is_what_the_bank_has(self):
        invoice = self._invoice(self._order(5, pricelist_id=self.pricelist.id, currency_id=self.euro.id))
        self._pay(invoice)
        self.assertEqual(self._sum("collected", "amount_total"), 565)
        self.assertEqual(self._sum("collected", "amount_total"), self._get_money())

    def test_money_before_its_invoice_counts_whole_for_the_customers_salesperson(self):
        self.customer.user_id = self.member
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.customer.id,
                "payment_type": "inbound",
                "partner_type": "customer",
                "amount": 200,
                "date": date(2026, 3, 1),
            }
        )
        payment.action_post()
        self.assertEqual(self._sum("collected", user_id=self.member.id, date=date(2026, 3, 1)), 200)
        invoice = self._invoice(self._order(1))
        lines = (payment.move_id | invoice).line_ids
        lines.filtered(lambda line: line.account_id.account_type == "asset_receivable").reconcile()
        self.assertEqual(self._sum("collected", user_id=self.member.id), 87)
        self.assertEqual(self._sum("collected", user_id=self.salesperson.id, date=DAY), 100)
        self.assertEqual(self._sum("collected", "amount_total"), self._get_money())

    def test_a_credit_note_is_no_money(self):
        invoice = self._invoice(self._order(1))
        refund = invoice._reverse_moves([{"invoice_date": DAY}], cancel=True)
        self.assertEqual(invoice.payment_state, "reversed")
        self.assertEqual(self._sum("collected"), 0)
        self.assertEqual(self._sum("invoiced"), 0)
        self.assertTrue(refund)

    def _get_money(self):
        return self._ask(
            """
            SELECT -sum(line.balance)
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
              JOIN account_journal journal ON journal.id = line.journal_id
             WHERE account.account_type = 'asset_receivable' AND journal.type IN ('bank', 'cash')
               AND line.parent_state = 'posted' AND line.company_id = %s
            """,
            self.company.id,
        )

    # === Deals === #

    def test_wins_and_activities_count_by_the_day_of_the_company(self):
        deal = self._create_deals(company_id=self.company.id)
        before = self._sum("activities")
        deal.action_set_won()
        deal.date_closed = datetime(2026, 3, 31, 20)
        activity = deal.with_user(self.salesperson).activity_schedule("mail.mail_activity_data_call")
        activity.action_feedback("reached")
        self.assertEqual(self._sum("won_deals", user_id=self.salesperson.id, date=DAY), 1)
        self.assertEqual(self._sum("activities") - before, 1)
        self.company.partner_id.tz = "Asia/Shanghai"
        self.assertEqual(self._sum("won_deals", user_id=self.salesperson.id, date=DAY), 0)

    def test_a_deal_of_no_company_is_of_its_salespersons(self):
        deal = self._create_deals(company_id=False)
        deal.action_set_won()
        self.assertEqual(self._sum("won_deals", lead_id=deal.id), 1)

    # === Companies === #

    def test_companies_are_apart(self):
        other = self._create_company(name="Branch")
        self._order(1)
        self.assertEqual(self._sum("ordered", company=other), 0)
        ids = self.result.sudo().search([]).ids
        self.assertEqual(len(ids), len(set(ids)))

    # === Shared credit === #

    def test_shares_make_the_whole_to_the_cent(self):
        deal = self._create_deals()
        deal.credit_ids = [
            Command.create({"user_id": self.member.id, "share": 33.33}),
            Command.create({"user_id": self.leader.id, "share": 33.33}),
        ]
        order = self._order(3, deal=deal)
        self._pay(self._invoice(order))
        deal.action_set_won()
        for metric, whole in (("ordered", 300), ("invoiced", 300), ("collected", 300), ("margin", 120)):
            people = (self.salesperson, self.member, self.leader)
            parts = [self._sum(metric, user_id=user.id, partner_id=self.customer.id) for user in people]
            self.assertEqual(self._sum(metric, partner_id=self.customer.id), whole, metric)
            self.assertEqual(parts, [round(whole * share, 2) for share in (0.3334, 0.3333, 0.3333)], metric)
        self.assertEqual(self._sum("won_deals", lead_id=deal.id), 1)

    def test_shares_over_the_whole_are_refused_once_all_are_written(self):
        deal = self._create_deals()
        with Form(self.env["sales.deal.credit"]) as form:
            form.lead_id, form.user_id, form.share = deal, self.member, 60
        deal.credit_ids = [Command.create({"user_id": self.leader.id, "share": 60})]
        with self.assertRaisesRegex(ValidationError, "make 120 %"):
            self.env.cr.precommit.run()
        deal.credit_ids.share = 50
        self.env.cr.precommit.run()

    # === Rights === #

    def test_everybody_sees_what_is_theirs(self):
        deal = self._create_deals(user_id=self.manager.id, team_id=self.other_team.id)
        mine = self._order(1)
        shared = self._order(1, deal=deal, user_id=self.manager.id, team_id=self.other_team.id)
        seen = {
            role: self.result.with_user(user).search([("metric", "=", "ordered")]).order_id & (mine | shared)
            for role, user in self.users_by_role.items()
            if role in ("salesperson", "member", "leader", "manager")
        }
        self.assertEqual(seen, {"salesperson": mine, "member": mine, "leader": mine, "manager": mine | shared})
        deal.credit_ids = [Command.create({"user_id": self.salesperson.id, "share": 10})]
        self.env.invalidate_all()
        rows = self.result.with_user(self.salesperson).search([("order_id", "=", shared.id)])
        self.assertEqual(set(rows.mapped("user_id")), {self.salesperson})
        # What a row stands for can be read by whoever has a share of it, and is not theirs to change.
        self.assertEqual(shared.with_user(self.salesperson).name, shared.name)
        self.assertEqual(deal.with_user(self.salesperson).name, deal.name)
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            shared.with_user(self.salesperson).client_order_ref = "mine"
        for role in ("finance", "portal"):
            with self.assertRaises(AccessError), mute_logger("odoo.models"):
                self.result.with_user(self.users_by_role[role]).search([])

    def test_payments_of_nobodys_customer_are_for_leaders(self):
        self.customer.user_id = False
        self._pay(self._invoice(self._order(1, user_id=False)))
        found = {
            role: set(self.result.with_user(self.users_by_role[role]).search([]).mapped("metric"))
            for role in ("salesperson", "leader", "manager")
        }
        self.assertNotIn("collected", found["salesperson"])
        self.assertIn("ordered", found["salesperson"])
        self.assertIn("collected", found["leader"] & found["manager"])

    def test_reading_needs_no_more_than_reading(self):
        self._order(1)
        self.env.flush_all()
        self.env.cr.execute("SET TRANSACTION READ ONLY")
        self.result.with_user(self.salesperson)._read_group([], ["metric"], ["amount:sum"])
