"""The conditions of approval rules: which measure each looks at, and when it applies."""

from collections.abc import Callable
from typing import NamedTuple


class Condition(NamedTuple):
    """A condition that a rule may set: the measures it needs, and whether it applies to a limit and these."""

    measures: tuple
    applies: Callable[[object, dict], bool]


def _is_over(limit, value):
    """What is not known is over every limit: an unlimited validity, an amount in a currency without a rate."""
    return value is None or value > limit


CONDITIONS = {
    "amount_min": Condition(
        ("amount",), lambda limit, measures: measures["amount"] is None or measures["amount"] >= limit
    ),
    "discount_max": Condition(
        ("discount", "line_discount"),
        lambda limit, measures: max(measures["discount"], measures["line_discount"]) > limit,
    ),
    "margin_min": Condition(("margin",), lambda limit, measures: measures["margin"] < limit),
    "line_margin_min": Condition(
        ("line_margin",),
        lambda limit, measures: measures["line_margin"] is not None and measures["line_margin"] < limit,
    ),
    "payment_days_max": Condition(("payment_days",), lambda limit, measures: measures["payment_days"] > limit),
    "validity_days_max": Condition(
        ("validity_days",), lambda limit, measures: _is_over(limit, measures["validity_days"])
    ),
    "below_floor_price": Condition(
        ("floor_line_ids", "floor_count"), lambda _limit, measures: measures["floor_count"] > 0
    ),
    "category_ids": Condition(
        ("category_ids",), lambda limit, measures: not limit.isdisjoint(measures["category_ids"])
    ),
    "is_customer_overdue": Condition(("overdue",), lambda _limit, measures: measures["overdue"] > 0),
    "is_before_promise": Condition(("is_before_promise",), lambda _limit, measures: measures["is_before_promise"]),
    "has_changed_terms": Condition(("changed_terms",), lambda _limit, measures: bool(measures["changed_terms"])),
}


def get_needed_measures(limits):
    """Measures that conditions look at.

    :param dict limits: limit by condition that is set
    :rtype: set[str]

    >>> sorted(get_needed_measures({"discount_max": 10, "is_customer_overdue": True}))
    ['discount', 'line_discount', 'overdue']
    """
    return {measure for name in limits for measure in CONDITIONS[name].measures}


def is_asked(limits, measures):
    """Whether every condition that is set applies; a rule without any asks for every document.

    :param dict limits: limit by condition that is set
    :param dict measures: what was measured of the document

    >>> is_asked({"discount_max": 10, "amount_min": 500}, {"discount": 12, "line_discount": 12, "amount": 500})
    True
    >>> is_asked({"discount_max": 10, "amount_min": 500}, {"discount": 12, "line_discount": 12, "amount": 499.99})
    False
    >>> is_asked({"discount_max": 10}, {"discount": 2, "line_discount": 10})
    False
    >>> is_asked({"validity_days_max": 30}, {"validity_days": None}), is_asked({}, {})
    (True, True)
    """
    return all(CONDITIONS[name].applies(limit, measures) for name, limit in limits.items())
