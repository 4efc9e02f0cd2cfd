"""Prints and keeps what was measured."""

import json
import os
import platform
import re
from dataclasses import asdict
from datetime import date
from pathlib import Path

from odoo import release

RESULTS = Path(__file__).parent / "results"
COUNTED_TABLES = {
    "opportunities and leads": "crm_lead",
    "orders": "sale_order",
    "deliveries": "stock_picking",
    "stock moves": "stock_move",
    "invoices": "account_move",
    "partners": "res_partner",
    "tracked changes": "mail_tracking_value",
}


def get_facts(cr, factor):
    """Return what a reader needs to compare results: the machine, the versions, the size. No names, no paths."""
    cr.execute("SHOW server_version")
    server = cr.fetchone()[0].split()[0]
    counts = {}
    for name, table in COUNTED_TABLES.items():
        cr.execute(f'SELECT count(*) FROM "{table}"')
        counts[name] = cr.fetchone()[0]
    return {
        "date": date.today().isoformat(),
        "cores": os.cpu_count(),
        "processor": _get_processor(),
        "python": platform.python_version(),
        "postgresql": server,
        "odoo": release.version,
        "factor": factor,
        "rows": counts,
    }


def _get_processor():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def describe_facts(facts):
    rows = ", ".join(f"{count:,} {name}" for name, count in facts["rows"].items())
    return (
        f"{facts['date']}, {facts['cores']} cores ({facts['processor']}), Python {facts['python']}, "
        f"PostgreSQL {facts['postgresql']}, Odoo {facts['odoo']}, factor {facts['factor']:g}: {rows}."
    )


def milliseconds(seconds):
    return "" if seconds is None else f"{seconds * 1000:,.{1 if seconds < 0.1 else 0}f}"


def get_row(result):
    native, ours = result.queries["native"], result.queries["ours"]
    return [
        result.title,
        str(result.size),
        milliseconds(result.median("native")),
        milliseconds(result.median("ours")),
        f"{result.ratio:.2f}",
        milliseconds(result.median("limit")),
        str(native),
        str(ours),
        f"{ours - native:+d}" + ("" if result.is_within_budget else " !"),
    ]


HEADER = ["Operation", "Records", "Core ms", "Ours ms", "Ratio", "SQL ms", "Core queries", "Ours", "More"]
WIDTHS = [58, 7, 9, 9, 6, 8, 12, 6, 6]


def format_line(cells):
    return " ".join(
        f"{cell:<{width}}" if not number else f"{cell:>{width}}"
        for number, (cell, width) in enumerate(zip(cells, WIDTHS, strict=True))
    )


def write(group, results, facts, repeat, notes=()):
    """Write `results/<group>.md` and `.json`; notes are what a module says of its answers beside their speed."""
    RESULTS.mkdir(exist_ok=True)
    lines = [f"# {group.capitalize()}", "", describe_facts(facts), f"Medians of {repeat} runs by turns.", ""]
    lines += [_markdown(HEADER), _markdown(["---", *["---:"] * (len(HEADER) - 1)])]
    lines += [_markdown(get_row(result)) for result in results]
    if notes:
        lines += ["", "## Quality", "", *(f"- {note}" for note in notes)]
    extra = [result for result in results if result.extra]
    if extra:
        lines += ["", "## Queries without a counterpart in core", ""]
        for result in extra:
            lines.append(f"- {result.title} ({result.size}):")
            lines += [f"  - `{shorten(query)}`" for query in result.extra]
    content = {"facts": facts, "repeat": repeat, "results": [asdict(result) for result in results]}
    if notes:
        content["quality"] = list(notes)
    _write(group, lines, content)


def write_installation(seconds, facts):
    """Write `results/install.md` and `.json`."""
    lines = ["# Installation into a live database", "", describe_facts(facts), "", "| Part | Seconds |", "|---|---:|"]
    lines += [f"| {part} | {value:.1f} |" for part, value in seconds.items()]
    _write("install", lines, {"facts": facts, "seconds": seconds})


def shorten(query):
    """Return a query without its list of columns: what it reads, and by what, tells it from others."""
    return re.sub(r"^((?:\d+ × )?SELECT )(?:(?! FROM ).){60,}( FROM )", r"\1…\2", query)[:240]


def _markdown(cells):
    return "| " + " | ".join(cells) + " |"


def _write(group, lines, content):
    RESULTS.joinpath(f"{group}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    RESULTS.joinpath(f"{group}.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
