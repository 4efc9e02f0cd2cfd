"""Changes between snapshots, against sums of them. For pytest alone: Odoo's loader does not bring Hypothesis."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.sales_management.tools.forecast_change import (
    KINDS,
    OpenDeal,
    get_accuracy,
    get_bridges,
    get_changes,
    get_movements,
)

deals = st.builds(
    OpenDeal,
    st.sampled_from(["pipeline", "best", "commit"]),
    st.sampled_from(["2026-01", "2026-02", "2026-03", None]),
    st.integers(-5, 100) | st.decimals(0, 10**6, places=2),
)
snapshots = st.dictionaries(st.integers(0, 12), deals, max_size=12)
outcomes = st.dictionaries(st.integers(0, 12), st.sampled_from(["won", "lost"]), max_size=12)
figures = st.integers(-(10**6), 10**6) | st.decimals(-1000, 10**6, places=2)


def sum_deals(snapshot, place):
    return sum(Decimal(deal.amount) for deal in snapshot.values() if (deal.category, deal.period) == place)


@given(snapshots, snapshots, outcomes)
def test_opening_and_changes_are_closing_everywhere(before, after, outcomes):
    bridges = get_bridges(before, after, outcomes)
    used = {(deal.category, deal.period) for deal in (*before.values(), *after.values())}
    assert used <= set(bridges)
    for place, bridge in bridges.items():
        assert bridge.opening == sum_deals(before, place)
        assert bridge.closing == sum_deals(after, place)
        assert bridge.opening + sum(bridge.changes.values()) == bridge.closing
        assert [kind for kind in KINDS if kind in bridge.changes] == list(bridge.changes)
        assert all(bridge.changes.values())


@given(snapshots, snapshots, outcomes)
def test_moves_between_places_cancel_out(before, after, outcomes):
    movements = get_movements(get_changes(before, after, outcomes))
    for kind in ("slipped", "pulled_in", "reclassed"):
        assert sum(movement.amount for movement in movements if movement.kind == kind) == 0
    for kind, sign in (("up", 1), ("down", -1)):
        assert all(movement.amount * sign > 0 for movement in movements if movement.kind == kind)
    assert not any(movement.kind == "unchanged" for movement in movements)


@given(snapshots, snapshots, outcomes)
def test_each_deal_has_one_line_of_the_kind_that_it_is(before, after, outcomes):
    changes = get_changes(before, after, outcomes)
    assert sorted(change.deal for change in changes) == sorted({*before, *after})
    assert [KINDS.index(change.kind) for change in changes] == sorted(KINDS.index(change.kind) for change in changes)
    total = sum(Decimal(deal.amount) for deal in after.values()) - sum(Decimal(deal.amount) for deal in before.values())
    assert sum(change.difference for change in changes) == total
    for deal, kind, old, new, difference in changes:
        assert (old, new) == (before.get(deal), after.get(deal))
        if old and new:
            # No date is later than every date.
            was, is_now = old.period or "9999", new.period or "9999"
            expected = {
                "slipped": is_now > was,
                "pulled_in": is_now < was,
                "reclassed": is_now == was and old.category != new.category,
                "up": old[:2] == new[:2] and new.amount > old.amount,
                "down": old[:2] == new[:2] and new.amount < old.amount,
                "unchanged": old == new,
            }
            assert [name for name, is_so in expected.items() if is_so] == [kind]
        elif new:
            assert kind == "new" and difference == new.amount
        else:
            assert kind == outcomes.get(deal, "gone") and difference == -old.amount


@given(snapshots, outcomes)
def test_nothing_changed(snapshot, outcomes):
    assert {change.kind for change in get_changes(snapshot, snapshot, outcomes)} <= {"unchanged"}
    assert get_movements(get_changes(snapshot, snapshot, outcomes)) == []
    assert all(not bridge.changes for bridge in get_bridges(snapshot, snapshot).values())


@given(snapshots, snapshots)
def test_the_way_back_undoes_the_way(before, after):
    way, back = get_bridges(before, after), get_bridges(after, before)
    for place in {*way} & {*back}:
        assert sum(way[place].changes.values()) == -sum(back[place].changes.values())


@given(snapshots, snapshots, snapshots)
def test_two_weeks_are_one_after_the_other(first, second, third):
    weeks = [get_bridges(first, second), get_bridges(second, third)]
    whole = get_bridges(first, third)
    for place, bridge in whole.items():
        steps = [week[place] for week in weeks if place in week]
        assert bridge.closing - bridge.opening == sum(sum(step.changes.values()) for step in steps)


@given(st.lists(st.tuples(st.none() | figures, st.none() | figures), max_size=12))
def test_accuracy_is_that_of_its_definition(pairs):
    found = get_accuracy(pairs)
    known = [(Fraction(forecast), Fraction(actual)) for forecast, actual in pairs if None not in (forecast, actual)]
    size = sum(abs(actual) for _forecast, actual in known)
    assert found.count == len(known)
    if not size:
        assert (found.bias, found.weighted_error, found.accuracy) == (None, None, None)
        return
    bias = sum(forecast - actual for forecast, actual in known) * 100 / size
    error = sum(abs(forecast - actual) for forecast, actual in known) * 100 / size
    near = Fraction(501, 100000)
    assert abs(Fraction(found.bias) - bias) <= near + abs(bias) / 10**15
    assert abs(Fraction(found.weighted_error) - error) <= near + error / 10**15
    assert abs(Fraction(found.accuracy) - max(100 - error, 0)) <= near
    assert abs(found.bias) <= found.weighted_error
    assert 0 <= found.accuracy <= 100


def test_forecasts_that_came_true():
    assert get_accuracy([(5, 5), (0, 0), (-3, -3)])[3:] == (0, 0, 100)
    assert get_accuracy([(5, 5), (1000, 0)])[3:] == (20000, 20000, 0)


def test_empty_snapshots():
    assert get_changes({}, {}) == [] and get_bridges({}, {}) == {}


def test_what_is_no_outcome_is_refused():
    with pytest.raises(ValueError, match="'open' is no outcome"):
        get_changes({"a": OpenDeal("best", None, 1)}, {}, {"a": "open"})
