"""What differs between two contents that approval was asked for, line by line, without the ORM."""

#: What of a line an approver is told of when it changed.
TOLD = ("price_unit", "product_uom_qty", "discount", "product_uom_id", "tax_ids", "name", "is_optional")


def pair_lines(before, after):
    """Put the lines of two contents beside each other: lines of the same product, the first with the first.

    A new revision has lines of its own, so what they sell is all that tells them.

    :param list[dict] before: lines of the former content
    :param list[dict] after: lines of this one
    :return: pairs in the order of ``after``, then what was removed; None where there is no other one
    :rtype: list[tuple[dict | None, dict | None]]

    >>> bolt, nut = {"product_id": 1, "name": "Bolt"}, {"product_id": 2, "name": "Nut"}
    >>> pair_lines([bolt, nut], [nut, nut])[0] == (nut, nut)
    True
    >>> pair_lines([bolt], [nut])
    [(None, {'product_id': 2, 'name': 'Nut'}), ({'product_id': 1, 'name': 'Bolt'}, None)]
    """
    waiting = {}
    for line in before:
        waiting.setdefault(_get_key(line), []).append(line)
    pairs = []
    for line in after:
        same = waiting.get(_get_key(line))
        pairs.append((same.pop(0) if same else None, line))
    return pairs + [(line, None) for lines in waiting.values() for line in lines]


def get_changes(before, after):
    """What an approver should know of the lines that changed.

    :return: pairs of a line and what changed of it: ``added``, ``removed``, or a dictionary of pairs
    :rtype: list[tuple[dict, str | dict]]

    >>> old = {"product_id": 1, "name": "Bolt", "price_unit": "0.90", "product_uom_qty": "5.00", "discount": "0.00"}
    >>> get_changes([old], [{**old, "price_unit": "0.82"}])[0][1]
    {'price_unit': ('0.90', '0.82')}
    >>> get_changes([old], [old])
    []
    >>> [what for _line, what in get_changes([old], [{**old, "product_id": 2}])]
    ['added', 'removed']
    """
    changes = []
    for old, new in pair_lines(_get_sold(before), _get_sold(after)):
        if old is None:
            changes.append((new, "added"))
        elif new is None:
            changes.append((old, "removed"))
        elif differing := {name: (old.get(name), new.get(name)) for name in TOLD if old.get(name) != new.get(name)}:
            changes.append((new, differing))
    return changes


def _get_key(line):
    return line.get("product_id") or line.get("name")


def _get_sold(lines):
    return [line for line in lines if not line.get("display_type")]
