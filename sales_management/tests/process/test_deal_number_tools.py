"""Properties of the arithmetic of deal numbers. For pytest alone: Odoo's loader does not bring Hypothesis."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.sales_management.tools.deal_number import (
    PLACEHOLDERS,
    holds_separator,
    interpolate,
    join_numbers,
    split_numbers,
)

numbers = st.text(min_size=1, max_size=12).map(str.strip).filter(lambda text: text and not holds_separator(text))
moments = st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2099, 12, 31))


@given(st.lists(numbers))
def test_joining_and_splitting_give_each_number_once_in_order(values):
    assert split_numbers(join_numbers(values)) == sorted(set(values))


@given(st.lists(numbers, min_size=1), st.sampled_from([",", ";", "、", "，", "；", "\n", " , "]))
def test_whatever_separator_a_person_types(values, separator):
    assert split_numbers(separator.join(values)) == list(dict.fromkeys(values))


@given(st.lists(numbers), st.randoms())
def test_equal_sets_give_equal_texts(values, random):
    shuffled = values * 2
    random.shuffle(shuffled)
    assert join_numbers(shuffled) == join_numbers(values)


@given(st.text())
def test_any_text_can_be_split(text):
    for number in split_numbers(text):
        assert number == number.strip() != ""
        assert not holds_separator(number)


@given(st.text(alphabet=st.characters(blacklist_characters="%")), moments)
def test_text_without_placeholders_stays(text, moment):
    assert interpolate(text, moment) == text


@given(moments)
def test_every_placeholder_of_core_is_known(moment):
    for name, code in PLACEHOLDERS.items():
        for scope in ("", "range_", "current_"):
            assert interpolate(f"<%({scope}{name})s>", moment) == f"<{moment.strftime(code)}>"
