"""Splitting to the cent, against sums in fractions. For pytest alone: Odoo's loader does not bring Hypothesis."""

from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.sales_management.tools.apportion import (
    get_seasonality,
    split_by_weights,
    split_units,
    weigh_actuals,
)

totals = st.integers(-(10**14), 10**14)
small_weights = st.lists(st.integers(0, 6), min_size=1, max_size=6)
weights = st.lists(st.integers(0, 10**9) | st.decimals(0, 10**6, places=4), min_size=1, max_size=15)
units = st.sampled_from([Decimal("0.01"), Decimal("0.001"), Decimal("1"), Decimal("0.05"), Decimal("100")])
amounts = st.none() | st.integers(-(10**9), 10**9) | st.decimals(-(10**6), 10**6, places=2)


def get_quotas(total, weights):
    whole = sum(map(Fraction, weights))
    if not whole:
        return [Fraction(total, len(weights))] * len(weights)
    return [total * Fraction(weight) / whole for weight in weights]


@given(totals, weights, units)
def test_parts_sum_to_the_whole_and_are_next_to_their_quotas(count, weights, unit):
    total = count * unit
    split = split_by_weights(total, weights, unit)
    assert sum(split.parts) == total
    quotas = get_quotas(count, weights)
    for part, quota in zip(split.parts, quotas, strict=True):
        assert (part / unit) % 1 == 0
        assert abs(Fraction(part) / Fraction(unit) - quota) < 1
    assert split.is_equal == (not any(weights))


@given(st.integers(0, 12), small_weights)
def test_no_other_split_of_whole_units_is_closer(total, weights):
    """Largest remainders bring the sum of the distances to its least, and so that of their squares."""
    quotas = get_quotas(total, weights)

    def get_distance(parts):
        return sum((part - quota) ** 2 for part, quota in zip(parts, quotas, strict=True))

    near = [(int(quota), int(quota) + 1) for quota in quotas]
    best = min(get_distance(parts) for parts in product(*near) if sum(parts) == total)
    assert get_distance(split_units(total, weights)) == best


@given(totals, weights)
def test_the_first_of_equal_ones_gets_what_is_left(total, weights):
    parts = split_units(abs(total), weights)
    for place, weight in enumerate(weights):
        for later in range(place + 1, len(weights)):
            if weights[later] == weight:
                assert 0 <= parts[place] - parts[later] <= 1
            elif weights[later] < weight:
                assert parts[later] <= parts[place] + (any(weights) is False)


@given(totals, weights)
def test_a_negative_amount_is_split_as_its_opposite(total, weights):
    assert split_units(-total, weights) == [-part for part in split_units(total, weights)]


@given(totals, weights, st.integers(1, 1000))
def test_only_the_proportion_of_weights_counts(total, weights, factor):
    assert split_units(total, weights) == split_units(total, [Fraction(weight) * factor for weight in weights])


@given(totals, st.integers(1, 40))
def test_equal_parts_differ_by_one_unit_at_most(count, people):
    split = split_by_weights(count * Decimal("0.01"), [1] * people)
    assert not split.is_equal
    assert sum(split.parts) == count * Decimal("0.01")
    assert max(split.parts) - min(split.parts) <= Decimal("0.01")
    assert list(map(abs, split.parts)) == sorted(map(abs, split.parts), reverse=True)


@given(totals, st.lists(amounts, min_size=1, max_size=12))
def test_actuals_of_the_year_before(count, actuals):
    total = count * Decimal("0.01")
    split = split_by_weights(total, weigh_actuals(actuals))
    assert sum(split.parts) == total
    there = [max(actual, 0) for actual in actuals if actual is not None]
    if any(there):
        mean = Fraction(sum(map(Fraction, there))) / len(there)
        assert weigh_actuals(actuals) == [mean if actual is None else max(Fraction(actual), 0) for actual in actuals]
        assert all(
            part == 0 for part, actual in zip(split.parts, actuals, strict=True) if actual is not None and actual <= 0
        )
    else:
        assert split.parts == split_by_weights(total, [1] * len(actuals)).parts


def test_a_newcomer_among_newcomers_gets_an_equal_part():
    assert split_by_weights(9, weigh_actuals([None, None, None])) == ([3, 3, 3], False)


@given(
    st.integers(1, 13).flatmap(
        lambda size: st.lists(
            st.lists(amounts.filter(lambda amount: amount is not None), min_size=size, max_size=size), max_size=4
        )
    )
)
def test_seasons_are_the_mean_of_years_that_say_something(years):
    shares = get_seasonality(years)
    telling = [[max(Fraction(amount), 0) for amount in year] for year in years]
    telling = [year for year in telling if sum(year)]
    assert sum(shares) == (1 if telling else 0)
    for place, share in enumerate(shares):
        assert share * len(telling) == sum(year[place] / sum(year) for year in telling)
    if shares:
        split = split_by_weights(Decimal("12345.67"), shares)
        assert sum(split.parts) == Decimal("12345.67")
        assert split.is_equal == (not telling)


@pytest.mark.parametrize(
    ("total", "weights", "unit", "message"),
    [
        (1, [], "0.01", "nobody"),
        (1, [1, -1], "0.01", "negative"),
        ("0.015", [1], "0.01", "0.015 is not a whole number of units of 0.01"),
        ("0.02", [1], "0.05", "0.02 is not a whole number"),
        (1, [1], 0, "0 is no unit"),
        (1, [1], -1, "-1 is no unit"),
        (float("nan"), [1], "0.01", "nan"),
        (1, [float("inf")], "0.01", "inf"),
        ("ten", [1], "0.01", "ten"),
    ],
)
def test_bad_input_is_said(total, weights, unit, message):
    with pytest.raises(ValueError, match=message):
        split_by_weights(total, weights, unit)


def test_nothing_is_split_among_nobody():
    assert split_by_weights(0, []) == ([], False)
    assert get_seasonality([]) == []
