from datetime import UTC

import pytz

from odoo import api, fields, models

from odoo.addons.sales_management.tools.customer_columns import KINDS
from odoo.addons.sales_management.tools.customer_sheet import find_way, simplify, simplify_province
from odoo.addons.sales_management.tools.sheet_book import ErrorCell, FormulaCell, name_cell
from odoo.addons.sales_management.tools.sheet_cell import (
    CellError,
    parse_answer,
    parse_day,
    parse_moment,
    parse_number,
    parse_text,
)

from .res_partner import SIZES
from .sales_customer_import_lookup import GROWING

#: Characters that a cell of a single line may have.
MAX_TEXT = 500


class SalesCustomerImport(models.Model):
    """What each cell says, or why it says nothing."""

    _inherit = "sales.customer.import"

    def _parse_rows(self, rows):
        """Turn what was typed into values, or into problems: those of all cells of all rows."""
        types = {column.type for kind in KINDS.values() for column in kind.columns} if rows else set()
        lists = self._get_lists(types)
        zone = pytz.timezone(self.env.user.tz or "UTC")
        now = fields.Datetime.now()
        for row in rows:
            cells = {}
            for column in KINDS[row.kind].columns:
                value = row.cells.get(column.key)
                if value is None and not column.required:
                    continue
                try:
                    parsed = self._parse_cell(column, value, lists, zone)
                except CellError as error:
                    self._add_problem(row, column, self._describe_cell_error(error))
                    continue
                if column.required and parsed in (None, "", False):
                    self._add_problem(row, column, self.env._("is empty."))
                elif parsed not in (None, ""):
                    cells[column.key] = parsed
            row.cells = cells
            self._parse_together(row, lists, now)
            row.name = str(cells.get("name") or cells.get("about") or cells.get("customer") or "")[:200]

    @api.model
    def _parse_cell(self, column, value, lists, zone):
        """:return: the value of a cell, in the words of JSON; what stands in a list comes as its id, or as its word
        :raise CellError: when the cell makes no sense
        """
        if isinstance(value, ErrorCell):
            raise CellError("error", value)
        if isinstance(value, FormulaCell):
            raise CellError("formula", value)
        if column.type == "number":
            return parse_number(value)
        if column.type == "answer":
            return parse_answer(value)
        if column.type == "day":
            day = parse_day(value)
            return day and day.isoformat()
        if column.type == "moment":
            return self._parse_moment(value, zone)
        text = parse_text(value)
        if column.type == "note":
            return text
        text = " ".join(text.split())
        if len(text) > MAX_TEXT:
            raise CellError("long", text[:30])
        return self._look_up(column.type, text, lists) if text else text

    @api.model
    def _parse_moment(self, value, zone):
        moment = parse_moment(value)
        if moment is None:
            return None
        if moment.tzinfo is None:
            moment = zone.localize(moment)
        return fields.Datetime.to_string(moment.astimezone(UTC).replace(tzinfo=None, microsecond=0))

    @api.model
    def _look_up(self, kind, text, lists):
        if kind == "size":
            return self._look_up_size(text)
        if kind == "way":
            way = find_way(text)
            if not way:
                raise CellError("unknown", text)
            return way
        if kind == "tags":
            parts = [part.strip() for part in text.replace("，", ",").replace("、", ",").replace(";", ",").split(",")]
            return [self._find_word(lists["tags"], part) or part for part in parts if part]
        if kind in GROWING:
            return self._find_word(lists[kind], text) or text
        if kind == "author":
            return self._find_word(lists["user"], text, is_sure=False) or text
        if kind == "state":
            # Which country it is in is known with the row.
            return text
        if kind in ("stage", "tier", "team", "user", "country"):
            found = self._find_word(lists[kind], text, is_sure=kind != "stage")
            if not found:
                raise CellError("unknown", text)
            return list(lists[kind][simplify(text)]) if kind == "stage" else found
        return text

    @api.model
    def _find_word(self, words, text, is_sure=True):
        found = words.get(simplify(text), ())
        if len(found) > 1 and is_sure:
            raise CellError("several", text)
        return found[0] if len(found) == 1 or (found and not is_sure) else None

    @api.model
    def _look_up_size(self, text):
        """A class of sizes by its label, or by a number of employees."""
        for key, label in self.env["res.partner"]._fields["company_size"]._description_selection(self.env):
            if simplify(text) in {key, simplify(label), simplify(dict(SIZES)[key])}:
                return key
        number = parse_number(text.rstrip("人+"))
        limits = {"micro": 10, "small": 50, "medium": 250, "large": 1000}
        if number is None or number < 1:
            raise CellError("unknown", text)
        return next((key for key, limit in limits.items() if number < limit), "giant")

    # === What hangs together === #

    def _parse_together(self, row, lists, now):
        """Problems that no cell has alone."""
        cells, columns = row.cells, KINDS[row.kind].by_key
        if state := cells.get("state"):
            self._parse_state(row, columns["state"], state, lists)
        if stages := cells.get("stage"):
            cells["stage"] = self._choose_stage(stages, cells.get("team") or 0)
        for key in ("last_contact", "opened_on", "date"):
            if key in cells and fields.Datetime.to_datetime(cells[key]) > now:
                self._add_problem(row, columns[key], self.env._("lies in the future."))
        if cells.get("lost_reason"):
            cells["lost"] = True
        if "@" not in cells.get("email", "@"):
            self._add_problem(row, columns["email"], self.env._("%(text)s is no mail address.", text=cells["email"]))
        if cells.get("revenue", 0) < 0:
            self._add_problem(row, columns["revenue"], self.env._("is negative."))
        if row.kind == "follow_up" and isinstance(cells.get("author"), str):
            row.remarks.append(
                self.env._("%(author)s is no user here: the name stands in the text.", author=cells["author"])
            )

    def _parse_state(self, row, column, state, lists):
        country, word = row.cells.get("country"), simplify_province(state)
        found = lists["state"].get((country, word) if country else word, ())
        if len(found) == 1:
            row.cells["state"] = found[0]
            return
        del row.cells["state"]
        kind = "several" if found else "unknown"
        self._add_problem(row, column, self._describe_cell_error(CellError(kind, state)))

    @api.model
    def _choose_stage(self, stage_ids, team_id):
        """Of stages with one name, that of the team."""
        stages = self.env["crm.stage"].browse(stage_ids)
        own = stages.filtered(lambda stage: team_id in stage.team_ids.ids)
        shared = stages.filtered(lambda stage: not stage.team_ids)
        return (own or shared or stages)[:1].id

    # === Words === #

    def _add_problem(self, row, column, words):
        position = row.positions.get(column.key)
        cell = name_cell(position, row.number) if position is not None else ""
        row.problems.append(
            self.env._("%(cell)s %(column)s: %(problem)s", cell=cell, column=self._get_title(column), problem=words)
        )

    def _describe_cell_error(self, error):
        text = error.text
        return {
            "number": self.env._("%(text)s is no number.", text=text),
            "date": self.env._("%(text)s is no date. Write it like 2026-03-05.", text=text),
            "ambiguous": self.env._(
                "%(text)s may be two dates: which is the month? Write it like 2026-03-05.", text=text
            ),
            "answer": self.env._("%(text)s is neither yes nor no.", text=text),
            "error": self.env._("the spreadsheet shows %(text)s: correct its formula.", text=text),
            "formula": self.env._("the formula was never computed: put its value there."),
            "long": self.env._("%(text)s… is too long: write up to %(count)s characters.", text=text, count=MAX_TEXT),
            "unknown": self.env._("%(text)s is not known. Correct it, or create it first.", text=text),
            "several": self.env._("several are called %(text)s: write which one.", text=text),
        }[error.kind]
