"""Churn by the customer's own rhythm, against going through the days. For pytest alone: Odoo's loader does not bring
Hypothesis."""

import math
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.sales_management.tools.churn import (
    STATES,
    ChurnThresholds,
    get_churn,
    get_churn_state,
    get_usual_cycle,
)

START = date(2025, 1, 1)
days = st.integers(0, 300).map(lambda number: START + timedelta(days=number))
order_days = st.lists(days, max_size=12)
cycles = st.integers(1, 120).map(lambda halves: halves / 2)
times = st.lists(st.integers(1, 80).map(lambda number: number / 10), min_size=3, max_size=3).map(sorted)
thresholds = st.builds(
    lambda found, least, shortest: ChurnThresholds(*found, least, shortest), times, st.integers(0, 5), st.integers(0, 9)
)


def find_median(found):
    found = sorted(set(found))
    gaps = sorted((found[position + 1] - found[position]).days for position in range(len(found) - 1))
    if not gaps:
        return None
    half = len(gaps) // 2
    return Fraction(gaps[half]) if len(gaps) % 2 else Fraction(gaps[half - 1] + gaps[half], 2)


def find_state(silent, cycle, chosen):
    cycle = max(Fraction(cycle), Fraction(chosen.shortest_cycle_days))
    state = "active"
    for name in ("slowing", "at_risk", "lost"):
        if silent >= Fraction(str(getattr(chosen, name))) * cycle:
            state = name
    return state


@given(order_days)
def test_the_usual_cycle_is_the_median_of_distances(found):
    assert get_usual_cycle(found) == find_median(found)
    assert get_usual_cycle(found * 3) == get_usual_cycle(found[::-1]) == get_usual_cycle(found)


@given(st.integers(0, 400), cycles, thresholds)
def test_states_follow_the_silence_in_cycles(silent, cycle, chosen):
    assert get_churn_state(silent, cycle, chosen) == find_state(silent, cycle, chosen)


@given(order_days, days, thresholds, st.none() | cycles)
def test_the_state_of_a_day_follows_from_the_orders_until_then(found, today, chosen, given_cycle):
    churn = get_churn(found, today, chosen, given_cycle)
    past = sorted({day for day in found if day <= today})
    has_rhythm = len(past) >= max(chosen.min_order_days, 2)
    cycle = find_median(past) if has_rhythm else given_cycle
    assert churn.usual_cycle_days == cycle
    assert churn.cycle_source == ("own" if has_rhythm else "unknown" if given_cycle is None else "given")
    assert churn.order_days == len(past)
    if not past:
        assert churn.state is None and churn.last_day is None and churn.starts is None
        return
    assert (churn.last_day, churn.silent_days) == (past[-1], (today - past[-1]).days)
    if cycle is None:
        assert churn.state is None and churn.silent_cycles is None
        return
    assert churn.state == find_state(churn.silent_days, cycle, chosen)
    assert churn.expected_day == past[-1] + timedelta(days=math.ceil(cycle))
    assert abs(churn.silent_cycles - churn.silent_days / cycle) <= 0.0051
    assert churn == get_churn(past, today, chosen, given_cycle)


@given(order_days, days, thresholds)
def test_each_state_begins_on_the_day_that_is_told(found, today, chosen):
    churn = get_churn(found, today, chosen, given_cycle_days=20)
    if churn.state is None:
        return
    for day in (churn.last_day + timedelta(days=number) for number in range(0, 500, 7)):
        begun = [state for state, first in churn.starts.items() if first <= day]
        expected = begun[-1] if begun else "active"
        silent = (day - churn.last_day).days
        assert get_churn_state(silent, churn.usual_cycle_days, chosen) == expected
    assert list(churn.starts) == list(STATES[1:])


@given(order_days, days, st.integers(0, 200))
def test_silence_makes_nothing_better(found, today, later):
    found = [day for day in found if day <= today]
    before = get_churn(found, today, given_cycle_days=15)
    after = get_churn(found, today + timedelta(days=later), given_cycle_days=15)
    assert before.usual_cycle_days == after.usual_cycle_days
    if before.state:
        assert STATES.index(before.state) <= STATES.index(after.state)


def test_at_risk_is_twice_its_own_median_and_not_a_day_before():
    weekly = [START + timedelta(days=7 * number) for number in range(5)]
    assert get_churn(weekly, weekly[-1] + timedelta(days=13)).state == "slowing"
    assert get_churn(weekly, weekly[-1] + timedelta(days=14)).state == "at_risk"
    yearly = [START + timedelta(days=365 * number) for number in range(5)]
    assert get_churn(yearly, yearly[-1] + timedelta(days=400)).state == "active"


def test_one_long_pause_does_not_change_the_rhythm():
    found = [START + timedelta(days=number) for number in (0, 10, 20, 30, 230, 240, 250)]
    assert get_churn(found, START + timedelta(days=255)).usual_cycle_days == 10


def test_many_orders_of_one_day_make_no_rhythm():
    churn = get_churn([START] * 9, START + timedelta(days=90))
    assert (churn.state, churn.cycle_source, churn.order_days, churn.silent_days) == (None, "unknown", 1, 90)


def test_nobody_reaches_what_is_set_out_of_reach():
    churn = get_churn([START], START, ChurnThresholds(lost=10**8), given_cycle_days=100)
    assert churn.starts["lost"] == date.max


@pytest.mark.parametrize("wrong", [ChurnThresholds(0), ChurnThresholds(3, 2), ChurnThresholds(lost=1)])
def test_thresholds_that_do_not_rise_are_refused(wrong):
    with pytest.raises(ValueError):
        get_churn([START], START, wrong, given_cycle_days=10)


@pytest.mark.parametrize("wrong", [0, -3, float("nan")])
def test_a_cycle_of_no_days_is_refused(wrong):
    with pytest.raises(ValueError):
        get_churn([START], START, given_cycle_days=wrong)
