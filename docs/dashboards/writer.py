"""Writes a dashboard as Odoo reads it, and its sample with the same look and values of its own."""

import json
from functools import singledispatchmethod

from .elements import FORMATS, RATES, Cards, Chart, Figures, Halves, Heat, Note, Source, Table
from .sheet import (
    COLUMNS,
    FULL_WIDTH,
    GUTTER,
    HALF_WIDTH,
    HEADING,
    HEADING_HEIGHT,
    NOTE,
    NUMBER,
    ROW_HEIGHT,
    TEXT,
    TITLE,
    TITLE_HEIGHT,
    Book,
    Sheet,
    get_address,
    get_range,
    translated,
)
from .sources import PERIOD

#: Context by which a report gives a table its first rows only: see sales.result in the addon.
FIRST_GROUPS = "sales_first_groups"
#: What stands over a sample.
SAMPLE = "Sample data: this is what it looks like once there is something to show."
#: Where what is wanted of a process is kept.
COMPANIES = Source("res.company", "base.action_res_company_form")
#: The version of the format of spreadsheets that Odoo 19.0 writes.
VERSION = "18.5.10"
MODULE = "sales_management"
#: Both words for tax, that one may stand for the other: see spreadsheet.dashboard in the addon.
EXCLUDED, INCLUDED = "excl. tax", "incl. tax"
CARD_HEIGHT = 108
CARD_COLOURS = ("#EFF6FF", "#FFF7ED", "#F0FDF4", "#FDF2F8")
UP, DOWN = "#00A04A", "#DC6965"
NARROW_HEADING = HEADING | {"align": "right", "fontSize": 8, "bold": False}
HEAT_COLOUR, BAR_COLOUR = 0x7FC4C8, 0xD5EDEE
LOCALE = {
    "name": "English (US)",
    "code": "en_US",
    "thousandsSeparator": ",",
    "decimalSeparator": ".",
    "dateFormat": "mm/dd/yyyy",
    "timeFormat": "hh:mm:ss",
    "formulaArgSeparator": ",",
    "weekStart": 7,
}


