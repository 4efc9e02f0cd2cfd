"""Properties of working time, held against a clock that is read every minute. For pytest alone, as Hypothesis is."""

from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
import pytz
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.sales_management.tools.working_time import (
    FREE,
    HOUR,
    USUAL,
    Attendance,
    DayRule,
    NoWorkingTime,
    WorkingTime,
    to_seconds,
)

MINUTE = timedelta(minutes=1)
#: Days that the oracle looks at, from a date on.
WINDOW = 6
#: Dates about which clocks change, and quiet ones: in Berlin at 01:00 UTC, in New York at 07:00 and 06:00, in São Paulo
#: then at midnight, in Apia by leaving out a day.
STARTS = {
    "Europe/Berlin": [date(2026, 3, 26), date(2026, 10, 22), date(2026, 6, 30)],
    "America/New_York": [date(2026, 3, 5), date(2026, 10, 29), date(2026, 12, 30)],
    "Asia/Shanghai": [date(2026, 2, 12), date(2026, 10, 1)],
    "America/Sao_Paulo": [date(2018, 2, 14), date(2018, 11, 1)],
    "Pacific/Apia": [date(2011, 12, 28)],
}
OFFICE = [Attendance(weekday, *hours) for weekday in range(5) for hours in ((8, 12), (13, 17))]

quarters = st.integers(0, 96).map(lambda quarter: Fraction(quarter, 4))
hours = st.tuples(quarters, quarters).filter(lambda pair: pair[0] < pair[1])
attendances = st.lists(
    st.builds(
        lambda weekday, pair, week: Attendance(weekday, *pair, week),
        st.integers(0, 6), hours, st.sampled_from([None, None, 0, 1]),
    ),
    min_size=1, max_size=12,
)  # fmt: skip
rules = st.one_of(st.just(FREE), st.just(USUAL), hours.map(lambda pair: DayRule(True, *pair)))
zones = st.sampled_from(sorted(STARTS)).flatmap(lambda name: st.tuples(st.just(name), st.sampled_from(STARTS[name])))


class Case:
    """A calendar, and the minutes of a few days that are worked by reading a clock in each."""

    def __init__(self, zone_name, first, attendances, leaves, rules):
        self.first = first
        self.start = datetime(first.year, first.month, first.day)
        self.zone = ZoneInfo(zone_name)
        self.attendances = attendances
        self.leaves = [
            (self.start + begin * MINUTE, self.start + (begin + length) * MINUTE) for begin, length in leaves
        ]
        self.rules = {first + timedelta(days=day): rule for day, rule in rules.items()}
        self.calendar = WorkingTime(attendances, pytz.timezone(zone_name), self.leaves, self.rules)
        moments = [self.start + minute * MINUTE for minute in range(WINDOW * 24 * 60)]
        self.minutes = [moment for moment in moments if self._is_worked(moment)]

    def _is_worked(self, moment):
        shown = moment.replace(tzinfo=timezone.utc).astimezone(self.zone)
        hour = Fraction(shown.hour * 60 + shown.minute, 60)
        rule = self.rules.get(shown.date())
        if rule is None:
            on_leave = any(start <= moment < end for start, end in self.leaves)
            return not on_leave and self._is_usual(shown.date(), hour)
        if not rule.is_working:
            return False
        if rule == USUAL:
            return self._is_usual(self._get_usual_date(shown.date()), hour)
        return rule.hour_from <= hour < rule.hour_to

    def _get_attendances(self, day):
        parity = (day.toordinal() - 1) // 7 % 2
        return [row for row in self.attendances if row.weekday == day.weekday() and row.week in (None, parity)]

    def _is_usual(self, day, hour):
        return any(row.hour_from <= hour < row.hour_to for row in self._get_attendances(day))

    def _get_usual_date(self, day):
        while not self._get_attendances(day):
            day -= timedelta(days=1)
        return day

    def get_moment(self, minute):
        return self.start + minute * MINUTE


