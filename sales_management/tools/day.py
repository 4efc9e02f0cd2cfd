"""Days of a person's zone, and spans of time in the unit that one would say them in."""

from datetime import datetime, timedelta
from typing import NamedTuple

import pytz

MINUTE, HOUR, DAY = 60, 3600, 86400


class Span(NamedTuple):
    """How long something is, rounded down: ``minute`` below an hour, ``hour`` below a day, then ``day``."""

    count: int
    unit: str


def get_span(seconds):
    """Say a length of time as people would.

    >>> get_span(0), get_span(3599)
    (Span(count=1, unit='minute'), Span(count=59, unit='minute'))
    >>> get_span(3600), get_span(86399)
    (Span(count=1, unit='hour'), Span(count=23, unit='hour'))
    >>> get_span(-86400)
    Span(count=1, unit='day')
    """
    seconds = abs(seconds)
    if seconds < HOUR:
        return Span(max(1, int(seconds // MINUTE)), "minute")
    if seconds < DAY:
        return Span(int(seconds // HOUR), "hour")
    return Span(int(seconds // DAY), "day")


class Day(NamedTuple):
    """A day somewhere: its date, and the moments in naive UTC at which it begins and is over."""

    date: object
    start: datetime
    end: datetime


def get_day(date, zone):
    """Say when a date begins and ends in a zone.

    >>> shanghai = pytz.timezone("Asia/Shanghai")
    >>> get_day(datetime(2026, 11, 23).date(), shanghai).start
    datetime.datetime(2026, 11, 22, 16, 0)

    The day on which clocks are put forward has 23 hours.

    >>> day = get_day(datetime(2026, 3, 29).date(), pytz.timezone("Europe/Berlin"))
    >>> day.end - day.start
    datetime.timedelta(seconds=82800)
    """
    return Day(date, _get_midnight(date, zone), _get_midnight(date + timedelta(days=1), zone))


def _get_midnight(date, zone):
    midnight = zone.localize(datetime(date.year, date.month, date.day), is_dst=True)
    return midnight.astimezone(pytz.utc).replace(tzinfo=None)
