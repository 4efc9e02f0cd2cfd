"""Splitting what one person leaves among successors: whole customers, first by rules, then evenly.

A bundle is a customer with all that belongs to it, so that no customer has two people to talk to afterwards. What does
not fit evenly is given to whoever has least, the largest bundle first: by R. L. Graham, *Bounds on Multiprocessing
Timing Anomalies* (1969), nobody then has more than 4/3 of what the best split would give to whoever has most.
"""

from heapq import heapify, heapreplace
from typing import Any, NamedTuple

#: Of all that matches.
WHOLE = 100


class Rule(NamedTuple):
    """Who gets what matches.

    :param successor: anything hashable
    :param frozenset matching: keys of the bundles that match; none stands for all
    :param int share: at most so many percent of the weight of all that matches, given away before or not
    """

    successor: Any
    matching: frozenset | None = None
    share: int = WHOLE


def split_bundles(weights, rules, successors):
    """Give every bundle to one successor.

    >>> split_bundles({"Bolt": 3, "Nut": 2, "Pin": 1}, [], ["Anna", "Ben"])
    {'Bolt': ('Anna', None), 'Nut': ('Ben', None), 'Pin': ('Ben', None)}

    Rules take what matches, one after the other, and what a rule gave counts when the rest is shared out:

    >>> split_bundles({"Bolt": 3, "Nut": 2, "Pin": 1}, [Rule("Ben", frozenset({"Bolt"}))], ["Anna", "Ben"])
    {'Bolt': ('Ben', 0), 'Nut': ('Anna', None), 'Pin': ('Anna', None)}
    >>> split_bundles(dict.fromkeys("abcde", 1), [Rule("Anna", share=60), Rule("Ben", share=40)], ["Anna", "Ben"])
    {'a': ('Anna', 0), 'b': ('Anna', 0), 'c': ('Anna', 0), 'd': ('Ben', 1), 'e': ('Ben', 1)}

    :param dict weights: number of records, from 0, by key of the bundle
    :param list[Rule] rules: in the order in which they take
    :param list successors: among whom the rest is shared out; who comes first gets more where it is not even
    :return: successor and number of the rule, none for the rest, by key in the order of ``weights``
    :rtype: dict
    :raise ValueError: where something is left and there is nobody to get it
    """
    taken = {}
    for number, rule in enumerate(rules):
        for key in _take(weights, rule, taken):
            taken[key] = (rule.successor, number)
    rest = [key for key in weights if key not in taken]
    if rest and not successors:
        raise ValueError("nobody is there to get the rest")
    loads = get_loads(weights, {key: successor for key, (successor, _number) in taken.items()})
    taken |= {key: (successor, None) for key, successor in _share_out(weights, rest, successors, loads).items()}
    return {key: taken[key] for key in weights}


def get_loads(weights, owners):
    """How many records each successor gets.

    >>> get_loads({"Bolt": 3, "Nut": 2, "Pin": 1}, {"Bolt": "Anna", "Pin": "Anna", "Nut": "Ben"})
    {'Anna': 4, 'Ben': 2}
    """
    loads = {}
    for key, owner in owners.items():
        loads[owner] = loads.get(owner, 0) + weights[key]
    return loads


def _take(weights, rule, taken):
    """:return: keys that a rule takes: of the largest first, each as long as it brings it closer to its share"""
    matching = [key for key in weights if rule.matching is None or key in rule.matching]
    free = [key for key in matching if key not in taken]
    if rule.share >= WHOLE:
        return free
    # Twice the weight times hundred, to stay with whole numbers.
    wanted = 2 * rule.share * sum(weights[key] for key in matching)
    kept, load = [], 0
    for key in _sort_largest_first(weights, free):
        if 2 * WHOLE * load + WHOLE * weights[key] <= wanted and 2 * WHOLE * load < wanted:
            kept.append(key)
            load += weights[key]
    return kept


def _share_out(weights, keys, successors, loads):
    """:return: successor by key: the largest first, to whoever has the fewest records, then the fewest bundles"""
    heap = [(loads.get(successor, 0), 0, position) for position, successor in enumerate(dict.fromkeys(successors))]
    names = list(dict.fromkeys(successors))
    heapify(heap)
    owners = {}
    for key in _sort_largest_first(weights, keys):
        load, count, position = heap[0]
        owners[key] = names[position]
        heapreplace(heap, (load + weights[key], count + 1, position))
    return owners


def _sort_largest_first(weights, keys):
    # Sorting is stable: equal ones stay in the order of the caller, so the same question has the same answer.
    return sorted(keys, key=lambda key: -weights[key])
