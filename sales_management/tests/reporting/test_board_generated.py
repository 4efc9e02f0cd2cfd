"""Every figure of the sales and target boards on generated data, against SQL over core's own tables.

Two companies in two zones and currencies; dates lie about the ends of a month, an hour this side and that.
"""

from datetime import date, datetime, timedelta
from random import Random

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.sales_management.tests.common import DealDocumentCommon

ZONES = ("America/Los_Angeles", "Asia/Shanghai")
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
IN_MARCH = "BETWEEN '2026-03-01' AND '2026-03-31'"
#: Moments at which it is another day here than there, and some that are in March everywhere.
MOMENTS = [datetime(2026, month, day, hour) for month, day in ((2, 28), (3, 1), (3, 31), (4, 1)) for hour in (3, 9, 20)]
MOMENTS += [datetime(2026, 3, day, 12) for day in (5, 11, 18, 26)]

ORDERED_ON = "(sale.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date"
ORDERS = f"""
    FROM sale_order sale
    JOIN res_partner partner ON partner.id = sale.partner_id
   WHERE sale.state = 'sale' AND sale.company_id = %(company)s AND {ORDERED_ON} {IN_MARCH}
"""
#: Line by line, as Odoo's own Sales Analysis: an order whose tax is rounded as a whole may differ from them by a cent.
LINES = ORDERS.replace("WHERE", "JOIN sale_order_line line ON line.order_id = sale.id WHERE")
INVOICES = f"""
    FROM account_move move
    JOIN res_partner partner ON partner.id = move.commercial_partner_id
   WHERE move.state = 'posted' AND move.move_type IN ('out_invoice', 'out_refund')
     AND move.company_id = %(company)s AND move.invoice_date {IN_MARCH}
"""
#: What is matched with an invoice is on the later day of both; the rest on that of the payment.
MONEY = f"""
    FROM (
         SELECT GREATEST(paid.date, invoice.invoice_date) AS date, partial.amount, paid.company_id
           FROM account_partial_reconcile partial
           JOIN account_move_line paid ON paid.id = partial.credit_move_id
           JOIN account_move_line due ON due.id = partial.debit_move_id
           JOIN account_move invoice ON invoice.id = due.move_id
           JOIN account_journal journal ON journal.id = paid.journal_id AND journal.type IN ('bank', 'cash', 'credit')
      UNION ALL
         SELECT paid.date, -paid.amount_residual, paid.company_id
           FROM account_move_line paid
           JOIN account_account account ON account.id = paid.account_id AND account.account_type = 'asset_receivable'
           JOIN account_journal journal ON journal.id = paid.journal_id AND journal.type IN ('bank', 'cash', 'credit')
          WHERE paid.parent_state = 'posted'
         ) money
   WHERE money.company_id = %(company)s AND money.date {IN_MARCH}
"""
CLOSED = f"""
    FROM crm_lead lead
   WHERE lead.company_id = %(company)s AND lead.type = 'opportunity' AND lead.won_status IN ('won', 'lost')
     AND (lead.date_closed AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date {IN_MARCH}
"""
SENT = f"""
    FROM sale_order sale
    LEFT JOIN crm_lead lead ON lead.id = sale.opportunity_id
   WHERE sale.company_id = %(company)s AND sale.handed_over_at IS NOT NULL
     AND (sale.handed_over_at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date {IN_MARCH}
"""
RATE = "sale.currency_rate"
#: By what is read: metric, aggregate, the same in SQL.
RESULTS = [
    ("ordered", "amount_untaxed", f"SELECT sum(line.price_subtotal / {RATE}) {LINES}"),
    ("ordered", "amount_total", f"SELECT sum(line.price_total / {RATE}) {LINES}"),
    ("ordered", "margin", f"SELECT sum(line.margin / {RATE}) {LINES}"),
    ("ordered", "quantity", f"SELECT sum(line.product_uom_qty) {LINES}"),
    ("invoiced", "amount_untaxed", f"SELECT sum(move.amount_untaxed_signed) {INVOICES}"),
    ("invoiced", "amount_total", f"SELECT sum(move.amount_total_signed) {INVOICES}"),
    ("collected", "amount_total", f"SELECT sum(money.amount) {MONEY}"),
    ("won_deals", "amount", f"SELECT count(*) {CLOSED} AND lead.won_status = 'won'"),
    (
        "new_customers",
        "amount",
        "SELECT count(*) FROM (SELECT partner.commercial_partner_id, min(sale.date_order) AS date_order "
        "FROM sale_order sale JOIN res_partner partner ON partner.id = sale.partner_id "
        f"WHERE sale.state = 'sale' AND sale.company_id = %(company)s GROUP BY 1) sale WHERE {ORDERED_ON} {IN_MARCH}",
    ),
    (
        "invoiced",
        "head_amount_untaxed",
        f"SELECT sum(move.amount_untaxed_signed) / count(DISTINCT move.invoice_user_id) {INVOICES}",
    ),
]
#: By column of the results, what the tables, maps and charts of the board group by.
ORDERED_BY = f"sum(line.price_subtotal / {RATE}) {LINES} GROUP BY 1"
GROUPED = [
    ("ordered", "partner_id", f"SELECT partner.commercial_partner_id, {ORDERED_BY}"),
    ("ordered", "country_id", f"SELECT partner.country_id, {ORDERED_BY}"),
    ("ordered", "state_id", f"SELECT partner.state_id, {ORDERED_BY}"),
    ("ordered", "industry_id", f"SELECT partner.industry_id, {ORDERED_BY}"),
    ("ordered", "user_id", f"SELECT sale.user_id, {ORDERED_BY}"),
    ("ordered", "date:day", f"SELECT {ORDERED_ON}, {ORDERED_BY}"),
    ("ordered", "product_id", f"SELECT line.product_id, {ORDERED_BY}"),
    ("invoiced", "user_id", f"SELECT move.invoice_user_id, sum(move.amount_untaxed_signed) {INVOICES} GROUP BY 1"),
]
RATES = [
    ("sales.deal.report", "closed_on", "win_rate:avg", f"SELECT 100.0 * avg((lead.won_status = 'won')::int) {CLOSED}"),
    (
        "sales.quotation.report",
        "sent_at",
        "confirmation_rate:avg",
        "SELECT 100.0 * avg((sale.state = 'sale')::int) "
        f"{SENT} AND (sale.state IN ('sale', 'cancel') OR lead.won_status = 'lost')",
    ),
    (
        "sales.quotation.report",
        "sent_at",
        "median_turnaround_hours:avg",
        "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY greatest(EXTRACT(EPOCH FROM sale.handed_over_at "
        "- COALESCE(lead.deal_opened_on, lead.create_date, sale.create_date)) / 3600, 0)) "
        f"{SENT} AND (lead.id IS NULL OR sale.id = (SELECT id FROM sale_order other "
        "WHERE other.opportunity_id = lead.id AND other.handed_over_at IS NOT NULL "
        "ORDER BY other.handed_over_at, other.id LIMIT 1))",
    ),
]


