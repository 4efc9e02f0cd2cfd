"""Which records may be the same one: groups of those that share a key, with the keys that say so."""

from collections import defaultdict
from collections.abc import Hashable
from typing import NamedTuple

#: Records that may share one key before it tells nothing about them: a switchboard, a mail address typed for everyone.
CROWD = 20


class SharedKey(NamedTuple):
    """Why records are in one group.

    :param str kind: what the key is of, such as ``phone`` or ``name``
    :param Hashable value: the key
    :param tuple ids: the records that share it, in the order of the rows
    """

    kind: str
    value: Hashable
    ids: tuple


class DuplicateGroup(NamedTuple):
    """Records that may be the same one: each shares a key with another of the group, not with every other.

    :param tuple ids: the records, in the order of the rows
    :param tuple[SharedKey] reasons: the keys that hold them together, in the order that the rows name them
    """

    ids: tuple
    reasons: tuple


class DuplicateMatch(NamedTuple):
    """What came of comparing all rows.

    :param tuple[DuplicateGroup] groups: in the order of their first rows; no record is in two of them
    :param tuple[SharedKey] crowds: keys shared by so many records that they were left out
    """

    groups: tuple
    crowds: tuple


def match_duplicates(rows, crowd=CROWD, crowds=None):
    """Group the rows that share a key, directly or through others.

    Equal values of different kinds say nothing: a mail address is never compared with a name. A row that comes twice
    has the keys of both. The work grows with the number of keys, however they are shared.

    :param Iterable[tuple] rows: ``(id, keys)``, the keys being ``(kind, value)`` pairs or a mapping; a kind may come
        several times, and an empty value is none
    :param int crowd: how many records may share one key; one that more share joins nobody and is reported
    :param dict[str, int] | None crowds: the same for single kinds, as a mail domain may be shared by more than a number
    :rtype: DuplicateMatch

    >>> rows = [
    ...     (1, {"name": "acme", "phone": "+8675526780808"}),
    ...     (2, {"name": "acme", "phone": None}),
    ...     (3, [("name", "zenith"), ("phone", "+13125550100"), ("phone", "+8675526780808")]),
    ...     (4, {"name": "other"}),
    ... ]
    >>> match = match_duplicates(rows)
    >>> [group.ids for group in match.groups]
    [(1, 2, 3)]
    >>> [(reason.kind, reason.ids) for reason in match.groups[0].reasons]
    [('name', (1, 2)), ('phone', (1, 3))]

    A number that too many have is no reason:

    >>> match = match_duplicates(rows, crowds={"phone": 1})
    >>> [group.ids for group in match.groups], [key.value for key in match.crowds]
    ([(1, 2)], ['+8675526780808'])
    """
    shared, positions = _get_shared_keys(rows)
    parents = {record: record for record in positions}
    reasons, crowded = [], []
    for key in shared:
        if len(key.ids) > (crowds or {}).get(key.kind, crowd):
            crowded.append(key)
            continue
        reasons.append(key)
        for other in key.ids[1:]:
            _join(parents, key.ids[0], other)
    return DuplicateMatch(_get_groups(parents, reasons), tuple(crowded))


def _get_shared_keys(rows):
    """:return: the keys that at least two records have, and the position of each record among the rows"""
    positions = {}
    holders = defaultdict(dict)
    for record, keys in rows:
        positions.setdefault(record, len(positions))
        for kind, value in keys.items() if hasattr(keys, "items") else keys:
            if value:
                holders[kind, value][record] = None
    shared = [
        SharedKey(kind, value, tuple(sorted(records, key=positions.get)))
        for (kind, value), records in holders.items()
        if len(records) > 1
    ]
    return shared, positions


def _find(parents, record):
    """The record that stands for its group, shortening the way there for the next one who asks."""
    while parents[record] != record:
        parents[record] = parents[parents[record]]
        record = parents[record]
    return record


def _join(parents, one, other):
    parents[_find(parents, other)] = _find(parents, one)


def _get_groups(parents, reasons):
    members, causes = defaultdict(list), defaultdict(list)
    for record in parents:
        members[_find(parents, record)].append(record)
    for key in reasons:
        causes[_find(parents, key.ids[0])].append(key)
    return tuple(
        DuplicateGroup(tuple(records), tuple(causes[found])) for found, records in members.items() if len(records) > 1
    )
