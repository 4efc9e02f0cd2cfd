"""What stands in the way of a record, as values: the callers decide whether to ask, to show or to refuse."""

from typing import Any, NamedTuple

WARN = "warn"
BLOCK = "block"


class Blocker(NamedTuple):
    """Something that is missing, and how to get it.

    :param str code: what kind of thing it is, for code that looks for it
    :param record: the record that it is missing on
    :param str message: translated
    :param dict | None action: action that resolves it
    :param str enforcement: ``warn`` or ``block``
    :param source: the record that asks for it, such as a requirement

    >>> Blocker("skip", None, "Negotiation was left out").enforcement
    'block'
    """

    code: str
    record: Any
    message: str
    action: dict | None = None
    enforcement: str = BLOCK
    source: Any = None


class RequirementState(NamedTuple):
    """Whether a record meets a requirement, and what is missing otherwise.

    >>> RequirementState(True).reason
    ''
    """

    is_met: bool
    reason: str = ""
    action: dict | None = None


def split_blockers(blockers):
    """Tell what refuses from what only warns.

    :param dict[Any, list[Blocker]] blockers: by record
    :return: blocking ones and warning ones, without the records that have none
    :rtype: tuple[dict[Any, list[Blocker]], dict[Any, list[Blocker]]]

    >>> block, warn = Blocker("a", 1, "A"), Blocker("b", 1, "B", enforcement=WARN)
    >>> split_blockers({1: [block, warn], 2: []}) == ({1: [block]}, {1: [warn]})
    True
    """
    parts = {BLOCK: {}, WARN: {}}
    for record, found in blockers.items():
        for blocker in found:
            parts[blocker.enforcement].setdefault(record, []).append(blocker)
    return parts[BLOCK], parts[WARN]
