"""When something can be delivered, all of it, without breaking what was promised to others.

Arithmetic, without the ORM. The definition: cumulative *available to promise* with look-ahead. Of a product in
a warehouse, ``B(u)`` is what is there on day ``u`` when everything comes and goes as planned. What can be promised on
day ``t`` is the least of ``B(u)`` from ``t`` on: what is there on ``t`` and is not needed later. From the fence on,
which is today and the time to replenish, anything can be had, and what happens then is not looked at.

Days are integers, quantities are integers of the smallest unit that counts: nothing here is rounded.
"""

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import NamedTuple

#: How sure a date is, from what is on hand to a lead time only: acknowledged receipt; unacknowledged, overdue or a
#: return; draft supply.
CONFIDENCES = "abcde"


class PromiseRequest(NamedTuple):
    """A question: when can so much of a product leave a warehouse and reach its customer?

    ``product`` and ``warehouse`` are ids, ``quantity`` is in the unit of the product, ``requested`` is the moment
    before which the customer does not want it, naive in UTC.
    """

    key: object
    product: int
    warehouse: int
    quantity: float
    requested: object = None


class PromiseTerms(NamedTuple):
    """What else is known of a request that a document makes.

    :param int line: sales order line, whose own moves and holds are not counted against it
    :param int group: sales order; requests of one group compete for the same goods, in the order of their ranks
    :param tuple rank: place in the order of consumption
    :param tuple routes: ids of the routes that the line names
    :param transit: days from the warehouse to the customer, none for those of the product
    """

    line: int = 0
    group: int = 0
    rank: tuple = ()
    routes: tuple = ()
    transit: object = None


class PromiseSource(NamedTuple):
    """What a date waits for, in no language.

    :param str kind: ``stock``, ``receipt``, ``production``, ``return``, ``transfer``, ``draft`` (a request for
        quotation), ``vendor`` or ``make`` or ``transit`` (lead times), ``none`` (needs no stock), ``planner``,
        ``unknown`` (no vendor, no bill of materials)
    :param str name: number or name of what it is
    :param str date: day in ISO format on which it is expected
    :param str flag: ``acknowledged``, ``unacknowledged``, ``overdue``
    :param int id: record, of the model that the kind implies
    :param int late_by: days by which it may come later, going by what its vendor did until now
    """

    kind: str
    name: str = ""
    date: str = ""
    flag: str = ""
    id: int = 0
    late_by: int = 0


class PromiseStep(NamedTuple):
    """A part of the quantity that can be had on a date."""

    date: object
    qty: float
    source: object
    confidence: str


class PromiseResult(NamedTuple):
    """An answer: ``date`` is when all of it is with the customer, naive in UTC, none where nobody knows; ``steps`` are
    the parts, whose quantities sum to that of the request; ``fence`` is from when on anything can be had."""

    key: object
    date: object
    steps: tuple
    confidence: str
    source: object
    fence: object


class Event(NamedTuple):
    """Something that comes (positive) or goes (negative) on a day."""

    day: int
    quantity: int
    confidence: str = "a"
    source: object = None


class Demand(NamedTuple):
    """Goods that a sales order line takes on a day: a delivery to come, or a hold."""

    line: int
    group: int
    product: int
    warehouse: int
    day: int
    quantity: int
    rank: tuple = ()


class Part(NamedTuple):
    """A quantity that can be taken from a day on, the earliest first; ``day`` is none where nobody knows."""

    day: object
    quantity: int


