"""Reads what a board shows as the browser does: each figure, pivot and chart of its file by itself, in its period."""

import json
from datetime import timedelta
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "sales_management" / "data" / "dashboards"
#: Days that the boards show at first.
DAYS = 30


def read_board(env, name):
    """Read all sources of a board, as it opens.

    :param str name: of its file, without ``_dashboard.json``
    :return: how many rows each source gave
    :rtype: list[int]
    """
    board = json.loads((FOLDER / f"{name}_dashboard.json").read_text())
    filters = {one["id"]: one for one in board["globalFilters"]}
    return [_read_pivot(env, pivot, filters) for pivot in board["pivots"].values()] + [
        _read_chart(env, figure["data"], filters)
        for sheet in board["sheets"]
        for figure in sheet["figures"]
        if figure["data"]["type"].startswith("odoo_")
    ]


def _read_pivot(env, pivot, filters):
    model = env[pivot["model"]].with_context(**pivot.get("context", {}))
    rows, columns = ([one["fieldName"] for one in pivot[side]] for side in ("rows", "columns"))
    sets = [[], rows, columns, rows + columns] if columns else [[], rows] if rows else [[]]
    measures = _get_aggregates(model, [measure["id"] for measure in pivot["measures"]])
    domain = _get_domain(env, pivot["domain"], pivot["fieldMatching"], filters)
    return sum(map(len, model.formatted_read_grouping_sets(domain, sets, measures)))


def _read_chart(env, chart, filters):
    model, asked = env[chart["metaData"]["resModel"]], chart["metaData"]
    domain = _get_domain(env, chart["searchParams"]["domain"], chart["fieldMatching"], filters)
    return len(model.formatted_read_group(domain, asked["groupBy"], _get_aggregates(model, [asked["measure"]])))


def _get_aggregates(model, measures):
    """What the spreadsheet asks for: amounts also in the currency of the company."""
    found = []
    for measure in measures:
        field = model._fields[measure.partition(":")[0]] if measure != "__count" else None
        found.append(measure if field is None or ":" in measure else f"{measure}:{field.aggregator}")
        if field is not None and field.type == "monetary":
            found += [f"{field.get_currency_field(model)}:array_agg_distinct", f"{field.name}:sum_currency"]
    return list(dict.fromkeys(found))


def _get_domain(env, domain, matching, filters):
    domain = [tuple(term) if isinstance(term, list) else term for term in domain]
    for name, match in matching.items():
        found = filters[name]
        if found["type"] == "date" and found.get("defaultValue"):
            last = env.cr.now().date() + timedelta(days=DAYS * match.get("offset", 0))
            end = f"{last} 23:59:59" if match["type"] == "datetime" else str(last)
            domain += [(match["chain"], ">=", str(last - timedelta(days=DAYS - 1))), (match["chain"], "<=", end)]
        elif found["type"] == "selection" and found.get("defaultValue"):
            domain.append((match["chain"], "in", found["defaultValue"]["selectionValues"]))
    return domain
