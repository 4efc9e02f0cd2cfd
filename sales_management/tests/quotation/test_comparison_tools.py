"""Properties of comparing lines. For pytest alone: Odoo's loader does not bring Hypothesis."""

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.sales_management.tools.comparison import (
    ADDED,
    CHANGED,
    MOVED,
    REMOVED,
    SAME,
    apply_changes,
    compare_lines,
    match_lines,
)

texts = st.sampled_from(["Bolt", "Nut", "螺栓", ""])
lines = st.fixed_dictionaries(
    {
        "origin": st.integers(0, 12),
        "product_id": st.none() | st.integers(1, 4),
        "type": st.sampled_from(["product", "line_section", "line_note"]),
        "name": texts,
        "qty": st.sampled_from(["1.00", "2.00"]),
        "price": st.sampled_from(["0.90", "0.82"]),
    }
)
versions = st.lists(lines, max_size=12)


@given(versions)
def test_compared_with_itself_nothing_changed(version):
    version = [{**line, "origin": position} for position, line in enumerate(version, 1)]
    assert {change.kind for change in compare_lines(version, version)} <= {SAME}


@given(versions, versions)
def test_what_changed_makes_the_latter_of_the_former(former, latter):
    assert apply_changes(compare_lines(former, latter)) == latter


@given(versions, versions)
def test_each_line_is_told_once(former, latter):
    changes = compare_lines(former, latter)
    assert [change.latter for change in changes if change.latter is not None] == latter
    assert sorted(id(change.former) for change in changes if change.former is not None) == sorted(map(id, former))
    assert len(match_lines(former, latter)) == sum(change.kind not in (ADDED, REMOVED) for change in changes)


@given(versions, st.randoms())
def test_another_order_moves_lines_and_changes_none(version, random):
    version = [{**line, "origin": position} for position, line in enumerate(version, 1)]
    shuffled = list(version)
    random.shuffle(shuffled)
    kinds = [change.kind for change in compare_lines(version, shuffled)]
    assert set(kinds) <= {SAME, MOVED}
    assert (MOVED in kinds) == (shuffled != version)


@given(versions, st.data())
def test_one_line_that_moved_is_the_one_that_is_told(version, data):
    version = [{**line, "origin": position} for position, line in enumerate(version, 1)]
    if len(version) < 2:
        return
    taken, target = (data.draw(st.integers(0, len(version) - 1)) for _ in range(2))
    moved = [line for position, line in enumerate(version) if position != taken]
    moved.insert(target, version[taken])
    assert sum(change.is_moved for change in compare_lines(version, moved)) == (taken != target)


def test_line_entered_anew_is_the_line_of_its_product():
    former = [{"origin": 1, "product_id": 7, "type": "product", "name": "Bolt", "price": "0.90"}]
    latter = [{"origin": 9, "product_id": 7, "type": "product", "name": "Bolt, zinc", "price": "0.82"}]
    (change,) = compare_lines(former, latter)
    assert (change.kind, change.values) == (CHANGED, {"name": ("Bolt", "Bolt, zinc"), "price": ("0.90", "0.82")})