class Timeline:
    """What comes and goes of one product in one warehouse, and what of it can be promised.

    Lists with the least balance of the rest and bisection: real products have a few dozen events, and lists win.

    :param Iterable[Event] events: in any order; what is on hand is an event of today

    Ten on hand of which eight are promised for the 5th, and five that come on the 12th:

    >>> timeline = Timeline([Event(1, 10), Event(5, -8), Event(12, 5, "b", "a receipt")])
    >>> [timeline.get_available(day) for day in (1, 11, 12, 20)]
    [2, 2, 7, 7]
    >>> [timeline.get_earliest(quantity, 1) for quantity in (2, 6, 8)]
    [1, 12, None]

    From the 4th on anything can be bought, so that the delivery of the 5th is no obstacle:

    >>> [timeline.get_earliest(quantity, 1, fence=4) for quantity in (2, 10, 11)]
    [1, 1, 4]
    """

    __slots__ = ("_balances", "_days", "_supplies", "_tails")

    def __init__(self, events=()):
        changes, supplies = {}, {}
        for event in events:
            day, quantity = event[0], event[1]
            changes[day] = changes.get(day, 0) + quantity
            if quantity > 0:
                supplies.setdefault(day, []).append(event)
        self._days = sorted(changes)
        self._balances = list(accumulate(changes[day] for day in self._days))
        self._supplies = supplies
        self._tails = {}

    def copy(self):  # pylint: disable=method-required-super  # no model
        """A timeline of its own, to consume from.

        >>> timeline = Timeline([Event(1, 10)])
        >>> timeline.copy().consume(4, 1)
        >>> timeline.get_available(1)
        10
        """
        other = Timeline.__new__(Timeline)
        other._days, other._balances = self._days[:], self._balances[:]
        other._supplies, other._tails = self._supplies, self._tails.copy()
        return other

    # === Asking === #

    def get_balance(self, day):
        """What is there on a day, when everything comes and goes as planned; negative for a backlog.

        >>> Timeline([Event(1, 10), Event(5, -12)]).get_balance(6)
        -2
        """
        position = bisect_right(self._days, day)
        return self._balances[position - 1] if position else 0

    def get_available(self, day, fence=None):
        """What can be promised on a day, other than from the fence on: the least balance from the day to the fence.

        :param int fence: first day on which anything can be had, none for never
        :return: negative where others wait already; a balance that never changes is what is there

        >>> Timeline([Event(1, 10), Event(5, -12)]).get_available(2)
        -2
        >>> Timeline([Event(1, 10), Event(5, -12)]).get_available(2, fence=4)
        10
        """
        end, tails = self._get_tails(fence)
        position = bisect_right(self._days, day, hi=end)
        here = self._balances[position - 1] if position else 0
        return min(here, tails[position]) if position < end else here

    def get_earliest(self, quantity, start, fence=None):
        """The first day from ``start`` on on which all of it can be taken: the smaller of the first day of which so
        much can be promised, and the fence.

        :return: none where it never can
        """
        if quantity <= 0 or self.get_available(start, fence) >= quantity or (fence is not None and start >= fence):
            return start
        end, tails = self._get_tails(fence)
        # What can be promised grows with the day, so that the first day is found by halving.
        position = bisect_left(tails, quantity, lo=bisect_right(self._days, start, hi=end), hi=end)
        return self._days[position] if position < end else fence

    def get_parts(self, quantity, start, fence=None):
        """What can be taken when, if it may come in parts: a staircase whose quantities sum to what is asked.

        :rtype: list[Part]

        >>> Timeline([Event(1, 10), Event(5, -8), Event(12, 5)]).get_parts(9, 1, fence=30)
        [Part(day=1, quantity=2), Part(day=12, quantity=5), Part(day=30, quantity=2)]
        """
        if quantity <= 0 or (fence is not None and start >= fence):
            return [Part(start, quantity)]
        parts, taken = [], max(0, min(quantity, self.get_available(start, fence)))
        if taken:
            parts.append(Part(start, taken))
        end, tails = self._get_tails(fence)
        position = bisect_right(self._days, start, hi=end)
        while taken < quantity:
            position = bisect_right(tails, taken, lo=position, hi=end)
            if position == end:
                parts.append(Part(fence, quantity - taken))
                break
            available = min(tails[position], quantity)
            parts.append(Part(self._days[position], available - taken))
            taken = available
        return parts

    def get_supply(self, day):
        """What comes on a day: the event that brings most, with the least confidence of those of the day.

        :return: none where nothing does

        >>> Timeline([Event(4, 5, "b", "one"), Event(4, 9, "c", "two")]).get_supply(4)
        Event(day=4, quantity=9, confidence='c', source='two')
        """
        supplies = self._supplies.get(day)
        if not supplies:
            return None
        most = max(supplies, key=lambda event: event[1])
        return Event(day, most[1], max(event[2] for event in supplies), most[3])

    def get_arrival(self, day):
        """What is on its way and comes on a day, other than what is there: all of it, with the least confidence.

        :return: none where nothing does

        >>> Timeline([Event(1, 5), Event(1, 9, "c", "two"), Event(1, 1, "b", "one")]).get_arrival(1)
        Event(day=1, quantity=10, confidence='c', source='two')
        """
        coming = [event for event in self._supplies.get(day, ()) if event[2] != "a"]
        if not coming:
            return None
        most = max(coming, key=lambda event: event[1])
        return Event(day, sum(event[1] for event in coming), max(event[2] for event in coming), most[3])

    # === Taking === #

    def consume(self, quantity, day):
        """Take so much on a day: less is there from then on.

        >>> timeline = Timeline([Event(1, 10), Event(9, 5)])
        >>> timeline.consume(12, 9)
        >>> [timeline.get_available(day) for day in (1, 9)]
        [3, 3]
        """
        position = bisect_left(self._days, day)
        if position == len(self._days) or self._days[position] != day:
            self._days.insert(position, day)
            self._balances.insert(position, self._balances[position - 1] if position else 0)
        for later in range(position, len(self._balances)):
            self._balances[later] -= quantity
        self._tails.clear()

    # === Tools === #

    def _get_tails(self, fence):
        """:return: number of events before the fence, and the least balance from each of them to it"""
        end = len(self._days) if fence is None else bisect_left(self._days, fence)
        tails = self._tails.get(end)
        if tails is None:
            tails = list(accumulate(reversed(self._balances[:end]), min))
            tails.reverse()
            self._tails[end] = tails
        return end, tails


