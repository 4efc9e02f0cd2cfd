"""What changed between two snapshots of open deals, and how good past forecasts were.

The first is the bridge, or waterfall, that sales forecasts are reviewed by: opening, each kind of change, closing. It
is exact in each category and period, as a deal that moves leaves one and comes into another by the amount that it
had, and what its amount changed by counts where it is now.
"""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from .exact import as_decimal, as_fraction, as_rounded

NEW = "new"
WON = "won"
LOST = "lost"
#: No longer there, neither won nor lost: merged, deleted, archived, or of another team now.
GONE = "gone"
SLIPPED = "slipped"
PULLED_IN = "pulled_in"
#: In another category of the forecast, of the same period.
RECLASSED = "reclassed"
UP = "up"
DOWN = "down"
UNCHANGED = "unchanged"

#: What a deal is called by when several are true of it: the first of these.
KINDS = (NEW, WON, LOST, GONE, SLIPPED, PULLED_IN, RECLASSED, UP, DOWN, UNCHANGED)

PERCENT_DIGITS = 2


class OpenDeal(NamedTuple):
    """An open deal in a snapshot.

    :param category: its category of the forecast
    :param period: when it is expected to close: a key that sorts as time does, none for no date, which is the latest
    :param amount: what it is worth, in one currency for all
    """

    category: Any
    period: Any
    amount: Any


class DealChange(NamedTuple):
    """What became of a deal.

    :param deal: its key
    :param str kind: one of ``KINDS``
    :param OpenDeal | None before: as it was; none for a new one
    :param OpenDeal | None after: as it is; none for one that is no longer open
    :param Decimal difference: by how much all open deals together are worth more for it, or less
    """

    deal: Any
    kind: str
    before: Any
    after: Any
    difference: Any


class Movement(NamedTuple):
    """A step of a deal into a category and period, or out of it.

    :param deal: its key
    :param str kind: one of ``KINDS``
    :param category: category that it changes
    :param period: period that it changes
    :param Decimal amount: by how much
    """

    deal: Any
    kind: str
    category: Any
    period: Any
    amount: Any


class Bridge(NamedTuple):
    """How a category and period came from one snapshot to the next: opening + all changes = closing.

    :param Decimal opening: sum of its deals before
    :param dict[str, Decimal] changes: sum by kind, of those that changed it
    :param Decimal closing: sum of its deals after
    """

    opening: Any
    changes: dict
    closing: Any


class Accuracy(NamedTuple):
    """How good forecasts were.

    :param int count: how many are measured
    :param float forecast: sum of what was forecast
    :param float actual: sum of what came
    :param float | None bias: (forecast − actual) ÷ |actual|, in percent: above zero where too much was forecast
    :param float | None weighted_error: |forecast − actual| ÷ |actual|, in percent
    :param float | None accuracy: 100 − weighted error, at least 0
    """

    count: int
    forecast: float
    actual: float
    bias: Any
    weighted_error: Any
    accuracy: Any


# === Changes === #


def get_changes(before, after, outcomes=None):
    """What became of each deal, one line for each.

    :param dict[Any, OpenDeal] before: open deals of the first snapshot by key
    :param dict[Any, OpenDeal] after: open deals of the second snapshot by key
    :param dict[Any, str] | None outcomes: ``won`` or ``lost`` by key, of deals that are no longer open; who is neither
        is gone. What is open again is as it is in the snapshots.
    :return: by kind as in ``KINDS``, then in the order of the snapshots
    :rtype: list[DealChange]
    :raise ValueError: for an outcome that is neither

    >>> before = {"a": OpenDeal("commit", "2026-03", 100), "b": OpenDeal("best", "2026-03", 50)}
    >>> after = {"a": OpenDeal("commit", "2026-04", 120), "c": OpenDeal("pipeline", None, 5)}
    >>> [(change.deal, change.kind, int(change.difference)) for change in get_changes(before, after, {"b": "won"})]
    [('c', 'new', 5), ('b', 'won', -50), ('a', 'slipped', 20)]
    """
    outcomes = outcomes or {}
    changes = []
    for deal in dict.fromkeys((*before, *after)):
        old, new = before.get(deal), after.get(deal)
        kind = _get_kind(old, new, outcomes.get(deal))
        changes.append(DealChange(deal, kind, old, new, _get_amount(new) - _get_amount(old)))
    return sorted(changes, key=lambda change: KINDS.index(change.kind))


def get_movements(changes):
    """The steps that changes are made of: into categories and periods and out of them.

    A deal that slips and grows takes three: out of the one period and into the other by what it was worth, and up
    there.

    :param list[DealChange] changes: see ``get_changes``
    :return: steps of other amounts than zero
    :rtype: list[Movement]

    >>> slipped = get_changes({"a": OpenDeal("best", "2026-03", 100)}, {"a": OpenDeal("commit", "2026-04", 120)})
    >>> for movement in get_movements(slipped):
    ...     print(*movement)
    a slipped best 2026-03 -100
    a slipped best 2026-04 100
    a reclassed best 2026-04 -100
    a reclassed commit 2026-04 100
    a up commit 2026-04 20
    """
    return [movement for change in changes for movement in _split_change(change) if movement.amount]


