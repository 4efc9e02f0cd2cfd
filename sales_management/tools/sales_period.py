"""Periods of sales: days, weeks, months, quarters and years, where a month may begin on any day from 1 to 28."""

from datetime import date, timedelta
from typing import NamedTuple

#: Kinds of periods, from short to long.
KINDS = ("day", "week", "month", "quarter", "year")
#: Months that a period of months has.
MONTHS = {"month": 1, "quarter": 3, "year": 12}
#: Days that a period of days has.
DAYS = {"day": 1, "week": 7}


class Span(NamedTuple):
    """Days that are asked for: the first and the last, either of them open.

    :param gap: two days between which nothing is asked for, or none
    """

    first: date | None = None
    last: date | None = None
    gap: tuple | None = None


class Period(NamedTuple):
    """A period: its kind, its first and last day, and the day on which its months begin."""

    kind: str
    start: date
    end: date
    month_start: int = 1

    def next(self):
        """:return: the period of the same kind that follows
        :rtype: Period
        """
        return get_period(self.kind, self.end + timedelta(days=1), self.month_start)

    def previous(self):
        """:return: the period of the same kind before
        :rtype: Period
        """
        return get_period(self.kind, self.start - timedelta(days=1), self.month_start)

    def last_year(self):
        """The same period of the year before; of days and weeks, the one 52 weeks earlier, on the same weekdays.

        >>> get_period("month", date(2024, 2, 29)).last_year().end
        datetime.date(2023, 2, 28)

        :rtype: Period
        """
        if self.kind in DAYS:
            return get_period(self.kind, self.start - timedelta(weeks=52), self.month_start)
        return get_period(self.kind, self.start.replace(year=self.start.year - 1), self.month_start)

    def months(self):
        """:return: the months that it is made of, in order; of a day or a week none
        :rtype: list[Period]
        """
        return self.split("month") if self.kind in MONTHS else []

    def split(self, kind):
        """The shorter periods that it is made of.

        >>> [period.start.month for period in get_period("year", date(2026, 5, 1)).split("quarter")]
        [1, 4, 7, 10]

        :param str kind: a kind of which this one has a whole number: no weeks in months
        :rtype: list[Period]
        """
        parts = [get_period(kind, self.start, self.month_start)]
        while parts[-1].end < self.end:
            parts.append(parts[-1].next())
        return parts


def get_period(kind, day, month_start=1):
    """Find the period in which a day is. A week begins on Monday, a year with its January.

    A month that begins on the 26th is called by the month in which it begins.

    >>> get_period("month", date(2026, 11, 25), 26)[:3]
    ('month', datetime.date(2026, 10, 26), datetime.date(2026, 11, 25))
    >>> get_period("quarter", date(2026, 11, 23))[1:3]
    (datetime.date(2026, 10, 1), datetime.date(2026, 12, 31))
    >>> get_period("week", date(2026, 11, 23))[1:3]
    (datetime.date(2026, 11, 23), datetime.date(2026, 11, 29))

    :param str kind: one of :data:`KINDS`
    :param date day: any day of the period
    :param int month_start: the day on which months begin, from 1 to 28
    :rtype: Period
    :raises ValueError: for another kind or another day
    """
    if kind not in KINDS:
        raise ValueError(f"no kind of period: {kind!r}")
    if not 1 <= month_start <= 28:
        raise ValueError(f"no day that every month has: {month_start!r}")
    if kind in DAYS:
        start = day - timedelta(days=day.weekday() if kind == "week" else 0)
        return Period(kind, start, start + timedelta(days=DAYS[kind] - 1), month_start)
    count = MONTHS[kind]
    index = day.year * 12 + day.month - 1 - (day.day < month_start)
    index -= index % count
    return Period(
        kind, _get_first(index, month_start), _get_first(index + count, month_start) - timedelta(days=1), month_start
    )


def _get_first(index, month_start):
    return date(index // 12, index % 12 + 1, month_start)
