from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.sales_management.const import METRICS, MONEY_METRICS
from odoo.addons.sales_management.tools.book_writer import Chart, Column

from .sales_workbook_source import Cell, Source

#: Periods of up to so many days are shown by day, longer ones by month.
BY_DAY = 62


class SalesWorkbookSource(models.AbstractModel):
    """Sheets of what was reached: sums by person, over time, by customer and product, and line by line."""

    _inherit = "sales.workbook.source"

    # === Sums === #

    @api.model
    def _prepare_summary(self, book):
        """By team and person, each metric a column: what targets count, as the company counts it."""
        results, query = self._search_results(book, [metric for metric, _label in METRICS])
        team, user = (results._field_to_sql(results._table, name, query) for name in ("team_id", "user_id"))
        query.groupby = SQL("%s, %s", team, user)
        cells = [
            Cell(Column(self.env._("Salesperson"), "text"), user, "res.users"),
            Cell(Column(self.env._("Sales Team"), "text"), team, "crm.team"),
            *self._get_metric_cells(book, results, query),
        ]
        chart = Chart("column", self.env._("Ordered, Invoiced and Collected"), 0, (2, 3, 4))
        return Source(query, cells, "3 DESC NULLS LAST, 1, 2", chart, self.env._("What each person reached"))

    @api.model
    def _prepare_trend(self, book):
        """The same over time: by day, or by month of the company where the period is long."""
        results, query = self._search_results(book, [metric for metric, _label in METRICS])
        day = results._field_to_sql(results._table, "date", query)
        is_short = (book.date_to - book.date_from).days < BY_DAY
        if not is_short:
            offset = SQL("make_interval(days => %s)", (book.company_id.sales_month_start or 1) - 1)
            day = SQL("(date_trunc('month', %s - %s) + %s)::date", day, offset, offset)
        query.groupby = day
        title = self.env._("Day") if is_short else self.env._("Month Beginning On")
        cells = [Cell(Column(title, "day"), day), *self._get_metric_cells(book, results, query)]
        chart = Chart("line", self.env._("Over Time"), 0, (1, 2, 3), rows=BY_DAY)
        return Source(query, cells, "1", chart, self.env._("What was reached when"))

    @api.model
    def _prepare_customers(self, book):
        results, query = self._search_results(book, sorted(MONEY_METRICS))
        customer = results._field_to_sql(results._table, "partner_id", query)
        query.groupby = customer
        cells = [
            Cell(Column(self.env._("Customer"), "text"), customer, "res.partner"),
            *(
                Cell(Column(self._get_metric_title(book, metric, label), "amount", True), value)
                for metric, label, value in self._get_metrics(results, query)
                if metric in MONEY_METRICS
            ),
        ]
        chart = Chart("bar", self.env._("Customers That Ordered Most"), 0, (1, 2))
        return Source(query, cells, "2 DESC NULLS LAST, 1", chart, self.env._("Customers by what they ordered"))

    @api.model
    def _prepare_products(self, book):
        results, query = self._search_results(book, ["ordered"])
        columns = {
            name: results._field_to_sql(results._table, name, query)
            for name in ("product_id", "categ_id", "quantity", "amount_untaxed", "amount_total", "margin")
        }
        query.groupby = SQL("%s, %s", columns["product_id"], columns["categ_id"])
        sums = {name: SQL("sum(%s)", column) for name, column in columns.items()}
        ordered = self.env._("Ordered")
        cells = [
            Cell(Column(self.env._("Product"), "text"), columns["product_id"], "product.product"),
            Cell(Column(self.env._("Product Category"), "text"), columns["categ_id"], "product.category"),
            Cell(Column(self.env._("Quantity"), "number", True), sums["quantity"]),
            Cell(Column(self._money(book, ordered, False), "amount", True), sums["amount_untaxed"]),
            Cell(Column(self._money(book, ordered, True), "amount", True), sums["amount_total"]),
            Cell(Column(self._money(book, self.env._("Margin"), False), "amount", True), sums["margin"]),
            Cell(
                Column(self.env._("Margin (%)"), "percent", True, '=IF({3}=0,"",{5}/{3})'),
                self._share(sums["margin"], sums["amount_untaxed"]),
                total=self._share(SQL("sum(c5)"), SQL("sum(c3)")),
            ),
        ]
        chart = Chart("bar", self.env._("Products That Were Ordered Most"), 0, (3, 5))
        return Source(query, cells, "4 DESC NULLS LAST, 1", chart, self.env._("Products by what was ordered of them"))

    # === Lines === #

    @api.model
    def _prepare_orders(self, book):
        results, query = self._search_results(book, ["ordered"])
        cells = [
            *self._get_line_cells(results, query),
            self._cell(results, query, "order_id", self.env._("Order")),
            self._cell(results, query, "quantity", self.env._("Quantity"), "number", has_total=True),
            *self._get_amount_cells(book, results, query, self.env._("Ordered")),
            self._cell(
                results, query, "margin", self._money(book, self.env._("Margin"), False), "amount", has_total=True
            ),
        ]
        return self._list_results(results, query, cells, self.env._("Lines of confirmed orders, by their date"))

    @api.model
    def _prepare_invoices(self, book):
        results, query = self._search_results(book, ["invoiced"])
        cells = [
            *self._get_line_cells(results, query),
            self._cell(results, query, "move_id", self.env._("Invoice")),
            self._cell(results, query, "quantity", self.env._("Quantity"), "number", has_total=True),
            *self._get_amount_cells(book, results, query, self.env._("Invoiced")),
        ]
        note = self.env._("Lines of posted invoices less credit notes, by their date")
        return self._list_results(results, query, cells, note)

    @api.model
    def _prepare_payments(self, book):
        results, query = self._search_results(book, ["collected"])
        cells = [
            *self._get_line_cells(results, query),
            self._cell(results, query, "move_id", self.env._("Invoice or Payment")),
            *self._get_amount_cells(book, results, query, self.env._("Collected")),
        ]
        note = self.env._("What customers paid less what they were paid back, by the lines of their invoices")
        return self._list_results(results, query, cells, note)

    # === Parts === #

    @api.model
    def _search_results(self, book, metrics):
        results = self.env["sales.result"]
        domain = Domain("metric", "in", metrics) & self._get_days(book, "date") & self._get_scope(book)
        return results, results._search(domain)

    @api.model
    def _list_results(self, results, query, cells, note):
        # By day, document, customer and product: the same order each time.
        return Source(query, cells, "1, 10, 2, 5", None, note)

    @api.model
    def _get_metrics(self, results, query):
        """
        :return: code, label and sum of each metric
        :rtype: list[tuple[str, str, SQL]]
        """
        metric, amount = (results._field_to_sql(results._table, name, query) for name in ("metric", "amount"))
        return [
            (code, label, SQL("sum(%s) FILTER (WHERE %s = %s)", amount, metric, code))
            for code, label in results._fields["metric"]._description_selection(self.env)
        ]

    @api.model
    def _get_metric_cells(self, book, results, query):
        return [
            Cell(
                Column(
                    self._get_metric_title(book, metric, label), "amount" if metric in MONEY_METRICS else "number", True
                ),
                value,
            )
            for metric, label, value in self._get_metrics(results, query)
        ]

    @api.model
    def _get_metric_title(self, book, metric, label):
        if metric not in MONEY_METRICS:
            return label
        # A margin has no tax, however the company counts the others.
        return self._money(book, label, False if metric == "margin" else None)

    @api.model
    def _get_line_cells(self, results, query):
        titles = {
            "date": self.env._("Date"),
            "partner_id": self.env._("Customer"),
            "country_id": self.env._("Country"),
            "state_id": self.env._("Region"),
            "product_id": self.env._("Product"),
            "categ_id": self.env._("Product Category"),
            "team_id": self.env._("Sales Team"),
            "user_id": self.env._("Salesperson"),
            "lead_id": self.env._("Deal"),
        }
        return [
            self._cell(results, query, name, title, "day" if name == "date" else "text")
            for name, title in titles.items()
        ]

    @api.model
    def _get_amount_cells(self, book, results, query, title):
        return [
            self._cell(results, query, name, self._money(book, title, is_taxed), "amount", has_total=True)
            for name, is_taxed in (("amount_untaxed", False), ("amount_total", True))
        ]
