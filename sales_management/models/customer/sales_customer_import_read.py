import base64

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.sales_management.tools.customer_columns import KINDS
from odoo.addons.sales_management.tools.customer_sheet import (
    ImportRow,
    find_header,
    find_kind,
    guess_kind,
    match_header,
)
from odoo.addons.sales_management.tools.sheet_book import MAX_BYTES, BookError, name_cell, read_book

#: Rows of a file: one request imports them all, and a server ends what takes too long.
MAX_ROWS = 10000


class SalesCustomerImport(models.Model):
    """From a file to rows whose columns are known."""

    _inherit = "sales.customer.import"

    def _read_rows(self):
        """The rows of all sheets, in the order in which they are imported.

        :return: rows, and remarks on what is left out
        :rtype: tuple[list[ImportRow], list[str]]
        :raise UserError: when the file is no spreadsheet, or none of its sheets is known
        """
        if not self.file:
            raise UserError(self.env._("Choose a spreadsheet first."))
        sheets = self._read_sheets()
        found, remarks = {}, []
        for sheet in sheets:
            kind = self._find_sheet_kind(sheet, len(sheets))
            # The lists of the template are on a sheet that nobody sees.
            if not kind and (sheet.hidden or not sheet.rows):
                continue
            if not kind or kind.key in found:
                remarks.append(self.env._("The sheet %(sheet)s is left out.", sheet=sheet.name))
                continue
            found[kind.key] = self._read_sheet(kind, sheet, remarks)
        rows = [row for key in KINDS for row in found.get(key, ())]
        if not found:
            raise UserError(
                self.env._(
                    "No sheet of %(file)s is called Customers, Contacts, Deals or Follow-Ups, or has their columns. "
                    "Download the template to see them.",
                    file=self.file_name or "",
                )
            )
        if len(rows) > MAX_ROWS:
            raise UserError(self._describe_book_error(BookError("rows", self.file_name or "")))
        if not rows:
            raise UserError(self.env._("%(file)s has no rows below its titles.", file=self.file_name or ""))
        return rows, remarks

    def _read_sheets(self):
        try:
            return read_book(base64.b64decode(self.file), self.file_name or "", MAX_ROWS)
        except BookError as error:
            raise UserError(self._describe_book_error(error)) from error

    def _describe_book_error(self, error):
        name = self.file_name or ""
        return {
            "empty": self.env._("%(file)s is empty.", file=name),
            "big": self.env._("%(file)s is too large: up to %(size)s MB can be read.", file=name, size=MAX_BYTES >> 20),
            "old": self.env._(
                "%(file)s is a workbook of an old kind, or has a password. Save it as xlsx without one.", file=name
            ),
            "encrypted": self.env._("%(file)s has a password. Save it without one.", file=name),
            "rows": self.env._(
                "%(sheet)s has more than %(count)s rows. Divide it into several files.",
                sheet=error.detail,
                count=MAX_ROWS,
            ),
            "type": self.env._("%(file)s is no spreadsheet. Upload an xlsx or csv file.", file=name),
        }.get(error.kind) or self.env._("%(file)s is damaged. Save it again as xlsx, and upload that.", file=name)

    def _find_sheet_kind(self, sheet, count):
        """Which rows a sheet has: by its name, else by its columns; of a table, what the user chose."""
        if self.is_table and self.table_kind:
            return KINDS[self.table_kind]
        by_name = find_kind(sheet.name.rpartition(".")[0] if self.is_table else sheet.name)
        return by_name or guess_kind(sheet.rows)

    def _read_sheet(self, kind, sheet, remarks):
        """:return: rows of a sheet
        :rtype: list[ImportRow]
        """
        if not sheet.rows:
            return []
        index = find_header(kind, sheet.rows)
        if index is None:
            raise UserError(
                self.env._(
                    "The sheet %(sheet)s has no row with the titles of its columns. It needs at least: %(titles)s.",
                    sheet=sheet.name,
                    titles=", ".join(self._get_title(column) for column in kind.columns if column.required),
                )
            )
        header, cells = sheet.rows[index]
        columns, unknown = match_header(kind, cells)
        for position, title in unknown.items():
            remarks.append(
                self.env._(
                    "%(sheet)s, %(cell)s: the column %(title)s is not known, and left out.",
                    sheet=sheet.name,
                    cell=name_cell(position, header),
                    title=title,
                )
            )
        missing = [
            self._get_title(column) for column in kind.columns if column.required and column not in columns.values()
        ]
        if missing:
            raise UserError(
                self.env._(
                    "The sheet %(sheet)s lacks columns: %(titles)s.", sheet=sheet.name, titles=", ".join(missing)
                )
            )
        return self._take_rows(kind, sheet, columns, sheet.rows[index + 1 :])

    def _take_rows(self, kind, sheet, columns, rows):
        positions = {column.key: position for position, column in columns.items()}
        merged = self._find_merged_rows(sheet)
        taken = []
        for number, cells in rows:
            values = {
                column.key: cells[position]
                for position, column in columns.items()
                if position < len(cells) and cells[position] is not None
            }
            if not values:
                continue
            row = ImportRow(kind.key, number, values, positions)
            if number in merged:
                row.problems.append(
                    self.env._("The cells %(area)s are merged: separate them, and fill each.", area=merged[number])
                )
            taken.append(row)
        return taken

    def _find_merged_rows(self, sheet):
        """:return: areas of merged cells that reach over several rows, by each of these"""
        rows = {}
        for area in sheet.merged:
            first, _colon, last = area.partition(":")
            start, end = (int("".join(filter(str.isdigit, cell)) or 0) for cell in (first, last or first))
            if end > start:
                rows.update(dict.fromkeys(range(start, min(end, start + MAX_ROWS) + 1), area))
        return rows

    def _get_title(self, column):
        """What a column is called in the language of the user."""
        return column.titles[(self.env.lang or "").startswith("zh")]
