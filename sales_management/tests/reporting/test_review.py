"""The review of a week: what is on its page, and that it is right."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.sales_management.tests.reporting.review_common import SUNDAY, ReviewCommon


@tagged("post_install", "-at_install", "reporting")
class TestReviewPage(ReviewCommon):
    def test_deals_of_the_week_are_won_and_lost_by_the_clock_of_the_company(self):
        dear, late = self.env["crm.lost.reason"].create([{"name": "Too dear"}, {"name": "Too late"}])
        self._close(self._deal(300, name="Big"), datetime(2026, 6, 1, 0, 0))
        self._close(self._deal(100, name="Edge"), datetime(2026, 6, 7, 23, 30))
        self._close(self._deal(50, name="After"), datetime(2026, 6, 8, 0, 0))
        self._close(self._deal(20, name="Before"), datetime(2026, 5, 31, 23, 30))
        self._close(self._create_lost(2), datetime(2026, 6, 3), dear)
        self._close(self._create_lost(1), datetime(2026, 6, 3), late)
        _figures, sections = self._read()
        self.assertEqual(self._names(sections["Won"]), ["Big", "Edge"])
        self.assertIn("400.00", sections["Won"]["total"])
        self.assertIn("excl. tax", sections["Won"]["total"])
        self.assertEqual(sections["Lost"]["count"], 3)
        self.assertEqual(sections["Lost"]["note"], "Too dear: 2 · Too late: 1")
        self.assertEqual({row["mark"] for row in sections["Lost"]["rows"]}, {"Too dear", "Too late"})
        self.company.partner_id.tz = "Asia/Shanghai"
        self.assertEqual(self._names(self._read()[1]["Won"]), ["Big", "Before"])

    def _create_lost(self, count):
        return self._deal(10, count=count)

    def test_what_slipped_is_what_moved_to_a_later_month_since_the_first_forecast_of_the_week(self):
        slipped, undated, moved, same = (
            self._deal(amount, name=name)
            for amount, name in ((10, "Slipped"), (20, "Undated"), (30, "Moved"), (40, "Same"))
        )
        won = self._deal(name="Won", date_deadline=date(2026, 5, 30))
        sections = self._read()[1]
        self.assertIn("No forecast was taken", sections["Slipped"]["empty"])
        with freeze_time("2026-06-02 08:00:00"):
            self.env["sales.forecast.snapshot"]._take(self.company)
        self._close(won, datetime(2026, 6, 3))
        slipped.date_deadline = date(2026, 7, 1)
        undated.date_deadline = False
        moved.date_deadline = date(2026, 6, 2)
        section = self._read()[1]["Slipped"]
        self.assertEqual(self._names(section), ["Undated", "Slipped"])
        self.assertIn("30.00", section["total"])
        self.assertEqual([row["mark"].split(" → ")[1] for row in section["rows"]], ["no date", "07/01/2026"])
        with freeze_time("2026-06-08 08:00:00"):
            self.env["sales.forecast.snapshot"]._take(self.company)
        same.date_deadline = date(2026, 8, 1)
        slipped.unlink()
        # What happened after the next forecast is the matter of the next week.
        self.assertEqual(self._names(self._read()[1]["Slipped"]), ["Undated"])
        self.company.sales_target_enabled = False
        self.assertNotIn("Slipped", self._read()[1])

    def test_deals_whose_day_is_over_are_to_be_closed(self):
        self._deal(10, name="Today", date_deadline=date(2026, 6, 9))
        self._deal(20, name="Old", date_deadline=date(2026, 6, 6))
        self._deal(30, name="Undated", date_deadline=False)
        section = self._read()[1]["Expected Before Today, Still Open"]
        self.assertEqual([(row["name"], row["mark"]) for row in section["rows"]], [("Old", "3 d late")])

    def test_quotations_that_expire_are_counted_in_the_money_of_the_company(self):
        euro = self.env["res.currency"].create(
            {"name": "QQQ", "symbol": "Q", "rate_ids": [Command.create({"name": "2020-01-01", "rate": 4})]}
        )
        pricelist = self.env["product.pricelist"].create({"name": "Q", "currency_id": euro.id})
        mine = {"user_id": self.salesperson.id, "team_id": self.team.id}
        soon = self._create_order(**mine, quantity=1, validity_date=date(2026, 6, 16))
        foreign = self._create_order(**mine, quantity=2, validity_date=date(2026, 6, 1), pricelist_id=pricelist.id)
        self._create_order(**mine, validity_date=date(2026, 6, 17))
        self._create_order(**mine, validity_date=date(2026, 5, 31))
        self._create_order(**{**mine, "team_id": self.other_team.id}, validity_date=date(2026, 6, 10))
        self._create_order(**mine, validity_date=date(2026, 6, 10)).action_cancel()
        foreign.order_line.price_unit = 400
        for tax, name in (("excluded", "amount_untaxed"), ("included", "amount_total")):
            self.company.sales_amount_tax = tax
            section = self._read()[1]["Quotations That Expire"]
            self.assertEqual(self._names(section), [foreign.name, soon.name])
            wanted = self._ask(
                "SELECT sum(%s / currency_rate) FROM sale_order WHERE id IN %s",
                SQL.identifier(name),
                (soon | foreign)._ids,
            )
            self.assertEqual(section["total"], f"{self.company.currency_id.format(wanted)} {tax[:4]}. tax")
            self.assertEqual([row["tone"] for row in section["rows"]], ["danger", "muted"])

    def test_what_is_late_is_counted_once_and_by_person(self):
        self.company.sales_process_enabled = True
        deal, other = self._deal(name="Late"), self._deal(user_id=self.member.id)
        todo = self.env.ref("mail.mail_activity_data_todo")
        for user, day in ((self.salesperson, -2), (self.salesperson, -1), (self.member, -5), (self.member, 0)):
            deal.activity_schedule(
                activity_type_id=todo.id, user_id=user.id, date_deadline=date(2026, 6, 9) + timedelta(days=day)
            )
        values = {
            "name": "Call",
            "lead_id": other.id,
            "user_id": self.member.id,
            "opened_at": datetime(2026, 6, 1),
            "due_at": datetime(2026, 6, 9, 7),
        }
        tasks = self.env["sales.deal.task"].sudo().create([values, {**values, "due_at": datetime(2026, 6, 9, 9)}])
        tasks[0].activity_id = other.activity_schedule(user_id=self.member.id, date_deadline=date(2026, 6, 8))
        section = self._read()[1]["Overdue Actions"]
        self.assertEqual(section["count"], 4)
        self.assertEqual(section["note"], "Member: 2 · Salesperson: 2")
        self.assertEqual(section["rows"][0]["mark"], "4 d late")
        self.assertEqual(section["rows"][-1]["name"], "Call")
        self._close(deal | other, datetime(2026, 6, 9))
        self.assertFalse(self._read()[1]["Overdue Actions"]["count"])

    def test_targets_say_what_is_missing(self):
        self._order(3, datetime(2026, 6, 3, 12))
        values = {
            "metric": "ordered",
            "company_id": self.company.id,
            "date_from": date(2026, 6, 1),
            "date_to": date(2026, 6, 30),
            "period_kind": "month",
        }
        targets = self.env["sales.target"].create(
            [
                {**values, "team_id": self.team.id, "amount": 1000},
                {**values, "team_id": self.team.id, "user_id": self.salesperson.id, "amount": 200},
                {**values, "team_id": self.other_team.id, "amount": 70},
                {**values, "team_id": self.team.id, "user_id": self.member.id, "amount": 0},
            ]
        )
        section = self._read()[1]["Gap to the Target"]
        self.assertEqual([row["amount"] for row in section["rows"]], ["30.0 %", "150.0 %", "–"])
        self.assertIn("700.00 missing", section["rows"][0]["mark"].replace("\xa0", ""))
        self.assertIn("excl. tax", section["rows"][0]["text"])
        self.assertEqual(section["rows"][0]["url"], f"/odoo/sales.target/{targets[0].id}")
        own = self._read(self._review(self.salesperson, teams=[]), self.salesperson)[1]["Gap to the Target"]
        self.assertNotIn("30.0 %", [row["amount"] for row in own["rows"]])

    def test_figures_are_those_of_core(self):
        for moment, quantity in (
            (datetime(2026, 6, 1), 1),
            (datetime(2026, 6, 7, 20), 2),
            (datetime(2026, 6, 8), 4),
            (datetime(2026, 5, 31, 20), 8),
        ):
            self._pay(self._invoice(self._order(quantity, moment), moment.date()), moment.date())
        self._order(16, datetime(2026, 6, 3), team_id=self.other_team.id)
        for zone in ("UTC", "Asia/Shanghai", "America/New_York"):
            self.company.partner_id.tz = zone
            for tax in ("excluded", "included"):
                self.company.sales_amount_tax = tax
                figures, _sections = self._read()
                for label, amount in (("Ordered", self._ask_ordered(zone, tax)), ("Invoiced", self._ask_invoiced(tax))):
                    figure = figures[f"{label} ({tax[:4]}. tax)"]
                    self.assertEqual(figure["value"], self.company.currency_id.format(amount), (label, zone, tax))
                self.assertIn("Margin (excl. tax)", figures)

    def _ask_ordered(self, zone, tax):
        return self._ask(
            """
            SELECT sum(%s / currency_rate) FROM sale_order
             WHERE state = 'sale' AND team_id = %s AND company_id = %s
               AND (date_order AT TIME ZONE 'UTC' AT TIME ZONE %s)::date BETWEEN '2026-06-01' AND '2026-06-07'
            """,
            SQL.identifier("amount_untaxed" if tax == "excluded" else "amount_total"),
            self.team.id,
            self.company.id,
            zone,
        )

    def _ask_invoiced(self, tax):
        return self._ask(
            """
            SELECT sum(%s) FROM account_move
             WHERE move_type = 'out_invoice' AND state = 'posted' AND team_id = %s AND company_id = %s
               AND invoice_date BETWEEN '2026-06-01' AND '2026-06-07'
            """,
            SQL.identifier("amount_untaxed_signed" if tax == "excluded" else "amount_total_signed"),
            self.team.id,
            self.company.id,
        )

    def test_an_empty_week_has_no_figure_and_no_error(self):
        figures, sections = self._read()
        self.assertEqual(
            {figure["value"] for figure in figures.values()} - {"0", "–"}, {self.company.currency_id.format(0)}
        )
        self.assertFalse(any(section["count"] for section in sections.values()))
        content = self._review().content
        self.assertIn("No target runs in this week", content)
        far = self._review(monday=date(2020, 1, 6))
        self.assertIn("Won", far.content)

    def test_names_cannot_break_the_page(self):
        self._close(self._deal(name="<script>alert(1)</script>"), datetime(2026, 6, 3))
        content = self._review().content
        self.assertNotIn("<script>", content)
        self.assertIn("&lt;script&gt;", content)

    def test_a_long_list_is_cut_and_counted(self):
        self._close(self._deal(count=17), datetime(2026, 6, 3))
        section = self._read()[1]["Won"]
        self.assertEqual((len(section["rows"]), section["more"], section["count"]), (15, "and 2 more", 17))

    def test_it_is_read_without_writing_in_a_fixed_number_of_queries(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            point = self.env.cr.savepoint()
            self.env.cr.execute("SET LOCAL transaction_read_only = on")
            self._assert_page(review)
            point.rollback()
            return self.env.cr.sql_log_count - before

        review = self._review()
        self._fill(1)
        count()
        few = count()
        self._fill(10)
        self.assertLessEqual(count(), few + 2)

    def _assert_page(self, review):
        self.assertIn("Overdue Actions", review.content)

    def _fill(self, number):
        deals = self._deal(count=number)
        self._close(self._deal(count=number), datetime(2026, 6, 3))
        self._deal(count=number, date_deadline=date(2026, 6, 1))
        for deal in deals:
            deal.activity_schedule(date_deadline=date(2026, 6, 1), user_id=self.salesperson.id)
            self._create_order(deal, user_id=self.salesperson.id, team_id=self.team.id, validity_date=SUNDAY)

    def test_it_is_printed(self):
        review = self._review()
        self._close(self._deal(name="Printed"), datetime(2026, 6, 3))
        report = self.env["ir.actions.report"].with_user(self.leader)
        html, _type = report._render_qweb_html("sales_management.sales_review_report", review.ids)
        self.assertIn(b"Printed", html)
