"""The Chinese translation is complete, says what the code says, and has one word for each term."""

import csv
import io
import re
from collections import Counter
from pathlib import Path

import polib

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import BaseCase, TransactionCase
from odoo.tools.translate import trans_export

MODULE = "sales_management"
ADDON = Path(__file__).parents[1]
#: Beside the addon in the repository; an installation from the wheel has none.
GLOSSARY_PAGE = ADDON.parent / "docs" / "glossary.md"

#: Names that people give their stages, whatever the same word is called elsewhere.
STAGE_NAMES = ("model:sales.process.template.stage,name", "code:addons/sales_management/static/src/process_health/")
PLACEHOLDER = re.compile(r"%%|%\(\w+\)[#0 +-]*[\d.]*[a-z]|%[sd]")
TAG = re.compile(r"<[^>]*>")


def read_glossary():
    with (ADDON / "i18n" / "glossary.csv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def read_catalogue(name):
    return polib.pofile(str(ADDON / "i18n" / name), encoding="utf-8")


def plain(text):
    """A text without placeholders and tags, for their names are not words of it."""
    return TAG.sub(" ", PLACEHOLDER.sub(" ", text))


def term_pattern(term):
    """Pattern of an English term in singular and plural, over line breaks.

    >>> [bool(term_pattern("company").search(text)) for text in ("Companies", "a company's", "accompany")]
    [True, True, False]
    """
    words = r"\s+".join(re.escape(word) for word in term.split())
    plural = rf"{words[:-1]}(?:y|ies)" if term.endswith("y") else rf"{words}s?"
    return re.compile(rf"\b{plural}\b", re.IGNORECASE)


def find_terms(text, glossary):
    """Rows of the glossary whose term is in an English text, where a longer term hides the shorter ones in it.

    >>> rows = [{"english": term} for term in ("deal", "deal number", "number")]
    >>> [row["english"] for row in find_terms("Deal Numbers of a deal", rows)]
    ['deal number', 'deal']
    """
    found, rest = [], plain(text)
    for row in sorted(glossary, key=lambda row: -len(row["english"])):
        rest, count = term_pattern(row["english"]).subn(" · ", rest)
        if count:
            found.append(row)
    return found


def holds_word(text, word, glossary):
    """Whether a word to be avoided stands in a Chinese text, other than inside a word of the glossary.

    >>> rows = [{"chinese": "报价单"}]
    >>> holds_word("新报价单", "报价", rows), holds_word("新报价", "报价", rows)
    (False, True)
    """
    for row in glossary:
        if word in row["chinese"]:
            text = text.replace(row["chinese"], "·")
    return word in text


def references(catalogue):
    """Terms of a catalogue, each with the places that it stands in."""
    return {(entry.msgid, place) for entry in catalogue for place, _line in entry.occurrences}


@tagged("post_install", "-at_install")
class TestChineseCatalogue(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.glossary = read_glossary()
        cls.entries = [entry for entry in read_catalogue("zh_CN.po") if not entry.obsolete]
        cls.words = [
            entry
            for entry in cls.entries
            if not all(place.startswith(STAGE_NAMES) for place, _line in entry.occurrences)
        ]

    def test_complete(self):
        incomplete = [entry.msgid for entry in self.entries if entry.fuzzy or not entry.msgstr.strip()]
        self.assertFalse(incomplete, "to be translated, or fuzzy")

    def test_terms_of_the_template(self):
        self.assertEqual(references(self.entries), references(read_catalogue(f"{MODULE}.pot")))

    def test_placeholders_and_tags(self):
        for entry in self.entries:
            with self.subTest(entry.msgid):
                self.assertEqual(set(PLACEHOLDER.findall(entry.msgstr)), set(PLACEHOLDER.findall(entry.msgid)))
                self.assertEqual(TAG.findall(entry.msgstr), TAG.findall(entry.msgid))
                self.assertEqual(entry.msgstr.endswith("\n"), entry.msgid.endswith("\n"))

    def test_words_of_the_glossary(self):
        """Each term is translated by its word."""
        for entry in self.words:
            for row in find_terms(entry.msgid, self.glossary):
                with self.subTest(entry.msgid, term=row["english"]):
                    self.assertIn(row["chinese"], entry.msgstr)

    def test_no_other_words(self):
        """No term is translated by a second word, not even beside its own."""
        for entry in self.words:
            for row in find_terms(entry.msgid, self.glossary):
                for word in row["never"].split():
                    with self.subTest(entry.msgid, term=row["english"], word=word):
                        self.assertFalse(holds_word(plain(entry.msgstr), word, self.glossary))

    def test_same_text_same_translation(self):
        """Labels that differ by case, number or markup alone have one translation.

        A text with a placeholder is a sentence: Chinese counts with a word that English does without.
        """
        translations = {}
        for entry in self.words:
            if PLACEHOLDER.search(entry.msgid):
                continue
            label = re.sub(r"(?<=\w)s\b", "", plain(entry.msgid).strip().lower())
            translations.setdefault(label, {}).setdefault(plain(entry.msgstr).strip(), entry.msgid)
        self.assertFalse([label for label, found in translations.items() if len(found) > 1])

    def test_full_width_punctuation(self):
        """Chinese takes its own comma, colon, semicolon and question mark.

        Names of groups stay with core's `User: …`, which they stand beside.
        """
        for entry in self.entries:
            if any(place.startswith("model:res.groups,name") for place, _line in entry.occurrences):
                continue
            with self.subTest(entry.msgid):
                self.assertNotRegex(plain(entry.msgstr), r"[\u4e00-\u9fff]\s*[,:;?!]")

    def test_glossary(self):
        """A term has one row, and what is to be avoided is no other term's word."""
        terms = [row["english"] for row in self.glossary]
        self.assertEqual(sorted(terms), sorted(set(terms)))
        words = {row["chinese"] for row in self.glossary}
        for row in self.glossary:
            with self.subTest(row["english"]):
                self.assertTrue(row["chinese"])
                self.assertFalse(words.intersection(row["never"].split()))

    def test_glossary_page(self):
        if GLOSSARY_PAGE.exists():
            page = GLOSSARY_PAGE.read_text(encoding="utf-8")
            lines = re.findall(r"^\| (.+?) \| (.+?) \| (.*?) ?\|$", page, re.MULTILINE)
            rows = [(english, chinese, never.replace("、", " ")) for english, chinese, never in lines]
            self.assertEqual(rows[1:], [(row["english"], row["chinese"], row["never"]) for row in self.glossary])


@tagged("post_install", "-at_install")
class TestTranslatedInstallation(TransactionCase):
    def _export(self, lang):
        """Catalogue of what the database and the code hold now.

        Left out is what other installations lack: records of the demo company, and fields of models that inherit ours
        by delegation in modules that this one does not depend on.
        """
        exported = io.BytesIO()
        trans_export(lang, [MODULE], exported, "po", self.env)
        catalogue = polib.pofile(exported.getvalue().decode())
        foreign = self._get_foreign_fields()
        for entry in catalogue:
            entry.occurrences = [
                (place, line)
                for place, line in entry.occurrences
                if not place.partition(":")[2].partition(":")[2].startswith(f"{MODULE}.demo_")
                and place.rpartition(":")[2] not in foreign
            ]
        return [entry for entry in catalogue if entry.occurrences]

    def _get_foreign_fields(self):
        module = self.env["ir.module.module"].search([("name", "=", MODULE)])
        known = {MODULE, *module.upstream_dependencies(exclude_states=("uninstallable",)).mapped("name")}
        fields = self.env["ir.model.fields"].browse(
            self.env["ir.model.data"]
            .search([("module", "=", MODULE), ("model", "=", "ir.model.fields")])
            .mapped("res_id")
        )
        foreign = fields.filtered(lambda field: known.isdisjoint(field.model_id.modules.split(", ")))
        return set(foreign.get_external_id().values())

    def test_template_is_what_the_code_says(self):
        """Where this fails, docs/update_translations.py brings the files up to date."""
        self.assertEqual(references(self._export(lang=None)), references(read_catalogue(f"{MODULE}.pot")))

    def test_every_term_arrives(self):
        """A user in Chinese reads the translation wherever the term stands, in data, views and code."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms([MODULE], ["zh_CN"], overwrite=True)
        catalogue = read_catalogue("zh_CN.po")
        counts = Counter(entry.msgid for entry in catalogue)
        # The export has one translation for a term, also where it means two things.
        expected = {entry.msgid: entry.msgstr for entry in catalogue if counts[entry.msgid] == 1}
        # A translation that equals its term is exported as none.
        arrived = {entry.msgid: entry.msgstr or entry.msgid for entry in self._export("zh_CN")}
        self.assertFalse({term: value for term, value in expected.items() if arrived.get(term) != value})
        for name, stage in (("contact", "接触"), ("won", "成交")):
            line = self.env.ref(f"sales_management.template_manufacturing_stage_{name}").with_context(lang="zh_CN")
            self.assertEqual(line.name, stage)

    def test_screen_and_message_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms([MODULE], ["zh_CN"], overwrite=True)
        env = self.env(context={"lang": "zh_CN"})
        self.assertEqual(env["crm.lead"].fields_get(["deal_number"])["deal_number"]["string"], "商机编号")
        self.assertEqual(env.ref("sales_management.sales_deal_number_menu").name, "已停用商机编号")
        self.assertIn("曾用", env["crm.lead"].get_view(env.ref("crm.crm_lead_view_form").id, "form")["arch"])
        deal = env["crm.lead"].create({"name": "华东五金", "type": "opportunity"})
        with self.assertRaisesRegex(UserError, "商机编号不可更改"):
            deal.deal_number = "D2026-99999"