def get_bridges(before, after, outcomes=None):
    """How each category and period came from one snapshot to the next.

    :return: by category and period, of all that had a deal in either snapshot or that one went through
    :rtype: dict[tuple, Bridge]

    >>> before = {"a": OpenDeal("best", "2026-03", 100), "b": OpenDeal("best", "2026-03", 50)}
    >>> after = {"a": OpenDeal("best", "2026-04", 120)}
    >>> for place, bridge in get_bridges(before, after, {"b": "lost"}).items():
    ...     changes = [f"{kind} {amount}" for kind, amount in bridge.changes.items()]
    ...     print(*place, bridge.opening, *changes, bridge.closing)
    best 2026-03 150 lost -50 slipped -100 0
    best 2026-04 0 slipped 100 up 20 120
    """
    opening, closing = _sum_places(before), _sum_places(after)
    changes = defaultdict(lambda: defaultdict(Decimal))
    for movement in get_movements(get_changes(before, after, outcomes)):
        changes[movement.category, movement.period][movement.kind] += movement.amount
    return {
        place: Bridge(
            opening.get(place, Decimal()),
            {kind: changes[place][kind] for kind in KINDS if changes.get(place, {}).get(kind)},
            closing.get(place, Decimal()),
        )
        for place in dict.fromkeys((*opening, *closing, *changes))
    }


# === Accuracy === #


def get_accuracy(forecasts):
    """How good forecasts were, by what came of them.

    The weighted error is the mean absolute error over the mean (S. Kolassa and W. Schütz, *Advantages of the MAD/Mean
    Ratio over the MAPE*, Foresight 6, 2007): unlike a mean of percentages, it is not ruled by the smallest months, and
    a month in which nothing came does not divide by zero. Where nothing came in all of them, there is no percentage.

    :param Iterable[tuple] forecasts: what was forecast and what came; none for what is not known yet, which is left out
    :rtype: Accuracy

    >>> get_accuracy([(120, 100), (80, 100), (50, None)])
    Accuracy(count=2, forecast=200.0, actual=200.0, bias=0.0, weighted_error=20.0, accuracy=80.0)
    >>> get_accuracy([(10, 0)])[3:], get_accuracy([])[:3]
    ((None, None, None), (0, 0.0, 0.0))
    """
    pairs = [
        (as_fraction(forecast), as_fraction(actual))
        for forecast, actual in forecasts
        if forecast is not None and actual is not None
    ]
    size = sum(abs(actual) for _forecast, actual in pairs)
    forecast = sum((forecast for forecast, _actual in pairs), Fraction(0))
    actual = sum((actual for _forecast, actual in pairs), Fraction(0))
    error = sum(abs(forecast - actual) for forecast, actual in pairs) * 100 / size if size else None
    return Accuracy(
        count=len(pairs),
        forecast=as_rounded(forecast),
        actual=as_rounded(actual),
        bias=as_rounded((forecast - actual) * 100 / size, PERCENT_DIGITS) if size else None,
        weighted_error=None if error is None else as_rounded(error, PERCENT_DIGITS),
        accuracy=None if error is None else as_rounded(max(100 - error, Fraction(0)), PERCENT_DIGITS),
    )


# === Steps === #


def _get_kind(before, after, outcome):
    if outcome not in (None, WON, LOST):
        raise ValueError(f"{outcome!r} is no outcome of a deal")
    if before is None:
        return NEW
    if after is None:
        return outcome or GONE
    if before.period != after.period:
        return _get_shift(before.period, after.period)
    if before.category != after.category:
        return RECLASSED
    return _get_turn(_get_amount(after) - _get_amount(before))


def _get_shift(before, after):
    if after is None:
        return SLIPPED
    return PULLED_IN if before is None or after < before else SLIPPED


def _get_turn(difference):
    if not difference:
        return UNCHANGED
    return UP if difference > 0 else DOWN


def _split_change(change):
    deal, old, new = change.deal, change.before, change.after
    if old is None or new is None:
        place = old or new
        return [Movement(deal, change.kind, place.category, place.period, change.difference)]
    amount, steps = _get_amount(old), []
    if old.period != new.period:
        kind = _get_shift(old.period, new.period)
        steps += [
            Movement(deal, kind, old.category, old.period, -amount),
            Movement(deal, kind, old.category, new.period, amount),
        ]
    if old.category != new.category:
        steps += [
            Movement(deal, RECLASSED, old.category, new.period, -amount),
            Movement(deal, RECLASSED, new.category, new.period, amount),
        ]
    return [*steps, Movement(deal, _get_turn(change.difference), new.category, new.period, change.difference)]


def _sum_places(snapshot):
    sums = defaultdict(Decimal)
    for deal in snapshot.values():
        sums[deal.category, deal.period] += _get_amount(deal)
    return sums


def _get_amount(deal):
    return as_decimal(deal.amount) if deal else Decimal()
