"""Working time, without the ORM: the one clock of deadlines, approvals, promises and run rates.

A :class:`WorkingTime` is built once from a weekly pattern, a zone, leaves and exceptions, and answers any number of
questions. A moment is worked when a clock on the wall of that zone shows a time of the pattern: an hour that the clock
skips is nobody's, an hour that it shows twice counts twice.

Moments go in and come out as naive datetimes in UTC, as the ORM keeps them, in whole seconds. Inside, all is integers.

>>> from zoneinfo import ZoneInfo
>>> office = [Attendance(weekday, *hours) for weekday in range(5) for hours in ((8, 12), (13, 17))]
>>> hangzhou = WorkingTime(
...     office,
...     ZoneInfo("Asia/Shanghai"),
...     exceptions={date(2026, 10, day): FREE for day in range(1, 8)} | {date(2026, 10, 10): USUAL},
... )

Handed over on Wednesday, 30 September, at 16:00 in Hangzhou; 24 hours of work later it is Saturday, 10 October, which
makes up for a day of the holiday:

>>> hangzhou.add_hours(datetime(2026, 9, 30, 8), 24)
datetime.datetime(2026, 10, 10, 8, 0)
>>> WorkingTime(office, ZoneInfo("Asia/Shanghai")).add_hours(datetime(2026, 9, 30, 8), 24)
datetime.datetime(2026, 10, 5, 8, 0)
"""

import math
from bisect import bisect_right
from datetime import date, datetime, timedelta, timezone  # noqa: F401 (examples need datetime)
from fractions import Fraction
from typing import NamedTuple

from .zone_offsets import DAY, EPOCH, HOUR, get_offset, iter_offsets

MINUTE = 60

#: Days that an answer is looked for in, either way: beyond it, a calendar is taken to have no such working time.
HORIZON = 3660

_EPOCH_ORDINAL = EPOCH.toordinal()
#: Days since the epoch that an answer may lie on, wherever it is shown.
_FIRST_DAY = date.min.toordinal() + 2 - _EPOCH_ORDINAL
_LAST_DAY = date.max.toordinal() - 2 - _EPOCH_ORDINAL


class NoWorkingTime(ValueError):
    """The working time that was asked for does not exist within :data:`HORIZON` days.

    :param datetime moment: where it was looked from
    :param int seconds: how much was looked for; 0 for any at all
    """

    def __init__(self, moment, seconds=0):
        super().__init__(moment, seconds)
        self.moment = moment
        self.seconds = seconds

    def __str__(self):
        hours = f"{abs(self.seconds) / HOUR:g} hours of " if self.seconds else ""
        return f"No {hours}working time within {HORIZON} days of {self.moment}"


class Attendance(NamedTuple):
    """Hours that are worked on a weekday; of weeks of one parity only, where ``week`` is 0 or 1.

    Weekdays count from Monday, 0. The parity is that of core: of the weeks since 1 January of the year 1.
    """

    weekday: int
    hour_from: float
    hour_to: float
    week: int | None = None


class DayRule(NamedTuple):
    """What holds for one date, whatever the weekly pattern and leaves say.

    A working date without hours has those of its weekday; where this has none, of the working weekday before it.
    """

    is_working: bool
    hour_from: float = 0
    hour_to: float = 0


FREE = DayRule(False)
USUAL = DayRule(True)


def to_seconds(hours):
    """Whole seconds of a number of hours.

    >>> to_seconds(0.1), to_seconds(1 / 3), to_seconds(Fraction(-1, 2))
    (360, 1200, -1800)
    >>> to_seconds(float("nan"))
    Traceback (most recent call last):
    ...
    ValueError: not a number of hours: nan
    """
    if not math.isfinite(hours):
        raise ValueError(f"not a number of hours: {hours}")
    return round(Fraction(hours) * HOUR)


def to_wall_seconds(hours):
    """Seconds from midnight to a time of day in hours, which people give in whole minutes.

    >>> to_wall_seconds(8.333333333333334) == to_wall_seconds(8.33) == 8 * HOUR + 20 * MINUTE
    True
    >>> to_wall_seconds(25) == DAY
    True
    """
    return min(max(round(Fraction(hours) * 60) * MINUTE, 0), DAY)


def merge(spans):
    """Spans in order, with what overlaps or touches as one and without empty ones.

    >>> merge([(5, 9), (1, 3), (3, 4), (6, 7), (8, 8)])
    [(1, 4), (5, 9)]
    """
    merged = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


