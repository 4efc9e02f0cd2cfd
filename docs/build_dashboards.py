#!/usr/bin/env python3
"""Write the dashboards that Odoo shows, and their samples, from docs/dashboards.

docs/build_dashboards.py            writes sales_management/data/dashboards
docs/build_dashboards.py --check    fails when the files there are not those that it would write
"""

import argparse
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "sales_management" / "data" / "dashboards"
sys.path.insert(0, str(ROOT / "docs"))

from dashboards.definitions import DASHBOARDS  # noqa: E402
from dashboards.writer import Writer  # noqa: E402


def build():
    """:return: the text of each file, by its name"""
    files = {}
    for dashboard in DASHBOARDS:
        for suffix, is_sample in (("dashboard", False), ("sample_dashboard", True)):
            content = Writer(dashboard, is_sample).write()
            files[f"{dashboard.name}_{suffix}.json"] = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    return files


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true")
    is_check = parser.parse_args().check
    wrong = []
    for name, text in build().items():
        path = FOLDER / name
        if is_check and (not path.exists() or path.read_text() != text):
            wrong.append(name)
        elif not is_check:
            path.write_text(text)
    if wrong:
        sys.exit(f"Not as docs/build_dashboards.py writes them: {', '.join(wrong)}")


if __name__ == "__main__":
    main()
