"""Offsets of time zones from UTC, in whole seconds since the epoch, without the ORM."""

import functools
from datetime import datetime, timedelta, timezone

HOUR = 3600
DAY = 24 * HOUR
EPOCH = datetime(1970, 1, 1)

#: A zone is asked for its offset this often: no zone changed its clocks twice within it.
_PROBE = 12 * HOUR
#: Days whose offsets are found together.
_BLOCK = 512
#: Moments that have a local time in every zone; before and after, offsets stay as they are there.
_FIRST = int((datetime.min - EPOCH).total_seconds()) + DAY
_LAST = int((datetime.max - EPOCH).total_seconds()) - DAY


def get_offset(zone, second):
    """Offset of a zone at a moment.

    >>> from zoneinfo import ZoneInfo
    >>> get_offset(ZoneInfo("Asia/Shanghai"), 0) / HOUR
    8.0
    """
    moment = (EPOCH + timedelta(seconds=min(max(second, _FIRST), _LAST))).replace(tzinfo=timezone.utc)
    return int(moment.astimezone(zone).utcoffset().total_seconds())


def iter_offsets(zone, start, end):
    """Yield spans ``(start, end, offset)`` of the same offset, in order, that make up a span of time.

    A span may end where the offset does not change.

    >>> from zoneinfo import ZoneInfo
    >>> night = int((datetime(2026, 3, 28, 23) - EPOCH).total_seconds())
    >>> [
    ...     (str(EPOCH + timedelta(seconds=start)), offset // HOUR)
    ...     for start, _end, offset in iter_offsets(ZoneInfo("Europe/Berlin"), night, night + 6 * HOUR)
    ... ]
    [('2026-03-28 23:00:00', 1), ('2026-03-29 01:00:00', 2)]
    """
    for block in range(start // DAY // _BLOCK, (end - 1) // DAY // _BLOCK + 1):
        for span_start, span_end, offset in _get_offsets(zone, block):
            if span_start < end and start < span_end:
                yield max(start, span_start), min(end, span_end), offset


@functools.lru_cache(maxsize=1024)
def _get_offsets(zone, block):
    """Spans of a block of days, kept for all calendars of a zone: to ask a zone costs more than all the rest."""
    start, end = block * _BLOCK * DAY, (block + 1) * _BLOCK * DAY
    offset, spans = get_offset(zone, start), []
    for probe in range(start + _PROBE, end + 1, _PROBE):
        found = get_offset(zone, probe)
        if found != offset:
            change = _find_change(zone, probe - _PROBE, probe)
            spans.append((start, change, offset))
            start, offset = change, found
    return [*spans, (start, end, offset)]


def _find_change(zone, before, after):
    """First second in ``(before, after]`` that has the offset of ``after``."""
    offset = get_offset(zone, after)
    while after - before > 1:
        middle = (before + after) // 2
        if get_offset(zone, middle) == offset:
            after = middle
        else:
            before = middle
    return after
