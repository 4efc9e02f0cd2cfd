"""Splitting an amount so that the parts sum to the whole to the cent.

By largest remainders, the method of A. Hamilton (1792; M. L. Balinski and H. P. Young, *Fair Representation*, 1982):
every part gets its exact quota rounded down, and the cents that are left go to the largest remainders, the first of
equal ones. So each part is less than one unit from its exact quota, and the same question has the same answer.
"""

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from .exact import as_decimal, as_fraction

CENT = Decimal("0.01")


class Split(NamedTuple):
    """An amount in parts.

    :param list[Decimal] parts: in the order of the weights
    :param bool is_equal: whether it was split equally for want of any weight above zero
    """

    parts: list
    is_equal: bool = False


# === By weights === #


def split_by_weights(total, weights, unit=CENT):
    """Split an amount in proportion to weights.

    A negative amount is split as its opposite is. Where no weight is above zero, the parts are equal, and the answer
    says so.

    :param total: the amount, of whole units
    :param weights: numbers from 0
    :param Decimal unit: smallest amount of the currency: its rounding
    :rtype: Split
    :raise ValueError: for an amount that is not of whole units, a negative weight, or an amount and nobody to get it

    >>> [str(part) for part in split_by_weights(100, [1, 1, 1]).parts]
    ['33.34', '33.33', '33.33']
    >>> [str(part) for part in split_by_weights("-0.05", [1, 2, 0]).parts]
    ['-0.02', '-0.03', '0.00']
    >>> [str(part) for part in split_by_weights(10, [2, 1], unit=Decimal("0.05")).parts]
    ['6.65', '3.35']
    >>> split_by_weights(4, [0, 0], unit=Decimal(1))
    Split(parts=[Decimal('2'), Decimal('2')], is_equal=True)
    >>> split_by_weights(0.005, [1])
    Traceback (most recent call last):
    ValueError: 0.005 is not a whole number of units of 0.01
    """
    unit = as_decimal(unit)
    weights = [as_fraction(weight) for weight in weights]
    parts = split_units(_get_units(total, unit), weights)
    return Split([part * unit for part in parts], bool(parts) and not any(weights))


def weigh_actuals(actuals):
    """Weights by what each brought in the year before, to split an amount by.

    Zero, and less where credit notes took back more than was sold, weighs nothing. None stands for who was not there
    yet: it weighs the mean of those that were, what they brought below zero as zero.

    :param list actuals: amounts, or none
    :rtype: list[Fraction]

    >>> weigh_actuals([3, None, -1, 0])
    [Fraction(3, 1), Fraction(1, 1), Fraction(0, 1), Fraction(0, 1)]
    >>> [str(part) for part in split_by_weights(90, weigh_actuals([200, 100, None, -50, 100])).parts]
    ['36.00', '18.00', '18.00', '0.00', '18.00']
    """
    known = [None if actual is None else max(as_fraction(actual), Fraction(0)) for actual in actuals]
    there = [actual for actual in known if actual is not None]
    # Where nobody was there before, all of them count alike.
    mean = sum(there, Fraction(0)) / len(there) if there else Fraction(1)
    return [mean if actual is None else actual for actual in known]


def get_seasonality(years):
    """Shares of the periods of a year, from the years before: the mean of their shares in each year.

    So a year that sold more says no more of the season than another one. What is below zero counts as zero, and a year
    in which nothing is above zero says nothing.

    :param list[list] years: amounts by period, of years of equally many periods
    :return: shares that sum to 1, or zeros where no year says anything
    :rtype: list[Fraction]
    :raise ValueError: for years of different length

    >>> get_seasonality([[1, 3], [0, -2], [20, 20]])
    [Fraction(3, 8), Fraction(5, 8)]
    >>> [str(part) for part in split_by_weights(100, get_seasonality([[10, 30, 0, 0], [40, 0, 40, 0]])).parts]
    ['37.50', '37.50', '25.00', '0.00']
    >>> get_seasonality([[1], [1, 2]])
    Traceback (most recent call last):
    ValueError: the years have 1 and 2 periods
    """
    lengths = sorted({len(year) for year in years})
    if len(lengths) > 1:
        raise ValueError(f"the years have {' and '.join(map(str, lengths))} periods")
    weighed = [[max(as_fraction(amount), Fraction(0)) for amount in year] for year in years]
    telling = [(year, sum(year)) for year in weighed if any(year)]
    return [
        sum((year[place] / whole for year, whole in telling), Fraction(0)) / max(len(telling), 1)
        for place in range(lengths[0] if lengths else 0)
    ]


# === In whole units === #


def split_units(total, weights):
    """Split a number of units in proportion to weights, equally where none is above zero.

    :param int total: units, negative ones too
    :param list weights: numbers from 0, Fractions too
    :rtype: list[int]
    :raise ValueError: for a negative weight, or units and nobody to get them

    >>> split_units(7, [1, 1, 1]), split_units(-7, [1, 1, 1]), split_units(1, [0, 0]), split_units(0, [])
    ([3, 2, 2], [-3, -2, -2], [1, 0], [])
    """
    exact = [as_fraction(weight) for weight in weights]
    if any(weight < 0 for weight in exact):
        raise ValueError("a weight is negative")
    if not exact:
        if total:
            raise ValueError("nobody is there to get a part")
        return []
    if not any(exact):
        exact = [Fraction(1)] * len(exact)
    whole, sign = sum(exact), -1 if total < 0 else 1
    quotas = [abs(total) * weight / whole for weight in exact]
    parts = [int(quota) for quota in quotas]
    # Sorting is stable: of equal remainders the first comes first.
    by_remainder = sorted(range(len(parts)), key=lambda place: parts[place] - quotas[place])
    for place in by_remainder[: abs(total) - sum(parts)]:
        parts[place] += 1
    return [sign * part for part in parts]


def _get_units(total, unit):
    if unit <= 0:
        raise ValueError(f"{unit} is no unit")
    exact = as_fraction(total) / as_fraction(unit)
    if exact.denominator != 1:
        raise ValueError(f"{total} is not a whole number of units of {unit}")
    return exact.numerator
