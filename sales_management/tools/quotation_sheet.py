"""A quotation as a workbook: the same content as its paper, in cells that count."""

import io
from dataclasses import dataclass, field
from datetime import date

import xlsxwriter

#: What a cell holds at most; the library leaves a longer text out.
MAX_TEXT = 32767
WIDTHS = {"text": 48, "number": 12, "price": 14, "percent": 9, "amount": 16, "words": 16}


@dataclass
class Column:
    """A column of lines: its title, and what it holds, which is one of ``WIDTHS``."""

    title: str
    kind: str


@dataclass
class Row:
    """A line: one value per column, none for an empty cell. Its style is ``line``, ``section`` or ``note``."""

    values: list
    style: str = "line"


@dataclass
class Total:
    """An amount below the lines."""

    label: str
    amount: float
    is_bold: bool = False


@dataclass
class Sheet:
    """What stands on the sheet, from top to bottom."""

    name: str
    company: list[str]
    title: str
    facts: list[tuple[str, str | date]]
    columns: list[Column]
    rows: list[Row]
    totals: list[Total]
    words: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    picture: bytes | None = None
    caption: str = ""
    amount_decimals: int = 2
    price_decimals: int = 2


def make_workbook(sheet):
    """Write a sheet as a file.

    Every text is a text, whatever it begins with: a name that looks like a formula computes nothing.

    :rtype: bytes

    >>> empty = Sheet("S1", ["Bolts"], "Quotation S1", [], [Column("Name", "text")], [], [])
    >>> make_workbook(empty)[:2]
    b'PK'
    """
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as workbook:
        SheetWriter(workbook, sheet).fill()
    return stream.getvalue()


class SheetWriter:
    """Writes a sheet from top to bottom; knows which row comes next."""

    def __init__(self, workbook, sheet):
        self.workbook, self.sheet = workbook, sheet
        # Names of sheets are short, and some characters mean something in formulas.
        name = "".join("-" if char in "[]:*?/\\'" else char for char in sheet.name)[:31]
        self.page = workbook.add_worksheet(name)
        self.formats = {}
        self.row = 0

    def fill(self):
        self._set_up_page()
        for text in self.sheet.company:
            self._write_line(text, bold=not self.row)
        self.row += 1
        self._write_line(self.sheet.title, bold=True, font_size=16)
        for label, value in self.sheet.facts:
            self._write_cell(0, label, font_color="#666666")
            self._write_cell(1, value, align="left")
            self.row += 1
        self.row += 1
        self._write_rows()
        self._write_totals()
        for label, text in self.sheet.words:
            self._write_line(f"{label}: {text}", bold=True)
        for text in self.sheet.notes:
            self._write_line(text, text_wrap=True, valign="top")
        self._write_picture()

    def _set_up_page(self):
        self.page.set_paper(9)
        self.page.fit_to_pages(1, 0)
        self.page.hide_gridlines(2)
        for position, column in enumerate(self.sheet.columns):
            self.page.set_column(position, position, WIDTHS[column.kind])

    def _write_rows(self):
        for position, column in enumerate(self.sheet.columns):
            align = "left" if column.kind == "text" else "right"
            self._write_cell(position, column.title, bold=True, align=align, bottom=1, text_wrap=True)
        self.row += 1
        for row in self.sheet.rows:
            style = {"bold": row.style == "section", "italic": row.style == "note"}
            for position, (column, value) in enumerate(zip(self.sheet.columns, row.values, strict=True)):
                if value is not None:
                    self._write_cell(position, value, **style, **self._get_column_style(column))
            self.row += 1

    def _write_totals(self):
        last = len(self.sheet.columns) - 1
        for total in self.sheet.totals:
            self._write_cell(max(last - 1, 0), total.label, bold=total.is_bold, align="right")
            style = self._get_number_style(self.sheet.amount_decimals)
            self._write_cell(last, total.amount, bold=total.is_bold, **style)
            self.row += 1
        self.row += 1

    def _write_picture(self):
        if not self.sheet.picture:
            return
        self.row += 1
        self._write_line(self.sheet.caption)
        options = {"image_data": io.BytesIO(self.sheet.picture), "x_scale": 0.4, "y_scale": 0.4}
        self.page.insert_image(self.row, 0, "code.png", options)

    def _get_column_style(self, column):
        if column.kind == "text":
            return {"text_wrap": True, "valign": "top"}
        if column.kind == "words":
            return {"align": "right", "valign": "top"}
        decimals = {"price": self.sheet.price_decimals, "amount": self.sheet.amount_decimals}.get(column.kind)
        return {"valign": "top", **({} if decimals is None else self._get_number_style(decimals))}

    @staticmethod
    def _get_number_style(decimals):
        return {"num_format": "#,##0" + ("." + "0" * decimals if decimals else "")}

    def _write_line(self, text, **style):
        last = len(self.sheet.columns) - 1
        if style.get("text_wrap") and last:
            # Merged cells do not grow with what they hold.
            lines = sum(1 + len(line) // 100 for line in text.split("\n"))
            self.page.set_row(self.row, min(15 * lines, 409))
            self.page.merge_range(self.row, 0, self.row, last, "", self._get_format(style))
        self._write_cell(0, text, **style)
        self.row += 1

    def _write_cell(self, column, value, **style):
        if isinstance(value, date):
            self.page.write_datetime(self.row, column, value, self._get_format({**style, "num_format": "yyyy-mm-dd"}))
        elif isinstance(value, str):
            self.page.write_string(self.row, column, value[:MAX_TEXT], self._get_format(style))
        else:
            self.page.write_number(self.row, column, value, self._get_format(style))

    def _get_format(self, style):
        key = tuple(sorted(style.items()))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format(style)
        return self.formats[key]
