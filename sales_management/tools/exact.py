"""Numbers as they print, so that sums and limits are what a person would calculate from the paper."""

from decimal import ROUND_HALF_UP, Decimal


def as_decimal(number):
    """A number without what a float adds to what it prints.

    :param number: integer, float, Decimal, or text of a number
    :rtype: Decimal
    :raise ValueError: for what is no number, or no finite one

    >>> as_decimal(0.1) + as_decimal(0.2), as_decimal(3)
    (Decimal('0.3'), Decimal('3'))
    >>> as_decimal(float("nan"))
    Traceback (most recent call last):
    ValueError: nan is no finite number
    """
    if type(number) is int:
        return Decimal(number)
    try:
        value = number if isinstance(number, Decimal) else Decimal(str(number))
    except ArithmeticError:
        raise ValueError(f"{number!r} is no number") from None
    if not value.is_finite():
        raise ValueError(f"{number} is no finite number")
    return value


def as_rounded(value, digits=2):
    """A Decimal as a float of so many decimals, halves away from zero, and never a negative zero.

    >>> as_rounded(Decimal("2.675")), as_rounded(Decimal("-2.675")), as_rounded(Decimal("-0.001"))
    (2.68, -2.68, 0.0)
    """
    return float(value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)) + 0.0
