"""When a notice may go out and what one message of many notices says, without the ORM.

Everything for one receiver within a quarter of an hour is one message, in which notices stand together by their cause.
Nothing goes out in quiet hours or on days off: it waits until the next moment that is neither.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone  # noqa: F401 (examples need timezone)
from typing import NamedTuple

from .working_time import to_wall_seconds
from .zone_offsets import DAY, EPOCH, get_offset, iter_offsets

QUARTER = timedelta(minutes=15)

#: Waits after each failed attempt. After the last, a notice has failed for good.
BACK_OFF = (timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=45), timedelta(hours=2))

#: Days off in a row that a notice waits for. A calendar without working days keeps nobody from hearing anything.
MAX_DAYS_OFF = 31

#: What stands in place of an amount.
HIDDEN = "•••"

#: Words for money that belong to no currency record.
MONEY_WORDS = ("¥", "￥", "元", "圆", "RMB")

_EPOCH_ORDINAL = EPOCH.toordinal()
_NUMBER = r"\d{1,3}(?:[\u00a0\u202f ,.'’]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)*"
_SCALE = r"(?:\s?[千百万萬亿億]+)?"
_NUMERALS = r"[零〇一二三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟萬億]+\s?[元圆]"
_GROUPED = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?"


class Line(NamedTuple):
    """What is said of one record."""

    name: str
    url: str
    text: str = ""


class Message(NamedTuple):
    """A message to one receiver: ``topics`` are pairs of a cause and its lines."""

    title: str
    topics: list

    def map_texts(self, change: Callable[[str], str]):
        """The same message with each text changed, and no address.

        >>> Message("a", [("b", [Line("c", "https://d", "e")])]).map_texts(str.upper)
        Message(title='A', topics=[('B', [Line(name='C', url='https://d', text='E')])])
        """
        return Message(
            change(self.title),
            [
                (change(cause), [Line(change(line.name), line.url, change(line.text)) for line in lines])
                for cause, lines in self.topics
            ],
        )


# === Time === #


def get_quarter(moment):
    """Start of the quarter of an hour that a moment lies in.

    >>> get_quarter(datetime(2026, 9, 30, 8, 44, 59))
    datetime.datetime(2026, 9, 30, 8, 30)
    """
    return EPOCH + (moment - EPOCH) // QUARTER * QUARTER


def get_quarter_end(moment):
    """When what comes up at a moment goes out: with the quarter of an hour that it lies in.

    >>> get_quarter_end(datetime(2026, 9, 30, 8, 30)), get_quarter_end(datetime(2026, 9, 30, 8, 44, 59))
    (datetime.datetime(2026, 9, 30, 8, 45), datetime.datetime(2026, 9, 30, 8, 45))
    """
    return get_quarter(moment) + QUARTER


def get_allowed_moment(moment, zone, quiet_from, quiet_to, works_on):
    """``moment`` itself, or the first one after it that is neither in quiet hours nor on a day off.

    :param datetime moment: naive UTC
    :param datetime.tzinfo zone: whose clock quiet hours and days are read from
    :param float quiet_from: hour of the day at which the quiet begins
    :param float quiet_to: hour at which it ends, on the next day where it is the smaller one; the same hour,
        or a whole day: no quiet
    :param works_on: says whether a date is a working day
    :rtype: datetime

    >>> from zoneinfo import ZoneInfo
    >>> hangzhou = ZoneInfo("Asia/Shanghai")
    >>> get_allowed_moment(datetime(2026, 9, 30, 11, 59), hangzhou, 20, 8, lambda day: True)
    datetime.datetime(2026, 9, 30, 11, 59)

    At 20:00 on Wednesday the quiet begins, and Thursday to Saturday are free:

    >>> get_allowed_moment(datetime(2026, 9, 30, 12), hangzhou, 20, 8, lambda day: day.weekday() not in (3, 4, 5))
    datetime.datetime(2026, 10, 4, 0, 0)
    """
    quiet = to_wall_seconds(quiet_from), to_wall_seconds(quiet_to)
    if quiet == (0, DAY):
        # No minute escapes it, so that nothing would ever be said.
        quiet = (0, 0)
    second = int((moment - EPOCH).total_seconds())
    days_off = 0
    while True:
        local, clock = divmod(second + get_offset(zone, second), DAY)
        is_off = days_off <= MAX_DAYS_OFF and not works_on(date.fromordinal(local + _EPOCH_ORDINAL))
        days_off += is_off
        target = DAY if is_off else _get_quiet_end(clock, *quiet)
        if target is None:
            return max(moment, EPOCH + timedelta(seconds=second))
        second = _get_first(zone, second, local * DAY + target)


def _get_quiet_end(clock, quiet_from, quiet_to):
    """When the quiet that a time of day lies in ends, in seconds from its midnight; none outside.

    >>> [_get_quiet_end(hour, 20, 8) for hour in (7, 8, 19)], _get_quiet_end(20, 20, 8) == DAY + 8
    ([8, None, None], True)
    >>> [_get_quiet_end(hour, 12, 13) for hour in (11, 12, 13)], _get_quiet_end(8, 8, 8)
    ([None, 13, None], None)
    """
    if quiet_from <= quiet_to:
        return quiet_to if quiet_from <= clock < quiet_to else None
    if clock >= quiet_from:
        return DAY + quiet_to
    return quiet_to if clock < quiet_to else None


def _get_first(zone, second, wall):
    """The first second from ``second`` on at which the clock shows ``wall`` or, where it skips that, more."""
    for start, end, offset in iter_offsets(zone, second, second + 4 * DAY):
        first = max(start, wall - offset)
        if first < end:
            return first
    raise ValueError(f"no clock of {zone} shows {wall}")


# === Texts === #


def group_by_cause(rows):
    """Topics of ``(cause, key, line)``: causes in the order they came up in, of each key the last line only.

    >>> group_by_cause([("Late", 1, "a"), ("Lost", 1, "b"), ("Late", 2, "c"), ("Late", 1, "d")])
    [('Late', ['d', 'c']), ('Lost', ['b'])]
    """
    topics = {}
    for cause, key, line in rows:
        topics.setdefault(cause, {})[key] = line
    return [(cause, list(lines.values())) for cause, lines in topics.items()]


def hide_amounts(text, words=()):
    """A text without its amounts of money: numbers beside a word for money, and numbers with separated thousands.

    Numbers of deals, dates and quantities stay.

    :param Iterable[str] words: symbols and codes of currencies, besides those of :data:`MONEY_WORDS`

    >>> hide_amounts("D2026-00042 of 30.09.2026: 5 pumps at € 1.200,50, all 6 002.50 EUR, deposit 30 %", ["€", "EUR"])
    'D2026-00042 of 30.09.2026: 5 pumps at •••, all •••, deposit 30 %'
    >>> hide_amounts("报价 ¥12万、合同 3.5 万元、大写壹拾贰万元整、1,200.00、48 小时")
    '报价 •••、合同 •••、大写•••整、•••、48 小时'
    >>> hide_amounts("5 Lines, 7 L", ["L"])
    '5 Lines, •••'
    """
    return _get_amount_pattern(frozenset(words)).sub(HIDDEN, text)


def _get_amount_pattern(words):
    units = "|".join(
        rf"(?<![^\W\d_]){re.escape(word)}(?![^\W\d_])" if word.isascii() and word.isalpha() else re.escape(word)
        for word in sorted({*words, *MONEY_WORDS} - {""}, key=lambda word: (-len(word), word))
    )
    return re.compile(
        rf"(?:{units})\s?[-−]?(?:{_NUMBER})(?:{_SCALE}[元圆])?{_SCALE}"
        rf"|(?:{_NUMBER}){_SCALE}\s?(?:{units})|{_NUMERALS}|(?<![\d.,]){_GROUPED}"
    )


def clip(text, length):
    """One line of at most so many characters.

    >>> clip("Call Mrs Li\\nabout the  pump", 14), clip("Call", 14)
    ('Call Mrs Li a…', 'Call')
    """
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
