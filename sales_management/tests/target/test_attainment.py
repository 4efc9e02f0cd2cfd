"""Attainment, against its definitions. For pytest alone: Odoo's loader does not bring Hypothesis."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.sales_management.tools.attainment import (
    Attainment,
    WorkingDays,
    get_attainment,
    get_working_days,
)

amounts = st.integers(-(10**9), 10**9) | st.decimals(-(10**9), 10**9, places=2)
day_counts = st.integers(0, 60) | st.decimals(0, 60, places=2)
days = st.tuples(day_counts, day_counts).map(lambda found: WorkingDays(min(found), max(found)))
dates = st.dates(date(2025, 1, 1), date(2027, 12, 31))


def is_near(value, exact, digits=2):
    """Whether a rounded figure is the exact one, as far as a float can say it."""
    return abs(Fraction(value) - exact) <= Fraction(1, 2) / 10**digits + abs(exact) / 10**15


@given(amounts, amounts, days)
def test_nothing_is_divided_by_zero(actual, target, days):
    found = get_attainment(actual, target, days)
    assert isinstance(found, Attainment)
    assert (found.attainment is None) == (target <= 0)
    assert (found.run_rate is None) == (days.elapsed == 0)
    assert (found.expected is None) == (days.elapsed == 0 and days.total > 0)
    assert (found.required_rate is None) == (actual < target and days.left == 0)
    assert (found.expected_attainment is None) == (found.expected is None or target <= 0)


@given(amounts, amounts, days)
def test_figures_are_those_of_their_definitions(actual, target, days):
    found = get_attainment(actual, target, days)
    actual, target, elapsed, total = map(Fraction, (actual, target, days.elapsed, days.total))
    assert is_near(found.gap, target - actual)
    if target > 0:
        assert is_near(found.attainment, actual * 100 / target)
    if total:
        assert is_near(found.planned, target * elapsed / total)
        assert is_near(found.ahead, actual - target * elapsed / total)
    if elapsed:
        assert is_near(found.run_rate, actual / elapsed)
        assert is_near(found.expected, actual + actual / elapsed * (total - elapsed))
    if target > actual and total > elapsed:
        assert is_near(found.required_rate, (target - actual) / (total - elapsed))
    if target <= actual:
        assert found.required_rate == 0


@given(st.integers(1, 10**9), st.integers(1, 60), st.integers(1, 100))
def test_who_is_as_planned_ends_at_the_target(daily, total, part):
    days = WorkingDays(Fraction(total * part, 100), total)
    target = daily * total * 100
    found = get_attainment(target * part // 100, target, days)
    assert (found.ahead, found.expected, found.expected_attainment) == (0, target, 100)
    assert found.required_rate in (found.run_rate, 0)


@given(amounts, amounts, days)
def test_a_period_that_is_over_expects_what_it_brought(actual, target, days):
    found = get_attainment(actual, target, WorkingDays(days.total, days.total))
    assert found.expected == float(actual) and found.expected_attainment == found.attainment
    assert found.planned == float(target) and found.ahead == -found.gap + 0.0


@given(dates, st.integers(0, 100), dates, st.sets(dates, max_size=20), st.sampled_from(["0", "0.25", "0.5", "1"]))
def test_days_are_counted_one_by_one(first, length, today, free, part):
    last = first + timedelta(days=length)

    def works_on(day):
        return day.weekday() < 5 and day not in free

    found = get_working_days(first, last, today, works_on, part)
    working = [day for shift in range(length + 1) if works_on(day := first + timedelta(days=shift))]
    over = sum(day < today for day in working)
    assert found.total == len(working)
    assert found.elapsed == over + (Fraction(part) if today in working else 0)
    if today < first:
        assert found.elapsed == 0
    if today > last:
        assert found.left == 0
    get_attainment(1, 1, found)


def test_half_days_count_half():
    halves = get_working_days(date(2026, 3, 2), date(2026, 3, 6), date(2026, 3, 4), lambda day: 0.5, 0.5)
    assert halves == (Fraction(5, 4), Fraction(5, 2))
    assert get_attainment(10, 20, halves).expected == 20


def test_a_period_without_working_days():
    none = get_working_days(date(2026, 2, 16), date(2026, 2, 22), date(2026, 2, 18), lambda day: False)
    assert none == (0, 0)
    found = get_attainment(300, 1000, none)
    assert found == (30, 700, 1000, -700, None, None, 300, 30)
    assert get_working_days(date(2026, 3, 2), date(2026, 3, 1), date(2026, 3, 1), lambda day: True) == (0, 0)


def test_halves_go_away_from_zero():
    assert get_attainment(1, 8, WorkingDays(1, 1), digits=0)[:2] == (12.5, 7)
    assert get_attainment("0.5", 0, WorkingDays(1, 2), digits=0).gap == -1
    assert get_attainment("-0.5", 0, WorkingDays(1, 2), digits=0).gap == 1
    assert get_attainment(2, 3, WorkingDays(1, 1)).attainment == 66.67
    assert get_attainment("1.005", 0, WorkingDays(1, 2)).run_rate == 1.01
    assert str(get_attainment(0, 0, WorkingDays(1, 1)).gap) == "0.0"


@pytest.mark.parametrize("wrong", [WorkingDays(-1, 5), WorkingDays(6, 5), WorkingDays(0, -1)])
def test_days_that_cannot_be_are_refused(wrong):
    with pytest.raises(ValueError, match="days cannot be over"):
        get_attainment(1, 1, wrong)


@pytest.mark.parametrize("part", [-0.1, 1.1])
def test_parts_of_a_day_are_from_0_to_1(part):
    with pytest.raises(ValueError, match="is not a part of a day"):
        get_working_days(date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 1), bool, part)
