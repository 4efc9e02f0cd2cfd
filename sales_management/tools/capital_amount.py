"""Amounts as Chinese papers write them out, in numerals that nobody turns into others with a stroke of the pen."""

from decimal import Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
#: The first amount that is too large: beyond the 万亿.
LIMIT = 10**16


def get_capital_amount(amount):
    """An amount of money in yuan, in capitals.

    :param amount: Decimal, integer or text, with at most two decimals
    :raise ValueError: for an amount that cannot be written so

    >>> get_capital_amount("1234.56")
    '壹仟贰佰叁拾肆元伍角陆分'
    >>> get_capital_amount("1234.5"), get_capital_amount("1234.05"), get_capital_amount(1234)
    ('壹仟贰佰叁拾肆元伍角整', '壹仟贰佰叁拾肆元零伍分', '壹仟贰佰叁拾肆元整')
    >>> get_capital_amount(0), get_capital_amount("0.50"), get_capital_amount("0.05")
    ('零元整', '伍角整', '伍分')
    >>> get_capital_amount(10), get_capital_amount(1001), get_capital_amount(100010)
    ('壹拾元整', '壹仟零壹元整', '壹拾万零壹拾元整')
    >>> get_capital_amount(100000000), get_capital_amount(1000000001), get_capital_amount(1000000000000)
    ('壹亿元整', '壹拾亿零壹元整', '壹万亿元整')
    >>> get_capital_amount("-16409.02")
    '负壹万陆仟肆佰零玖元零贰分'
    >>> get_capital_amount("0.001")
    Traceback (most recent call last):
    ValueError: 0.001 has more than two decimals
    """
    value = Decimal(amount)
    if not value.is_finite() or abs(value) >= LIMIT:
        raise ValueError(f"{amount} is too large to be written in capitals")
    cents, rest = divmod(abs(value) * 100, 1)
    if rest:
        raise ValueError(f"{amount} has more than two decimals")
    yuan, cents = divmod(int(cents), 100)
    text = _write_yuan(yuan, cents) + _write_cents(yuan, cents)
    return f"负{text}" if value < 0 else text


def _write_yuan(yuan, cents):
    if yuan:
        return f"{_write_integer(yuan)}元"
    return "" if cents else "零元"


def _write_cents(yuan, cents):
    jiao, fen = divmod(cents, 10)
    if not cents:
        return "整"
    if not jiao:
        return f"{'零' if yuan else ''}{DIGITS[fen]}分"
    return f"{DIGITS[jiao]}角" + (f"{DIGITS[fen]}分" if fen else "整")


def _write_integer(number):
    """A number from one on: what is before 亿, what is before 万, and the rest, each with its own thousands."""
    for unit, name in ((10**8, "亿"), (10**4, "万")):
        if number >= unit:
            high, low = divmod(number, unit)
            text = f"{_write_integer(high)}{name}"
            if not low:
                return text
            # A place that is left out between two that are said is said as zero.
            return f"{text}{'零' if low < unit // 10 else ''}{_write_integer(low)}"
    return _write_thousands(number)


def _write_thousands(number):
    text = ""
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += DIGITS[digit] + PLACES[place]
        elif text and not text.endswith("零"):
            text += "零"
    return text.removesuffix("零")