class WorkingTime:
    """The working time of a calendar.

    :param Iterable[Attendance] attendances: the weekly pattern; what overlaps counts once
    :param datetime.tzinfo zone: zone whose clock the pattern means
    :param Iterable[tuple] leaves: ``(start, end)`` in UTC, when nobody works, exceptions apart
    :param dict exceptions: :class:`DayRule` by date; the last word for its date
    """

    def __init__(self, attendances, zone=timezone.utc, leaves=(), exceptions=None):
        self.zone = zone
        self._pattern = self._get_pattern(attendances)
        spans = merge((_to_second(start), _to_second(end, up=True)) for start, end in leaves)
        self._leave_starts = [start for start, _end in spans]
        self._leave_ends = [end for _start, end in spans]
        self._rules = {day.toordinal() - _EPOCH_ORDINAL: rule for day, rule in (exceptions or {}).items()}
        self._spans_of_day = {}

    # === Hours === #

    def add_hours(self, moment, hours):
        """The first moment by which this much has been worked from ``moment`` on.

        No hours give the moment itself, even in the night. A negative number goes back, to the last moment from which
        this much is worked until ``moment``.

        :param datetime moment: naive UTC, or aware
        :param hours: a real number, rounded to whole seconds
        :rtype: datetime
        :raise NoWorkingTime: where the calendar has not as much within :data:`HORIZON` days
        :raise ValueError: where ``hours`` is not a finite number

        >>> office = WorkingTime([Attendance(weekday, 9, 17) for weekday in range(5)])
        >>> office.add_hours(datetime(2026, 7, 3, 16), 1.5)
        datetime.datetime(2026, 7, 6, 9, 30)
        >>> office.add_hours(datetime(2026, 7, 6, 9, 30), -1.5)
        datetime.datetime(2026, 7, 3, 16, 0)
        >>> try:
        ...     WorkingTime([]).add_hours(datetime(2026, 7, 3, 16), 24)
        ... except NoWorkingTime as problem:
        ...     print(problem)
        No 24 hours of working time within 3660 days of 2026-07-03 16:00:00
        """
        start, seconds = _to_second(moment), to_seconds(hours)
        if not seconds:
            return _to_moment(start)
        found = self._go_forward(start, seconds) if seconds > 0 else self._go_back(start, -seconds)
        if found is None:
            raise NoWorkingTime(moment, seconds)
        return _to_moment(found)

    def get_seconds(self, start, end):
        """Seconds worked from ``start`` to ``end``; negative where the end comes first.

        >>> office = WorkingTime([Attendance(weekday, 9, 17) for weekday in range(5)])
        >>> office.get_seconds(datetime(2026, 7, 3, 16), datetime(2026, 7, 6, 9, 30)) == 1.5 * HOUR
        True
        """
        first, last = _to_second(start), _to_second(end)
        if last < first:
            return -self.get_seconds(end, start)
        return sum(
            min(span_end, last) - max(span_start, first)
            for day in range(first // DAY, -(-last // DAY))
            for span_start, span_end in self._get_spans(day)
            if span_start < last and first < span_end
        )

    def get_hours(self, start, end):
        """The same in hours, exact.

        >>> WorkingTime([Attendance(4, 9, 17)]).get_hours(datetime(2026, 7, 3, 16, 40), datetime(2026, 7, 4))
        Fraction(1, 3)
        """
        return Fraction(self.get_seconds(start, end), HOUR)

    def is_working(self, moment):
        """Whether work goes on in the second that begins at ``moment``.

        >>> [WorkingTime([Attendance(4, 9, 17)]).is_working(datetime(2026, 7, 3, hour)) for hour in (8, 9, 16, 17)]
        [False, True, True, False]
        """
        second = _to_second(moment)
        return any(start <= second < end for start, end in self._get_spans(second // DAY))

    def get_next(self, moment):
        """``moment`` itself where it is worked, else when work goes on.

        :raise NoWorkingTime: where it does not within :data:`HORIZON` days

        >>> WorkingTime([Attendance(0, 9, 17)]).get_next(datetime(2026, 7, 3, 16))
        datetime.datetime(2026, 7, 6, 9, 0)
        """
        second = _to_second(moment)
        for day in _limit(second // DAY, 1):
            for start, end in self._get_spans(day):
                if second < end:
                    return _to_moment(max(start, second))
        raise NoWorkingTime(moment)

    # === Days === #

    def get_date(self, moment):
        """Local date of a moment."""
        second = _to_second(moment)
        return date.fromordinal((second + get_offset(self.zone, second)) // DAY + _EPOCH_ORDINAL)

    def get_spans(self, day):
        """When work goes on on a local date, as a list of ``(start, end)`` in UTC.

        >>> WorkingTime([Attendance(4, 8, 12), Attendance(4, 13, 17)]).get_spans(date(2026, 7, 3))[-1]
        (datetime.datetime(2026, 7, 3, 13, 0), datetime.datetime(2026, 7, 3, 17, 0))
        """
        local = day.toordinal() - _EPOCH_ORDINAL
        return [(_to_moment(start), _to_moment(end)) for start, end in merge(self._get_local_spans(local))]

    def works_on(self, day):
        """Whether anything is worked on a local date."""
        return bool(self._get_local_spans(day.toordinal() - _EPOCH_ORDINAL))

    def add_days(self, day, days):
        """The date that is so many working dates after ``day``, or before it for a negative number.

        ``day`` itself does not count, and is the answer to no days at all.

        :param date day: local date
        :rtype: date
        :raise NoWorkingTime: where there are not as many within :data:`HORIZON` days

        >>> office = WorkingTime([Attendance(weekday, 9, 17) for weekday in range(5)])
        >>> office.add_days(date(2026, 7, 3), 2), office.add_days(date(2026, 7, 5), -1)
        (datetime.date(2026, 7, 7), datetime.date(2026, 7, 3))
        """
        step = 1 if days > 0 else -1
        local, left = day.toordinal() - _EPOCH_ORDINAL, abs(days)
        if not left:
            return day
        for candidate in _limit(local + step, step):
            left -= bool(self._get_local_spans(candidate))
            if not left:
                return date.fromordinal(candidate + _EPOCH_ORDINAL)
        raise NoWorkingTime(day)

    def count_days(self, first, last):
        """Working dates from ``first`` to ``last``, both included.

        >>> WorkingTime([Attendance(weekday, 9, 17) for weekday in range(5)]).count_days(
        ...     date(2026, 7, 1), date(2026, 7, 31)
        ... )
        23
        """
        days = range(first.toordinal() - _EPOCH_ORDINAL, last.toordinal() - _EPOCH_ORDINAL + 1)
        return sum(bool(self._get_local_spans(local)) for local in days)

    # === Pattern and spans; all in seconds, and in days since the epoch === #

    @staticmethod
    def _get_pattern(attendances):
        """Worked seconds of each of 14 days, as core counts its two weeks; the first is a Monday of parity 0."""
        pattern = [[] for _day in range(14)]
        for weekday, hour_from, hour_to, week in attendances:
            for parity in (0, 1) if week is None else (week,):
                pattern[weekday + 7 * parity].append((to_wall_seconds(hour_from), to_wall_seconds(hour_to)))
        return [merge(spans) for spans in pattern]

    def _get_wall_spans(self, local):
        """Worked spans of a local date by the clock on the wall, and whether leaves apply."""
        position = local + _EPOCH_ORDINAL - 1
        rule = self._rules.get(local)
        if rule is None:
            return self._pattern[position % 14], True
        if not rule.is_working:
            return [], False
        if rule.hour_from or rule.hour_to:
            return merge([(to_wall_seconds(rule.hour_from), to_wall_seconds(rule.hour_to))]), False
        usual = (self._pattern[(position - back) % 14] for back in range(14))
        return next(filter(None, usual), []), False

    def _get_spans(self, day):
        """Worked spans of a day in UTC, in order."""
        spans = self._spans_of_day.get(day)
        if spans is None:
            spans = []
            for start, end, offset in iter_offsets(self.zone, day * DAY, (day + 1) * DAY):
                for local in range((start + offset) // DAY, (end - 1 + offset) // DAY + 1):
                    spans += self._clip(local, start, end, offset)
            self._spans_of_day[day] = spans
        return spans

    def _get_local_spans(self, local):
        """Worked spans of a local date, which lies within a day of that of UTC in every zone."""
        spans = []
        for start, end, offset in iter_offsets(self.zone, (local - 1) * DAY, (local + 2) * DAY):
            spans += self._clip(local, start, end, offset)
        return spans

    def _clip(self, local, start, end, offset):
        """Worked spans of a local date between two moments with the same offset."""
        walls, leaves_apply = self._get_wall_spans(local)
        midnight = local * DAY - offset
        spans = [(max(start, midnight + wall_from), min(end, midnight + wall_to)) for wall_from, wall_to in walls]
        if leaves_apply and self._leave_starts:
            return [rest for span in spans for rest in self._leave_out(*span)]
        return [span for span in spans if span[0] < span[1]]

    def _leave_out(self, start, end):
        """What leaves of a span."""
        position = bisect_right(self._leave_ends, start)
        while start < end:
            if position == len(self._leave_starts) or end <= self._leave_starts[position]:
                yield start, end
                return
            if start < self._leave_starts[position]:
                yield start, self._leave_starts[position]
            start = max(start, self._leave_ends[position])
            position += 1

    def _go_forward(self, second, seconds):
        for day in _limit(second // DAY, 1):
            for start, end in self._get_spans(day):
                start = max(start, second)
                if seconds <= end - start:
                    return start + seconds
                seconds -= max(end - start, 0)
        return None

    def _go_back(self, second, seconds):
        for day in _limit(second // DAY, -1):
            for start, end in reversed(self._get_spans(day)):
                end = min(end, second)
                if seconds <= end - start:
                    return end - seconds
                seconds -= max(end - start, 0)
        return None


def _limit(day, step):
    """Days in which an answer is looked for, from ``day`` on."""
    end = day + step * (HORIZON + 1)
    return range(day, min(end, _LAST_DAY) if step > 0 else max(end, _FIRST_DAY), step)


def _to_second(moment, up=False):
    if moment.tzinfo:
        moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
    passed = moment - EPOCH
    return passed.days * DAY + passed.seconds + (up and passed.microseconds > 0)


def _to_moment(second):
    return EPOCH + timedelta(seconds=second)
