"""Workbooks of any length: rows are written as they come, totals are formulas, and charts are Excel's own."""

import math
import re
from datetime import UTC, date
from decimal import Decimal
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

#: What a cell and the name of a sheet hold at most, and how many rows a sheet has, those above the first left out.
MAX_TEXT = 32767
MAX_NAME = 31
MAX_ROWS = 1_048_576 - 10
#: The header is in this row, the totals above it: one sees them however far down one reads.
TOTAL_ROW, HEADER_ROW = 2, 3
#: Never the numbers of a spreadsheet program: they are texts, whatever they begin with.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
#: Width in characters by kind of column.
WIDTHS = {"text": 28, "day": 12, "moment": 17, "amount": 16, "number": 13, "count": 11, "percent": 11}
#: Kinds of columns whose titles stand on the left, as what is below them.
TEXTS = frozenset({"text"})
#: Width of the first column where it holds names, and height of a line of titles.
NAME_WIDTH, LINE_HEIGHT = 36, 16
CHARTS = {"column": {"type": "column"}, "bar": {"type": "bar"}, "line": {"type": "line"}}


class Column(NamedTuple):
    """A column: its title, and what its cells hold.

    :param str title: in the header
    :param str kind: one of :data:`WIDTHS`
    :param bool has_total: whether its sum stands above it
    :param str formula: of cells that are reckoned from others of their row, which it names as ``{0}``, ``{1}``
    """

    title: str
    kind: str
    has_total: bool = False
    formula: str = ""


class Chart(NamedTuple):
    """A chart of the first rows of a sheet.

    :param str kind: one of :data:`CHARTS`
    :param str title: above it
    :param int category: column of the names
    :param tuple values: columns of the figures
    :param int rows: how many of the first rows it shows
    """

    kind: str
    title: str
    category: int
    values: tuple
    rows: int = 15


def clean_name(name, taken=()):
    """A name that a sheet may have, and none of the others has.

    >>> clean_name("Orders/Invoices: 2026"), clean_name("订单", {"订单"}), clean_name("'History'", ())
    ('Orders-Invoices- 2026', '订单 (2)', 'History-')
    >>> len(clean_name("x" * 40, {"x" * 31}))
    31

    :param taken: names of the other sheets
    :rtype: str
    """
    cleaned = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "-", name).strip("' ") or "-"
    # Excel keeps this name for itself.
    cleaned = f"{cleaned}-" if cleaned.casefold() == "history" else cleaned
    used = {other.casefold() for other in taken}
    cleaned, number, base = cleaned[:MAX_NAME], 1, cleaned
    while cleaned.casefold() in used:
        number += 1
        ending = f" ({number})"
        cleaned = base[: MAX_NAME - len(ending)] + ending
    return cleaned


def get_money_format(symbol, decimals, is_before=True):
    """How amounts of a currency are shown.

    >>> get_money_format("¥", 2), get_money_format('"k"', 0, False)
    ('"¥"#,##0.00', '#,##0" k"')

    :rtype: str
    """
    number = "#,##0" + ("." + "0" * decimals if decimals else "")
    symbol = symbol.replace('"', "").replace("\\", "").strip()
    if not symbol:
        return number
    return f'"{symbol}"{number}' if is_before else f'{number}" {symbol}"'


