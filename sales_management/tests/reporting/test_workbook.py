"""The workbook: its sheets against core's own tables, its formulas as LibreOffice reckons them, charts and texts."""

import base64
from datetime import date, datetime

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_management.tests.reporting.workbook_common import BEGIN, HEADER, TOTAL, WorkbookCommon


@tagged("post_install", "-at_install", "reporting")
class TestWorkbook(WorkbookCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._sell()

    # === Figures === #

    def test_orders_are_those_of_the_tables(self):
        sheet = self._open(self._make(sheets=["orders"]))["Orders"]
        totals = self._read_totals(sheet)
        for title, column in (("excl.", "amount_untaxed"), ("incl.", "amount_total")):
            expected = self._ask(
                f"SELECT sum({column} / currency_rate) FROM sale_order WHERE state = 'sale' AND company_id = %s "
                "AND date_order >= '2026-03-01' AND date_order < '2026-04-01'",
                self.company.id,
            )
            self.assertAlmostEqual(totals[f"Ordered ({self.company.currency_id.name}, {title} tax)"], expected, 2)
        rows = self._read_rows(sheet)
        self.assertEqual(len(rows), 4)
        self.assertEqual({row["Salesperson"] for row in rows}, {"Salesperson", "Member"})
        self.assertEqual({row["Date"] for row in rows}, {datetime(2026, 3, 10)})

    def test_invoices_and_payments_are_those_of_the_tables(self):
        book = self._open(self._make(sheets=["invoices", "payments"]))
        expected = self._ask(
            "SELECT sum(amount_total_signed) FROM account_move WHERE state = 'posted' AND move_type = 'out_invoice' "
            "AND company_id = %s AND invoice_date BETWEEN '2026-03-01' AND '2026-03-31'",
            self.company.id,
        )
        currency = self.company.currency_id.name
        self.assertAlmostEqual(self._read_totals(book["Invoices"])[f"Invoiced ({currency}, incl. tax)"], expected, 2)
        self.assertAlmostEqual(self._read_totals(book["Payments"])[f"Collected ({currency}, incl. tax)"], expected, 2)

    def test_sums_by_person_time_customer_and_product_agree(self):
        book = self._open(self._make(sheets=["summary", "trend", "customers", "products"]))
        title = f"Ordered ({self.company.currency_id.name}, excl. tax)"
        for name in ("Summary", "Over Time", "Customers", "Products"):
            self.assertAlmostEqual(self._read_totals(book[name])[title], 1000, 2, name)
        people = {row["Salesperson"]: row for row in self._read_rows(book["Summary"])}
        self.assertEqual(people["Member"][title], 500)
        self.assertEqual(people["Member"][f"Collected ({self.company.currency_id.name}, excl. tax)"], 300)
        [product] = self._read_rows(book["Products"])
        self.assertAlmostEqual(product["Margin (%)"], 0.4)

    def test_amounts_follow_the_company(self):
        self.company.sales_amount_tax = "included"
        totals = self._read_totals(self._open(self._make(sheets=["summary"]))["Summary"])
        self.assertAlmostEqual(totals[f"Ordered ({self.company.currency_id.name}, incl. tax)"], 1130, 2)
        self.assertIn(f"Margin ({self.company.currency_id.name}, excl. tax)", totals)

    def test_long_periods_are_by_month_of_the_company(self):
        self.company.sales_month_start = 10
        self._order(1, moment=datetime(2026, 3, 9, 12))
        book = self._make(sheets=["trend"], first=date(2026, 1, 1), last=date(2026, 12, 31))
        rows = self._read_rows(self._open(book)["Over Time"])
        title = f"Ordered ({self.company.currency_id.name}, excl. tax)"
        found = {row["Month Beginning On"].date(): row[title] for row in rows if row[title]}
        self.assertEqual(found, {date(2026, 2, 10): 100, date(2026, 3, 10): 6000})

    def test_deals_and_quotations_of_the_period(self):
        deal = self._create_deals(name="Bolts", expected_revenue=700, partner_id=self.customer.id)
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_lead SET create_date = '2026-03-31 23:30' WHERE id = %s", deal.ids)
        self._create_order(quantity=7, date_order=datetime(2026, 3, 5), user_id=self.member.id)
        book = self._open(self._make(sheets=["deals", "quotations"]))
        [row] = [row for row in self._read_rows(book["Deals"]) if row["Deal"] == "Bolts"]
        self.assertEqual(row["Deal Number"], deal.deal_number)
        self.assertEqual(row["Created On"], datetime(2026, 3, 31, 23, 30))
        totals = self._read_totals(book["Quotations"])
        expected = self._ask(
            "SELECT sum(amount_untaxed / currency_rate) FROM sale_order WHERE company_id = %s "
            "AND date_order >= '2026-03-01' AND date_order < '2026-04-01'",
            self.company.id,
        )
        self.assertAlmostEqual(totals[f"Amount ({self.company.currency_id.name}, excl. tax)"], expected, 2)
        self.company.partner_id.tz = "Asia/Shanghai"
        late = self._read_rows(self._open(self._make(sheets=["deals"]))["Deals"])
        self.assertNotIn("Bolts", [row["Deal"] for row in late])

    def test_targets_stand_with_what_was_reached(self):
        self.env["sales.target"].create(
            [
                {"metric": "ordered", "date_from": "2026-03-01", "amount": 2000, "team_id": self.team.id},
                {"metric": "won_deals", "date_from": "2026-03-01", "amount": 0, "team_id": self.team.id},
            ]
        )
        rows = self._read_rows(self._open(self._make(sheets=["targets"]))["Targets"])
        found = {row["Metric"]: row for row in rows}
        self.assertEqual(found["Ordered"]["Attainment"], 0.5)
        self.assertFalse(found["Won Deals"]["Attainment"], "Nothing is divided by zero.")

    def test_moves_and_rates_where_the_process_is_used(self):
        self.assertNotIn("Process", self._open(self._make()).sheetnames)
        self.company.sales_process_enabled = True
        deal = self._create_deals(company_id=self.company.id)
        deal.stage_id = self.env["crm.stage"].search([("id", "!=", deal.stage_id.id)], limit=1)
        self.env.flush_all()
        book = self._open(self._make(sheets=["moves", "process"], first=date(2026, 1, 1), last=date(2100, 1, 1)))
        count = self._ask("SELECT count(*) FROM sales_stage_move WHERE company_id = %s", self.company.id)
        self.assertEqual(len(self._read_rows(book["Stage Moves"])), count)
        self.assertIn("Salesperson", [row["Salesperson"] for row in self._read_rows(book["Process"])])

    # === The file === #

    def test_totals_are_formulas_that_follow_the_filter(self):
        sheet = self._open(self._make(sheets=["orders"]), data_only=False)["Orders"]
        formulas = [cell.value for cell in sheet[TOTAL] if str(cell.value).startswith("=")]
        self.assertEqual(len(formulas), 4)
        self.assertEqual(formulas[0], f"=SUBTOTAL(109,K{BEGIN}:K{BEGIN + 3})")
        self.assertEqual(sheet.auto_filter.ref, f"A{HEADER}:N{BEGIN + 3}")
        self.assertEqual(sheet.freeze_panes, f"B{BEGIN}")
        self.assertIn("#,##0.00", sheet.cell(BEGIN, 12).number_format)
        self.assertIn(self.company.currency_id.symbol, sheet.cell(BEGIN, 12).number_format)

    def test_charts_are_those_of_excel(self):
        self.env["sales.target"].create({"metric": "ordered", "date_from": "2026-03-01", "amount": 2000})
        book = self._open(self._make(sheets=["summary", "trend", "customers", "products", "targets"]), data_only=False)
        for sheet in book:
            self.assertEqual(len(sheet._charts), 1, sheet.title)

    def test_every_amount_says_whether_tax_is_in_it(self):
        self.company.sales_process_enabled = True
        for sheet in self._open(self._make(), data_only=False):
            for cell in sheet[BEGIN]:
                if self.company.currency_id.symbol in cell.number_format:
                    self.assertRegex(sheet.cell(HEADER, cell.column).value, r"(excl|incl)\. tax\)$")

    def test_texts_compute_nothing(self):
        evil = ["=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", "-2+3", "\t=1+1", "http://example.com", "=" * 40000, "{=1+1}"]
        for text in evil:
            self._order(1, partner_id=self.env["res.partner"].create({"name": text}).id)
        self.team.name = "=HYPERLINK(1)"
        sheet = self._open(self._make(sheets=["orders"]), data_only=False)["Orders"]
        cells = [cell for row in sheet.iter_rows(min_row=BEGIN) for cell in row if cell.data_type == "f"]
        self.assertFalse(cells)
        self.assertFalse([cell for row in sheet.iter_rows() for cell in row if cell.hyperlink])
        names = {cell.value for cell in sheet["B"][HEADER:]}
        self.assertIn("=cmd|' /C calc'!A0", names)

    def test_nothing_is_a_clear_book(self):
        book = self._make(first=date(2031, 1, 1), last=date(2031, 1, 31))
        self.assertEqual((book.state, book.row_count), ("done", 0), book.error)
        for sheet in self._open(book):
            self.assertEqual(sheet.cell(BEGIN, 1).value, "Nothing in this period.", sheet.title)

    def test_libreoffice_comes_to_the_same_totals(self):
        self.env["sales.target"].create({"metric": "ordered", "date_from": "2026-03-01", "amount": 2000})
        book = self._make()
        (reckoned, charts), written = self._recalculate(book), self._open(book)
        self.assertEqual(reckoned.sheetnames, written.sheetnames)
        compared = 0
        for name in written.sheetnames:
            for cell in written[name][TOTAL]:
                if isinstance(cell.value, int | float):
                    other = reckoned[name].cell(TOTAL, cell.column).value
                    self.assertAlmostEqual(other, cell.value, 6, f"{name} {cell.coordinate}")
                    compared += 1
        self.assertGreater(compared, 20)
        self.assertEqual(charts, self._count_charts(base64.b64decode(book.file)))
        self.assertEqual(charts, 5)
        self.assertAlmostEqual(reckoned["Targets"].cell(BEGIN, 9).value, 0.5)

    def test_a_book_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        sheets = self.env["sales.workbook.sheet"].search([("code", "in", ["orders", "summary"])])
        for sheet, name in zip(sheets, ["汇总/全部", "订单[2026]:" + "很" * 40], strict=True):
            sheet.sudo().with_context(lang="zh_CN").name = name
        book = self._make(sheets=["orders", "summary"], lang="zh_CN")
        names = self._open(book).sheetnames
        self.assertEqual(names[0], "汇总-全部")
        self.assertEqual(len(names[1]), 31)
        self.assertTrue(names[1].startswith("订单-2026--很"))
        self.assertEqual(self._recalculate(book)[0].sheetnames, names)

    def test_another_company_and_currency_is_a_book_of_its_own(self):
        other = self.setup_other_company(name="Second")["company"]
        other.write({"currency_id": self.env.ref("base.EUR").id, "sales_reporting_enabled": True})
        self.manager.company_ids = [Command.link(other.id)]
        book = self._make(sheets=["orders", "summary"], company_id=other.id)
        self.assertEqual(book.state, "done", book.error)
        self.assertEqual(book.row_count, 0)
        titles = [cell.value for cell in self._open(book)["Orders"][HEADER]]
        self.assertIn("Ordered (EUR, excl. tax)", titles)
