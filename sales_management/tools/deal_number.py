"""Arithmetic of deal numbers, without the ORM."""

import re

#: Placeholders of a sequence's prefix and suffix, as ``ir.sequence`` documents them.
PLACEHOLDERS = {
    "year": "%Y",
    "month": "%m",
    "day": "%d",
    "y": "%y",
    "doy": "%j",
    "woy": "%W",
    "weekday": "%w",
    "h24": "%H",
    "h12": "%I",
    "min": "%M",
    "sec": "%S",
    "isoyear": "%G",
    "isoy": "%g",
    "isoweek": "%V",
}

SEPARATOR = ", "

_SEPARATORS = re.compile(r"[,;\n、，；]")


def interpolate(template, moment):
    """Fill the placeholders of a sequence's prefix or suffix.

    :param str template: text with placeholders such as ``%(year)s``; may be empty or ``None``
    :param datetime.datetime moment: local time that the placeholders stand for
    :return: the text
    :rtype: str
    :raise KeyError, ValueError, TypeError: when the template names what does not exist

    >>> from datetime import datetime
    >>> interpolate("D%(year)s-", datetime(2026, 11, 22))
    'D2026-'
    >>> interpolate("%(y)s%(month)s/", datetime(2026, 3, 1))
    '2603/'
    >>> interpolate(None, datetime(2026, 3, 1))
    ''
    """
    if not template:
        return ""
    values = {key: moment.strftime(code) for key, code in PLACEHOLDERS.items()}
    values |= {f"{scope}_{key}": value for scope in ("range", "current") for key, value in list(values.items())}
    return template % values


def split_numbers(text):
    """Numbers in a text that a person typed, in their order, each once.

    :param str text: numbers between commas, semicolons, their Chinese forms, or in lines
    :rtype: list[str]

    >>> split_numbers("D2026-00042, D2026-00007；D2026-00042")
    ['D2026-00042', 'D2026-00007']
    >>> split_numbers("HT 2019/4、D2026-00007")
    ['HT 2019/4', 'D2026-00007']
    >>> split_numbers(" ")
    []
    >>> split_numbers(False)
    []
    """
    return list(dict.fromkeys(filter(None, (part.strip() for part in _SEPARATORS.split(text or "")))))


def holds_separator(text):
    """Whether a text could not stand in a list of numbers.

    >>> holds_separator("D2026-00042"), holds_separator("D2026,42")
    (False, True)
    """
    return bool(_SEPARATORS.search(text or ""))


def join_numbers(numbers):
    """Numbers as one text, sorted and each once, so that equal sets give equal texts.

    The order is that of the code points, which SQL gives with ``COLLATE "C"``.

    :param Iterable[str] numbers: numbers; empty ones are left out
    :rtype: str or bool, ``False`` for none, as an empty ``Char`` is

    >>> join_numbers(["D2026-00042", False, "D2026-00007", "D2026-00042"])
    'D2026-00007, D2026-00042'
    >>> join_numbers([])
    False
    """
    return SEPARATOR.join(sorted(set(filter(None, numbers)))) or False
