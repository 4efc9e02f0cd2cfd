"""The health of a customer from 0 to 100, by rule: the sum of points that each has its reason.

The rules are ours, and plain on purpose: each looks at one thing that a salesperson can do something about, gives all
its points where that is well, none where it is bad, and falls evenly between. What is not known of a customer is left
out, and the others count for more.
"""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from .churn import ACTIVE, AT_RISK, LOST, SLOWING
from .exact import as_decimal, as_rounded

CHURN = "churn"
OVERDUE = "overdue"
LATE_DELIVERIES = "late_deliveries"
CONTACT = "contact"
DEALS = "deals"
TREND = "trend"

#: What each component weighs. Only their relation counts.
WEIGHTS = {CHURN: 30, OVERDUE: 20, LATE_DELIVERIES: 15, CONTACT: 15, DEALS: 10, TREND: 10}

#: Part of the points by churn state.
CHURN_SHARES = {ACTIVE: Decimal(1), SLOWING: Decimal("0.6"), AT_RISK: Decimal("0.2"), LOST: Decimal(0)}


class HealthLimits(NamedTuple):
    """From where on a component has no points left.

    :param overdue_percent: percentage of what the customer owes that is overdue
    :param late_percent: percentage of its deliveries that were late
    :param contact_times: silence, in times of what its tier allows; up to once, all points
    :param fall_percent: by how many percent its revenue fell
    """

    overdue_percent: Any = 50
    late_percent: Any = 50
    contact_times: Any = 2
    fall_percent: Any = 50


class HealthFacts(NamedTuple):
    """What is known of a customer; none for what is not. Amounts are in one currency.

    :param str | None churn_state: see ``churn``
    :param open_amount: what it owes, due or not
    :param overdue_amount: what of it is overdue
    :param int | None deliveries: how many deliveries it had in the period that is looked at
    :param int | None late_deliveries: how many of them were late
    :param int | None contact_days: days since the last contact, none for never, where days are allowed
    :param int | None allowed_days: days without contact that its tier allows, none where nobody said
    :param int | None open_deals: how many deals are open
    :param revenue: what it bought in the latest period
    :param former_revenue: what it bought in the period before, of the same length
    """

    churn_state: Any = None
    open_amount: Any = None
    overdue_amount: Any = None
    deliveries: Any = None
    late_deliveries: Any = None
    contact_days: Any = None
    allowed_days: Any = None
    open_deals: Any = None
    revenue: Any = None
    former_revenue: Any = None


class HealthComponent(NamedTuple):
    """The points of one component, and why.

    :param str name: ``churn``, ``overdue``, ``late_deliveries``, ``contact``, ``deals`` or ``trend``
    :param int | None points: points that it has, none where it is not known and does not count
    :param int max_points: points that it could have
    :param dict reason: the facts that it comes from, by their names in ``HealthFacts``, and the ``percent`` looked at
    """

    name: str
    points: Any
    max_points: int
    reason: dict

    @property
    def lost_points(self):
        """Points that are missing.

        >>> HealthComponent("deals", 4, 10, {}).lost_points, HealthComponent("deals", None, 0, {}).lost_points
        (6, 0)
        """
        return self.max_points - (self.points or 0)


class CustomerHealth(NamedTuple):
    """The health of a customer from 0 to 100, none where nothing is known, and its components in their order."""

    health: Any
    components: tuple

    def get_worst(self, limit=2):
        """The components that cost most points, the most first: what to say in one sentence.

        >>> get_health(HealthFacts(churn_state="lost", open_deals=0)).get_worst(1)
        [HealthComponent(name='churn', points=0, max_points=75, reason={'churn_state': 'lost'})]
        >>> get_health(HealthFacts(open_deals=1)).get_worst()
        []
        """
        costly = [component for component in self.components if component.lost_points]
        return sorted(costly, key=lambda component: -component.lost_points)[:limit]


def get_health(facts, weights=None, limits=None):
    """The health of a customer, as a sum that can be explained.

    The components that are known share 100 points by their weights, in whole points that sum up to 100; each has its
    part of them, to the whole point, and health is their sum.

    :param HealthFacts facts: what is known
    :param dict | None weights: weight by component, none for ``WEIGHTS``; a component without one does not count
    :param HealthLimits | None limits: none for the defaults
    :rtype: CustomerHealth
    :raise ValueError: for a weight below 0, a limit of nothing, or a component or state that is none

    >>> found = get_health(HealthFacts(
    ...     churn_state="slowing", open_amount=1000, overdue_amount=100, deliveries=10, late_deliveries=1,
    ...     contact_days=45, allowed_days=30, open_deals=0, revenue=90, former_revenue=100,
    ... ))
    >>> found.health
    62
    >>> [(component.name, component.points, component.max_points) for component in found.components[:3]]
    [('churn', 18, 30), ('overdue', 16, 20), ('late_deliveries', 12, 15)]
    >>> [(component.name, component.points, component.max_points) for component in found.components[3:]]
    [('contact', 8, 15), ('deals', 0, 10), ('trend', 8, 10)]
    >>> found.components[1].reason
    {'open_amount': 1000, 'overdue_amount': 100, 'percent': 10.0}
    >>> get_health(HealthFacts(churn_state="active")).health, get_health(HealthFacts()).health
    (100, None)
    """
    weights = _check_weights(tuple((WEIGHTS if weights is None else weights).items()))
    measured = _measure(facts, _check_limits(limits or HealthLimits()))
    known = {name: weights[name] for name, (share, _reason) in measured.items() if share is not None and weights[name]}
    max_points = _split_known(tuple(known.items()))
    components = []
    for name, (share, reason) in measured.items():
        most = max_points.get(name, 0)
        points = int((share * most).to_integral_value(rounding=ROUND_HALF_UP)) if name in known else None
        components.append(HealthComponent(name, points, most, reason))
    health = sum(component.points or 0 for component in components) if known else None
    return CustomerHealth(health, tuple(components))


