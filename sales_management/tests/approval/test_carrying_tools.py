"""When an approval still holds, against a slow and obvious answer. For pytest alone: see the other property tests."""

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.sales_management.tools.carrying import (
    HIGHER_IS_WORSE,
    LOWER_IS_WORSE,
    SoldLine,
    get_worse_measures,
    is_repeat_no_worse,
)

NUMBERS = st.one_of(st.none(), st.integers(-200, 200).map(float))
MEASURES = st.fixed_dictionaries(dict.fromkeys(sorted(HIGHER_IS_WORSE | LOWER_IS_WORSE), NUMBERS))
LINES = st.lists(
    st.builds(
        SoldLine,
        key=st.sampled_from(["bolt", "nut"]).map(lambda name: (name,)),
        quantity=st.integers(0, 3),
        net_price=st.integers(-2, 3),
        discount=st.integers(0, 3),
    ),
    max_size=4,
)


@given(MEASURES, MEASURES)
def test_worse_is_what_a_person_would_call_worse(before, after):
    expected = set()
    for name in before:
        then, now = before[name], after[name]
        unknown = (then is None) != (now is None)
        known = then is not None and now is not None
        if unknown or (known and (now > then if name in HIGHER_IS_WORSE else now < then)):
            expected.add(name)
    assert get_worse_measures(before, before, after) == expected


@given(MEASURES)
def test_unchanged_is_not_worse(measures):
    assert not get_worse_measures(measures, measures, dict(measures))


@given(st.integers(0, 90), st.integers(0, 90), st.integers(0, 60))
def test_validity_may_grow_by_the_days_that_are_set(before, after, days):
    worse = get_worse_measures({"validity_days"}, {"validity_days": before}, {"validity_days": after}, days)
    assert bool(worse) == (after - before > days)


@given(LINES)
def test_a_repeat_of_everything_is_no_worse(lines):
    assert is_repeat_no_worse(lines, lines)


@given(LINES, LINES)
def test_every_line_of_a_repeat_was_agreed(former, repeated):
    expected = True
    for line in repeated:
        found = False
        for past in former:
            if past.key != line.key or line.net_price < past.net_price:
                continue
            if line.quantity >= past.quantity or line.discount <= past.discount:
                found = True
        expected = expected and found
    assert is_repeat_no_worse(former, repeated) == expected
