"""What people type into the cells of a spreadsheet: texts, numbers, dates and answers, in English and Chinese."""

import math
import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta

#: The day that spreadsheets count from, as they take 1900 for a leap year.
SERIAL_ZERO = datetime(1899, 12, 30)
#: Days that a serial number stands for: from March 1900 to the end of the year 2199.
SERIALS = (61, 109574)
YEARS = (1900, 2199)
#: Signs of money around an amount, and words for it.
MONEY = re.compile(r"(?i)(rmb|cny|usd|eur|gbp|jpy|hkd|us\$|hk\$|人民币|美元|欧元|元整|元|圆|[¥$€£￥])")
#: Chinese counts by ten thousands.
SCALES = {"万": 10**4, "w": 10**4, "千": 10**3, "k": 10**3, "百万": 10**6, "m": 10**6, "千万": 10**7, "亿": 10**8}
TRUE = frozenset({"yes", "y", "true", "t", "1", "x", "✓", "√", "是", "有", "对", "真", "ok"})
FALSE = frozenset({"", "no", "n", "false", "f", "0", "-", "否", "无", "没有", "不是", "假"})
#: Signs that nobody sees, and that no key or name holds.
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")

DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)")
DOTTED_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
SLASHED_DAY = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
HOUR = re.compile(
    r"(?i)(?P<before>上午|下午|中午|晚上|凌晨|早上|am|pm)?\s*(?P<hour>\d{1,2})\s*(?::|时|点)\s*"
    r"(?:(?P<minute>\d{1,2}|半)\s*分?)?(?:\s*:?\s*(?P<second>\d{1,2})(?:\.\d+)?\s*秒?)?\s*(?P<after>am|pm)?"
    r"\s*(?P<zone>z|[+-]\d{2}:?\d{2})?"
)
LATE = frozenset({"下午", "晚上", "pm"})
WEEKDAY = re.compile(r"(?i)[(\[]?\s*(?:星期|周|礼拜)[一二三四五六日天]\s*[)\]]?")


class CellError(ValueError):
    """A cell that its column cannot take. ``kind`` says why: ``number``, ``date``, ``ambiguous``, ``answer``."""

    def __init__(self, kind, text):
        super().__init__(f"{kind}: {text}")
        self.kind = kind
        self.text = text


