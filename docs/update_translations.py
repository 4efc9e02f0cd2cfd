"""Bring sales_management/i18n/ up to date with the code.

    ./sandbox/shell --no-demo < docs/update_translations.py

The template is written anew; each language gets the new terms, empty, and loses those that are gone. Files without a
change stay as they are: no dates in their heads, and terms in the order of the template. A term that stands in a file
twice, with other places and another translation each, means two things, and stays so.
"""

import io
from pathlib import Path

import polib

from odoo.modules import get_module_path
from odoo.tools.translate import trans_export

MODULE = "sales_management"
HEAD = {
    "Project-Id-Version": "Odoo Server 19.0",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}

folder = Path(get_module_path(MODULE), "i18n")
exported = io.BytesIO()
trans_export(None, [MODULE], exported, "po", env)  # noqa: F821  (Odoo's shell brings the environment)
template = polib.pofile(exported.getvalue().decode())

targets = [(folder / f"{MODULE}.pot", HEAD)]
targets += [(file, HEAD | {"Language": file.stem}) for file in sorted(folder.glob("*.po"))]
for file, head in targets:
    entries = polib.pofile(str(file)) if file.exists() else []
    known = {entry.msgid: entry.msgstr for entry in reversed(entries)}
    by_place = {(entry.msgid, place): entry.msgstr for entry in entries for place, _line in entry.occurrences}
    catalogue = polib.POFile()
    catalogue.header = template.header
    catalogue.metadata = head
    for entry in template:
        meanings = {known.get(entry.msgid, ""): []}
        for place, line in entry.occurrences:
            meaning = by_place.get((entry.msgid, place), known.get(entry.msgid, ""))
            meanings.setdefault(meaning, []).append((place, line))
        for meaning, occurrences in meanings.items():
            if occurrences:
                catalogue.append(
                    polib.POEntry(
                        msgid=entry.msgid,
                        msgstr=meaning,
                        comment=entry.comment,
                        occurrences=occurrences,
                        flags=entry.flags,
                    )
                )
    catalogue.save(str(file))
    empty = sum(not entry.msgstr for entry in catalogue)
    new, gone = len({entry.msgid for entry in template} - known.keys()), len(known.keys() - {e.msgid for e in template})
    print(f"{file.name}: {len(catalogue)} terms, {new} new, {gone} gone, {empty} empty")
