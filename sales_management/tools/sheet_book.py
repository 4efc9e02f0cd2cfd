"""Reads spreadsheets that somebody uploads, and trusts none of them: workbooks (xlsx) and tables of text (csv)."""

import csv
import io
import re
import zipfile
from typing import NamedTuple

import openpyxl
from openpyxl.utils import get_column_letter

MAX_BYTES = 20 * 2**20
#: What a workbook may become when it is unpacked: a small file may be packed from a huge one.
MAX_UNPACKED_BYTES = 300 * 2**20
MAX_PARTS = 2000
MAX_COLUMNS = 100
#: So many empty rows end a sheet: a format on a whole column makes a million of them.
MAX_EMPTY_ROWS = 500
MAX_CELL_LENGTH = 32767
#: Encodings of tables, the first that fits: spreadsheets write the second in China.
ENCODINGS = ("utf-8-sig", "gb18030")
#: Beginnings of files that are something else: a workbook of before 2007.
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


class BookError(ValueError):
    """A file that is not read. ``kind``: ``empty``, ``big``, ``old``, ``type``, ``broken``, ``encrypted``, ``rows``."""

    def __init__(self, kind, detail=""):
        super().__init__(kind)
        self.kind = kind
        self.detail = detail


class ErrorCell(str):
    """What a spreadsheet shows where a formula failed, such as ``#N/A``."""

    __slots__ = ()


class FormulaCell(str):
    """A formula that was never computed: its workbook holds no result."""

    __slots__ = ()


class Sheet(NamedTuple):
    """A sheet with its rows that hold anything.

    :param str name: as its tab says; that of the file for a table
    :param list rows: number as the spreadsheet shows it, and its cells
    :param tuple merged: areas of merged cells, such as ``A2:B3``
    :param bool hidden: whether its tab is hidden
    """

    name: str
    rows: list
    merged: tuple = ()
    hidden: bool = False


def read_book(content, name, max_rows):
    """:return: sheets of a file, in its order
    :rtype: list[Sheet]
    :param bytes content: the file
    :param str name: its name
    :param int max_rows: rows that a sheet may have
    :raise BookError: for what cannot be read, or is too large
    """
    if not content.strip():
        raise BookError("empty")
    if len(content) > MAX_BYTES:
        raise BookError("big", str(MAX_BYTES // 2**20))
    if content.startswith(OLD_WORKBOOK):
        raise BookError("old")
    if content.startswith(b"PK"):
        return _read_workbook(content, max_rows)
    if b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BookError("type", name)
    return [_read_table(content, name, max_rows)]


# === Workbooks === #


def _read_workbook(content, max_rows):
    parts = _check_archive(content)
    has_formulas = any(b"<f>" in part or b"<f " in part for part in parts.values())
    merged = _find_merged(content, parts)
    book = _open_workbook(content, data_only=True)
    formulas = _open_workbook(content, data_only=False) if has_formulas else None
    try:
        sheets = []
        for sheet in book.worksheets:
            rows = _read_rows(sheet, max_rows)
            if formulas:
                rows = _mark_formulas(rows, _read_rows(formulas[sheet.title], max_rows))
            sheets.append(Sheet(sheet.title, rows, merged.get(sheet.title, ()), sheet.sheet_state != "visible"))
        return sheets
    except BookError:
        raise
    except Exception as error:  # whatever a broken file makes of the reader
        raise BookError("broken") from error
    finally:
        book.close()


def _check_archive(content):
    """:return: the sheets of the archive as it holds them, by name of the part"""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
                raise BookError("big", str(MAX_BYTES // 2**20))
            if any(part.flag_bits & 1 for part in parts):
                raise BookError("encrypted")
            names = {part.filename for part in parts}
            if "xl/workbook.xml" not in names:
                raise BookError("type")
            # Read here at once: what says it is small and is not fails now.
            return {name: archive.read(name) for name in sorted(names) if name.startswith("xl/worksheets/sheet")}
    except BookError:
        raise
    except Exception as error:
        raise BookError("broken") from error


def _open_workbook(content, data_only):
    try:
        return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False)
    except Exception as error:
        raise BookError("broken") from error


def _find_merged(content, parts):
    """Merged cells by title of the sheet: the reader of single rows does not tell them."""
    if not any(b"<mergeCell " in part for part in parts.values()):
        return {}
    book = _open_workbook(content, data_only=True)
    found = {}
    for sheet in book.worksheets:
        part = parts.get(getattr(sheet, "_worksheet_path", "").lstrip("/"), b"")
        areas = re.findall(rb'<mergeCell [^>]*ref="([A-Z0-9:]+)"', part)
        found[sheet.title] = tuple(area.decode() for area in areas)
    book.close()
    return found


def _read_rows(sheet, max_rows):
    # What a sheet says of its own size is often wrong.
    sheet.reset_dimensions()
    rows, empty = [], 0
    for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), 1):
        values = [_get_value(cell) for cell in cells]
        while values and values[-1] is None:
            values.pop()
        if not values:
            empty += 1
            if empty > MAX_EMPTY_ROWS:
                break
            continue
        empty = 0
        rows.append((number, values))
        # One for the header.
        if len(rows) > max_rows + 20:
            raise BookError("rows", sheet.title)
    return rows


def _get_value(cell):
    value = cell.value
    if value is not None and cell.data_type == "f":
        return FormulaCell(str(getattr(value, "text", value))[:MAX_CELL_LENGTH])
    if isinstance(value, str):
        if cell.data_type == "e":
            return ErrorCell(value)
        return value[:MAX_CELL_LENGTH] if value.strip() else None
    return value


def _mark_formulas(rows, raw):
    """Put formulas where they have no result: an empty cell in their place would be taken for one."""
    cells = {number: list(values) for number, values in rows}
    for number, values in raw:
        for position, value in enumerate(values):
            if not isinstance(value, FormulaCell):
                continue
            row = cells.setdefault(number, [])
            row.extend([None] * (position + 1 - len(row)))
            if row[position] is None:
                row[position] = value
    return sorted(cells.items())


# === Tables === #


def _read_table(content, name, max_rows):
    text = _decode(content, name)
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    rows = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            values = [cell[:MAX_CELL_LENGTH] if cell.strip() else None for cell in cells[:MAX_COLUMNS]]
            if any(value is not None for value in values):
                rows.append((number, values))
            if len(rows) > max_rows + 20:
                raise BookError("rows", name)
    except csv.Error as error:
        raise BookError("broken") from error
    return Sheet(name, rows)


def _decode(content, name):
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ENCODINGS
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BookError("type", name)


def name_cell(column, row):
    """:return: how a spreadsheet calls a cell

    >>> name_cell(2, 7)
    'C7'
    """
    return f"{get_column_letter(column + 1)}{row}"