def parse_text(value):
    """The text of a cell, on one line for each that it has, without the spaces around it and what nobody sees.

    >>> parse_text(13800138000.0)
    '13800138000'
    >>> parse_text("　Hangzhou  Bolt\\u200b ")
    'Hangzhou  Bolt'
    >>> parse_text(None)
    ''
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if math.isfinite(value) and value == int(value) else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ") if value.time() != time.min else value.date().isoformat()
    text = INVISIBLE.sub("", str(value)).replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) != "Cc")
    return text.strip()


def parse_number(value):
    """A number, however it is written; nothing is none.

    >>> parse_number("¥1,200.50"), parse_number("1.2万"), parse_number("（300）"), parse_number("1.200,50 €")
    (1200.5, 12000.0, -300.0, 1200.5)
    >>> parse_number("") is None
    True
    >>> parse_number("a lot")
    Traceback (most recent call last):
        ...
    odoo.addons.sales_management.tools.sheet_cell.CellError: number: a lot

    :rtype: float | None
    :raise CellError: for what is no number
    """
    if isinstance(value, bool | date | time | timedelta):
        raise CellError("number", parse_text(value) if isinstance(value, bool | date) else str(value))
    if isinstance(value, int | float):
        return _check_finite(value, value)
    shown = parse_text(value)
    text = re.sub(r"[\s_']", "", MONEY.sub("", unicodedata.normalize("NFKC", shown))).casefold()
    if not text:
        if shown:
            raise CellError("number", shown)
        return None
    is_negative = text.startswith("(") and text.endswith(")")
    text = text[1:-1] if is_negative else text
    found = re.fullmatch(r"([+-]?)([\d.,]+)(百万|千万|万|千|亿|w|k|m|%)?", text)
    if not found or not re.search(r"\d", found[2]):
        raise CellError("number", shown)
    digits = _join_digits(found[2])
    if digits is None:
        raise CellError("number", shown)
    number = float(digits) / 100 if found[3] == "%" else float(digits) * SCALES.get(found[3], 1)
    # A tenth of ten thousand is a thousand, not 999.9999999999999.
    return _check_finite(round(-number if is_negative or found[1] == "-" else number, 6), shown)


def _check_finite(number, shown):
    number = float(number) if abs(number) < 1e15 else math.inf
    if not math.isfinite(number):
        raise CellError("number", str(shown))
    return number


def _join_digits(text):
    """:return: the number with a point alone, or ``None`` where its separators make no sense"""
    point = max(text.rfind("."), text.rfind(","))
    if point < 0:
        return text
    sign, other = text[point], "," if text[point] == "." else "."
    if other in text:
        # Both are there: the last one is the point.
        whole = text[:point].split(other)
        if sign in text[:point] or not text[:point].strip(other):
            return None
        return "".join(whole) + "." + text[point + 1 :] if all(len(part) == 3 for part in whole[1:]) else None
    groups = text.split(sign)
    is_grouped = all(len(part) == 3 for part in groups[1:]) and 1 <= len(groups[0]) <= 3
    if is_grouped and (sign == "," or len(groups) > 2):
        return "".join(groups)
    return ".".join(part or "0" for part in groups) if len(groups) == 2 else None


def parse_answer(value):
    """Yes or no; an empty cell is no.

    >>> parse_answer("是"), parse_answer("No"), parse_answer(None)
    (True, False, False)

    :raise CellError: for what is neither
    """
    if isinstance(value, bool):
        return value
    text = unicodedata.normalize("NFKC", parse_text(value)).casefold()
    if text in TRUE:
        return True
    if text in FALSE:
        return False
    raise CellError("answer", parse_text(value))


def parse_day(value):
    """A day; nothing is none. See :func:`parse_moment`.

    >>> parse_day("2024年3月5日"), parse_day(45356), parse_day("20240305")
    (datetime.date(2024, 3, 5), datetime.date(2024, 3, 5), datetime.date(2024, 3, 5))

    :rtype: date | None
    """
    moment = parse_moment(value)
    return moment.date() if moment else None


def parse_moment(value):
    """A moment by the clock of whoever typed it; nothing is none. With a zone in the text it is in UTC, and says so.

    Understood are dates of a spreadsheet, its serial numbers, ISO dates, ``2024/3/5``, ``20240305``, ``5.3.2024``,
    ``2024年3月5日 下午2:30``, and ``31/12/2024``, where no doubt is left which of the two is the month.

    >>> parse_moment("2024年3月5日（周二） 下午2点半")
    datetime.datetime(2024, 3, 5, 14, 30)
    >>> parse_moment("2024-03-05T14:30:00+08:00")
    datetime.datetime(2024, 3, 5, 6, 30, tzinfo=datetime.timezone.utc)
    >>> parse_moment(45356.5)
    datetime.datetime(2024, 3, 5, 12, 0)
    >>> parse_moment("03/05/2024")
    Traceback (most recent call last):
        ...
    odoo.addons.sales_management.tools.sheet_cell.CellError: ambiguous: 03/05/2024

    :rtype: datetime | None
    :raise CellError: for what is no date, or may be two
    """
    if isinstance(value, datetime):
        return _check_year(value, value)
    if isinstance(value, date):
        return _check_year(datetime.combine(value, time.min), value)
    shown = parse_text(value)
    if isinstance(value, bool | time | timedelta):
        raise CellError("date", shown)
    if isinstance(value, int | float):
        return _parse_serial(value, shown)
    if not shown:
        return None
    text = WEEKDAY.sub(" ", unicodedata.normalize("NFKC", shown)).strip()
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return _parse_serial(float(text), shown)
    year, month, day, rest = _split_day(text, shown)
    try:
        moment = datetime.combine(date(year, month, day), time.min)
        return _check_year(_add_hour(moment, rest, shown), shown)
    except (ValueError, OverflowError) as error:
        raise error if isinstance(error, CellError) else CellError("date", shown) from None


def _parse_serial(number, shown):
    if not math.isfinite(number) or int(number) == 0 or not SERIALS[0] <= number <= SERIALS[1]:
        if isinstance(number, int | float) and 19000101 <= number <= 21991231 and number == int(number):
            return parse_moment(str(int(number)))
        raise CellError("date", shown)
    return SERIAL_ZERO + timedelta(seconds=round(number * 86400))


def _split_day(text, shown):
    for pattern in (DAY, COMPACT_DAY):
        if found := pattern.match(text):
            return *map(int, found.groups()), text[found.end() :]
    if found := DOTTED_DAY.match(text):
        day, month, year = map(int, found.groups())
        return year, month, day, text[found.end() :]
    if found := SLASHED_DAY.match(text):
        one, other, year = map(int, found.groups())
        if one != other and max(one, other) <= 12:
            raise CellError("ambiguous", shown)
        return year, min(one, other), max(one, other), text[found.end() :]
    raise CellError("date", shown)


def _add_hour(moment, rest, shown):
    rest = rest.strip().removeprefix("T").removeprefix("t").strip(" ,")
    if not rest:
        return moment
    found = HOUR.fullmatch(rest)
    if not found:
        raise CellError("date", shown)
    hour, half = int(found["hour"]), (found["before"] or found["after"] or "").casefold()
    if (half in LATE or half == "中午") and hour < 11:
        hour += 12
    elif half in LATE and hour == 11:
        hour = 23
    elif half in {"am", "凌晨", "上午"} and hour == 12:
        hour = 0
    minute = 30 if found["minute"] == "半" else int(found["minute"] or 0)
    moment = moment.replace(hour=hour, minute=minute, second=int(found["second"] or 0))
    zone = (found["zone"] or "").casefold()
    if not zone:
        return moment
    offset = timedelta(0)
    if zone != "z":
        sign = -1 if zone[0] == "-" else 1
        offset = sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return (moment - offset).replace(tzinfo=UTC)


def _check_year(moment, shown):
    if not YEARS[0] <= moment.year <= YEARS[1]:
        raise CellError("date", str(shown))
    return moment