def split_points(weights, total=100):
    """Whole points by weight that sum up to the total: what is left over goes to the largest remainders, the first
    first.

    >>> split_points({"a": 1, "b": 1, "c": 1}), split_points({"a": 30, "b": 10}), split_points({})
    ({'a': 34, 'b': 33, 'c': 33}, {'a': 75, 'b': 25}, {})
    """
    whole = sum(map(as_decimal, weights.values()))
    if not whole:
        return dict.fromkeys(weights, 0)
    parts = {name: divmod(as_decimal(weight) * total, whole) for name, weight in weights.items()}
    points = {name: int(part) for name, (part, _rest) in parts.items()}
    by_rest = sorted(parts, key=lambda name: -parts[name][1])
    for name in by_rest[: total - sum(points.values())]:
        points[name] += 1
    return points


# Kept below, as all customers of a company share weights and limits, and most of them what is known.


@lru_cache(maxsize=1024)
def _split_known(weights):
    return split_points(dict(weights))


@lru_cache(maxsize=64)
def _check_weights(weights):
    weights = dict(weights)
    unknown = set(weights) - set(WEIGHTS)
    if unknown:
        raise ValueError(f"{', '.join(sorted(map(str, unknown)))}: no such component of health")
    found = {name: as_decimal(weights.get(name, 0)) for name in WEIGHTS}
    if any(weight < 0 for weight in found.values()):
        raise ValueError(f"{weights}: no weight is below 0")
    return found


@lru_cache(maxsize=64)
def _check_limits(limits):
    found = HealthLimits(*map(as_decimal, limits))
    if min(found) <= 0 or found.contact_times <= 1:
        raise ValueError(f"{limits}: no limit is 0, and more than once the allowed days is")
    return found


def _measure(facts, limits):
    """Part of its points, none for unknown, and reason of each component."""
    return {
        CHURN: _measure_churn(facts),
        OVERDUE: _measure_overdue(facts, limits),
        LATE_DELIVERIES: _measure_deliveries(facts, limits),
        CONTACT: _measure_contact(facts, limits),
        DEALS: _measure_deals(facts),
        TREND: _measure_trend(facts, limits),
    }


def _measure_churn(facts):
    if facts.churn_state is None:
        return None, {}
    if facts.churn_state not in CHURN_SHARES:
        raise ValueError(f"{facts.churn_state}: no such state")
    return CHURN_SHARES[facts.churn_state], {"churn_state": facts.churn_state}


def _measure_overdue(facts, limits):
    """Who owes nothing is well. More overdue than open, as payments wait to be matched, is all of it."""
    if facts.open_amount is None or facts.overdue_amount is None:
        return None, {}
    overdue, owed = max(as_decimal(facts.overdue_amount), 0), as_decimal(facts.open_amount)
    percent = _get_percent(overdue, max(owed, overdue))
    reason = {"open_amount": facts.open_amount, "overdue_amount": facts.overdue_amount, "percent": _as_printed(percent)}
    return _fall(percent, limits.overdue_percent), reason


def _measure_deliveries(facts, limits):
    if not facts.deliveries or facts.late_deliveries is None:
        return None, {}
    percent = _get_percent(as_decimal(facts.late_deliveries), as_decimal(facts.deliveries))
    reason = {"deliveries": facts.deliveries, "late_deliveries": facts.late_deliveries, "percent": _as_printed(percent)}
    return _fall(percent, limits.late_percent), reason


def _measure_contact(facts, limits):
    if not facts.allowed_days:
        return None, {}
    reason = {"contact_days": facts.contact_days, "allowed_days": facts.allowed_days}
    if facts.contact_days is None:
        return Decimal(0), reason
    over = _get_percent(as_decimal(facts.contact_days), as_decimal(facts.allowed_days)) - 100
    return _fall(over, (limits.contact_times - 1) * 100), {**reason, "percent": _as_printed(over + 100)}


def _measure_deals(facts):
    if facts.open_deals is None:
        return None, {}
    return Decimal(1 if facts.open_deals > 0 else 0), {"open_deals": facts.open_deals}


def _measure_trend(facts, limits):
    """Growth is well, however small. After a period without revenue there is nothing to fall from."""
    if facts.revenue is None or facts.former_revenue is None:
        return None, {}
    latter, former = as_decimal(facts.revenue), as_decimal(facts.former_revenue)
    reason = {"revenue": facts.revenue, "former_revenue": facts.former_revenue}
    if former <= 0:
        return (Decimal(1), reason) if latter > 0 else (None, reason)
    change = _get_percent(latter - former, former)
    return _fall(-change, limits.fall_percent), {**reason, "percent": _as_printed(change)}


def _fall(percent, limit):
    """Part of the points: all up to 0 percent, none from the limit on, evenly between."""
    return 1 - min(max(percent / limit, Decimal(0)), Decimal(1))


def _get_percent(part, whole):
    return part * 100 / whole if whole else Decimal(0)


def _as_printed(percent):
    return as_rounded(percent, 1)