cases = st.builds(
    lambda zone, *args: Case(*zone, *args),
    zones,
    attendances,
    st.lists(st.tuples(st.integers(0, WINDOW * 24 * 60), st.integers(0, 36 * 60)), max_size=3),
    st.dictionaries(st.integers(-1, WINDOW), rules, max_size=4),
)
in_window = st.integers(0, WINDOW * 24 * 60)


@settings(max_examples=60, deadline=None)
@given(cases, st.lists(st.tuples(in_window, in_window), min_size=1, max_size=8))
def test_hours_between(case, pairs):
    for pair in pairs:
        start, end = (case.get_moment(minute) for minute in pair)
        worked = sum(start <= minute < end for minute in case.minutes) - sum(
            end <= minute < start for minute in case.minutes
        )
        assert case.calendar.get_hours(start, end) == Fraction(worked, 60)


@settings(max_examples=60, deadline=None)
@given(cases, st.lists(in_window, min_size=1, max_size=40))
def test_is_working_and_next(case, minutes):
    for moment in map(case.get_moment, minutes):
        if moment < case.get_moment(WINDOW * 24 * 60):
            assert case.calendar.is_working(moment) == (moment in case.minutes)
        following = next((minute for minute in case.minutes if minute >= moment), None)
        if following:
            assert case.calendar.get_next(moment) == following


@settings(max_examples=60, deadline=None)
@given(cases, st.lists(st.tuples(in_window, st.integers(1, 50 * 60)), min_size=1, max_size=8))
def test_adding_hours(case, pairs):
    """Forward to the end of the last minute that counts, back to the beginning of the first."""
    for minute, count in pairs:
        moment, hours = case.get_moment(minute), Fraction(count, 60)
        after = [worked for worked in case.minutes if worked >= moment]
        if len(after) >= count:
            assert case.calendar.add_hours(moment, hours) == after[count - 1] + MINUTE
        before = [worked for worked in case.minutes if worked < moment]
        if len(before) >= count:
            assert case.calendar.add_hours(moment, -hours) == before[-count]


@settings(max_examples=60, deadline=None)
@given(cases)
def test_dates(case):
    """A date is one of work where a minute of it is."""
    minutes = {}
    for minute in case.minutes:
        shown = minute.replace(tzinfo=timezone.utc).astimezone(case.zone).date()
        minutes[shown] = minutes.get(shown, 0) + 1
    # The first and the last date are not wholly in the window.
    dates = [case.first + timedelta(days=day) for day in range(1, WINDOW - 1)]
    for day in dates:
        spans = case.calendar.get_spans(day)
        assert sum(((end - start) for start, end in spans), timedelta()) == minutes.get(day, 0) * MINUTE
        assert case.calendar.works_on(day) == (day in minutes)
        for start, end in spans:
            assert case.calendar.get_date(start) == case.calendar.get_date(end - timedelta(seconds=1)) == day
    working = [day for day in dates if day in minutes]
    assert case.calendar.count_days(dates[0], dates[-1]) == len(working)
    for number, day in enumerate(working, start=1):
        assert case.calendar.add_days(dates[0] - timedelta(days=1), number) == day
        assert case.calendar.add_days(dates[-1] + timedelta(days=1), -number) == working[-number]


@settings(max_examples=60, deadline=None)
@given(cases, st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)), st.integers(1, 400 * HOUR))
def test_what_is_added_is_what_lies_between(case, moment, seconds):
    moment = moment.replace(microsecond=0)
    try:
        end = case.calendar.add_hours(moment, Fraction(seconds, HOUR))
    except NoWorkingTime:
        return
    assert case.calendar.get_seconds(moment, end) == seconds
    assert case.calendar.get_seconds(end, moment) == -seconds
    assert case.calendar.is_working(end - timedelta(seconds=1))
    start = case.calendar.add_hours(end, Fraction(-seconds, HOUR))
    assert moment <= start, "No later moment is as far from the end."
    assert case.calendar.get_seconds(start, end) == seconds


