"""Properties of promising, against the definition tried day by day. For pytest alone: Odoo's loader does not bring
Hypothesis."""

import math
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.sales_management.tools.promise import (
    Event,
    Need,
    Timeline,
    consume_of,
    get_earliest_of,
    get_parts_of,
)

TODAY, LAST = 0, 24
#: Nothing changes after it: what is taken at a fence counts.
END = LAST + 8

days = st.integers(TODAY, LAST)
quantities = st.integers(1, 20)
fences = st.none() | st.integers(TODAY, LAST + 6)
events = st.lists(st.builds(Event, days, st.integers(-12, 12).filter(bool)), max_size=12)
factors = st.sampled_from([1, 1, 2, 3, Fraction(1, 2), Fraction(2, 3), Fraction(5, 4)])
kits = st.lists(st.tuples(st.integers(0, 2), fences, factors), min_size=1, max_size=3, unique_by=lambda part: part[0])
many = settings(max_examples=500, deadline=None)


def get_balance(rows, day):
    return sum(quantity for moment, quantity, *_rest in rows if moment <= day)


def can_take(rows, quantity, day, fence):
    """The definition: from the fence on anything; before, what no day from it to the fence is short of."""
    if quantity <= 0 or (fence is not None and day >= fence):
        return True
    end = fence if fence is not None else max(END, day) + 1
    return all(get_balance(rows, later) >= quantity for later in range(day, end))


def search(is_possible, start):
    """The first day that will do, each tried; none where none does."""
    return next((day for day in range(start, LAST + 40) if is_possible(day)), None)


def take(factor, quantity):
    return math.ceil(quantity * factor)


@many
@given(events, st.integers(-3, 25), days, fences)
def test_the_earliest_day_is_the_first_that_the_definition_allows(rows, quantity, start, fence):
    expected = search(lambda day: can_take(rows, quantity, day, fence), start)
    assert Timeline(rows).get_earliest(quantity, start, fence) == expected


@many
@given(events, quantities, days, fences)
def test_parts_sum_up_and_each_comes_as_early_as_it_can(rows, quantity, start, fence):
    parts = Timeline(rows).get_parts(quantity, start, fence)
    assert sum(part.quantity for part in parts) == quantity
    assert all(part.quantity > 0 for part in parts)
    moments = [math.inf if part.day is None else part.day for part in parts]
    assert moments == sorted(set(moments))
    taken = 0
    for part in parts:
        for each in range(taken + 1, taken + part.quantity + 1):
            assert search(lambda day, each=each: can_take(rows, each, day, fence), start) == part.day
        taken += part.quantity


@many
@given(events, quantities, days, st.integers(0, 5), fences, st.integers(0, 5))
def test_more_is_never_earlier_and_neither_is_later_asked(rows, quantity, start, more, fence, wait):
    timeline = Timeline(rows)
    earliest = timeline.get_earliest(quantity, start, fence)
    if earliest is None:
        assert timeline.get_earliest(quantity + more, start, fence) is None
        assert timeline.get_earliest(quantity, start + wait, fence) is None
        return
    larger = timeline.get_earliest(quantity + more, start, fence)
    assert larger is None or larger >= earliest
    assert timeline.get_earliest(quantity, start + wait, fence) == max(earliest, start + wait)


@many
@given(events, st.lists(st.tuples(st.integers(0, 12), days), max_size=4), days, quantities, fences, st.randoms())
def test_what_is_taken_is_gone_in_whatever_order_it_is_told(rows, takings, start, quantity, fence, random):
    timeline, other = Timeline(rows), Timeline(random.sample(rows, len(rows)))
    untouched = timeline.copy()
    for taken, day in takings:
        timeline.get_available(start, fence)
        timeline.consume(taken, day)
    for taken, day in random.sample(takings, len(takings)):
        other.consume(taken, day)
    left = rows + [Event(day, -taken) for taken, day in takings]
    expected = search(lambda day: can_take(left, quantity, day, fence), start)
    assert timeline.get_earliest(quantity, start, fence) == expected
    assert other.get_earliest(quantity, start, fence) == expected
    for day in range(TODAY, LAST + 2):
        assert timeline.get_balance(day) == get_balance(left, day)
        assert untouched.get_balance(day) == get_balance(rows, day)


@many
@given(st.lists(events, min_size=3, max_size=3), kits, quantities, days)
def test_a_kit_waits_for_the_last_of_its_components(stocks, kit, quantity, start):
    needs = [Need(Timeline(stocks[part]), fence, factor) for part, fence, factor in kit]
    expected = search(
        lambda day: all(can_take(stocks[part], take(factor, quantity), day, fence) for part, fence, factor in kit),
        start,
    )
    assert get_earliest_of(needs, quantity, start) == expected


@many
@given(st.lists(events, min_size=3, max_size=3), kits, quantities, days, st.sampled_from([1, 1, 4]))
def test_kits_come_whole_and_as_early_as_they_can(stocks, kit, quantity, start, unit):
    quantity *= unit
    needs = [Need(Timeline(stocks[part]), fence, factor) for part, fence, factor in kit]
    parts = get_parts_of(needs, quantity, start, unit)
    assert sum(part.quantity for part in parts) == quantity
    assert parts[-1].day == get_earliest_of(needs, quantity, start)
    if len(kit) == 1 and kit[0][2] == 1 and unit == 1:
        return
    taken = 0
    for part in parts:
        taken += part.quantity
        if taken < quantity:
            assert taken % unit == 0
        if part.day is None:
            continue
        for later, fence, factor in kit:
            assert can_take(stocks[later], take(factor, taken), part.day, fence)


@many
@given(
    st.lists(events, min_size=3, max_size=3),
    st.lists(st.tuples(kits, st.integers(1, 8)), min_size=2, max_size=3),
    days,
)
def test_kits_that_share_a_component_never_take_it_twice(stocks, wanted, start):
    timelines, left = [Timeline(rows) for rows in stocks], [list(rows) for rows in stocks]
    for kit, quantity in wanted:
        needs = [Need(timelines[part], fence, factor) for part, fence, factor in kit]
        day = get_earliest_of(needs, quantity, start)
        assert day == search(
            lambda day, kit=kit, quantity=quantity: all(
                can_take(left[part], take(factor, quantity), day, fence) for part, fence, factor in kit
            ),
            start,
        )
        if day is not None:
            consume_of(needs, quantity, day)
            for part, _fence, factor in kit:
                left[part].append(Event(day, -take(factor, quantity)))
