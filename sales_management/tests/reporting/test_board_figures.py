"""What only the boards count, against core's own tables: companies, currencies, zones, roles, nothing at all."""

from datetime import date, datetime, timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.sales_management.tests.common import DealDocumentCommon


@tagged("post_install", "-at_install", "reporting")
class TestBoardFigures(DealDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.write({"sales_reporting_enabled": True, "sales_target_enabled": True})
        cls.company.partner_id.tz = "UTC"
        cls.euro = cls.setup_other_currency("EUR", rates=[("2020-01-01", 0.8)])
        cls.bolt.write({"list_price": 100, "standard_price": 60, "taxes_id": False})
        cls.today = fields.Datetime.now()

    def _order(self, quantity=1, days=0, deal=None, **values):
        values = {"user_id": self.salesperson.id, "team_id": self.team.id, **values}
        order = self._confirm_order(deal, quantity=quantity, **values)
        order.date_order = self.today - timedelta(days=days)
        return order

    def _ask(self, query, *args):
        self.env.flush_all()
        return self.env.execute_query(SQL(query, *args))

    def _read(self, model, domain, *aggregates, groups=(), user=None):
        self.env.flush_all()
        report = self.env[model].with_user(user) if user else self.env[model].sudo()
        return report._read_group([*domain, ("company_id", "in", self.env.companies.ids)], groups, aggregates)

    # === Per head === #

    def test_per_head_divides_by_the_people_who_got_credit(self):
        for quantity, user in ((1, self.salesperson), (2, self.salesperson), (6, self.member)):
            self._order(quantity, user_id=user.id)
        self._order(50, user_id=False)
        [(expected,)] = self._ask(
            "SELECT sum(amount_untaxed) / count(DISTINCT user_id) FROM sale_order "
            "WHERE state = 'sale' AND user_id IS NOT NULL AND company_id = %s",
            self.company.id,
        )
        domain = [("metric", "=", "ordered")]
        [(per_head, people)] = self._read(
            "sales.result", domain, "head_amount_untaxed:avg", "person_count:count_distinct"
        )
        self.assertEqual((round(per_head, 2), people), (float(expected), 2))
        groups = dict(self._read("sales.result", domain, "head_amount_untaxed:avg", groups=["user_id"]))
        self.assertEqual({groups[self.salesperson], groups[self.member]}, {300, 600})
        [(nothing,)] = self._read("sales.result", [*domain, ("id", "=", 0)], "head_amount_untaxed:avg")
        self.assertFalse(nothing)

    def test_per_head_makes_currencies_one(self):
        other = self.env["res.company"].create({"name": "Branch", "currency_id": self.euro.id})
        self._order(3)
        order = self._order(8, user_id=self.member.id)
        self.env.flush_all()
        # The other company has no price list of its own: the order is made its own as core would have it.
        self.env.cr.execute(SQL("UPDATE sale_order SET company_id = %s WHERE id = %s", other.id, order.id))
        self.env.invalidate_all()
        companies = self.company | other
        report = self.env["sales.result"].sudo().with_context(allowed_company_ids=companies.ids)
        domain = [("metric", "=", "ordered"), ("order_id", "!=", False), ("company_id", "in", companies.ids)]
        [(per_head,)] = report._read_group(domain, [], ["head_amount_untaxed:avg"])
        # 800 euros are 1,000 of the company's currency.
        self.assertAlmostEqual(per_head, (300 + 800 / 0.8) / 2, 2)

    # === Deals === #

    def test_win_rate_is_of_the_deals_that_were_decided(self):
        before = self._read("sales.deal.report", [("closed_on", "!=", False)], "won_count:sum", "decided_count:sum")[0]
        deals = self._create_deals(5, company_id=self.company.id)
        deals[0].action_set_won()
        (deals[1] | deals[2]).action_set_lost()
        deals[3].action_archive()
        lead = self._create_deals(type="lead", company_id=self.company.id)
        lead.action_set_lost()
        [(won, decided, rate)] = self._ask(
            """
            SELECT count(*) FILTER (WHERE won_status = 'won'), count(*),
                   100.0 * count(*) FILTER (WHERE won_status = 'won') / count(*)
              FROM crm_lead
             WHERE type = 'opportunity' AND won_status IN ('won', 'lost') AND date_closed IS NOT NULL
               AND company_id = %s
            """,
            self.company.id,
        )
        domain = [("closed_on", "!=", False), ("company_id", "=", self.company.id)]
        [row] = self._read("sales.deal.report", domain, "won_count:sum", "decided_count:sum", "win_rate:avg")
        self.assertEqual(row[:2], (won, decided))
        self.assertAlmostEqual(row[2], float(rate), 4)
        # A deal that is archived is not lost, as core's own button has it or not.
        self.assertEqual((won - (before[0] or 0), decided - (before[1] or 0)), (1, 3 + (deals[3].won_status == "lost")))

    def test_open_deals_have_an_age(self):
        ages = {"30": 30, "60": 31, "90": 90, "old": 91}
        deals = {age: self._create_deals(company_id=self.company.id) for age in ages}
        for age, days in ages.items():
            moment = self.env.cr.now() - timedelta(days=days) + timedelta(minutes=1 if age in ("30", "90") else 0)
            deals[age].deal_opened_on = moment
        self.env.flush_all()
        report = self.env["sales.deal.report"].sudo()
        for age, deal in deals.items():
            self.assertEqual(report.browse(deal.id).age, age)
        deals["old"].action_set_won()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(report.browse(deals["old"].id).age)

    # === Quotations === #

    def _send(self, order, asked, sent):
        order.opportunity_id.deal_opened_on = asked
        order.write({"state": "sent"})
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE sale_order SET handed_over_at = %s WHERE id = %s", sent, order.id))
        self.env.invalidate_all()

    def test_turnaround_is_from_the_deals_beginning_to_its_first_quotation(self):
        first, second = self._create_deals(2)
        start = datetime(2026, 3, 2, 9)
        orders = [self._create_order(deal) for deal in (first, first, second)]
        for order, hours in zip(orders, (10, 40, 30), strict=True):
            self._send(order, start, start + timedelta(hours=hours))
        plain = self._create_order()
        [(made,)] = self._ask("SELECT create_date FROM sale_order WHERE id = %s", plain.id)
        self._send(plain, start, made + timedelta(hours=4))
        domain = [("order_id", "in", [order.id for order in (*orders, plain)])]
        rows = dict(self._read("sales.quotation.report", domain, "median_turnaround_hours:avg", groups=["order_id"]))
        self.assertEqual([rows[order] for order in orders], [10, False, 30])
        self.assertAlmostEqual(rows[plain], 4, 4)
        [(count, median)] = self._read(
            "sales.quotation.report", domain, "quotation_count:sum", "median_turnaround_hours:avg"
        )
        self.assertEqual((count, round(median, 2)), (4, 10))

    def test_revisions_are_one_quotation(self):
        self.company.sales_quotation_enabled = True
        deal = self._create_deals()
        order = self._create_order(deal)
        start = datetime(2026, 3, 2, 9)
        self._send(order, start, start + timedelta(hours=5))
        revision = self.env["sale.order"].browse(order.action_create_revision()["res_id"])
        self._send(revision, start, start + timedelta(hours=90))
        self.env.flush_all()
        rows = self.env["sales.quotation.report"].sudo().search([("order_id", "in", (order | revision).ids)])
        self.assertEqual((rows.order_id, rows.turnaround_hours, rows.outcome), (revision, 5, "open"))

    def test_quotations_are_confirmed_or_lost(self):
        start = datetime(2026, 3, 2, 9)
        won, lost, cancelled, still = (self._create_order(deal) for deal in self._create_deals(4))
        for order in (won, lost, cancelled, still):
            self._send(order, start, start)
        won.action_confirm()
        won.date_order = start + timedelta(days=6)
        lost.opportunity_id.action_set_lost()
        lost.opportunity_id.date_closed = start + timedelta(days=2)
        cancelled.action_cancel()
        domain = [("order_id", "in", (won | lost | cancelled | still).ids)]
        [row] = self._read(
            "sales.quotation.report",
            domain,
            "confirmed_count:sum",
            "decided_count:sum",
            "confirmation_rate:avg",
            "median_decision_days:avg",
        )
        self.assertEqual(row[:2], (1, 3))
        self.assertAlmostEqual(row[2], 100 / 3, 4)
        self.assertAlmostEqual(row[3], 4, 4)

    # === Customers who come back === #

    def _expect_kept(self, days):
        """The same share, asked of core's orders without windows or months."""
        [(customers, kept)] = self._ask(
            """
            WITH ordered AS (
                SELECT partner.commercial_partner_id AS customer, (%(today)s::date - sold.date_order::date) AS ago
                  FROM sale_order sold JOIN res_partner partner ON partner.id = sold.partner_id
                 WHERE sold.state = 'sale' AND sold.company_id = %(company)s
            )
            SELECT count(DISTINCT customer),
                   count(DISTINCT customer) FILTER (
                       WHERE customer IN (SELECT customer FROM ordered WHERE ago BETWEEN 0 AND %(days)s - 1))
              FROM ordered WHERE ago BETWEEN %(days)s AND 2 * %(days)s - 1
            """.replace("%(today)s", "%s")
            .replace("%(company)s", "%s")
            .replace("%(days)s", "%s"),
            self.today.date(),
            self.company.id,
            days,
            days,
            days,
        )
        return customers, kept

    def test_customers_come_back_in_the_next_window(self):
        partners = self.env["res.partner"].create([{"name": f"Customer {number}"} for number in range(6)])
        contact = self.env["res.partner"].create({"name": "Anna", "parent_id": partners[0].id})
        for partner, days in (
            (partners[0], 90),
            (contact, 89),
            (partners[1], 179),
            (partners[2], 180),
            (partners[2], 3),
            (partners[3], 100),
            (partners[3], 0),
            (partners[4], 400),
            (partners[4], 364),
            (partners[5], 365),
        ):
            self._order(days=days, partner_id=partner.id)
        for window, days in (("repurchase", 90), ("retention", 365)):
            domain = [("window", "=", window), ("months_ago", "=", 0)]
            [(customers, kept, rate)] = self._read(
                "sales.retention.report", domain, "customer_count:sum", "kept_count:sum", "kept_rate:avg"
            )
            self.assertEqual((customers, kept), self._expect_kept(days), window)
            self.assertAlmostEqual(rate, 100 * kept / customers, 4)
        mine = [("window", "=", "repurchase"), ("months_ago", "=", 0), ("partner_id", "in", partners.ids)]
        rows = self.env["sales.retention.report"].sudo().search(mine)
        self.assertEqual(rows.partner_id, partners[0] | partners[1] | partners[3])
        self.assertEqual(rows.filtered("is_kept").partner_id, partners[0] | partners[3])

    def test_a_customer_is_of_whoever_sold_last_in_the_window_before(self):
        late = self._order(days=95, user_id=self.member.id)
        self._order(days=100)
        self._order(days=2)
        domain = [("window", "=", "repurchase"), ("months_ago", "=", 0), ("partner_id", "=", self.customer.id)]
        row = self.env["sales.retention.report"].sudo().search(domain)
        self.assertEqual((row.user_id, row.team_id, row.is_kept), (late.user_id, self.team, True))
        self.assertTrue(self.env["sales.retention.report"].with_user(self.member).search(domain))
        self.assertFalse(self.env["sales.retention.report"].with_user(self.salesperson).search(domain))

    def test_windows_are_of_the_clock_of_the_company(self):
        """An order of the day's last hour in UTC is one of the next day in Shanghai, and in another window."""
        first = self._order()
        first.date_order = datetime.combine(self.today - timedelta(days=90), datetime.max.time().replace(microsecond=0))
        domain = [("window", "=", "repurchase"), ("months_ago", "=", 0), ("partner_id", "=", self.customer.id)]
        found = {}
        for zone in ("UTC", "Asia/Shanghai", "Pacific/Midway"):
            self.company.partner_id.tz = zone
            self.env.flush_all()
            self.env.invalidate_all()
            [(day, today)] = self._ask(
                "SELECT (date_order AT TIME ZONE 'UTC' AT TIME ZONE %s)::date, (now() AT TIME ZONE %s)::date "
                "FROM sale_order WHERE id = %s",
                zone,
                zone,
                first.id,
            )
            found[zone] = bool(self.env["sales.retention.report"].sudo().search(domain))
            self.assertEqual(found[zone], 90 <= (today - day).days < 180, zone)

    def test_windows_end_with_the_months_before(self):
        self._order(days=1)
        ends = {
            row.months_ago: row.date
            for row in self.env["sales.retention.report"].sudo().search([("partner_id", "=", self.customer.id)])
        }
        self.assertFalse(ends, "Nobody ordered in the window before.")
        self._order(days=100)
        rows = (
            self.env["sales.retention.report"]
            .sudo()
            .search([("partner_id", "=", self.customer.id), ("window", "=", "repurchase")])
        )
        first = date(self.today.year, self.today.month, 1)
        self.assertEqual(rows.filtered(lambda row: not row.months_ago).date, self.today.date())
        self.assertIn(rows.filtered(lambda row: row.months_ago == 1).date, (False, first - timedelta(days=1)))

    # === To-dos === #

    def test_escalated_tasks_are_counted_but_no_cancelled_ones(self):
        deal = self._create_deals(company_id=self.company.id)
        values = {"lead_id": deal.id, "user_id": self.salesperson.id, "company_id": self.company.id, "name": "Call"}
        tasks = (
            self.env["sales.deal.task"]
            .sudo()
            .create([{**values, "due_at": self.today, "opened_at": self.today} for _number in range(3)])
        )
        tasks[0].escalation_level = 2
        tasks[1].write({"escalation_level": 1, "state": "cancelled"})
        domain = [("lead_id", "=", deal.id)]
        self.assertEqual(self._read("sales.task.report", domain, "escalated_count:sum"), [(1,)])
        self.assertEqual(self._read("sales.task.report", domain, "escalation_level:max"), [(2,)])

    # === Targets === #

    def test_targets_of_several_currencies_make_one_attainment(self):
        month = self.today.date().replace(day=1)
        targets = self.env["sales.target"].create(
            [
                {"metric": "ordered", "date_from": month, "user_id": user.id, "team_id": self.team.id, "amount": amount}
                for user, amount in ((self.salesperson, 1000), (self.member, 0))
            ]
        )
        self._order(4)
        self._order(3, user_id=self.member.id)
        report = self.env["sales.target.report"]
        domain = [("id", "in", targets.ids)]
        for target in targets:
            row = report.sudo().browse(target.id)
            self.assertEqual((row.actual, row.gap), (target.actual, target.gap))
            self.assertEqual((row.course, row.timing, row.level), (target.course, "current", "person"))
        aggregates = ("target_amount:sum", "actual:sum", "gap:sum", "attainment:avg")
        [row] = self._read("sales.target.report", domain, *aggregates)
        self.assertEqual(row, (1000, 700, 300, 70))
        groups = dict(self._read("sales.target.report", domain, "attainment:avg", groups=["user_id"]))
        self.assertEqual(groups, {self.salesperson: 40, self.member: False})
        seen = {
            role: report.with_user(self.users_by_role[role]).search(domain).user_id
            for role in ("salesperson", "member", "leader", "manager")
        }
        both = self.salesperson | self.member
        self.assertEqual(seen, {"salesperson": self.salesperson, "member": both, "leader": both, "manager": both})

    def test_a_period_to_come_has_no_expected_end(self):
        target = self.env["sales.target"].create(
            {"metric": "ordered", "date_from": self.today.date() + timedelta(days=70), "amount": 500}
        )
        [row] = self._read(
            "sales.target.report",
            [("id", "=", target.id)],
            "expected:sum",
            "expected_attainment:avg",
            "attainment:avg",
            groups=["timing"],
        )
        self.assertEqual((row[0], row[2], row[3]), ("future", False, 0))
        self.assertFalse(row[1])

    def test_nothing_at_all_is_nothing(self):
        for model in ("sales.quotation.report", "sales.retention.report", "sales.target.report", "sales.result"):
            report = self.env[model].sudo()
            measures = [field for field in report._fields.values() if field.aggregator and field.type == "float"]
            aggregates = [f"{field.name}:{field.aggregator}" for field in measures]
            [row] = report._read_group([("id", "=", 0)], [], aggregates)
            self.assertFalse(any(row), model)