@settings(max_examples=40, deadline=None)
@given(cases, st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)), st.integers(0, 80), st.integers(0, 80))
def test_hours_add_up(case, moment, first, second):
    calendar = case.calendar
    try:
        assert calendar.add_hours(calendar.add_hours(moment, first), second) == calendar.add_hours(
            moment, first + second
        )
    except NoWorkingTime:
        # A few minutes a week do not make as many hours within the days that the kernel looks ahead.
        assert calendar.get_seconds(moment, moment + timedelta(days=3660)) < (first + second) * 3600


@pytest.mark.parametrize(
    ("zone", "night", "worked"),
    [
        # A night shift from 22:00 to 06:00, whose clock is put forward, back, and left alone.
        ("Europe/Berlin", datetime(2026, 3, 28, 21), 7),
        ("Europe/Berlin", datetime(2026, 10, 24, 20), 9),
        ("America/New_York", datetime(2026, 3, 8, 3), 7),
        ("America/New_York", datetime(2026, 11, 1, 2), 9),
        ("Asia/Shanghai", datetime(2026, 3, 28, 14), 8),
    ],
)
def test_night_of_a_clock_change(zone, night, worked):
    shift = [Attendance(weekday, *hours) for weekday in range(7) for hours in ((0, 6), (22, 24))]
    calendar = WorkingTime(shift, ZoneInfo(zone))
    assert calendar.get_next(night - timedelta(hours=2)) == night
    assert calendar.add_hours(night, worked) == night + timedelta(hours=worked)
    assert calendar.get_hours(night, night + timedelta(hours=12)) == worked


def test_hours_of_the_office_over_a_clock_change():
    """48 hours of work are six days of eight, by the clock on the wall: what UTC says of it moves."""
    calendar = WorkingTime(OFFICE, ZoneInfo("Europe/Berlin"))
    assert calendar.add_hours(datetime(2026, 3, 26, 7), 48) == datetime(2026, 4, 2, 15)
    assert calendar.add_hours(datetime(2026, 3, 27, 15), 4) == datetime(2026, 3, 30, 9)


def test_holiday_week_with_its_working_weekend():
    """Spring Festival of 2026: off from 15 to 23 February, at work on the Saturdays 14 and 28."""
    holiday = {date(2026, 2, day): FREE for day in range(15, 24)}
    saturdays = {date(2026, 2, 14): USUAL, date(2026, 2, 28): DayRule(True, 9, 12)}
    hangzhou = WorkingTime(OFFICE, ZoneInfo("Asia/Shanghai"), exceptions=holiday | saturdays)
    friday_noon = datetime(2026, 2, 13, 4)
    assert hangzhou.add_hours(friday_noon, 12) == datetime(2026, 2, 14, 9)
    assert hangzhou.add_hours(friday_noon, 13) == datetime(2026, 2, 24, 1)
    assert hangzhou.get_hours(datetime(2026, 2, 27, 16), datetime(2026, 3, 1, 16)) == 3
    assert hangzhou.count_days(date(2026, 2, 9), date(2026, 3, 1)) == 5 + 1 + 4 + 1
    for removed, expected in (
        (date(2026, 2, 14), datetime(2026, 2, 25, 1)),
        (date(2026, 2, 23), datetime(2026, 2, 23, 1)),
    ):
        rules = {day: rule for day, rule in (holiday | saturdays).items() if day != removed}
        changed = WorkingTime(OFFICE, ZoneInfo("Asia/Shanghai"), exceptions=rules)
        assert changed.add_hours(friday_noon, 13) == expected


