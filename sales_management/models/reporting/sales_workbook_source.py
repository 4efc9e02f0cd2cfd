from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.sales_management.tools.book_writer import Chart, Column, to_clock
from odoo.addons.sales_management.tools.day import get_day

#: Rows that are fetched at once, and names that are kept of each model.
PAGE = 2000
KEPT_NAMES = 50_000


class Cell(NamedTuple):
    """A column of a sheet, and where it comes from.

    :param Column column: what the sheet shows
    :param SQL value: expression in the query; of a formula, what it will come to
    :param names: of what is shown by its name: the model it belongs to, or names by value
    :param SQL total: of a formula, what it comes to over all rows: an expression over the columns ``c0``, ``c1``
    """

    column: Column
    value: SQL
    names: object = None
    total: SQL | None = None


class Source(NamedTuple):
    """What a sheet is made of.

    :param Query query: rows, under the rights of the reader; None where they are given
    :param list[Cell] cells: its columns
    :param str order: of the rows, by numbers of columns
    :param Chart chart: beside them
    :param str note: what the rows are
    :param list rows: of a sheet that needs no query: few, and shown as they are
    """

    query: object
    cells: list
    order: str = ""
    chart: Chart | None = None
    note: str = ""
    rows: list | None = None

    def is_empty(self):
        return not self.rows if self.query is None else self.query.is_empty()


