"""Where the stages of a template stand among those that are there."""

from itertools import pairwise


def place_stages(existing, wanted):
    """Order the stages of a template among existing ones, without changing the order of these.

    A new stage comes right after the one before it in the template; one that begins the template comes first of all.
    Sequences change only where there is no room.

    :param list[tuple[int, int]] existing: id and sequence of the stages that are there, in their order
    :param list[int | None] wanted: the template's stages, ids of existing ones and ``None`` for each new one
    :return: sequences of the new stages in the order of ``wanted``, and those of existing ones that make room, by id
    :rtype: tuple[list[int], dict[int, int]]

    >>> place_stages([(7, 1), (8, 2), (9, 70)], [7, None, None, 9])
    ([2, 3], {8: 4})
    >>> place_stages([(7, 1), (8, 2), (9, 70)], [7, 8, None, 9])
    ([3], {})
    >>> place_stages([(7, 0), (8, 0)], [None, 8])
    ([0], {7: 1, 8: 2})
    >>> place_stages([], [None, None])
    ([0, 1], {})
    """
    line = [(stage_id, sequence) for stage_id, sequence in existing]
    behind = 0
    for stage_id in wanted:
        if stage_id is None:
            line.insert(behind, (None, None))
            behind += 1
        else:
            behind = next(rank for rank, (found, _sequence) in enumerate(line) if found == stage_id) + 1
    before = min(-1, *(sequence - 1 for _stage_id, sequence in existing), 0)
    fresh, moved, is_pushed = [], {}, True
    for stage_id, sequence in line:
        if stage_id is None:
            before, is_pushed = before + 1, True
            fresh.append(before)
        elif sequence > before or (sequence == before and not is_pushed):
            before, is_pushed = sequence, False
        else:
            before, is_pushed = before + 1, True
            moved[stage_id] = before
    return fresh, moved


def find_order_conflict(existing, wanted):
    """The first two stages that stand the other way round here than in a template.

    :param list[int] existing: ids of the stages that are there, in their order
    :param list[int | None] wanted: as above
    :return: the two ids in the order of the template, none where the orders agree
    :rtype: tuple[int, int] | None

    >>> find_order_conflict([7, 8, 9], [7, None, 9])
    >>> find_order_conflict([7, 8, 9], [8, None, 7])
    (8, 7)
    """
    reused = [stage_id for stage_id in wanted if stage_id is not None]
    for one, other in pairwise(reused):
        if existing.index(one) > existing.index(other):
            return one, other
    return None