class Writer:
    def __init__(self, dashboard, is_sample=False):
        self.dashboard, self.is_sample = dashboard, is_sample
        self.book = Book()
        self.sheet = Sheet(self.book, "dashboard", "Dashboard")
        self.data = Sheet(self.book, "data", "Data")
        self.pivots, self.pivot_keys, self.places = {}, {}, {}
        self.figures = {figure.code: figure for figure in dashboard.figures}
        self.charts = 0

    def write(self):
        """:return: the whole file"""
        self._place_figures()
        if self.is_sample:
            self._write_band(Note(SAMPLE))
        for band in self.dashboard.bands:
            self._write_band(band)
        self._write_words()
        return {
            "version": VERSION,
            "sheets": [self.sheet.get_data(), self.data.get_data(columns=8)],
            "styles": self.book.styles,
            "formats": self.book.formats,
            "borders": self.book.borders,
            "revisionId": "START_REVISION",
            "uniqueFigureIds": True,
            "settings": {"locale": LOCALE},
            "pivots": self.pivots,
            "pivotNextId": len(self.pivots) + 1,
            "customTableStyles": {},
            "globalFilters": [] if self.is_sample else [self._get_filter(each) for each in self.dashboard.filters],
            "lists": {},
            "listNextId": 1,
            "chartOdooMenusReferences": {},
        }

    # === Filters === #

    @staticmethod
    def _get_filter(each):
        data = {"id": f"{MODULE}_{each.code}", "type": each.kind, "label": each.label}
        if each.kind == "date":
            return data | ({"defaultValue": each.default} if each.default else {})
        if each.kind == "relation":
            return data | {"modelName": each.model, "defaultValueDisplayNames": []}
        data |= {"resModel": each.model, "selectionField": each.field}
        return data | ({"defaultValue": {"operator": "in", "selectionValues": [each.default]}} if each.default else {})

    def _get_matching(self, source, offset=0, ignored=()):
        """:return: what each filter narrows"""
        matching = {}
        for each in self.dashboard.filters:
            chain = source.filters.get(each.code)
            if chain and each.code not in ignored:
                kind = {"date": source.period_type, "relation": "many2one", "selection": "selection"}[each.kind]
                match = {"chain": chain, "type": kind}
                matching[f"{MODULE}_{each.code}"] = match | {"offset": offset} if each.kind == "date" else match
        return matching

    # === Pivots === #

    def _get_pivot(self, source, rows, measures, domain=(), offset=0, ignored=(), sort=None, columns=(), size=0):
        """:return: the number of a pivot, which those that ask the same share"""
        if self.is_sample:
            return ""
        key = repr((source.model, rows, columns, source.domain, domain, offset, ignored, sort))
        if key not in self.pivot_keys:
            number = str(len(self.pivots) + 1)
            self.pivot_keys[key] = number
            self.pivots[number] = {
                "type": "ODOO",
                "fieldMatching": self._get_matching(source, offset, ignored),
                "context": {FIRST_GROUPS: [f"{sort['measure']}:sum", size]} if size and source.has_first else {},
                "domain": [list(term) for term in (*source.domain, *domain)],
                "id": number,
                "measures": [],
                "model": source.model,
                "name": f"{source.model} {number}",
                "sortedColumn": sort,
                "formulaId": number,
                "columns": [{"fieldName": name} for name in columns],
                "rows": [{"fieldName": name} for name in rows],
                "actionXmlId": source.action,
            }
        pivot = self.pivots[self.pivot_keys[key]]
        known = [measure["id"] for measure in pivot["measures"]]
        pivot["measures"] += [{"id": name, "fieldName": name} for name in measures if name not in known]
        return self.pivot_keys[key]

    def _get_value(self, figure, is_before=False):
        """:return: content of the cell of a figure"""
        if self.is_sample:
            return str(figure.sample[1 if is_before else 0])
        offset, key, ignored = -1 if is_before else 0, figure.key, ()
        if figure.before:
            offset, key, ignored = 0, figure.before if is_before else figure.key, ("period",)
        elif is_before and (PERIOD not in self.dashboard.filters or "period" not in figure.source.filters):
            return ""
        number = self._get_pivot(figure.source, key[::2], [figure.measure], figure.domain, offset, ignored)
        key = "".join(f',"{part}"' for part in key)
        zero = "+0" if figure.unit not in RATES else ""
        return f'=PIVOT.VALUE({number},"{figure.measure}"{key}){zero}'

    def _get_wanted(self, figure):
        """:return: content of the cell of what is wanted of a figure: the mean of the companies that one looks at"""
        if not figure.wanted:
            return ""
        if self.is_sample:
            return str(figure.sample[2])
        number = self._get_pivot(COMPANIES, (), [])
        measure = {"id": f"{figure.wanted}:avg", "fieldName": figure.wanted, "aggregator": "avg"}
        if measure not in self.pivots[number]["measures"]:
            self.pivots[number]["measures"].append(measure)
        return f'=PIVOT.VALUE({number},"{measure["id"]}")'

    # === Figures === #

    def _place_figures(self):
        """Say in which row of the second sheet each figure stands, which cards read."""
        labels = ("Figure", "Value", "Before", "Wanted")
        for column, label in enumerate(labels):
            self.data.write(column, 0, translated(label), HEADING)
        for row, figure in enumerate(self.dashboard.figures, 1):
            self.places[figure.code] = row
            self.data.write(0, row, translated(figure.label))
            contents = (self._get_value(figure), self._get_value(figure, True), self._get_wanted(figure))
            for column, content in enumerate(contents, 1):
                self.data.write(column, row, content, None, FORMATS[figure.unit] if figure.unit != "money" else None)
        self.data.row = len(self.places) + 2

    def _write_words(self):
        """Keep the texts with tax in the file beside those without, that both are translated."""
        texts = [figure["data"]["title"].get("text", "") for figure in self.sheet.figures]
        texts += [cell.removeprefix('=_t("').removesuffix('")') for cell in self.sheet.cells.values()]
        texts += [cell[1:].partition("](")[0] for cell in self.sheet.cells.values() if cell.startswith("[")]
        for text in sorted({text for text in texts if EXCLUDED in text and not text.startswith("[")}):
            self.data.row += 1
            for column, words in enumerate((EXCLUDED, INCLUDED)):
                self.data.write(column, self.data.row, translated(text.replace(EXCLUDED, words)))

    # === Bands === #

    @singledispatchmethod
    def _write_band(self, band):
        """Write an element over the whole width."""
        height = self._write_element(band, 0, self.sheet.row, COLUMNS)
        self._end_band(height)

    @_write_band.register
    def _(self, band: Halves):
        row = self.sheet.row
        rows = max(self._count_rows(band.left), self._count_rows(band.right))
        for element, column in ((band.left, 0), (band.right, GUTTER + 1)):
            self._write_element(element, column, row, 6, rows)
        self._end_band(rows)

    @_write_band.register
    def _(self, band: Cards):
        width = (FULL_WIDTH - (len(band.codes) - 1) * 10) // len(band.codes)
        for position, code in enumerate(band.codes):
            self._add_card(self.figures[code], position, width)
        self.sheet.set_height(self.sheet.row, CARD_HEIGHT + 10)
        self.sheet.row += 1

    @_write_band.register
    def _(self, band: Note):
        self.sheet.write(0, self.sheet.row, translated(band.text), NOTE, width=12)
        self.sheet.set_height(self.sheet.row, HEADING_HEIGHT)
        self.sheet.row += 1

    def _end_band(self, rows):
        for row in range(self.sheet.row, self.sheet.row + rows):
            self.sheet.heights.setdefault(str(row), {"size": ROW_HEIGHT})
        self.sheet.row += rows
        self.sheet.set_height(self.sheet.row, 16)
        self.sheet.row += 1

    @staticmethod
    def _count_rows(element):
        if isinstance(element, Chart):
            return element.rows
        return 2 + (len(element.codes) if isinstance(element, Figures) else element.size)

    def _add_card(self, figure, position, width):
        row = self.places[figure.code] + 1
        better, worse = (DOWN, UP) if figure.is_less_better else (UP, DOWN)
        data = {
            "type": "scorecard",
            "title": {"text": figure.label, "bold": True, "fontSize": 12, "color": "#434343"},
            "background": CARD_COLOURS[position % len(CARD_COLOURS)],
            "keyValue": f"Data!B{row}",
            "humanize": figure.unit in ("money", "count"),
            "baselineMode": "difference" if figure.unit in RATES else "percentage",
            "baselineColorUp": better,
            "baselineColorDown": worse,
        }
        if self.data.cells.get(f"C{row}"):
            data |= {"baseline": f"Data!C{row}", "baselineDescr": {"text": figure.since}}
        identifier = f"{MODULE}-{self.dashboard.name}-{figure.code}"
        self.sheet.add_figure(identifier, data, 0, self.sheet.row, width, CARD_HEIGHT, position * (width + 10))

    # === Elements === #

    @singledispatchmethod
    def _write_element(self, element, column, row, width, rows=None):
        """Write an element from a cell on.

        :return: how many rows it takes
        """
        raise NotImplementedError(element)

    def _write_title(self, element, column, row, width, measures):
        url = "" if self.is_sample else self._get_link(element, measures)
        content = f"[{element.title}]({url})" if url else translated(element.title)
        self.sheet.write(column, row, content, TITLE, width=min(width, 12))
        self.sheet.set_height(row, TITLE_HEIGHT)
        self.sheet.set_height(row + 1, HEADING_HEIGHT)
        last = column + (width if width == COLUMNS else 6) - 1
        self.sheet.underline(column, row, last)

    def _get_link(self, element, measures):
        """:return: link to the report behind a table"""
        if not isinstance(element, Table | Heat):
            return ""
        rows = [element.row]
        columns = [element.column] if isinstance(element, Heat) else []
        view = {
            "viewType": "pivot",
            "action": {
                "xmlId": element.source.action,
                "domain": [list(term) for term in (*element.source.domain, *element.domain)],
                "context": {
                    "group_by": rows,
                    "pivot_measures": measures,
                    "pivot_column_groupby": columns,
                    "pivot_row_groupby": rows,
                },
                "modelName": element.source.model,
                "views": [[False, "pivot"], [False, "graph"], [False, "list"], [False, "search"]],
            },
            "threshold": 0,
            "name": element.title,
        }
        return f"odoo://view/{json.dumps(view, separators=(',', ':'))}"

    @_write_element.register
    def _(self, element: Figures, column, row, width, rows=None):
        self._write_title(element, column, row, width, [])
        figures = [self.figures[code] for code in element.codes]
        has_wanted = any(figure.wanted for figure in figures)
        has_before = any(self._get_value(figure, True) for figure in figures)
        labels = ("Now", *(("Before", "Change") if has_before else ()), *(("Wanted",) if has_wanted else ()))
        first = column + 6 - len(labels)
        for place, label in enumerate(labels, first):
            self.sheet.write(place, row + 1, translated(label), HEADING | {"align": "right"})
        self.sheet.underline(column, row + 1, column + 5)
        for line, figure in enumerate(figures, row + 2):
            pattern = FORMATS[figure.unit]
            before = self._get_value(figure, True)
            self.sheet.write(column, line, translated(figure.label), TEXT, width=first - column)
            self.sheet.write(first, line, self._get_value(figure), NUMBER, pattern)
            if before:
                self.sheet.write(first + 1, line, before, NUMBER, pattern)
                self._write_change(figure, first, line)
            if figure.wanted:
                self.sheet.write(column + 5, line, f"=Data!D{self.places[figure.code] + 1}", NUMBER, pattern)
        return 2 + len(element.codes)

    def _write_change(self, figure, column, row):
        now, then = get_address(column, row), get_address(column + 1, row)
        if figure.unit in RATES:
            change, pattern = f'=IF(AND(ISNUMBER({now}),ISNUMBER({then})),{now}-{then},"")', "+0.0;-0.0;0.0"
        else:
            change, pattern = f'=IF({then}=0,"",{now}/{then}-1)', "+0.0%;-0.0%;0.0%"
        self.sheet.write(column + 2, row, change, NUMBER, pattern)

    @_write_element.register
    def _(self, element: Table, column, row, width, rows=None):
        measures = [each.measure for each in element.columns]
        self._write_title(element, column, row, width, measures)
        name_width = 6 - sum(each.width for each in element.columns)
        self.sheet.write(column, row + 1, translated(element.heading), HEADING, width=name_width)
        place = column + name_width
        places = []
        for each in element.columns:
            places.append(place)
            place = self.sheet.write(
                place, row + 1, translated(each.label), HEADING | {"align": "right"}, width=each.width
            )
        self.sheet.underline(column, row + 1, column + 5)
        sort = {"measure": element.sort or measures[-1], "order": "desc", "domain": []}
        number = self._get_pivot(
            element.source,
            (element.row,),
            measures,
            element.domain,
            0,
            element.ignored,
            None if element.sort is None else sort,
            size=0 if element.sort is None else element.size,
        )
        for position in range(1, element.size + 1):
            line = row + 1 + position
            header = f'=PIVOT.HEADER({number},"#{element.row}",{position})'
            self.sheet.write(column, line, self._get_content(element, position, 0, header), TEXT, width=name_width)
            for index, (each, start) in enumerate(zip(element.columns, places, strict=True), 1):
                value = f'=PIVOT.VALUE({number},"{each.measure}","#{element.row}",{position})'
                content = self._get_content(element, position, index, value)
                self.sheet.write(start, line, content, NUMBER, FORMATS[each.unit], width=each.width)
        # Bars stand for what the rows are ordered by.
        first, last = row + 2, row + 1 + element.size
        place = places[measures.index(element.sort)] if element.sort else places[0 if element.sort is None else -1]
        self.sheet.add_bars(get_range(column, first, column, last), get_range(place, first, place, last), BAR_COLOUR)
        return 2 + element.size

    def _get_content(self, element, position, index, formula):
        if not self.is_sample:
            return formula
        return str(element.sample[position - 1][index]) if position <= len(element.sample) else ""

    @_write_element.register
    def _(self, element: Heat, column, row, width, rows=None):
        self._write_title(element, column, row, width, [element.measure])
        sort = {"measure": element.measure, "order": "desc", "domain": []}
        number = self._get_pivot(
            element.source, (element.row,), [element.measure], element.domain, 0, (), sort, (element.column,)
        )
        self.sheet.write(0, row + 1, translated(element.heading), HEADING, width=2)
        self._write_heat_headings(element, number, row + 1)
        for position in range(1, element.size + 1):
            line = row + 1 + position
            header = f'=PIVOT.HEADER({number},"#{element.row}",{position})'
            name = header if not self.is_sample else self._get_sample_cell(element, position, 0)
            self.sheet.write(0, line, name, TEXT, width=2)
            for index, start, span in self._iter_heat_columns():
                key = f',"#{element.column}",{index}' if index < 10 else ""
                value = f'=PIVOT.VALUE({number},"{element.measure}","#{element.row}",{position}{key})'
                content = value if not self.is_sample else self._get_sample_cell(element, position, index)
                self.sheet.write(start, line, content, NUMBER, FORMATS[element.unit], width=span)
        self.sheet.add_colours(get_range(2, row + 2, COLUMNS - 2, row + 1 + element.size), HEAT_COLOUR)
        return 2 + element.size

    @staticmethod
    def _get_sample_cell(element, position, index):
        """:return: a name, a value, or the total of its row in the last column"""
        rows = element.sample[1]
        if position > len(rows):
            return ""
        row = rows[position - 1]
        if index == 10:
            return str(sum(row[1:]))
        return str(row[index]) if index < len(row) else ""

    @staticmethod
    def _iter_heat_columns():
        """Nine columns and the total; the one before the gutter takes it too."""
        for index in range(1, 11):
            start = index + 1 if index + 1 <= GUTTER - 1 else index + 2
            yield index, start, 1

    def _write_heat_headings(self, element, number, row):
        for index, start, span in self._iter_heat_columns():
            if index == 10:
                content = translated("Total")
            elif self.is_sample:
                content = str(element.sample[0][index - 1]) if index <= len(element.sample[0]) else ""
            else:
                content = f'=PIVOT.HEADER({number},"#{element.column}",{index})'
            self.sheet.write(start, row, content, NARROW_HEADING, width=span)
        self.sheet.underline(0, row, COLUMNS - 1)

    @_write_element.register
    def _(self, element: Chart, column, row, width, rows=None):
        self.charts += 1
        identifier = f"{MODULE}-{self.dashboard.name}-chart-{self.charts}"
        data = self._get_sample_chart(element) if self.is_sample else self._get_chart(element)
        rows = rows or element.rows
        height = TITLE_HEIGHT + HEADING_HEIGHT + (rows - 2) * ROW_HEIGHT
        self.sheet.add_figure(identifier, data, column, row, FULL_WIDTH if width == COLUMNS else HALF_WIDTH, height)
        self.sheet.heights.setdefault(str(row), {"size": TITLE_HEIGHT})
        self.sheet.heights.setdefault(str(row + 1), {"size": HEADING_HEIGHT})
        return rows

    def _get_look(self, element):
        return {
            "title": {"text": element.title, "bold": True, "fontSize": 13, "color": "#01666B"},
            "background": "#FFFFFF",
            "legendPosition": "top" if len(element.groups) > 1 else "none",
            "humanize": True,
            **element.options,
        }

    def _get_chart(self, element):
        mode = element.kind if element.kind in ("bar", "line", "pie") else "bar"
        return {
            **self._get_look(element),
            "type": f"odoo_{element.kind}",
            "metaData": {
                "groupBy": list(element.groups),
                "measure": element.measure,
                "order": None,
                "resModel": element.source.model,
                "mode": mode,
                "cumulatedStart": False,
            },
            "searchParams": {
                "comparison": None,
                "context": {"group_by": []},
                "domain": [list(term) for term in (*element.source.domain, *element.domain)],
                "groupBy": list(element.groups),
                "orderBy": [],
            },
            "actionXmlId": element.source.action,
            "dataSets": [{}],
            "verticalAxisPosition": "left",
            "cumulatedStart": False,
            "stacked": bool(element.options.get("stacked")),
            "fieldMatching": self._get_matching(element.source, 0, element.ignored),
        }

    def _get_sample_chart(self, element):
        """The same chart of values of its own, which stand in the second sheet."""
        labels, *series = element.sample
        first = self.data.row + 1
        has_titles = isinstance(series[0], tuple) and isinstance(series[0][0], str)
        for position, label in enumerate(("", *labels) if has_titles else labels):
            self.data.write(0, first + position, str(label))
            for column, values in enumerate(series, 1):
                self.data.write(column, first + position, str(values[position]))
        last = first + len(labels) - 1 + has_titles
        self.data.row = last + 1
        ranges = [f"Data!{get_range(column, first, column, last)}" for column in range(1, len(series) + 1)]
        return {
            **self._get_look(element),
            "type": element.kind,
            "dataSetsHaveTitle": has_titles,
            "dataSets": [{"dataRange": each} for each in ranges],
            "labelRange": f"Data!{get_range(0, first, 0, last)}",
            "labelsAsText": True,
            "aggregated": False,
            "stacked": bool(element.options.get("stacked")),
        }