class BookWriter:
    """Writes a workbook into a file, sheet after sheet, each from top to bottom; holds no more than a row of it."""

    def __init__(self, path, money_format, folder=None):
        """
        :param path: file to write
        :param str money_format: of amounts, see :func:`get_money_format`
        :param folder: where the sheets lie until all are written, which whoever made it removes
        """
        self.book = xlsxwriter.Workbook(path, {**OPTIONS, **({"tmpdir": folder} if folder else {})})
        shown = {
            "amount": money_format,
            "number": "#,##0.##",
            "count": "#,##0",
            "percent": "0.0%",
            "day": "yyyy-mm-dd",
            "moment": "yyyy-mm-dd hh:mm",
            "text": "@",
        }
        self.formats = {kind: self.book.add_format({"num_format": text}) for kind, text in shown.items()}
        totals = {"bold": True, "bg_color": "#F2F2F2", "top": 1}
        self.totals = {kind: self.book.add_format({"num_format": text, **totals}) for kind, text in shown.items()}
        header = {"bold": True, "bg_color": "#714B67", "font_color": "#FFFFFF", "text_wrap": True, "valign": "vcenter"}
        self.headers = {
            kind: self.book.add_format({**header, "align": "left" if kind in TEXTS else "right"}) for kind in shown
        }
        self.title = self.book.add_format({"bold": True, "font_size": 14})
        self.note = self.book.add_format({"font_color": "#666666"})
        self.names = []

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is None:
            self.book.close()
        else:
            # What failed is not put together, and says no more that it was not.
            self.book.fileclosed = True

    def write_sheet(self, name, title, note, columns, rows, count, totals, chart=None, total_label="", empty=""):
        """Write a sheet.

        :param str name: of the tab; made one that it may have
        :param str title: in the first row
        :param str note: in the second
        :param list[Column] columns: of the sheet
        :param rows: iterator of lists, a value for each column
        :param int count: how many rows there will be
        :param list totals: the sum of each column that has one, else None: what a reader shows that reckons nothing
        :param Chart chart: beside the rows
        :param str total_label: stands where the totals are
        :param str empty: stands where there are no rows
        :raise ValueError: where there are more rows than a sheet has
        """
        if count > MAX_ROWS:
            raise ValueError(f"{count} rows")
        page = self.book.add_worksheet(clean_name(name, self.names))
        self.names.append(page.name)
        self._set_up(page, columns, count)
        page.write_string(0, 0, title[:MAX_TEXT], self.title)
        page.write_string(1, 0, note[:MAX_TEXT], self.note)
        self._write_totals(page, columns, count, totals, total_label)
        for position, column in enumerate(columns):
            page.write_string(HEADER_ROW, position, column.title[:MAX_TEXT], self.headers[column.kind])
        number = HEADER_ROW
        for number, values in enumerate(rows, HEADER_ROW + 1):
            self._write_row(page, number, columns, values)
        if number == HEADER_ROW and empty:
            page.write_string(HEADER_ROW + 1, 0, empty[:MAX_TEXT], self.note)
        if chart and count:
            self._add_chart(page, chart, columns, count)

    def _set_up(self, page, columns, count):
        for position, column in enumerate(columns):
            is_name = not position and column.kind == "text"
            page.set_column(position, position, NAME_WIDTH if is_name else WIDTHS[column.kind])
        # Bold letters, broken between words, take more room than their number says.
        lines = max(math.ceil(1.25 * len(column.title) / WIDTHS[column.kind]) for column in columns)
        page.set_row(HEADER_ROW, LINE_HEIGHT * min(max(lines, 2), 4))
        page.freeze_panes(HEADER_ROW + 1, 1)
        page.autofilter(HEADER_ROW, 0, HEADER_ROW + max(count, 1), len(columns) - 1)
        page.set_paper(9)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(HEADER_ROW)

    def _write_totals(self, page, columns, count, totals, label):
        page.write_string(TOTAL_ROW, 0, label, self.totals["text"])
        for position, column in enumerate(columns[1:], 1):
            style = self.totals[column.kind]
            if not column.has_total:
                page.write_blank(TOTAL_ROW, position, None, style)
            elif column.formula:
                page.write_formula(
                    TOTAL_ROW, position, self._fill(column.formula, TOTAL_ROW), style, self._show(totals[position])
                )
            else:
                letter = xl_col_to_name(position)
                first, last = HEADER_ROW + 2, HEADER_ROW + 1 + max(count, 1)
                # 109: rows that a filter hides do not count.
                page.write_formula(
                    TOTAL_ROW,
                    position,
                    f"=SUBTOTAL(109,{letter}{first}:{letter}{last})",
                    style,
                    self._show(totals[position] or 0),
                )

    def _write_row(self, page, number, columns, values):
        for position, (column, value) in enumerate(zip(columns, values, strict=True)):
            style = self.formats[column.kind]
            if column.formula:
                page.write_formula(number, position, self._fill(column.formula, number), style, self._show(value))
            elif value is None or value is False or value == "":
                continue
            elif isinstance(value, date):
                page.write_datetime(number, position, value, style)
            elif isinstance(value, int | float | Decimal):
                page.write_number(number, position, value, style)
            else:
                page.write_string(number, position, str(value)[:MAX_TEXT], style)

    @staticmethod
    def _fill(formula, row):
        return formula.format(*(xl_rowcol_to_cell(row, position) for position in range(26)))

    @staticmethod
    def _show(value):
        """:return: what a cell with a formula shows until it is reckoned"""
        return "" if value is None or (isinstance(value, float) and not math.isfinite(value)) else value

    def _add_chart(self, page, chart, columns, count):
        drawn = self.book.add_chart(CHARTS[chart.kind])
        first, last = HEADER_ROW + 1, HEADER_ROW + min(count, chart.rows)
        for position in chart.values:
            drawn.add_series(
                {
                    "name": [page.name, HEADER_ROW, position],
                    "categories": [page.name, first, chart.category, last, chart.category],
                    "values": [page.name, first, position, last, position],
                }
            )
        drawn.set_title({"name": chart.title, "name_font": {"size": 12}})
        drawn.set_legend({"position": "bottom"})
        is_rate = columns[chart.values[0]].kind == "percent"
        figures = {"num_format": "0%" if is_rate else "#,##0", "major_gridlines": {"visible": True}}
        names = {"date_axis": True, "num_format": "yyyy-mm-dd"} if columns[chart.category].kind == "day" else {}
        if chart.kind == "bar":
            # The first row on top, as in the list; bars lie along the first axis.
            names, figures = figures, {**names, "reverse": True}
        drawn.set_x_axis(names)
        drawn.set_y_axis(figures)
        drawn.set_size({"width": 760, "height": 420})
        page.insert_chart(HEADER_ROW + 1, len(columns) + 1, drawn)


def to_clock(moment, zone):
    """Spreadsheets know no zones: a moment is what a clock shows.

    >>> from datetime import datetime
    >>> to_clock(datetime(2026, 11, 23, 20), UTC)
    datetime.datetime(2026, 11, 23, 20, 0)

    :param datetime moment: in naive UTC
    :param tzinfo zone: of the clock
    :rtype: datetime
    """
    return moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