def test_exception_is_the_last_word_over_leaves():
    shut = [(datetime(2026, 7, 1), datetime(2026, 8, 1))]
    calendar = WorkingTime(OFFICE, leaves=shut, exceptions={date(2026, 7, 11): USUAL})
    assert calendar.add_days(date(2026, 7, 1), 1) == date(2026, 7, 11)
    assert calendar.add_days(date(2026, 7, 1), 2) == date(2026, 8, 3)


def test_leave_to_the_last_instant_of_a_day():
    leave = [(datetime(2026, 7, 3), datetime.combine(date(2026, 7, 3), datetime.max.time()))]
    calendar = WorkingTime([Attendance(weekday, 0, 24) for weekday in range(7)], leaves=leave)
    assert calendar.get_next(datetime(2026, 7, 3, 12)) == datetime(2026, 7, 4)


@pytest.mark.parametrize(
    "calendar",
    [
        WorkingTime([]),
        WorkingTime([Attendance(0, 12, 12)]),
        WorkingTime(OFFICE, leaves=[(datetime(2000, 1, 1), datetime(2090, 1, 1))]),
        WorkingTime([], exceptions={date(2026, 7, 1): FREE, date(2026, 7, 2): USUAL}),
    ],
)
def test_calendar_without_working_time(calendar):
    moment = datetime(2026, 7, 3, 16)
    assert calendar.add_hours(moment, 0) == moment
    assert calendar.get_hours(moment, moment + timedelta(days=500)) == 0
    assert calendar.add_days(moment.date(), 0) == moment.date()
    for ask in (
        lambda: calendar.add_hours(moment, 1),
        lambda: calendar.add_hours(moment, -1),
        lambda: calendar.get_next(moment),
        lambda: calendar.add_days(moment.date(), 1),
        lambda: calendar.add_days(moment.date(), -1),
    ):
        with pytest.raises(NoWorkingTime, match="working time within 3660 days of 2026-07-03"):
            ask()


@pytest.mark.parametrize("hours", [1e9, 1e300, -1e9])
def test_absurd_hours(hours):
    with pytest.raises(NoWorkingTime):
        WorkingTime(OFFICE).add_hours(datetime(2026, 7, 3), hours)


@pytest.mark.parametrize("hours", [float("nan"), float("inf"), -float("inf")])
def test_hours_that_are_no_number(hours):
    with pytest.raises(ValueError, match="not a number of hours"):
        WorkingTime(OFFICE).add_hours(datetime(2026, 7, 3), hours)


def test_ends_of_the_calendar():
    for zone in STARTS:
        calendar = WorkingTime(OFFICE, ZoneInfo(zone))
        with pytest.raises(NoWorkingTime):
            calendar.add_hours(datetime(9999, 12, 28), 1000)
        with pytest.raises(NoWorkingTime):
            calendar.add_hours(datetime(1, 1, 4), -1000)
        assert calendar.get_seconds(datetime(9999, 12, 1), datetime.max) > 0


def test_aware_moments_and_parts_of_a_second():
    calendar = WorkingTime(OFFICE, ZoneInfo("Asia/Shanghai"))
    aware = datetime(2026, 7, 3, 16, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert calendar.add_hours(aware, 2) == datetime(2026, 7, 6, 1)
    assert calendar.add_hours(datetime(2026, 7, 3, 8, 0, 0, 999_999), 1) == datetime(2026, 7, 3, 9)


@given(st.floats(-1e6, 1e6))
def test_seconds_of_any_hours(hours):
    assert abs(to_seconds(hours) - Fraction(hours) * HOUR) <= Fraction(1, 2)


def test_many_answers_of_one_calendar():
    """Fifty thousand deadlines are a matter of a second, for a day is worked out once."""
    calendar = WorkingTime(OFFICE, ZoneInfo("Europe/Berlin"))
    start = datetime(2026, 1, 1)
    started = datetime.now()
    for position in range(50_000):
        calendar.add_hours(start + timedelta(minutes=7 * position), 48)
    assert datetime.now() - started < timedelta(seconds=10)
