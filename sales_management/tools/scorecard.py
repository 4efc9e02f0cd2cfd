"""Weighted scores of a person's indicators, and who ranks where.

The shape is that of the balanced scorecard (R. S. Kaplan and D. P. Norton, Harvard Business Review 70(1), 1992) as
bonus schemes use it: each indicator gives points for how far its target is reached, within limits, and the total is the
mean of the points by weight. Every percent of the target that a value is better or worse counts one point, whichever
direction is the better one: no ratio is turned upside down where less is better, in which zero had no end of points.
"""

from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any, NamedTuple

from .apportion import split_units
from .exact import as_fraction, as_rounded

#: Points of a target that is just reached.
FULL = 100
DEFAULT_CAP = 120
#: Points, shares and totals have two decimals.
DIGITS = 2

class Indicator(NamedTuple):
    """An indicator of a person and period.

    :param key: anything hashable
    :param value: what it is; none where it is not known
    :param target: what it should be; none where no target is set, which makes it missing too
    :param weight: number from 0; only proportions count
    :param bool higher_is_better: whether more is better, as of orders, or less, as of overdue actions
    :param cap: most points that it gives
    :param floor: fewest points that it gives
    :param scale: by how much the value must be off the target to lose all points; none for the size of the target
    """

    key: Any
    value: Any
    target: Any
    weight: Any = 1
    higher_is_better: bool = True
    cap: Any = DEFAULT_CAP
    floor: Any = 0
    scale: Any = None


class IndicatorScore(NamedTuple):
    """What an indicator gives.

    :param float | None points: see ``get_exact_points``; none where it is missing
    :param float share: its part of all weights that count, in percent; the shares sum to 100
    :param float contribution: its part of the total; the contributions sum to the total
    """

    points: Any
    share: float
    contribution: float


class Scorecard(NamedTuple):
    """The scores of one person and period.

    :param float | None total: mean of the points by weight; none where nothing counts
    :param dict[Any, IndicatorScore] scores: by key of the indicator, of every one of them
    :param float completeness: part of all weights whose indicator is not missing, in percent; 0 without any weight
    """

    total: Any
    scores: dict
    completeness: float


def get_scorecard(indicators):
    """The scores of all indicators, and their total. What is missing leaves its weight to the others.

    :param list[Indicator] indicators: with different keys
    :rtype: Scorecard
    :raise ValueError: for a negative weight, limits that are none, or a key that comes twice

    >>> card = get_scorecard([
    ...     Indicator("ordered", 90000, 100000, weight=50),
    ...     Indicator("overdue actions", 4, 5, weight=30, higher_is_better=False),
    ...     Indicator("data", None, 95, weight=20),
    ... ])
    >>> card.total, card.completeness
    (101.25, 80.0)
    >>> [tuple(score) for score in card.scores.values()]
    [(90.0, 62.5, 56.25), (120.0, 37.5, 45.0), (None, 0.0, 0.0)]
    >>> get_scorecard([]).total
    """
    points = {indicator.key: get_exact_points(indicator) for indicator in indicators}
    if len(points) < len(indicators):
        raise ValueError("an indicator comes twice")
    weights = {indicator.key: as_fraction(indicator.weight) for indicator in indicators}
    if any(weight < 0 for weight in weights.values()):
        raise ValueError("a weight is negative")
    all_weights = sum(weights.values())
    counted = {key: weight if points[key] is not None else Fraction(0) for key, weight in weights.items()}
    known = sum(counted.values())
    return Scorecard(
        *_get_totals(points, counted),
        completeness=as_rounded(known * 100 / all_weights if all_weights else Fraction(0), DIGITS),
    )


def get_exact_points(indicator):
    """Points of a value: 100 at the target, one more or fewer for each percent of it that the value is better or worse.

    A target of zero has no percent. Without a scale of its own, it is reached, 100 points, or not, the fewest points:
    who may have no overdue action loses all by the first. With a scale of 10, each one costs 10 points.

    :return: points, none where value or target is
    :rtype: Fraction | None
    :raise ValueError: for a cap below the floor, a floor below 0, or a scale that is not above zero

    >>> def points(value, target, higher=True, **limits):
    ...     found = get_exact_points(Indicator("a", value, target, 1, higher, **limits))
    ...     return None if found is None else float(found)
    >>> points(80, 100), points(150, 100), points(-5, 100), points(12, 10, False)
    (80.0, 120.0, 0.0, 80.0)
    >>> points(0, 0, False), points(1, 0, False), points(3, 0, False, scale=10), points(None, 5)
    (100.0, 0.0, 70.0, None)
    """
    cap, floor = as_fraction(indicator.cap), as_fraction(indicator.floor)
    if not 0 <= floor <= cap:
        raise ValueError(f"points are not from {indicator.floor} to {indicator.cap}")
    if indicator.scale is not None and as_fraction(indicator.scale) <= 0:
        raise ValueError(f"{indicator.scale} is no scale")
    if indicator.value is None or indicator.target is None:
        return None
    value, target = as_fraction(indicator.value), as_fraction(indicator.target)
    better = value - target if indicator.higher_is_better else target - value
    scale = abs(target) if indicator.scale is None else as_fraction(indicator.scale)
    if scale:
        points = FULL + better * FULL / scale
    else:
        points = Fraction(FULL) if better >= 0 else floor
    return min(max(points, floor), cap)


def rank(totals):
    """Places by total, the highest first, as in sports: equal ones share a place, and the next counts all before it.

    :param dict totals: total by key; who has none has no place
    :rtype: dict[Any, int | None]

    >>> rank({"Anna": 90, "Ben": 95.5, "Carl": None, "Dora": 90, "Emil": 12})
    {'Anna': 2, 'Ben': 1, 'Carl': None, 'Dora': 2, 'Emil': 4}
    """
    ranked = sorted((key for key, total in totals.items() if total is not None), key=totals.get, reverse=True)
    places, before = {}, 0
    # Sorted by the key, in a module that knows nothing of Odoo.
    for _total, group in groupby(ranked, key=totals.get):  # pylint: disable=bad-builtin-groupby
        keys = list(group)
        places.update(dict.fromkeys(keys, before + 1))
        before += len(keys)
    return {key: places.get(key) for key in totals}


def _get_totals(points, weights):
    """:return: the total, and the scores by key"""
    whole = sum(weights.values())
    parts = {key: weight * (points[key] or 0) for key, weight in weights.items()}
    total = as_rounded(sum(parts.values()) / whole, DIGITS) if whole else None
    shares = _split(FULL if whole else 0, weights)
    # What is printed adds up: the total is split by what each brings to it.
    contributions = _split(total or 0, parts)
    scores = {
        key: IndicatorScore(
            points=None if exact is None else as_rounded(exact, DIGITS),
            share=shares[key],
            contribution=contributions[key],
        )
        for key, exact in points.items()
    }
    return total, scores


def _split(total, weights):
    units = split_units(round(total * 10**DIGITS), weights.values())
    return {key: float(Decimal(part).scaleb(-DIGITS)) for key, part in zip(weights, units, strict=True)}
