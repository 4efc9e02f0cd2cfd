"""Whether a customer is leaving, by its own rhythm: how long it is silent next to what is usual for it.

The usual cycle is the median of the days between its order days, which one long pause or one double order does not
move. Silence is measured in cycles: from twice the usual cycle on, the customer is at risk.
"""

from datetime import date
from decimal import ROUND_CEILING
from functools import lru_cache
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

from .exact import as_decimal

ACTIVE = "active"
SLOWING = "slowing"
AT_RISK = "at_risk"
LOST = "lost"
#: From the best to the worst.
STATES = (ACTIVE, SLOWING, AT_RISK, LOST)

#: Where the usual cycle comes from: the customer's own orders, what was given for such customers, or nowhere.
OWN = "own"
GIVEN = "given"
UNKNOWN = "unknown"


class ChurnThresholds(NamedTuple):
    """From how many usual cycles without an order on a customer is in a state.

    :param slowing: cycles of silence from which on it slows
    :param at_risk: cycles of silence from which on it is at risk
    :param lost: cycles of silence from which on it is lost
    :param int min_order_days: order days from which on a customer has a rhythm of its own: 3 make two distances
    :param shortest_cycle_days: silence is measured in no shorter cycles, so that nobody who orders daily is at risk on
        a Sunday; none of that by default

    >>> ChurnThresholds(lost=6)
    ChurnThresholds(slowing=1.5, at_risk=2, lost=6, min_order_days=3, shortest_cycle_days=0)
    """

    slowing: Any = 1.5
    at_risk: Any = 2
    lost: Any = 4
    min_order_days: int = 3
    shortest_cycle_days: Any = 0


class Churn(NamedTuple):
    """The state of a customer, and all that it follows from.

    :param str | None state: ``active``, ``slowing``, ``at_risk`` or ``lost``; none where no rhythm is known or
        nothing was ordered yet
    :param float | None usual_cycle_days: days from one order to the next, as is usual
    :param str cycle_source: ``own`` median, ``given`` for want of orders, or ``unknown``
    :param int order_days: on how many days something was ordered
    :param date | None last_day: the last of them
    :param int | None silent_days: days since then
    :param float | None silent_cycles: the same in its usual cycles, to two decimals
    :param date | None expected_day: when the next order is due by the usual cycle
    :param dict | None starts: the first day of ``slowing``, ``at_risk`` and ``lost``, if nothing is ordered until then
    """

    state: Any
    usual_cycle_days: Any
    cycle_source: str
    order_days: int
    last_day: Any = None
    silent_days: Any = None
    silent_cycles: Any = None
    expected_day: Any = None
    starts: Any = None


def get_churn(order_days, today, thresholds=None, given_cycle_days=None):
    """Whether a customer is leaving, and why one would say so.

    Several orders of one day are one; orders of days to come do not count yet, so that the answer for a day gone by is
    the one of that day.

    :param Iterable[date] order_days: days of its orders, in any order
    :param date today: the day that the answer is for
    :param ChurnThresholds | None thresholds: none for the defaults
    :param given_cycle_days: usual cycle of such customers, for one with too few orders of its own; none for unknown
    :rtype: Churn
    :raise ValueError: for thresholds that do not rise, or a cycle of no days

    >>> monthly = [date(2026, 1, 1), date(2026, 2, 1), date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)]
    >>> churn = get_churn(monthly, date(2026, 6, 2))
    >>> churn.state, churn.usual_cycle_days, churn.silent_days, churn.silent_cycles
    ('at_risk', 31.0, 62, 2.0)
    >>> churn.starts["at_risk"].isoformat(), churn.expected_day.isoformat(), churn.order_days
    ('2026-06-02', '2026-05-02', 4)
    >>> get_churn(monthly, date(2026, 6, 1)).state, get_churn(monthly[:1], date(2026, 6, 1)).state
    ('slowing', None)
    >>> get_churn(monthly[:1], date(2026, 6, 1), given_cycle_days=90)[:3]
    ('slowing', 90.0, 'given')
    """
    thresholds = thresholds or ChurnThresholds()
    days = sorted({day for day in order_days if day <= today})
    cycle, source = _choose_cycle(days, thresholds.min_order_days, given_cycle_days)
    if not days:
        return Churn(None, cycle, source, 0)
    silent = (today - days[-1]).days
    if cycle is None:
        return Churn(None, None, source, len(days), days[-1], silent)
    return Churn(
        get_churn_state(silent, cycle, thresholds),
        cycle,
        source,
        len(days),
        days[-1],
        silent,
        round(silent / cycle, 2),
        _add_days(days[-1], _round_up(as_decimal(cycle))),
        {state: _add_days(days[-1], first) for state, first in _get_first_days(cycle, thresholds)},
    )


