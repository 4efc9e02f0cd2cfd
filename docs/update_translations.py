"""Bring sales_management/i18n/ up to date with the code.

    ./sandbox/shell --no-demo < docs/update_translations.py

The template is written anew; each language gets the new terms, empty, and loses those that are gone. Files without a
change stay as they are: no dates in their heads, and terms in the order of the template.
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
    known = {entry.msgid: entry.msgstr for entry in polib.pofile(str(file))} if file.exists() else {}
    catalogue = polib.POFile()
    catalogue.header = template.header
    catalogue.metadata = head
    for entry in template:
        entry.msgstr = known.get(entry.msgid, "")
        catalogue.append(entry)
    catalogue.save(str(file))
    empty = sum(not entry.msgstr for entry in catalogue)
    new, gone = len({entry.msgid for entry in template} - known.keys()), len(known.keys() - {e.msgid for e in template})
    print(f"{file.name}: {len(catalogue)} terms, {new} new, {gone} gone, {empty} empty")