class SalesWorkbookSource(models.AbstractModel):
    """What is on the sheets of a workbook: read under the rights of whoever gets it, in pages from the database."""

    _name = "sales.workbook.source"
    _description = "Sheets of a Workbook"

    # === Sheets === #

    @api.model
    def _get_source(self, code, book):
        """
        :param str code: of a ``sales.workbook.sheet``
        :param sales.workbook book: read by its reader, in their language
        :return: None where there is nothing that the reader may see, or it is switched off
        :rtype: Source | None
        """
        prepare = getattr(self, f"_prepare_{code}", None)
        if prepare is None or not self._is_open(code, book.company_id):
            return None
        return prepare(book)

    @api.model
    def _is_open(self, code, company):
        """Whether a sheet is switched on, and whoever asks may read what is on it. To override: add yours.

        :rtype: bool
        """
        return self.env["sales.result"].has_access("read")

    # === Reading === #

    @api.model
    def _read_totals(self, source):
        """
        :return: the number of rows, and the total of each column that has one, else None
        :rtype: tuple[int, list]
        """
        if source.query is None or source.is_empty():
            return len(source.rows or ()), [None] * len(source.cells)
        sums = [
            SQL("NULL") if not cell.column.has_total else cell.total or SQL("sum(%s)", SQL.identifier(f"c{position}"))
            for position, cell in enumerate(source.cells)
        ]
        query = SQL("SELECT count(*), %s FROM (%s) listed", SQL(", ").join(sums), self._select(source))
        [(count, *totals)] = self.env.execute_query(query)
        return count, totals

    @api.model
    def _iter_rows(self, source, zone, report=None):
        """Read rows in pages from a cursor of the database: no more than a page is ever held.

        :param tzinfo zone: the clock by which moments are shown
        :param report: told after each page how many rows it had
        :return: iterator of lists of values
        """
        if source.query is None:
            yield from source.rows
        if source.query is None or source.is_empty():
            return
        query = SQL("SELECT * FROM (%s) listed ORDER BY %s", self._select(source), SQL(source.order))
        self.env.flush_query(query)
        # The whole is wanted: a plan for a quick first row takes many times as long.
        self.env.cr.execute("SET LOCAL cursor_tuple_fraction = 1")
        self.env.cr.execute(SQL("DECLARE sales_workbook NO SCROLL CURSOR FOR %s", query))
        names = {}
        try:
            while True:
                self.env.cr.execute(SQL("FETCH %s FROM sales_workbook", PAGE))
                page = self.env.cr.fetchall()
                if not page:
                    break
                yield from self._show_page(source, page, zone, names)
                if report:
                    report(len(page))
        finally:
            if not self.env.cr.closed:
                self.env.cr.execute("CLOSE sales_workbook")

    @api.model
    def _select(self, source):
        columns = [
            SQL("%s AS %s", cell.value, SQL.identifier(f"c{position}")) for position, cell in enumerate(source.cells)
        ]
        return source.query.select(*columns)

    @api.model
    def _show_page(self, source, page, zone, names):
        """Put names in the place of ids and codes, and moments on the clock."""
        shown = []
        for position, cell in enumerate(source.cells):
            values = [row[position] for row in page]
            if isinstance(cell.names, str):
                found = self._get_names(cell.names, values, names.setdefault(cell.names, {}))
                values = [found.get(value) for value in values]
            elif cell.names:
                values = [cell.names.get(value, value) for value in values]
            elif cell.column.kind == "moment":
                values = [value and to_clock(value, zone) for value in values]
            shown.append(values)
        return zip(*shown, strict=True)

    @api.model
    def _get_names(self, model, ids, known):
        """
        :param dict known: names that were read before, by id; what is read now is added
        :rtype: dict[int, str]
        """
        missing = {id_ for id_ in ids if id_} - known.keys()
        if missing:
            if len(known) > KEPT_NAMES:
                known.clear()
                missing = {id_ for id_ in ids if id_}
            # sudo: a row that one may read says whom it is of, as it does on each screen.
            records = self.env[model].sudo().with_context(active_test=False).browse(sorted(missing))
            name = "name" if model in ("sale.order", "account.move") else "display_name"
            known.update((record.id, record[name]) for record in records)
            # Not kept twice.
            records.invalidate_recordset(flush=False)
        return known

    # === Parts of sheets === #

    @api.model
    def _cell(self, model, query, name, title, kind="text", **values):
        """A column of a stored field of a model; of links the name, of choices the label.

        :rtype: Cell
        """
        field = model._fields[name]
        names = None
        if field.type == "many2one":
            names = field.comodel_name
        elif field.type == "selection":
            names = dict(field._description_selection(self.env))
        return Cell(Column(title, kind, **values), model._field_to_sql(model._table, name, query), names)

    @api.model
    def _money(self, book, title, is_taxed=None):
        """:return: the title of a column of amounts: which currency, and whether tax is in it
        :rtype: str
        """
        company = book.company_id
        if is_taxed is None:
            tax = company._get_amount_tax_label()
        else:
            tax = self.env._("incl. tax") if is_taxed else self.env._("excl. tax")
        return self.env._("%(title)s (%(currency)s, %(tax)s)", title=title, currency=company.currency_id.name, tax=tax)

    @api.model
    def _share(self, part, whole):
        """:return: a quotient as a formula would have it: where there is nothing to divide by, there is none
        :rtype: SQL
        """
        return SQL("(%s)::float8 / NULLIF(%s, 0)::float8", part, whole)

    @api.model
    def _get_scope(self, book, team="team_id"):
        """:return: condition: the company and the teams of a workbook
        :rtype: Domain
        """
        teams = Domain(team, "in", book.team_ids.ids) if book.team_ids else Domain.TRUE
        return Domain("company_id", "=", book.company_id.id) & teams

    @api.model
    def _get_days(self, book, name):
        """:return: condition: a day is within the period
        :rtype: Domain
        """
        return Domain(name, ">=", book.date_from) & Domain(name, "<=", book.date_to)

    @api.model
    def _get_moments(self, book, name):
        """:return: condition: a moment is within the period, by the clock of the company
        :rtype: Domain
        """
        zone = book.company_id._get_sales_zone()
        begin, end = get_day(book.date_from, zone).start, get_day(book.date_to, zone).end
        return Domain(name, ">=", begin) & Domain(name, "<", end)
