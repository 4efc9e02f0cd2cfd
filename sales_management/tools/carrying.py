"""When an approval still holds: what was measured is unchanged or better, without the ORM."""

from typing import NamedTuple

#: Two percentages that print alike are the same.
PERCENT_TOLERANCE = 0.005

HIGHER_IS_WORSE = frozenset({"amount", "discount", "line_discount", "payment_days", "floor_count", "overdue"})
LOWER_IS_WORSE = frozenset({"margin", "line_margin"})
TRUE_IS_WORSE = frozenset({"is_before_promise", "changed_terms"})
MORE_IS_WORSE = frozenset({"category_ids"})
SAME_ONLY = frozenset({"terms_digest"})


def get_worse_measures(names, before, after, validity_tolerance=0):
    """Which of the measures that somebody agreed to are worse now.

    One that was not measured then, or is not now, counts as worse: nobody agreed to what nobody saw.

    :param Iterable[str] names: measures that are asked about
    :param dict before: what was agreed to
    :param dict after: what is to be now
    :param int validity_tolerance: days by which a longer validity counts as unchanged
    :rtype: set[str]

    >>> get_worse_measures({"discount", "margin"}, {"discount": 12, "margin": 20}, {"discount": 12, "margin": 25})
    set()
    >>> get_worse_measures({"discount", "margin"}, {"discount": 12, "margin": 20}, {"discount": 12.1, "margin": 25})
    {'discount'}
    >>> get_worse_measures({"validity_days"}, {"validity_days": 30}, {"validity_days": 45}, validity_tolerance=15)
    set()
    >>> get_worse_measures({"validity_days"}, {"validity_days": 30}, {"validity_days": None}, validity_tolerance=15)
    {'validity_days'}
    >>> get_worse_measures({"category_ids"}, {"category_ids": [1, 2]}, {"category_ids": [2]})
    set()
    >>> get_worse_measures({"margin"}, {}, {"margin": 40})
    {'margin'}
    """
    return {name for name in names if _is_worse(name, before.get(name), after.get(name), validity_tolerance)}


def _is_worse(name, before, after, validity_tolerance):
    if name in TRUE_IS_WORSE:
        return bool(after) and not before
    if name in MORE_IS_WORSE:
        return not set(after or ()) <= set(before or ())
    if name == "validity_days":
        # Valid without end.
        return after is None and before is not None if None in (before, after) else after > before + validity_tolerance
    if before is None or after is None:
        return before is not None or after is not None
    if name in HIGHER_IS_WORSE:
        return after > before + PERCENT_TOLERANCE
    if name in LOWER_IS_WORSE:
        return after < before - PERCENT_TOLERANCE
    return after != before


class SoldLine(NamedTuple):
    """A line of an order, as its repeat looks at it: what is sold, how much, its net price a unit and its discount."""

    key: tuple
    quantity: float
    net_price: float
    discount: float


def is_repeat_no_worse(former, repeated):
    """Whether each line of a repeat is sold at the price that was agreed before, or at a better one.

    A smaller quantity at the same price is no worse only when the discount on today's price list is none greater: the
    price of a large quantity is no agreement about a small one.

    :param Iterable[SoldLine] former: lines of the order that is repeated
    :param Iterable[SoldLine] repeated: lines of its repeat
    :rtype: bool

    >>> bolts = SoldLine(("bolt", "unit"), 5000, 0.82, 18)
    >>> is_repeat_no_worse([bolts], [bolts._replace(net_price=0.85, discount=15)])
    True
    >>> is_repeat_no_worse([bolts], [bolts._replace(net_price=0.81)])
    False
    >>> is_repeat_no_worse([bolts], [bolts._replace(quantity=10, discount=30)])
    False
    >>> is_repeat_no_worse([bolts], [bolts, SoldLine(("rebate", "unit"), 1, -500, 0)])
    False
    """
    agreed = {}
    for line in former:
        agreed.setdefault(line.key, []).append(line)
    return all(any(_is_line_no_worse(past, line) for past in agreed.get(line.key, ())) for line in repeated)


def _is_line_no_worse(past, line):
    if line.net_price < past.net_price - 1e-6:
        return False
    return line.quantity >= past.quantity or line.discount <= past.discount + PERCENT_TOLERANCE
