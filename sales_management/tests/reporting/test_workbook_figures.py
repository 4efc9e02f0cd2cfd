"""Each total of each sheet against SQL over core's tables: two companies, two currencies, two time zones."""

from datetime import date, datetime

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_management.tests.reporting.workbook_common import WorkbookCommon

#: Confirmed orders of March by the clock of the company, and their lines.
ORDERS = """
    FROM sale_order sale
   WHERE sale.state = 'sale' AND sale.company_id = %s
     AND (sale.date_order AT TIME ZONE 'UTC' AT TIME ZONE %s)::date BETWEEN '2026-03-01' AND '2026-03-31'
"""
LINES = ORDERS.replace(
    "WHERE", "JOIN sale_order_line line ON line.order_id = sale.id WHERE line.display_type IS NULL AND"
)
INVOICES = """
    FROM account_move
   WHERE state = 'posted' AND move_type IN ('out_invoice', 'out_refund') AND company_id = %s
     AND invoice_date BETWEEN '2026-03-01' AND '2026-03-31'
"""
ZONES = ("UTC", "Asia/Shanghai")


@tagged("post_install", "-at_install", "reporting")
class TestWorkbookFigures(WorkbookCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._sell()
        euro = cls.setup_other_currency("EUR", rates=[("2020-01-01", 0.8)])
        pricelist = cls.env["product.pricelist"].create({"name": "Euro", "currency_id": euro.id})
        abroad = {"pricelist_id": pricelist.id, "currency_id": euro.id}
        # In the evening of the last day, which in China is the first of the next month.
        order = cls._order(5, moment=datetime(2026, 3, 31, 20), **abroad)
        invoice = cls._invoice(order)
        cls._pay(invoice)
        refund = invoice._reverse_moves([{"invoice_date": date(2026, 3, 15)}])
        refund.invoice_line_ids.quantity = 2
        refund.action_post()
        cls._create_order(quantity=9, date_order=datetime(2026, 3, 31, 20), **abroad)
        cls.other = cls.setup_other_company(name="Second")["company"]
        cls.other.sales_reporting_enabled = True
        cls.manager.company_ids = [Command.link(cls.other.id)]
        other_order = cls._create_order(quantity=4, company_id=cls.other.id, date_order=datetime(2026, 3, 3))
        other_order.with_company(cls.other).action_confirm()
        other_order.date_order = datetime(2026, 3, 3)
        cls.env.flush_all()

    def _check(self, query, *args, found):
        self.assertAlmostEqual(found, self._ask(query, *args), 2, query)

    def _get_totals(self, company, codes):
        book = self._make(sheets=codes, company_id=company.id)
        self.assertEqual(book.state, "done", book.error)
        currency = company.currency_id.name
        totals = {}
        for sheet in self._open(book):
            for title, value in self._read_totals(sheet).items():
                totals[sheet.title, title.replace(f"({currency}, ", "(")] = value
        return totals

    def test_orders_in_companies_currencies_and_zones(self):
        seen = set()
        for zone in ZONES:
            (self.company | self.other).partner_id.tz = zone
            for company in (self.company, self.other):
                totals = self._get_totals(company, ["orders", "summary", "trend", "customers", "products"])
                args = (company.id, zone)
                for name in ("Orders", "Products"):
                    for tax, column in (("excl.", "amount_untaxed"), ("incl.", "amount_total")):
                        found = totals[name, f"Ordered ({tax} tax)"]
                        self._check(f"SELECT sum({column} / currency_rate) {ORDERS}", *args, found=found)
                    self._check(f"SELECT sum(product_uom_qty) {LINES}", *args, found=totals[name, "Quantity"])
                for name in ("Summary", "Over Time", "Customers", "Products", "Orders"):
                    query = f"SELECT sum(line.margin / sale.currency_rate) {LINES}"
                    self._check(query, *args, found=totals[name, "Margin (excl. tax)"])
                    query = f"SELECT sum(amount_untaxed / currency_rate) {ORDERS}"
                    self._check(query, *args, found=totals[name, "Ordered (excl. tax)"])
                    seen.add(totals[name, "Ordered (excl. tax)"])
        self.assertEqual(len(seen), 3, "The zone decides of one company's, and the companies differ.")

    def test_invoices_and_money_in_companies_and_currencies(self):
        for company in (self.company, self.other):
            totals = self._get_totals(company, ["invoices", "payments", "summary", "trend", "customers"])
            for tax, column in (("excl.", "amount_untaxed_signed"), ("incl.", "amount_total_signed")):
                found = totals["Invoices", f"Invoiced ({tax} tax)"]
                self._check(f"SELECT sum({column}) {INVOICES}", company.id, found=found)
            self._check(
                "SELECT -sum(line.balance) FROM account_move_line line "
                "JOIN account_account account ON account.id = line.account_id "
                "JOIN account_journal journal ON journal.id = line.journal_id "
                "WHERE account.account_type = 'asset_receivable' AND journal.type IN ('bank', 'cash', 'credit') "
                "AND line.parent_state = 'posted' AND line.company_id = %s "
                "AND line.date BETWEEN '2026-03-01' AND '2026-03-31'",
                company.id,
                found=totals["Payments", "Collected (incl. tax)"],
            )
            for name in ("Summary", "Over Time", "Customers"):
                for metric, sheet in (("Invoiced", "Invoices"), ("Collected", "Payments")):
                    self.assertAlmostEqual(
                        totals[name, f"{metric} (excl. tax)"], totals[sheet, f"{metric} (excl. tax)"], 2, name
                    )

    def test_quotations_deals_and_counts(self):
        deal = self._create_deals(expected_revenue=700, company_id=self.company.id, partner_id=self.customer.id)
        deal.action_set_won()
        self.env.flush_all()
        closed = "UPDATE crm_lead SET create_date = '2026-03-31 20:00', date_closed = '2026-03-31 20:00' WHERE id = %s"
        self.env.cr.execute(closed, deal.ids)
        self.env.invalidate_all()
        for zone in ZONES:
            self.company.partner_id.tz = zone
            totals = self._get_totals(self.company, ["quotations", "deals", "summary"])
            args = (self.company.id, zone)
            drafts = ORDERS.replace("sale.state = 'sale' AND", "")
            for tax, column in (("excl.", "amount_untaxed"), ("incl.", "amount_total")):
                found = totals["Quotations", f"Amount ({tax} tax)"]
                self._check(f"SELECT sum({column} / currency_rate) {drafts}", *args, found=found)
            won = (
                "FROM crm_lead WHERE won_status = 'won' AND company_id = %s "
                "AND (date_closed AT TIME ZONE 'UTC' AT TIME ZONE %s)::date BETWEEN '2026-03-01' AND '2026-03-31'"
            )
            self._check(f"SELECT count(*) {won}", *args, found=totals["Summary", "Won Deals"])
            self._check(
                f"SELECT sum(expected_revenue) {won}", *args, found=totals["Deals", "Expected Revenue (excl. tax)"]
            )
            self._check(
                "SELECT count(*) FROM (SELECT partner.commercial_partner_id, min(date_order) AS first "
                "FROM sale_order sale JOIN res_partner partner ON partner.id = sale.partner_id "
                "WHERE state = 'sale' AND sale.company_id = %s GROUP BY 1) buyer "
                "WHERE (first AT TIME ZONE 'UTC' AT TIME ZONE %s)::date BETWEEN '2026-03-01' AND '2026-03-31'",
                *args,
                found=totals["Summary", "New Customers"],
            )
