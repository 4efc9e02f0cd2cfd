"""Products and regions beside the periods before, against core's own tables."""

from datetime import date, datetime

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.sales_management.tests.common import DealDocumentCommon

NOW = "2026-06-12 12:00:00"
MARCH, APRIL, MAY, JUNE = (date(2026, month, 1) for month in (3, 4, 5, 6))
GROWTH = ["amount_untaxed:sum", "previous_untaxed:sum", "growth_rate:avg"]


@tagged("post_install", "-at_install", "reporting")
@freeze_time(NOW)
class TestTrendReport(DealDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.write({"sales_reporting_enabled": True, "sales_month_start": 1})
        cls.company.partner_id.tz = "UTC"
        cls.bolt.write({"list_price": 100, "standard_price": 60, "taxes_id": False})
        cls.nut = cls.env["product.product"].create(
            {"name": "Nut", "type": "consu", "list_price": 100, "taxes_id": False, "invoice_policy": "order"}
        )
        cls.china = cls.env.ref("base.cn")
        cls.states = cls.env["res.country.state"].search([("country_id", "=", cls.china.id)], limit=2)
        cls.customer.write({"country_id": cls.china.id, "state_id": cls.states[0].id})
        cls.south = cls.env["res.partner"].create(
            {"name": "South", "country_id": cls.china.id, "state_id": cls.states[1].id}
        )

    def _order(self, quantity, moment, product=None, **values):
        values = {"user_id": self.salesperson.id, "team_id": self.team.id, **values}
        order = self._create_order(quantity=quantity, **values)
        if product:
            order.order_line.write({"product_id": product.id})
        order.action_confirm()
        order.date_order = moment
        return order

    def _read(self, domain, groups, aggregates, user=None):
        self.env.flush_all()
        report = self.env["sales.trend.report"]
        report = report.with_user(user) if user else report.sudo()
        domain = [("product_id", "in", (self.bolt | self.nut).ids), *domain]
        return report._read_group(domain, groups, aggregates)

    def _growth(self, start, *domain, groups=(), user=None):
        return self._read([("date", "=", start), *domain], groups, GROWTH, user)

    def test_growth_is_right_under_every_grouping(self):
        self._order(4, datetime(2026, 4, 3))
        self._order(6, datetime(2026, 4, 9), self.nut, partner_id=self.south.id, user_id=self.member.id)
        self._order(5, datetime(2026, 5, 20))
        self._order(3, datetime(2026, 5, 31, 23), self.nut, partner_id=self.south.id)
        self.assertEqual(self._growth(MAY), [(800, 1000, -20)])
        by_product = {product: rest for product, *rest in self._growth(MAY, groups=["product_id"])}
        self.assertEqual(by_product, {self.bolt: [500, 400, 25], self.nut: [300, 600, -50]})
        by_region = {state: rest for state, *rest in self._growth(MAY, groups=["state_id"])}
        self.assertEqual(by_region, {self.states[0]: [500, 400, 25], self.states[1]: [300, 600, -50]})
        by_user = {user: rest for user, *rest in self._growth(MAY, groups=["user_id"])}
        self.assertEqual(by_user, {self.salesperson: [800, 400, 100], self.member: [0, 600, -100]})
        # Nothing before April: there is no share of nothing.
        [(amount, before, rate)] = self._growth(APRIL)
        self.assertEqual((amount, before, rate), (1000, 0, False))

    def test_a_period_under_way_is_compared_with_as_many_days(self):
        self._order(4, datetime(2026, 5, 12, 23))
        self._order(9, datetime(2026, 5, 13))
        self._order(2, datetime(2025, 6, 12))
        self._order(7, datetime(2025, 6, 13))
        self._order(5, datetime(2026, 6, 2))
        self.assertEqual(self._growth(JUNE), [(500, 400, 25)])
        aggregates = ["last_year_untaxed:sum", "year_growth_rate:avg"]
        self.assertEqual(self._read([("is_current", "=", True)], [], aggregates), [(200, 150)])
        self.assertEqual(self._growth(MAY), [(1300, 0, False)])
        with freeze_time("2026-07-02 12:00:00"):
            self.assertEqual(self._growth(JUNE, ("is_last", "=", True)), [(500, 1300, 100 * -800 / 1300)])

    def test_quarters_and_years_are_whole(self):
        self._order(4, datetime(2025, 2, 3))
        self._order(5, datetime(2026, 2, 3))
        self._order(8, datetime(2025, 11, 3))
        quarter = [("period_kind", "=", "quarter"), ("date", "=", date(2026, 1, 1))]
        aggregates = [*GROWTH, "last_year_untaxed:sum"]
        self.assertEqual(self._read(quarter, [], aggregates), [(500, 800, -37.5, 400)])
        year = [("period_kind", "=", "year"), ("date", "=", date(2026, 1, 1))]
        # Until 12 June of each year.
        self.assertEqual(self._read(year, [], aggregates), [(500, 400, 25, 400)])

    def test_what_is_not_asked_for_is_not_added_up(self):
        self._order(5, datetime(2026, 5, 20))
        for domain in ([], [("metric", "=", "ordered")], [("period_kind", "=", "month")]):
            self.assertEqual(self._read([("amount_untaxed", ">", 0), *domain], [], ["amount_untaxed:sum"]), [(500,)])
        self.assertFalse(self._read([("metric", "=", "invoiced")], ["product_id"], ["amount_untaxed:sum"]))

    def test_months_begin_on_the_companys_day_by_its_clock(self):
        self.company.sales_month_start = 26
        self._order(4, datetime(2026, 4, 25, 20))
        self._order(5, datetime(2026, 4, 26, 3))
        [(amount, before, _rate)] = self._growth(date(2026, 4, 26))
        self.assertEqual((amount, before), (500, 400))
        self.company.partner_id.tz = "Asia/Shanghai"
        self.env.flush_all()
        self.assertEqual(self._growth(date(2026, 4, 26))[0][:2], (900, 0))
        self.company.partner_id.tz = "America/Los_Angeles"
        self.env.flush_all()
        self.assertEqual(self._growth(date(2026, 3, 26))[0][:2], (900, 0))

    def _sum_by_month(self, metric, table, parent, day):
        """Products of regions by month, from core's own tables."""
        return self.env.execute_query(
            SQL(
                """
                SELECT line.product_id, partner.state_id, date_trunc('month', %(day)s)::date AS month,
                       sum(line.price_subtotal)
                  FROM %(table)s line
                  JOIN %(parent)s parent ON parent.id = line.%(link)s
                  JOIN res_partner partner ON partner.id = parent.partner_id
                 WHERE line.product_id = ANY(%(products)s) AND parent.state IN ('sale', 'posted')
              GROUP BY 1, 2, 3
                """,
                day=SQL(day),
                table=SQL.identifier(table),
                parent=SQL.identifier(parent),
                link=SQL.identifier("order_id" if metric == "ordered" else "move_id"),
                products=(self.bolt | self.nut).ids,
            )
        )

    def test_figures_are_those_of_core(self):
        for number, day in enumerate((3, 9, 17, 28)):
            product = (self.bolt, self.nut)[number % 2]
            partner = (self.customer, self.south)[number // 2]
            for month in (3, 4, 5):
                order = self._order(number + month, datetime(2026, month, day), product, partner_id=partner.id)
                if number != 2:
                    invoice = order._create_invoices()
                    invoice.invoice_date = date(2026, month, day)
                    invoice.action_post()
        self.env.flush_all()
        for metric, table, parent, day in (
            ("ordered", "sale_order_line", "sale_order", "parent.date_order"),
            ("invoiced", "account_move_line", "account_move", "parent.invoice_date"),
        ):
            expected = self._sum_by_month(metric, table, parent, day)
            sums = {(product, state, month): float(amount) for product, state, month, amount in expected}
            groups = ["product_id", "state_id", "date:day"]
            rows = self._read([("metric", "=", metric), ("date", "<", JUNE)], groups, GROWTH)
            found = {(product.id, state.id, day): amount for product, state, day, amount, *_rest in rows if amount}
            self.assertEqual(found, sums)
            for product, state, month, _amount, before, _rate in rows:
                last = date(month.year, month.month - 1, 1)
                self.assertEqual(before, sums.get((product.id, state.id, last), 0))

    def test_sums_and_counts_are_those_of_the_rows(self):
        self._order(4, datetime(2025, 4, 3))
        self._order(6, datetime(2026, 4, 9), self.nut, partner_id=self.south.id, user_id=self.member.id)
        self._order(5, datetime(2026, 5, 20))
        self._order(2, datetime(2026, 5, 21))
        self._order(3, datetime(2026, 5, 31, 23), self.nut, partner_id=self.south.id)
        self._order(1, datetime(2026, 6, 2), team_id=self.other_team.id, user_id=self.manager.id)
        names = ["amount_untaxed", "previous_untaxed", "last_year_untaxed", "quantity"]
        sums = [*(f"{name}:sum" for name in names), "__count"]
        domains = (
            [],
            [("is_last", "=", True)],
            [("product_trend", "=", "rising")],
            [("region_trend", "=", "falling"), ("user_id", "=", self.salesperson.id)],
            [("amount_untaxed", ">", 300)],
        )
        for user in (self.manager, self.leader, self.salesperson):
            report = self.env["sales.trend.report"].with_user(user)
            for domain in domains:
                domain = [("product_id", "in", (self.bolt | self.nut).ids), *domain]
                rows = report.search(domain)
                for column in ("date", "product_id", "state_id", "team_id", "is_current"):
                    with self.subTest(user=user.name, domain=domain, column=column):
                        wanted = {
                            value: (*(sum(found.mapped(name)) for name in names), len(found))
                            for value, found in rows.grouped(column).items()
                        }
                        spec = "date:day" if column == "date" else column
                        read = report._read_group(domain, [spec], sums)
                        self.assertEqual({value: tuple(figures) for value, *figures in read}, wanted)
                        # Without the count, no column is read that is not asked for.
                        read = report._read_group(domain, [spec], sums[:-1])
                        self.assertEqual({value: (*figures, wanted[value][-1]) for value, *figures in read}, wanted)
                        [sets, [total]] = report._read_grouping_sets(domain, [[spec], []], sums)
                        self.assertEqual({value: tuple(figures) for value, *figures in sets}, wanted)
                        self.assertEqual(total[-1], len(rows))
        self.assertEqual(len(self.env["sales.trend.report"].with_user(self.manager).search(domains[0])), 8)

    def test_records_that_are_read_know_nothing_of_how(self):
        self._order(5, datetime(2026, 5, 20))
        [(product, _amount)] = self._read([], ["product_id"], ["amount_untaxed:sum"])
        self.assertFalse([key for key in product.env.context if key.startswith("sales_trend")])

    def test_margin_is_of_the_orders(self):
        self._order(5, datetime(2026, 5, 20))
        [(margin, rate)] = self._read([("date", "=", MAY)], [], ["margin:sum", "margin_rate:avg"])
        self.assertEqual((margin, rate), (200, 40))

    def test_currencies_are_made_one_before_they_are_compared(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.8)])
        other = self.env["res.company"].create({"name": "Branch", "currency_id": euro.id})
        self._order(5, datetime(2026, 4, 20))
        self._order(5, datetime(2026, 5, 20))
        order = self._order(8, datetime(2026, 5, 20))
        self.env.flush_all()
        # The other company has no price list of its own: the order is made its own as core would have it.
        self.env.cr.execute(SQL("UPDATE sale_order SET company_id = %s WHERE id = %s", other.id, order.id))
        self.env.invalidate_all()
        [(amount, before, rate)] = self._growth(MAY)
        self.assertEqual((amount, before), (1300, 500))
        # 800 euros are 1,000 of the company's currency.
        self.assertAlmostEqual(rate, 200, 4)
        domain = [("date", "=", MAY)]
        mine = self.env["sales.trend.report"].with_user(self.manager)
        self.assertEqual(mine._read_group(domain, [], ["amount_untaxed:sum"])[0][0], 500)

    def test_credit_notes_alone_have_no_rate(self):
        for month, move_type in ((4, "out_refund"), (5, "out_invoice")):
            invoice = self.init_invoice(
                move_type, self.customer, date(2026, month, 3), products=self.bolt, post=True, taxes=[]
            )
            self.assertEqual(invoice.state, "posted")
        [(amount, before, rate)] = self._growth(MAY, ("metric", "=", "invoiced"))
        self.assertEqual((amount, before, rate), (100, -100, False))

    def test_everybody_sees_what_is_theirs(self):
        self._order(3, datetime(2026, 5, 1))
        self._order(4, datetime(2026, 5, 1), user_id=self.manager.id, team_id=self.other_team.id)
        seen = {
            role: self._growth(MAY, user=self.users_by_role[role])[0][0]
            for role in ("salesperson", "leader", "manager")
        }
        self.assertEqual(seen, {"salesperson": 300, "leader": 300, "manager": 700})
        self.assertEqual(self._growth(MAY, ("team_id", "=", self.other_team.id), user=self.leader)[0][0] or 0, 0)

    def test_rising_and_falling_products_and_regions(self):
        self._order(10, datetime(2026, 4, 3))
        self._order(12, datetime(2026, 5, 3))
        self._order(10, datetime(2026, 4, 3), self.nut, partner_id=self.south.id)
        self._order(8, datetime(2026, 5, 3), self.nut, partner_id=self.south.id)
        # Of the south, the bolt rises and the whole is steady.
        self._order(2, datetime(2026, 5, 4), partner_id=self.south.id)
        trends = {}
        for field, of in (("product_trend", "product_id"), ("region_trend", "state_id")):
            for trend in ("rising", "steady", "falling"):
                rows = self._growth(MAY, (field, "=", trend), groups=[of])
                trends[field, trend] = [row[0] for row in rows]
        self.assertEqual(trends["product_trend", "rising"], [self.bolt])
        self.assertEqual(trends["product_trend", "falling"], [self.nut])
        self.assertEqual(trends["region_trend", "rising"], [self.states[0]])
        self.assertEqual(trends["region_trend", "steady"], [self.states[1]])
        rows = self.env["sales.trend.report"].sudo().search([("date", "=", MAY), ("product_id", "=", self.nut.id)])
        self.assertEqual((rows.product_trend, rows.region_trend), ("falling", "steady"))

    def test_each_month_of_a_list_has_its_own_trend(self):
        for quantity, month in ((10, 3), (20, 4), (5, 5)):
            self._order(quantity, datetime(2026, month, 3))
        self.env.flush_all()
        rows = self.env["sales.trend.report"].sudo().search([("product_id", "=", self.bolt.id)], order="date")
        trends = [(row.date, row.product_trend) for row in rows]
        # Of June nothing is there yet, and of May's first days there was.
        self.assertEqual(trends, [(MARCH, "rising"), (APRIL, "rising"), (MAY, "falling"), (JUNE, "falling")])

    def test_trends_are_of_what_one_may_see(self):
        self._order(10, datetime(2026, 4, 3))
        self._order(5, datetime(2026, 5, 3))
        self._order(90, datetime(2026, 5, 3), user_id=self.manager.id, team_id=self.other_team.id)
        domain = ("product_trend", "=", "falling")
        self.assertEqual(self._growth(MAY, domain, user=self.salesperson)[0][0], 500)
        self.assertEqual(self._growth(MAY, domain, user=self.manager)[0][0], 0)

    def test_a_row_opens_what_it_is_made_of(self):
        self._order(5, datetime(2026, 5, 20))
        self._order(2, datetime(2026, 5, 21), self.nut)
        self.env.flush_all()
        report = self.env["sales.trend.report"].with_user(self.leader)
        for kind in ("month", "quarter", "year"):
            domain = [("period_kind", "=", kind), ("product_id", "=", self.bolt.id), ("amount_untaxed", ">", 0)]
            row = report.search(domain)
            self.env.invalidate_all()
            action = report.browse(row.id).action_open_results()
            results = self.env["sales.result"].with_user(self.leader).search(action["domain"])
            self.assertEqual(sum(results.mapped("amount_untaxed")), 500)

    def test_it_is_read_from_a_replica(self):
        self._order(3, datetime(2026, 5, 1))
        self.env.flush_all()
        self.env.cr.execute("SET TRANSACTION READ ONLY")
        self.assertTrue(self._growth(MAY, ("product_trend", "=", "rising"), groups=["product_id"], user=self.manager))

    def test_nothing_has_a_screen(self):
        self.assertFalse(self._growth(MAY, groups=["product_id"]))
        self.assertEqual(self._read([("metric", "=", "nothing")], [], GROWTH)[0][2] or 0, 0)