class Need(NamedTuple):
    """A component of what is asked for: its timeline, its fence, and how much of it one unit takes."""

    timeline: Timeline
    fence: object
    factor: object = 1

    def get_quantity(self, quantity):
        """Whole units of the component that so many units take.

        >>> from fractions import Fraction
        >>> Need(None, None, Fraction(1, 3)).get_quantity(4)
        2
        """
        return -(-quantity * self.factor // 1)


def get_earliest_of(needs, quantity, start):
    """The first day on which all of it can be taken of all that it is made of.

    Exact, for what can be promised of each component grows with the day.

    :param list[Need] needs: one, or the components of a kit
    :return: none where it never can

    >>> screws, boards = Timeline([Event(1, 8)]), Timeline([Event(1, 1), Event(5, 4)])
    >>> get_earliest_of([Need(screws, 9, 4), Need(boards, 30, 1)], 2, 1)
    5
    >>> get_earliest_of([Need(screws, 9, 4), Need(boards, 30, 1)], 3, 1)
    9
    """
    earliest = start
    for timeline, fence, factor in needs:
        day = timeline.get_earliest(-(-quantity * factor // 1), start, fence)
        if day is None:
            return None
        earliest = max(earliest, day)
    return earliest


def get_parts_of(needs, quantity, start, unit=1):
    """What can be taken when, in whole units of what is asked for.

    :param list[Need] needs: one, or the components of a kit
    :param int unit: the least that a part can be, for a kit is delivered whole
    :rtype: list[Part]

    >>> screws, boards = Timeline([Event(1, 8)]), Timeline([Event(1, 1), Event(5, 4)])
    >>> get_parts_of([Need(screws, 9, 4), Need(boards, 30, 1)], 3, 1)
    [Part(day=1, quantity=1), Part(day=5, quantity=1), Part(day=9, quantity=1)]
    """
    if len(needs) == 1 and needs[0].factor == 1 and unit == 1:
        return needs[0].timeline.get_parts(quantity, start, needs[0].fence)
    days = {start}
    for need in needs:
        days.update(part.day for part in need.timeline.get_parts(need.get_quantity(quantity), start, need.fence))
    parts, taken = [], 0
    for day in sorted(day for day in days if day is not None):
        available = min(_count_units(need, day, quantity, unit) for need in needs)
        if available > taken:
            parts.append(Part(day, available - taken))
            taken = available
    if taken < quantity or not parts:
        parts.append(Part(start if quantity <= 0 else None, quantity - taken))
    return parts


def _count_units(need, day, quantity, unit):
    """How many units of what is asked for a component lasts for on a day."""
    if need.fence is not None and day >= need.fence:
        return quantity
    available = max(0, need.timeline.get_available(day, need.fence))
    if need.get_quantity(quantity) <= available:
        return quantity
    # A component that nothing is taken of lasts for ever, and was answered above.
    return min(quantity, available // need.factor // unit * unit)


def consume_of(needs, quantity, day):
    """Take all of it on a day, of all that it is made of."""
    for need in needs:
        need.timeline.consume(need.get_quantity(quantity), day)