@tagged("post_install", "-at_install", "reporting")
class TestBoardGenerated(DealDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = Random(20260323)
        cls.company = cls.env.company
        cls.euro = cls.setup_other_currency("EUR", rates=[("2020-01-01", 0.8)])
        cls.other = cls.setup_other_company(name="Second", currency_id=cls.euro.id)["company"]
        cls.companies = cls.company | cls.other
        cls.companies.write({"sales_reporting_enabled": True, "sales_target_enabled": True, "sales_month_start": 1})
        for company, zone in zip(cls.companies, ZONES, strict=True):
            company.partner_id.tz = zone
        cls.env.user.company_ids |= cls.other
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.companies.ids})
        cls.people = cls.salesperson | cls.member | cls.manager
        cls.people.sudo().company_ids |= cls.other
        cls.abroad = {
            company: cls.env["product.pricelist"].create(
                {"name": "Abroad", "company_id": False, "currency_id": foreign.currency_id.id}
            )
            for company, foreign in ((cls.company, cls.other), (cls.other, cls.company))
        }
        cls.nut = cls.env["product.product"].create({"name": "Nut", "type": "consu", "invoice_policy": "order"})
        states = cls.env["res.country.state"].search([("country_id.code", "=", "CN")], limit=3)
        industries = cls.env["res.partner.industry"].search([], limit=2)
        cls.buyers = cls.env["res.partner"].create(
            [
                {
                    "name": f"Buyer {number}",
                    "country_id": state.country_id.id,
                    "state_id": state.id,
                    "industry_id": cls.random.choice(industries).id,
                }
                for number, state in enumerate([*states, *states, *states])
            ]
        )
        for company in cls.companies:
            cls._generate(company)
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _generate(cls, company):
        """Deals, quotations, orders, invoices, refunds and payments about the ends of March."""
        env = cls.env(context={**cls.env.context, "allowed_company_ids": [company.id]})
        tax = env["account.tax"].create({"name": "13 %", "amount": 13, "company_id": company.id})
        for product, price in ((cls.bolt, 100), (cls.nut, 7)):
            product.with_env(env).write({"list_price": price, "standard_price": price / 2})
        for _number in range(26):
            user = cls.random.choice(cls.people)
            deal = cls._close_deal(env, company, user) if cls.random.random() < 0.6 else env["crm.lead"]
            cls._sell(env, company, user, deal, tax)

    @classmethod
    def _close_deal(cls, env, company, user):
        deal = env["crm.lead"].create(
            {
                "name": "Deal",
                "type": "opportunity",
                "company_id": company.id,
                "team_id": cls.team.id,
                "user_id": user.id,
                "partner_id": cls.random.choice(cls.buyers).id,
            }
        )
        outcome = cls.random.choice(["won", "lost", "open"])
        if outcome != "open":
            deal.action_set_won() if outcome == "won" else deal.action_set_lost()
        env.flush_all()
        opened = datetime(2026, 2, 20) + timedelta(hours=cls.random.randint(0, 500))
        closed = cls.random.choice(MOMENTS) if outcome != "open" else None
        query = "UPDATE crm_lead SET create_date = %s, deal_opened_on = NULL, date_closed = %s WHERE id = %s"
        env.cr.execute(query, [opened, closed, deal.id])
        deal.invalidate_recordset()
        return deal

    @classmethod
    def _sell(cls, env, company, user, deal, tax):
        lines = [
            Command.create(
                {
                    "product_id": cls.random.choice([cls.bolt, cls.nut]).id,
                    "product_uom_qty": cls.random.randint(1, 9),
                    "discount": cls.random.choice([0, 0, 12.5]),
                    "tax_ids": [Command.set(tax.ids)],
                }
            )
            for _line in range(cls.random.randint(1, 3))
        ]
        abroad = {"pricelist_id": cls.abroad[company].id} if cls.random.random() < 0.4 else {}
        order = env["sale.order"].create(
            {
                "partner_id": cls.random.choice(cls.buyers).id,
                "company_id": company.id,
                "user_id": user.id,
                "team_id": cls.team.id,
                "opportunity_id": deal.id,
                "order_line": lines,
                "date_order": "2026-02-25 12:00:00",
                **abroad,
            }
        )
        outcome = cls.random.choice(["sale", "sale", "sale", "draft", "cancel"])
        if outcome == "sale":
            order.action_confirm()
            order.date_order = cls.random.choice(MOMENTS)
            if cls.random.random() < 0.8:
                cls._invoice(env, order)
        elif outcome == "cancel":
            order._action_cancel()
        env.flush_all()
        if cls.random.random() < 0.7:
            made = datetime(2026, 2, 21) + timedelta(hours=cls.random.randint(0, 200))
            query = "UPDATE sale_order SET create_date = %s, handed_over_at = %s WHERE id = %s"
            env.cr.execute(query, [made, cls.random.choice(MOMENTS), order.id])
            order.invalidate_recordset()

    @classmethod
    def _invoice(cls, env, order):
        days = [date(2026, 2, 28), FIRST, date(2026, 3, 14), LAST, LAST, date(2026, 4, 1)]
        invoice = order._create_invoices()
        invoice.invoice_date = cls.random.choice(days)
        invoice.action_post()
        if cls.random.random() < 0.8:
            context = {"active_model": "account.move", "active_ids": invoice.ids}
            register = env["account.payment.register"].with_context(**context)
            values = {"payment_date": cls.random.choice(days)}
            if cls.random.random() < 0.5:
                values["amount"] = round(invoice.amount_total / 3, 2)
            register.create(values)._create_payments()
        if cls.random.random() < 0.3:
            refund = invoice._reverse_moves([{"invoice_date": cls.random.choice(days)}])
            refund.invoice_line_ids[0].quantity = 1
            refund.action_post()

    def _ask(self, query, company, zone):
        self.env.cr.execute(query, {"company": company.id, "zone": zone})
        return self.env.cr.fetchall()

    def _each(self):
        return zip(self.companies, ZONES, strict=True)

    def _read(self, model, domain, groups, aggregates):
        return self.env[model].sudo()._read_group(domain, groups, aggregates)

    def _get_march(self, company, metric):
        return [("metric", "=", metric), ("company_id", "=", company.id), ("date", ">=", FIRST), ("date", "<=", LAST)]

    # === Figures === #

    def test_figures_of_the_results(self):
        for company, zone in self._each():
            for metric, column, query in RESULTS:
                with self.subTest(company=company.name, metric=metric, column=column):
                    [(wanted,)] = self._ask(query, company, zone)
                    aggregate = f"{column}:{self.env['sales.result']._fields[column].aggregator}"
                    results = self.env["sales.result"].with_company(company).sudo()
                    [(found,)] = results._read_group(self._get_march(company, metric), [], [aggregate])
                    self.assertTrue(wanted, "There is something to be counted.")
                    self.assertAlmostEqual(float(found), float(wanted), 2)

    def test_groups_of_the_results(self):
        for company, zone in self._each():
            for metric, group, query in GROUPED:
                with self.subTest(company=company.name, metric=metric, group=group):
                    wanted = {key: round(float(value), 2) for key, value in self._ask(query, company, zone)}
                    rows = self._read("sales.result", self._get_march(company, metric), [group], ["amount_untaxed:sum"])
                    found = {getattr(key, "id", key) or None: round(float(value), 2) for key, value in rows}
                    self.assertEqual(found.keys(), wanted.keys())
                    for key, value in wanted.items():
                        self.assertAlmostEqual(found[key], value, 1)

    def test_rates_and_medians(self):
        for company, zone in self._each():
            for model, column, aggregate, query in RATES:
                with self.subTest(company=company.name, figure=aggregate):
                    [(wanted,)] = self._ask(query, company, zone)
                    begin, end = self.env.execute_query(
                        SQL(
                            "SELECT (%s::timestamp AT TIME ZONE %s) AT TIME ZONE 'UTC', "
                            "(%s::timestamp AT TIME ZONE %s) AT TIME ZONE 'UTC'",
                            FIRST, zone, LAST + timedelta(days=1), zone,
                        )
                    )[0]  # fmt: skip
                    domain = [("company_id", "=", company.id), (column, ">=", begin), (column, "<", end)]
                    [(found,)] = self._read(model, domain, [], [aggregate])
                    self.assertIsNotNone(wanted)
                    self.assertAlmostEqual(float(found), float(wanted), 4)

    def test_two_companies_are_added_up_in_one_currency(self):
        wanted = sum(
            float(self._ask(RESULTS[0][2], company, zone)[0][0]) * (1 if company == self.company else 1 / 0.8)
            for company, zone in self._each()
        )
        domain = [("metric", "=", "ordered"), ("date", ">=", FIRST), ("date", "<=", LAST)]
        domain.append(("company_id", "in", self.companies.ids))
        [(found,)] = self._read("sales.result", domain, [], ["amount_untaxed:sum_currency"])
        self.assertAlmostEqual(float(found), wanted, 2)

    def test_targets_against_results(self):
        for company, zone in self._each():
            [(ordered,)] = self._ask(RESULTS[0][2], company, zone)
            values = {"metric": "ordered", "date_from": FIRST, "company_id": company.id}
            target = self.env["sales.target"].create({**values, "amount": 5000})
            own = self.env["sales.target"].create(
                {**values, "amount": 700, "parent_id": target.id, "user_id": self.salesperson.id}
            )
            query = f"{RESULTS[0][2]} AND sale.user_id = {self.salesperson.id}"
            [(mine,)] = self._ask(query, company, zone)
            for found, amount, actual in ((target, 5000, ordered), (own, 700, mine)):
                aggregates = ["target_amount:sum", "actual:sum", "gap:sum", "attainment:avg"]
                [row] = self._read("sales.target.report", [("target_id", "=", found.id)], [], aggregates)
                actual = float(actual or 0)
                for read, wanted in zip(row, (amount, actual, amount - actual, 100 * actual / amount), strict=True):
                    self.assertAlmostEqual(float(read), wanted, delta=0.01)
