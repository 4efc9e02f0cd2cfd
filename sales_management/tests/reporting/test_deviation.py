"""A figure against the mean of those before, against whole numbers. For pytest alone: Hypothesis is not in Odoo's
loader."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.sales_management.tools.deviation import get_deviation

#: In hundredths, so that the oracle needs no fractions.
cents = st.integers(-(10**9), 10**9) | st.integers(-300, 300)
befores = st.lists(cents, min_size=3, max_size=3)
thresholds = st.integers(1, 500)
minimums = st.integers(0, 10**6) | st.just(0)


def as_amount(number):
    return Decimal(number) / 100


def ask(value, before, threshold, minimum=0):
    return get_deviation(as_amount(value), [as_amount(each) for each in before], threshold, as_amount(minimum))


def is_far(value, before, threshold, minimum):
    """The oracle: nothing is divided, all is compared in three times a hundredth."""
    mean, figure = sum(before), 3 * value
    apart = max(mean, figure) - min(mean, figure)
    return apart > 0 and apart >= 3 * minimum and 100 * apart >= threshold * max(mean, -mean)


@given(cents, befores, thresholds, minimums)
def test_it_is_told_when_it_is_far_enough(value, before, threshold, minimum):
    found = ask(value, before, threshold, minimum)
    assert (found is not None) == is_far(value, before, threshold, minimum)
    if found:
        assert found.direction == ("over" if 3 * value > sum(before) else "under")
        assert found.is_new == (value > 0 and before == [0, 0, 0])
        assert found.is_gone == (value == 0 and sum(before) > 0)
        assert (found.share is None) == (sum(before) <= 0)


@given(cents, befores, thresholds)
def test_its_figures_are_those_of_fractions(value, before, threshold):
    found = ask(value, before, threshold)
    if found:
        mean = Fraction(sum(before), 300)
        difference = Fraction(value, 100) - mean
        assert abs(Fraction(str(found.mean)) - mean) <= Fraction(1, 200)
        assert abs(Fraction(str(found.difference)) - difference) <= Fraction(1, 200)
        if mean > 0:
            assert abs(Fraction(str(found.share)) - 100 * difference / mean) <= Fraction(1, 20)


@given(cents, befores, thresholds)
def test_the_order_of_the_months_does_not_matter(value, before, threshold):
    assert ask(value, before, threshold) == ask(value, before[::-1], threshold)


@given(cents, befores, thresholds, thresholds)
def test_a_higher_threshold_tells_no_more(value, before, one, other):
    if ask(value, before, max(one, other)):
        assert ask(value, before, min(one, other))


@given(cents, befores, thresholds, st.integers(1, 1000))
def test_it_does_not_depend_on_the_currency(value, before, threshold, rate):
    found = ask(value, before, threshold)
    scaled = ask(value * rate, [each * rate for each in before], threshold)
    assert (found and (found.direction, found.share)) == (scaled and (scaled.direction, scaled.share))


@given(cents.filter(bool), thresholds)
def test_what_there_never_was_is_told_without_a_share(value, threshold):
    found = ask(value, [0, 0, 0], threshold)
    assert found.share is None
    assert found.mean == 0


def test_there_is_something_to_compare_with():
    with pytest.raises(ValueError, match="nothing to compare"):
        get_deviation(1, [], 30)
    with pytest.raises(ValueError, match="met by everything"):
        get_deviation(1, [1], 0)
