"""Periods of sales, against walking through the days. For pytest alone: Odoo's loader does not bring Hypothesis."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.sales_management.tools.sales_period import KINDS, MONTHS, get_period

days = st.dates(date(2001, 1, 1), date(2199, 12, 31))
kinds = st.sampled_from(KINDS)
starts = st.integers(1, 28)
LONGEST = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}


def begins(kind, day, month_start):
    if kind == "day":
        return True
    if kind == "week":
        return day.weekday() == 0
    return day.day == month_start and (day.month - 1) % MONTHS[kind] == 0


@given(kinds, days, starts)
def test_a_period_is_what_walking_back_and_forth_finds(kind, day, month_start):
    period = get_period(kind, day, month_start)
    first = next(
        day - timedelta(days=back)
        for back in range(LONGEST[kind])
        if begins(kind, day - timedelta(days=back), month_start)
    )
    last = day
    while not begins(kind, last + timedelta(days=1), month_start):
        last += timedelta(days=1)
    assert (period.start, period.end) == (first, last)


@given(kinds, days, starts)
def test_periods_follow_each_other_without_gap(kind, day, month_start):
    period = get_period(kind, day, month_start)
    assert period.next().previous() == period
    assert period.previous().end + timedelta(days=1) == period.start
    assert period.last_year().kind == kind
    assert 360 <= (period.start - period.last_year().start).days <= 370


@given(st.sampled_from(["quarter", "year"]), days, starts)
def test_months_make_the_whole(kind, day, month_start):
    period = get_period(kind, day, month_start)
    months = period.months()
    assert len(months) == MONTHS[kind]
    assert (months[0].start, months[-1].end) == (period.start, period.end)


@pytest.mark.parametrize(("kind", "month_start"), [("decade", 1), ("month", 0), ("month", 29)])
def test_what_is_no_period_is_refused(kind, month_start):
    with pytest.raises(ValueError, match="no "):
        get_period(kind, date(2026, 1, 1), month_start)
