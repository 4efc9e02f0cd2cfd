"""Numbers as they print, so that sums and limits are what a person would calculate from the paper."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction


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


def as_fraction(number):
    """A number, or a Fraction, to calculate with where a quotient must not be cut.

    :rtype: Fraction
    :raise ValueError: for what is no number, or no finite one

    >>> as_fraction(0.1) * 3, as_fraction(Fraction(1, 3))
    (Fraction(3, 10), Fraction(1, 3))
    """
    return number if isinstance(number, Fraction) else Fraction(as_decimal(number))


def as_rounded(value, digits=2):
    """A Decimal or a Fraction as a float of so many decimals, halves away from zero, and never a negative zero.

    >>> as_rounded(Decimal("2.675")), as_rounded(Decimal("-2.675")), as_rounded(Decimal("-0.001"))
    (2.68, -2.68, 0.0)
    >>> as_rounded(Fraction(-5, 8)), as_rounded(Fraction(2, 3), 4), as_rounded(Fraction(1, 2), 0)
    (-0.63, 0.6667, 1.0)
    """
    if isinstance(value, Fraction):
        # A Decimal of the quotient could be cut to a half that it is not.
        scaled = abs(value) * 10**digits
        units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
        value = Decimal(-units if value < 0 else units).scaleb(-digits)
    return float(value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)) + 0.0
