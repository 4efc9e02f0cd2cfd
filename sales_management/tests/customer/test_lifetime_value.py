"""The value of customers, against fractions and against years added up one by one. For pytest alone: Odoo's loader does
not bring Hypothesis."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.sales_management.tools.churn import STATES
from odoo.addons.sales_management.tools.lifetime_value import RETENTION, get_expected_years, get_lifetime_value

TODAY = date(2026, 1, 1)
ages = st.integers(-30, 2000)
amounts = st.decimals(min_value=-5000, max_value=5000, places=2)
rows = st.lists(st.tuples(ages.map(lambda age: TODAY - timedelta(days=age)), amounts), max_size=15)
states = st.sampled_from([*STATES, None])
discounts = st.integers(0, 40)
windows = st.integers(365, 1500)


def near(figure, exact, tolerance=Fraction(1, 100)):
    return abs(Fraction(str(figure)) - exact) <= tolerance


@given(rows, states, discounts, windows)
def test_value_is_that_of_the_formula(found, state, discount, window):
    value = get_lifetime_value(found, TODAY, state, discount_percent=discount, window_days=window)
    past = [(day, Fraction(amount)) for day, amount in found if day <= TODAY]
    recent = sum(amount for day, amount in past if (TODAY - day).days < window)
    since_first = max(((TODAY - day).days + 1 for day, _amount in past), default=0)
    observed = max(365, min(window, since_first))
    yearly = max(Fraction(0), recent * 365 / observed)
    years = Fraction(RETENTION[state]) / (100 + discount - RETENTION[state])
    to_date = sum(amount for _day, amount in past)
    assert (value.observed_days, value.retention_percent) == (observed, RETENTION[state])
    assert near(value.to_date, to_date, 0) and near(value.recent, recent, 0)
    assert near(value.yearly, yearly) and near(value.years, years) and near(value.remaining, yearly * years)
    assert Fraction(str(value.projected)) == Fraction(str(value.to_date)) + Fraction(str(value.remaining))


@given(rows, states)
def test_floats_value_as_what_they_print(found, state):
    as_floats = [(day, float(amount)) for day, amount in found]
    assert get_lifetime_value(as_floats, TODAY, state) == get_lifetime_value(found, TODAY, state)
    assert get_lifetime_value(as_floats[::-1], TODAY, state) == get_lifetime_value(found, TODAY, state)


@given(st.integers(0, 95), discounts)
def test_years_are_those_of_adding_up_who_is_still_there(retention, discount):
    left, total = 1.0, 0.0
    for _year in range(2000):
        left *= retention / (100 + discount)
        total += left
    assert abs(float(get_expected_years(retention, discount)) - total) < 1e-6


@given(rows)
def test_who_leaves_brings_less(found):
    remaining = [get_lifetime_value(found, TODAY, state).remaining for state in STATES]
    assert remaining == sorted(remaining, reverse=True)
    assert remaining[-1] == 0


def test_a_customer_of_last_week_is_not_taken_to_buy_each_week():
    value = get_lifetime_value([(TODAY - timedelta(days=7), 1000)], TODAY, "active")
    assert (value.observed_days, value.yearly, value.remaining, value.projected) == (365, 1000, 4000, 5000)


def test_old_value_counts_to_date_and_not_for_the_future():
    value = get_lifetime_value(
        [(TODAY - timedelta(days=1095), 900), (TODAY - timedelta(days=1094), 30)], TODAY, "active"
    )
    assert (value.to_date, value.recent, value.yearly) == (930, 30, 10)


def test_who_cost_money_is_expected_to_bring_nothing():
    value = get_lifetime_value([(TODAY, 100), (TODAY, -300)], TODAY, "active")
    assert (value.to_date, value.recent, value.yearly, value.remaining, value.projected) == (-200, -200, 0, 0, -200)


def test_retention_of_a_company_replaces_the_given_one():
    found = [(TODAY, 100)]
    assert get_lifetime_value(found, TODAY, "at_risk", {"at_risk": 50}).remaining == 100
    assert get_lifetime_value(found, TODAY, "lost", {None: 50}).remaining == 100
    assert get_lifetime_value(found, TODAY, "lost", {}).retention_percent == RETENTION[None]
    assert get_lifetime_value(found, TODAY, "lost", {"lost": 0, None: 50}).remaining == 0


def test_currencies_without_cents_have_no_cents():
    assert get_lifetime_value([(TODAY, 101)], TODAY, "at_risk", digits=0)[-2:] == (43, 144)


@pytest.mark.parametrize("wrong", [{"retention": {None: 100}}, {"retention": {None: -1}}, {"discount_percent": -1}])
def test_percentages_that_are_none_are_refused(wrong):
    with pytest.raises(ValueError):
        get_lifetime_value([], TODAY, **wrong)


def test_less_than_a_year_is_no_window():
    with pytest.raises(ValueError):
        get_lifetime_value([], TODAY, window_days=364)
