"""Customers in classes A, B and C by their share of all revenue: who brings four fifths of it.

The method is that of H. F. Dickie, *ABC Inventory Analysis Shoots for Dollars, not Pennies* (1951), with the usual
shares of 80, 15 and 5 percent.
"""

from itertools import groupby
from typing import NamedTuple

from .exact import as_decimal

A = "a"
B = "b"
C = "c"


class AbcPlace(NamedTuple):
    """Where a customer stands among all.

    :param str abc_class: ``a``, ``b`` or ``c``
    :param int rank: 1 for the highest revenue; equal revenue has an equal rank, and the next one counts all before it
    :param float share: its percentage of all revenue, 0 for one that brought none
    :param float cumulative: percentage of all those that bring as much or more, itself included
    """

    abc_class: str
    rank: int
    share: float
    cumulative: float


def classify_customers(revenues, a_percent=80, b_percent=15):
    """The class of each customer by cumulative revenue, the highest first.

    A customer belongs to the class in which the revenue of all before it ends: the one that fills the 80 percent is
    still an A, so that the A customers together bring at least that, and there is an A wherever there is revenue. Equal
    revenue is an equal class, that of the first of them. Who brought nothing, or less, as credit notes took back more
    than was invoiced, is a C, and takes nothing off the revenue that the others share.

    :param dict revenues: revenue by customer, without tax and less credit notes, in one currency for all
    :param a_percent: percentage of revenue that the A customers bring
    :param b_percent: percentage of revenue that the B customers bring after them; the C customers bring the rest
    :return: places by customer, of every one of them
    :rtype: dict[Any, AbcPlace]
    :raise ValueError: for percentages that are negative or more than 100 together

    >>> places = classify_customers({"a": 50, "b": 30, "c": 15, "d": 5, "e": 0, "f": -20})
    >>> [(name, place.abc_class, place.rank) for name, place in places.items()]
    [('a', 'a', 1), ('b', 'a', 2), ('c', 'b', 3), ('d', 'c', 4), ('e', 'c', 5), ('f', 'c', 6)]
    >>> [place.share for place in places.values()], [place.cumulative for place in places.values()]
    ([50.0, 30.0, 15.0, 5.0, 0.0, 0.0], [50.0, 80.0, 95.0, 100.0, 100.0, 100.0])
    >>> [place.abc_class for place in classify_customers({"a": 10, "b": 10, "c": 10}).values()]
    ['a', 'a', 'a']
    >>> classify_customers({"a": 99, "b": 1})["a"].abc_class, classify_customers({})
    ('a', {})
    >>> classify_customers({}, 90, 15)
    Traceback (most recent call last):
    ValueError: 90 and 15 percent are no parts of a whole
    """
    a_limit, b_limit = as_decimal(a_percent), as_decimal(a_percent) + as_decimal(b_percent)
    if not 0 <= a_limit <= b_limit <= 100:
        raise ValueError(f"{a_percent} and {b_percent} percent are no parts of a whole")
    amounts = {key: as_decimal(revenue) for key, revenue in revenues.items()}
    total = sum(amount for amount in amounts.values() if amount > 0)
    places, before, rank = {}, 0, 1
    ranked = sorted(amounts, key=amounts.get, reverse=True)
    # Sorted by the key, in a module that knows nothing of Odoo.
    for amount, group in groupby(ranked, key=amounts.get):  # pylint: disable=bad-builtin-groupby
        keys = list(group)
        counted = max(amount, 0)
        after = before + counted * len(keys)
        abc_class = _get_class(counted, before, total, a_limit, b_limit)
        place = AbcPlace(abc_class, rank, _get_percent(counted, total), _get_percent(after, total))
        places.update(dict.fromkeys(keys, place))
        before, rank = after, rank + len(keys)
    return {key: places[key] for key in revenues}


def _get_class(amount, before, total, a_limit, b_limit):
    if amount <= 0:
        return C
    if before * 100 < a_limit * total:
        return A
    return B if before * 100 < b_limit * total else C


def _get_percent(amount, total):
    return float(amount * 100 / total) if total else 0.0
