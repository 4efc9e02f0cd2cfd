"""The effective discount against fractions. For pytest alone: Odoo's loader does not bring Hypothesis."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.sales_management.tools.discount import (
    OfferedLine,
    get_discount,
    get_highest_line_discount,
    get_line_discount,
    get_margin,
    get_spread,
)

prices = st.decimals(min_value=0, max_value=100000, places=2)
amounts = st.decimals(min_value=-100000, max_value=100000, places=2)
lines = st.lists(st.tuples(amounts, amounts), max_size=8)


def as_lines(values):
    return [OfferedLine(float(net), float(listed)) for net, listed in values]


def get_exact_discount(values):
    net, reference = Fraction(0), Fraction(0)
    for line_net, listed in values:
        net += Fraction(line_net)
        if line_net >= 0:
            reference += Fraction(listed) if listed > 0 else Fraction(line_net)
    if reference <= 0:
        return Fraction(100 if net < 0 else 0)
    return (reference - net) / reference * 100


@given(lines)
def test_discount_is_the_exact_one_to_two_decimals(values):
    exact = get_exact_discount(values)
    assert abs(Fraction(get_discount(as_lines(values))) - exact) <= Fraction("0.0051") + abs(exact) / 10**9


@given(st.lists(st.tuples(prices.filter(bool), prices), min_size=1, max_size=6), st.decimals(0, 90, places=2))
def test_discount_is_the_same_however_it_is_given(values, percent):
    """On each line, as a line of its own, or as a free line: one figure."""
    listed = sum(Fraction(price) for price, _other in values)
    off = float(listed * Fraction(percent) / 100)
    whole = [OfferedLine(float(price), float(price)) for price, _other in values]
    by_line = [OfferedLine(line.net * (1 - float(percent) / 100), line.listed) for line in whole]
    by_rebate = [*whole, OfferedLine(-off, 0.0)]
    assert abs(get_discount(by_line) - float(percent)) < 0.011
    assert abs(get_discount(by_rebate) - float(percent)) < 0.011


@given(lines, lines)
def test_order_of_lines_makes_no_difference(one, other):
    assert abs(get_discount(as_lines(one + other)) - get_discount(as_lines(other + one))) <= 0.01


@given(prices, prices)
def test_highest_line_is_the_line_when_there_is_one(net, listed):
    line = OfferedLine(float(net), float(listed))
    assert get_highest_line_discount([line]) == get_line_discount(line) == get_discount([line])


@given(lines)
def test_spread_keeps_what_is_paid(values):
    found = as_lines(values)
    sold = sum(line.net for line in found if line.net >= 0)
    if sold:
        assert abs(sold * get_spread(found) - sum(line.net for line in found)) < 1e-3


@given(prices, prices)
def test_margin_falls_with_the_price(net, cost):
    assert get_margin(float(net), float(cost)) <= get_margin(float(net) + 1, float(cost)) + 0.01
