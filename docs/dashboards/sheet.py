"""A sheet of a spreadsheet as Odoo's dashboards keep it: cells, styles, borders and figures on a grid of 13 columns."""

from itertools import count

#: Six columns, a gutter, six columns.
COLUMNS = 13
GUTTER = 6
COLUMN_WIDTH, GUTTER_WIDTH, ROW_HEIGHT = 89, 20, 26
TITLE_HEIGHT, HEADING_HEIGHT = 38, 40
HALF_WIDTH = 6 * COLUMN_WIDTH
FULL_WIDTH = 2 * HALF_WIDTH + GUTTER_WIDTH
TITLE = {"textColor": "#01666B", "bold": True, "fontSize": 14, "verticalAlign": "middle"}
HEADING = {"bold": True, "fontSize": 10, "textColor": "#434343", "verticalAlign": "middle", "wrapping": "wrap"}
TEXT = {"textColor": "#01666B", "verticalAlign": "middle"}
NUMBER = {"textColor": "#434343", "verticalAlign": "middle", "align": "right"}
NOTE = {"textColor": "#6C757D", "verticalAlign": "middle", "wrapping": "wrap", "fontSize": 9}
LINE = {"style": "thin", "color": "#CCCCCC"}


def get_address(column, row):
    return f"{chr(ord('A') + column)}{row + 1}"


def get_range(column, row, last_column, last_row):
    first, last = get_address(column, row), get_address(last_column, last_row)
    return first if first == last else f"{first}:{last}"


def translated(text):
    """:return: formula of a text that is translated when the dashboard is shown"""
    return '=_t("{}")'.format(text.replace('"', '""'))


class Book:
    """Styles, formats and borders of all sheets, each kept once under a number."""

    def __init__(self):
        self.styles, self.formats, self.borders = {}, {}, {}

    def _keep(self, kept, value):
        for number, known in kept.items():
            if known == value:
                return int(number)
        kept[str(len(kept) + 1)] = value
        return len(kept)

    def get_style(self, value):
        return self._keep(self.styles, value)

    def get_format(self, value):
        return self._keep(self.formats, value)

    def get_border(self, value):
        return self._keep(self.borders, value)


class Sheet:
    def __init__(self, book, identifier, name):
        self.book, self.identifier, self.name = book, identifier, name
        self.cells, self.styles, self.formats, self.borders = {}, {}, {}, {}
        self.heights, self.merges, self.figures, self.rules = {}, [], [], []
        self.row = 0
        self._numbers = count(1)

    def set_height(self, row, height):
        self.heights[str(row)] = {"size": height}

    def write(self, column, row, content, style=None, number_format=None, width=1):
        """Write into a cell, or into one that spans several columns; over the gutter it takes the gutter too."""
        last = column + width - 1
        if column < GUTTER <= last:
            last += 1
        address, area = get_address(column, row), get_range(column, row, last, row)
        if content:
            self.cells[address] = content
        if last > column:
            self.merges.append(area)
        if style:
            self.styles[area] = self.book.get_style(style)
        if number_format:
            self.formats[area] = self.book.get_format(number_format)
        return last + 1

    def underline(self, column, row, last_column):
        self.borders[get_range(column, row, last_column, row)] = self.book.get_border({"bottom": LINE})

    def add_figure(self, identifier, data, column, row, width, height, shift=0):
        self.figures.append(
            {
                "id": identifier,
                "width": width,
                "height": height,
                "tag": "chart",
                "data": {**data, "chartId": identifier},
                "offset": {"x": shift, "y": 0},
                "col": column,
                "row": row,
            }
        )

    def add_colours(self, area, colour):
        rule = {
            "type": "ColorScaleRule",
            "minimum": {"type": "value", "color": 0xFFFFFF},
            "maximum": {"type": "value", "color": colour},
        }
        self.rules.append({"id": f"colours-{next(self._numbers)}", "rule": rule, "ranges": [area]})

    def add_bars(self, area, values, colour):
        rule = {"type": "DataBarRule", "color": colour, "rangeValues": values}
        self.rules.append({"id": f"bars-{next(self._numbers)}", "rule": rule, "ranges": [area]})

    def get_data(self, columns=None, is_visible=True):
        return {
            "id": self.identifier,
            "name": self.name,
            "colNumber": columns or COLUMNS,
            "rowNumber": self.row + 1,
            "rows": self.heights,
            "cols": {
                str(column): {"size": GUTTER_WIDTH if column == GUTTER and not columns else COLUMN_WIDTH}
                for column in range(columns or COLUMNS)
            },
            "merges": self.merges,
            "cells": self.cells,
            "styles": self.styles,
            "formats": self.formats,
            "borders": self.borders,
            "conditionalFormats": self.rules,
            "dataValidationRules": [],
            "figures": self.figures,
            "tables": [],
            "areGridLinesVisible": False,
            "isVisible": is_visible,
            "headerGroups": {"ROW": [], "COL": []},
            "comments": {},
        }