def get_usual_cycle(order_days):
    """The usual cycle: median of the days from one order day to the next.

    Of an even number of distances, the mean of both in the middle.

    :param Iterable[date] order_days: days of orders, in any order; several of one day are one
    :return: days, none for fewer than two order days
    :rtype: float | None

    >>> get_usual_cycle([date(2026, 1, 1), date(2026, 1, 11), date(2026, 1, 26), date(2026, 7, 1)])
    15.0
    >>> get_usual_cycle([date(2026, 1, 1), date(2026, 1, 11), date(2026, 1, 26)])
    12.5
    >>> get_usual_cycle([date(2026, 1, 1), date(2026, 1, 1)])
    """
    days = sorted(set(order_days))
    gaps = [(after - before).days for before, after in pairwise(days)]
    return float(median(gaps)) if gaps else None


def get_churn_state(silent_days, usual_cycle_days, thresholds=None):
    """The state after so many days of silence, for a rhythm that is known.

    :param int silent_days: days since the last order
    :param usual_cycle_days: days from one order to the next
    :param ChurnThresholds | None thresholds: none for the defaults
    :rtype: str
    :raise ValueError: for thresholds that do not rise, or a cycle of no days

    >>> [get_churn_state(days, 10) for days in (0, 14, 15, 19, 20, 39, 40)]
    ['active', 'active', 'slowing', 'slowing', 'at_risk', 'at_risk', 'lost']
    >>> [get_churn_state(days, 1, ChurnThresholds(shortest_cycle_days=7)) for days in (2, 10, 11, 14, 28)]
    ['active', 'active', 'slowing', 'at_risk', 'lost']
    >>> get_churn_state(3, 0)
    Traceback (most recent call last):
    ValueError: a usual cycle of 0 days is none
    """
    found = ACTIVE
    for state, first in _get_first_days(usual_cycle_days, thresholds or ChurnThresholds()):
        if silent_days >= first:
            found = state
    return found


def _choose_cycle(days, min_order_days, given_cycle_days):
    # Two order days are the least that have a distance.
    if len(days) >= max(min_order_days, 2):
        return get_usual_cycle(days), OWN
    if given_cycle_days is None:
        return None, UNKNOWN
    return float(given_cycle_days), GIVEN


@lru_cache(maxsize=4096)
def _get_first_days(cycle, thresholds):
    """Each state but the first, with the days of silence from which on it holds.

    Kept, as all customers of a company share thresholds, and many of them a cycle.
    """
    cycles = [as_decimal(number) for number in (thresholds.slowing, thresholds.at_risk, thresholds.lost)]
    if not 0 < cycles[0] <= cycles[1] <= cycles[2]:
        raise ValueError(f"{thresholds} do not rise")
    days = as_decimal(cycle)
    if days <= 0:
        raise ValueError(f"a usual cycle of {cycle} days is none")
    days = max(days, as_decimal(thresholds.shortest_cycle_days))
    return tuple((state, _round_up(number * days)) for state, number in zip(STATES[1:], cycles, strict=True))


def _add_days(day, days):
    # Thresholds may be set so high that nobody ever reaches them.
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))


def _round_up(days):
    return int(days.to_integral_value(rounding=ROUND_CEILING))
