"""Every alert against SQL over core's tables: two companies, two currencies, three time zones, months from the 15th."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from random import Random

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.sales_management.tests.reporting.alert_common import AlertCommon

ORDERS = """
    SELECT (sale.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date AS day, sale.team_id AS team,
           line.product_id AS product, template.categ_id AS category, customer.country_id AS country,
           customer.state_id AS state, %(amount)s AS amount
      FROM sale_order_line line
      JOIN sale_order sale ON sale.id = line.order_id
      JOIN product_product product ON product.id = line.product_id
      JOIN product_template template ON template.id = product.product_tmpl_id
      JOIN res_partner partner ON partner.id = sale.partner_id
      JOIN res_partner customer ON customer.id = partner.commercial_partner_id
     WHERE sale.state = 'sale' AND sale.company_id = %(company)s
"""
CUSTOMERS = """
    SELECT DISTINCT ON (customer.id)
           (sale.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date AS day, sale.team_id AS team,
           NULL AS product, NULL AS category, customer.country_id AS country, customer.state_id AS state, 1 AS amount
      FROM sale_order sale
      JOIN res_partner partner ON partner.id = sale.partner_id
      JOIN res_partner customer ON customer.id = partner.commercial_partner_id
     WHERE sale.state = 'sale' AND sale.company_id = %(company)s
  ORDER BY customer.id, sale.date_order
"""
INVOICES = """
    SELECT invoice_date AS day, team_id AS team, NULL AS product, NULL AS category, NULL AS country, NULL AS state,
           %(amount)s AS amount
      FROM account_move
     WHERE state = 'posted' AND move_type IN ('out_invoice', 'out_refund') AND company_id = %(company)s
"""
PAYMENTS = """
    SELECT payment.date AS day, move.team_id AS team, NULL AS product, NULL AS category, NULL AS country,
           NULL AS state, %(amount)s AS amount
      FROM account_payment payment
      JOIN account_move entry ON entry.id = payment.move_id
      JOIN account_move__account_payment link ON link.payment_id = payment.id
      JOIN account_move move ON move.id = link.invoice_id
     WHERE payment.company_id = %(company)s AND payment.state IN ('in_process', 'paid')
"""
#: Days after the first of a month, and hours, of orders: each edge of a month by one clock or another.
EDGES = ((-1, 22), (0, 3), (1, 12), (13, 12), (13, 22), (14, 3))
SUBJECTS = ("company", "team", "product", "category", "country", "state")
#: What each statement says of each subject, as the docs have it.
FIGURES = {
    "ordered": SUBJECTS,
    "margin": ("company", "team", "product", "category"),
    "invoiced": ("company", "team"),
    "collected": ("company", "team"),
    "new_customers": ("company", "team", "country", "state"),
}


@tagged("post_install", "-at_install", "reporting")
class TestTrendAlertFigures(AlertCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = Random(7)
        cls.company.write({"sales_alert_threshold": 5, "sales_alert_minimum": 0})
        cls.euro = cls.setup_other_currency("EUR", rates=[("2020-01-01", 0.8)])
        cls.pricelist = cls.env["product.pricelist"].create({"name": "Euro", "currency_id": cls.euro.id})
        china = cls.env.ref("base.cn")
        states = cls.env["res.country.state"].search([("country_id", "=", china.id)], limit=2)
        cls.customers = cls.customer | cls.env["res.partner"].create(
            [
                {"name": "North", "country_id": china.id, "state_id": states[0].id},
                {"name": "South", "country_id": china.id, "state_id": states[1].id},
                {"name": "Abroad", "country_id": cls.env.ref("base.de").id},
            ]
        )
        for month in range(1, 7):
            for day, hour in EDGES:
                cls._sell_at_random(datetime(2026, month, 1, hour) + timedelta(days=day))
        cls.env.flush_all()

    @classmethod
    def _sell_at_random(cls, moment):
        """An order of a customer, a new one now and then, that is invoiced and paid now and then."""
        chance = cls.random
        customer = chance.choice(cls.customers)
        if chance.random() < 0.4:
            region = {"country_id": customer.country_id.id, "state_id": customer.state_id.id}
            customer = cls.env["res.partner"].create({"name": f"New {moment}", **region})
        lines = [
            Command.create({"product_id": product.id, "product_uom_qty": chance.randint(1, 9)})
            for product in (cls.bolt, cls.nut)
            if chance.random() < 0.7
        ] or [Command.create({"product_id": cls.nut.id})]
        abroad = {"pricelist_id": cls.pricelist.id} if chance.random() < 0.3 else {}
        order = cls._order(
            moment=moment,
            order_line=lines,
            partner_id=customer.id,
            team_id=chance.choice([cls.team.id, cls.other_team.id, False]),
            **abroad,
        )
        if chance.random() < 0.6:
            invoice = cls._invoice(order, moment.date())
            if not abroad and chance.random() < 0.7:
                cls._pay(invoice, moment.date() + timedelta(days=chance.randint(0, 20)))

    # === What SQL says === #

    def _get_statements(self, company, tax):
        incl = tax == "included"
        line, move = ("price_total", "amount_total_signed") if incl else ("price_subtotal", "amount_untaxed_signed")
        paid = "" if incl else " * move.amount_untaxed_signed / move.amount_total_signed"
        return {
            "ordered": (ORDERS, f"line.{line} / sale.currency_rate"),
            "margin": (ORDERS, "line.margin / sale.currency_rate"),
            "invoiced": (INVOICES, move),
            "collected": (PAYMENTS, f"entry.amount_total{paid}"),
            "new_customers": (CUSTOMERS, ""),
        }

    def _ask_figures(self, company, zone, tax, month_start):
        """Sums of each subject in each of the last four months, the latest first."""
        sums = defaultdict(lambda: [0.0] * 4)
        for metric, (query, amount) in self._get_statements(company, tax).items():
            rows = self.env.execute_query_dict(SQL(query, zone=zone, company=company.id, amount=SQL(amount)))
            for row in rows:
                place = self._get_place(row["day"], month_start)
                for subject in FIGURES[metric]:
                    key = row.get(subject) if subject != "company" else False
                    if place in range(4) and key is not None:
                        sums[metric, subject, key][place] += float(row["amount"])
        return sums

    @staticmethod
    def _get_place(day, month_start):
        """How many months before the last whole one, on 9 June, a day is."""
        months = day.year * 12 + day.month - (day.day < month_start)
        return 2026 * 12 + (5 if month_start == 1 else 4) - months

    def _ask_alerts(self, company, zone, tax, month_start):
        sums = self._ask_figures(company, zone, tax, month_start)
        begun = {
            metric for metric, subject, _key in sums if subject == "company" and any(sums[metric, subject, _key][1:])
        }
        expected = {}
        for (metric, subject, key), (value, *before) in sums.items():
            mean = sum(before) / 3
            least = 2 if metric == "new_customers" else 0
            apart = abs(value - mean)
            if metric in begun and apart > 0.001 and apart >= least and 20 * apart >= abs(mean):
                expected[metric, subject, key] = (round(value, 2), round(mean, 2))
        return expected

    # === The tests === #

    def _check(self, company, zone, tax="excluded", month_start=1):
        company.partner_id.tz = zone
        company.write({"sales_amount_tax": tax, "sales_month_start": month_start})
        self.env.invalidate_all()
        alerts = self._watch(company)
        found = {alert._get_key(): (round(alert.value, 2), round(alert.mean, 2)) for alert in alerts}
        expected = self._ask_alerts(company, zone, tax, month_start)
        self.assertEqual(found.keys(), expected.keys(), (company.name, zone, tax, month_start))
        for key, amounts in expected.items():
            for one, other in zip(found[key], amounts, strict=True):
                self.assertAlmostEqual(one, other, delta=0.011, msg=f"{key} {zone} {tax} {month_start}")
        for alert in alerts.filtered(lambda alert: alert.mean > 0):
            self.assertAlmostEqual(alert.deviation, 100 * (alert.value / alert.mean - 1), delta=0.06)
        return found

    def test_they_are_those_of_core_in_every_zone_and_with_both_taxes(self):
        seen = [
            self._check(self.company, zone, tax)
            for zone in ("UTC", "Asia/Shanghai", "America/Los_Angeles")
            for tax in ("excluded", "included")
        ]
        self.assertEqual({metric for metric, _subject, _id in seen[0]}, set(FIGURES))
        self.assertEqual({subject for _metric, subject, _id in seen[0]}, set(SUBJECTS))
        # The zone and the tax decide: the six differ.
        self.assertEqual(len({tuple(sorted(map(str, found.items()))) for found in seen}), 6)

    def test_they_are_those_of_core_where_a_month_begins_on_the_15th(self):
        seen = [self._check(self.company, zone, month_start=15) for zone in ("UTC", "Asia/Shanghai")]
        self.assertNotEqual(*seen)
        dates = self.alerts.search([("company_id", "=", self.company.id)]).mapped("date_from")
        self.assertEqual(set(dates), {date(2026, 4, 15)})

    def test_each_company_has_its_own_in_its_currency_and_by_its_clock(self):
        other = self.setup_other_company(name="Second", currency_id=self.euro.id)["company"]
        other.write({"sales_reporting_enabled": True, "sales_alert_threshold": 5, "sales_alert_minimum": 0})
        taken = self.env["sale.order"].search([("company_id", "=", self.company.id)])[::2]
        # As core would have it of an order in dollars of a company in euros.
        self.env.cr.execute(
            SQL(
                "UPDATE sale_order SET company_id = %s, currency_rate = 1.25 * currency_rate WHERE id = ANY(%s)",
                other.id,
                taken.ids,
            )
        )
        self.env.invalidate_all()
        own = self._check(self.company, "Asia/Shanghai")
        others = self._check(other, "America/Los_Angeles", "included", 15)
        self.assertTrue(own and others)
        alerts = self.alerts.search([("company_id", "=", other.id)])
        self.assertEqual(alerts.currency_id, self.euro)
        sentence = self._find(alerts).sentence
        self.assertIn("€", sentence)
        self.assertIn("incl. tax", sentence)
