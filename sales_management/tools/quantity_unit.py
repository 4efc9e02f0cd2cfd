"""Quantities as whole numbers: how many of the smallest quantity that counts, so that nothing is rounded on the way."""

import math
from fractions import Fraction


def to_units(quantity, factor):
    """A quantity in units of the smallest that counts, half up.

    :param float quantity: in the unit of the product
    :param int factor: how many of the smallest are one
    :rtype: int

    >>> to_units(2, 100), to_units(0.145, 100), to_units(-0.005, 100)
    (200, 15, 0)
    """
    whole = int(quantity)
    if whole == quantity:
        return whole * factor
    return math.floor(Fraction(repr(float(quantity))) * factor + Fraction(1, 2))


def from_units(units, factor):
    """A quantity in the unit of the product.

    :rtype: float

    >>> from_units(15, 100)
    0.15
    """
    return units / factor if isinstance(units, int) else float(Fraction(units) / factor)
