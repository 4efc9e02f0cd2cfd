"""What changed between two versions of a list of lines: matched by where they came from, then by what they are."""

from bisect import bisect_left
from collections import defaultdict
from typing import Any, NamedTuple

ADDED = "added"
REMOVED = "removed"
MOVED = "moved"
CHANGED = "changed"
SAME = "same"

#: Keys that say which line it is, and nothing about what it says.
IDENTITY = frozenset({"id", "origin", "sequence"})


class LineChange(NamedTuple):
    """How one line got from the former version to the latter.

    :param str kind: ``added``, ``removed``, ``changed``, ``moved`` or ``same``
    :param dict | None former: the line as it was, none for one that was added
    :param dict | None latter: the line as it is, none for one that was removed
    :param dict values: former and latter value of each key that differs
    :param bool is_moved: whether it stands elsewhere among the lines that stayed
    """

    kind: str
    former: Any
    latter: Any
    values: dict
    is_moved: bool = False


def compare_lines(former, latter, identity=IDENTITY):
    """Align two versions of a list of lines.

    Lines are dictionaries. The same line is one of the same ``origin``; else one of the same type, product and words;
    else one of the same product.

    :param list[dict] former: lines as they were, in their order
    :param list[dict] latter: lines as they are, in their order
    :param Collection[str] identity: keys whose values are not compared
    :return: each line of ``latter`` in its order, with what was removed where it stood
    :rtype: list[LineChange]

    >>> bolt, nut = {"origin": 1, "product_id": 7, "price": "2"}, {"origin": 2, "product_id": 8, "price": "1"}
    >>> [change.kind for change in compare_lines([bolt, nut], [bolt, nut])]
    ['same', 'same']
    >>> [change.kind for change in compare_lines([bolt, nut], [{**bolt, "price": "3"}])]
    ['changed', 'removed']
    >>> [change.kind for change in compare_lines([bolt, nut], [nut, bolt])]
    ['moved', 'same']
    """
    pairs = match_lines(former, latter)
    moved = _get_moved(pairs)
    by_former = {old: new for new, old in pairs.items()}
    changes = []
    position = 0
    for new, line in enumerate(latter):
        # What was removed stands behind the line that it stood behind.
        if new not in pairs:
            changes.append(LineChange(ADDED, None, line, {}))
            continue
        old = pairs[new]
        if new not in moved:
            changes += _get_removed(former, by_former, position, old)
            position = max(position, old + 1)
        changes.append(_compare_pair(former[old], line, new in moved, identity))
    return changes + _get_removed(former, by_former, position, len(former))


def apply_changes(changes):
    """The latter version, made of the former one and what changed: what proves a comparison complete.

    >>> apply_changes(compare_lines([{"origin": 1, "price": "2"}], [{"origin": 1, "price": "3"}]))
    [{'origin': 1, 'price': '3'}]
    """
    lines = []
    for change in changes:
        if change.kind == ADDED:
            lines.append(change.latter)
        elif change.kind != REMOVED:
            kept = {key: value for key, value in change.former.items() if key in change.latter}
            identity = {key: change.latter[key] for key in IDENTITY if key in change.latter}
            changed = {key: value for key, (_former, value) in change.values.items() if key in change.latter}
            lines.append({**kept, **identity, **changed})
    return lines


def match_lines(former, latter):
    """Which line of the former version each line of the latter is.

    :return: position in ``former`` by position in ``latter``, for those that have one
    :rtype: dict[int, int]

    >>> match_lines([{"origin": 5}, {"origin": 6}], [{"origin": 6}])
    {0: 1}
    """
    pairs = {}
    for get_key in (_get_origin, _get_words, _get_subject):
        waiting = defaultdict(list)
        taken = set(pairs.values())
        for old, line in enumerate(former):
            if old not in taken and (key := get_key(line)) is not None:
                waiting[key].append(old)
        for found in waiting.values():
            found.reverse()
        for new, line in enumerate(latter):
            if new not in pairs and waiting.get(key := get_key(line)):
                pairs[new] = waiting[key].pop()
    return pairs


def compare_values(former, latter, keys=None):
    """:return: former and latter value of each key that differs
    :rtype: dict[str, tuple]

    >>> compare_values({"a": 1, "b": 2}, {"a": 1, "b": 3})
    {'b': (2, 3)}
    """
    keys = keys if keys is not None else [*former, *(key for key in latter if key not in former)]
    return {key: (former.get(key), latter.get(key)) for key in keys if former.get(key) != latter.get(key)}


def _get_origin(line):
    return line.get("origin") or None


def _get_words(line):
    return (line.get("type"), line.get("product_id"), line.get("name"))


def _get_subject(line):
    return line.get("product_id") or None


def _compare_pair(former, latter, is_moved, identity):
    keys = [key for key in {**former, **latter} if key not in identity]
    values = compare_values(former, latter, keys)
    kind = CHANGED if values else MOVED if is_moved else SAME
    return LineChange(kind, former, latter, values, is_moved)


def _get_removed(former, by_former, start, stop):
    return [
        LineChange(REMOVED, former[position], None, {}) for position in range(start, stop) if position not in by_former
    ]


def _get_moved(pairs):
    """Positions in the latter version of lines that moved: the fewest that explain the new order.

    They are those outside a longest rising run of former positions, found in n log n steps.
    """
    positions = sorted(pairs)
    tails, ends, previous = [], [], {}
    for new in positions:
        length = bisect_left(tails, pairs[new])
        previous[new] = ends[length - 1] if length else None
        if length == len(tails):
            tails.append(pairs[new])
            ends.append(new)
        else:
            tails[length] = pairs[new]
            ends[length] = new
    kept = set()
    current = ends[-1] if ends else None
    while current is not None:
        kept.add(current)
        current = previous[current]
    return set(positions) - kept
