"""Names that must have one key and names that must not, and what holds of every name. For pytest alone: Odoo's loader
does not bring Hypothesis."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.sales_management.tools.company_name import normalize_company_name
from odoo.addons.sales_management.tools.company_words import CITIES, FORMS, FRONT_FORMS, HAN_FORMS, PROVINCES

from .company_names import GROUPS

LATIN_FORMS = (
    "Co., Ltd.",
    "Company Limited",
    "Inc.",
    "LLC",
    "L.L.P.",
    "PLC",
    "Corp.",
    "Corporation",
    "Pty Ltd",
    "Pte. Ltd.",
    "GmbH",
    "GmbH & Co. KG",
    "AG",
    "OHG",
    "e.K.",
    "UG (haftungsbeschränkt)",
    "SE",
    "e.V.",
    "S.A.",
    "S.r.l.",
    "S.p.A.",
    "B.V.",
    "N.V.",
    "Oy",
    "AB",
    "A/S",
    "ApS",
    "Sp. z o.o.",
    "s.r.o.",
    "SARL",
    "SAS",
)
CHINESE_FORMS = (
    "有限公司",
    "有限责任公司",
    "股份有限公司",
    "集团",
    "集团有限公司",
    "（有限合伙）",
    "（个体工商户）",
    "有限公司 ",
)

# Parts of words and forms in any order come upon the borders between them far sooner than letters do.
pieces = st.sampled_from(
    [
        *sorted(FORMS),
        *HAN_FORMS,
        *PROVINCES,
        *CITIES[:20],
        *(
            "市",
            "省",
            "the",
            "and",
            "&",
            "(",
            ")",
            "（",
            "）",
            ".",
            " ",
            "e",
            "ö",
            "ß",
            "é",
            "ａ",
            "ﾄ",
            "A",
            "B",
            "shanghai",
        ),
        *("上海市", "分公司", "華", "株", "-", "'", "™", "㈱", "\u0301", "9"),
    ]
)
names = st.one_of(st.text(), st.lists(pieces, max_size=8).map("".join), st.lists(pieces, max_size=8).map(" ".join))
latin_words = st.from_regex(r"[b-df-hj-np-tv-z]{5,9}", fullmatch=True)
latin_names = st.lists(latin_words, min_size=1, max_size=3).map(" ".join)
chinese_names = st.text("华为腾讯博世海尔小米明德通达新科技电子贸易", min_size=3, max_size=8)
SPELLINGS = [(name, group[0]) for group in GROUPS for name in group[1:]]


def test_the_table_is_large_enough_to_tell():
    assert sum(len(group) for group in GROUPS) >= 150


@pytest.mark.parametrize(("spelling", "name"), SPELLINGS)
def test_spellings_of_one_company_have_one_key(spelling, name):
    assert normalize_company_name(spelling) == normalize_company_name(name) != ""


def test_no_two_companies_have_one_key():
    known = {}
    for group in GROUPS:
        key = normalize_company_name(group[0])
        assert key not in known, f"{group[0]} and {known.get(key)}"
        known[key] = group[0]


@pytest.mark.parametrize("name", [None, False, "", " ", "！？", "☆☆", "(){}", "&", "™"])
def test_a_name_without_letters_has_no_key(name):
    assert normalize_company_name(name) == ""


@given(names)
def test_the_key_of_a_key_is_the_key(name):
    key = normalize_company_name(name)
    assert normalize_company_name(key) == key


@given(names)
def test_a_name_with_letters_keeps_some(name):
    folded = unicodedata.normalize("NFKC", name)
    if any(sign.isalnum() for sign in folded.replace("TM", "")):
        assert normalize_company_name(name)


@given(names)
def test_a_key_is_made_of_letters_digits_and_their_marks(name):
    assert all(unicodedata.category(sign)[0] in "LNM" for sign in normalize_company_name(name))


@given(st.one_of(latin_names, chinese_names), st.data())
def test_width_case_and_punctuation_do_not_count(name, data):
    spelling = name
    if data.draw(st.booleans()):
        spelling = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in spelling)
    if data.draw(st.booleans()):
        spelling = spelling.upper()
    sign = data.draw(st.sampled_from([" ", "  ", "-", ".", "，", "·", "\u3000", "\t", "_", "/"]))
    spelling = sign.join(spelling.split(" "))
    spelling += data.draw(st.sampled_from(["", ".", "。", " ", "!"]))
    assert normalize_company_name(spelling) == normalize_company_name(name)


@given(latin_names, st.sampled_from(LATIN_FORMS), st.booleans())
def test_a_legal_form_does_not_count(name, form, is_upper):
    spelling = f"{name}, {form}"
    assert normalize_company_name(spelling.upper() if is_upper else spelling) == normalize_company_name(name)


@given(chinese_names, st.sampled_from(CHINESE_FORMS + LATIN_FORMS))
def test_a_legal_form_does_not_count_after_chinese(name, form):
    assert normalize_company_name(name + form) == normalize_company_name(name)


@given(latin_words, st.sampled_from(sorted(FORMS - FRONT_FORMS)))
def test_nothing_is_cut_within_words(word, form):
    assert normalize_company_name(word + "q" + form).startswith(word + "q" + form[:1])
    assert normalize_company_name(f"{form} {word}").endswith(word)
    assert len(normalize_company_name(f"{form} {word}")) > len(word)


@given(chinese_names, st.sampled_from([place for place in CITIES if place + "市" not in PROVINCES]))
def test_where_the_place_stands_does_not_count(name, city):
    first = normalize_company_name(city + name)
    for spelling in (
        f"{city}市{name}有限公司",
        f"{name}（{city}）有限公司",
        f"{name}有限公司（{city}市）",
        f"{name}{city}",
    ):
        assert normalize_company_name(spelling) == first
    assert first != normalize_company_name(name)


def test_no_place_is_the_beginning_of_another():
    places = PROVINCES + CITIES
    assert len(set(places)) == len(places)
    assert not [(one, other) for one in places for other in places if one != other and other.startswith(one)]


def test_longer_forms_come_first():
    for position, form in enumerate(HAN_FORMS):
        assert not [longer for longer in HAN_FORMS[position + 1 :] if longer.endswith(form)]
