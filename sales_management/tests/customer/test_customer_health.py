"""Health by rule: that it is the sum of its parts, and that each part moves the right way. For pytest alone: Odoo's
loader does not bring Hypothesis."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.sales_management.tools.churn import STATES
from odoo.addons.sales_management.tools.customer_health import (
    WEIGHTS,
    HealthFacts,
    HealthLimits,
    get_health,
    split_points,
)

amounts = st.none() | st.decimals(min_value=-500, max_value=2000, places=2).map(float)
counts = st.none() | st.integers(0, 40)
facts = st.builds(
    HealthFacts,
    st.none() | st.sampled_from(STATES),
    amounts,
    amounts,
    counts,
    counts,
    counts,
    counts,
    counts,
    amounts,
    amounts,
)
weights = st.dictionaries(
    st.sampled_from(sorted(WEIGHTS)), st.integers(0, 50) | st.floats(0, 50).map(lambda w: round(w, 1))
)
# One component alone has all hundred points: what its rule says, in percent.
RULES = {
    "churn": [
        ({"churn_state": "active"}, 100),
        ({"churn_state": "slowing"}, 60),
        ({"churn_state": "at_risk"}, 20),
        ({"churn_state": "lost"}, 0),
    ],
    "overdue": [
        ({"open_amount": 0, "overdue_amount": 0}, 100),
        ({"open_amount": 1000, "overdue_amount": 0}, 100),
        ({"open_amount": 1000, "overdue_amount": 100}, 80),
        ({"open_amount": 1000, "overdue_amount": 500}, 0),
        ({"open_amount": 100, "overdue_amount": 500}, 0),
        ({"open_amount": -100, "overdue_amount": 50}, 0),
        ({"open_amount": -100, "overdue_amount": -50}, 100),
    ],
    "late_deliveries": [
        ({"deliveries": 10, "late_deliveries": 0}, 100),
        ({"deliveries": 10, "late_deliveries": 2}, 60),
        ({"deliveries": 10, "late_deliveries": 5}, 0),
        ({"deliveries": 10, "late_deliveries": 10}, 0),
    ],
    "contact": [
        ({"contact_days": 0, "allowed_days": 30}, 100),
        ({"contact_days": 30, "allowed_days": 30}, 100),
        ({"contact_days": 45, "allowed_days": 30}, 50),
        ({"contact_days": 60, "allowed_days": 30}, 0),
        ({"contact_days": 900, "allowed_days": 30}, 0),
        ({"contact_days": None, "allowed_days": 30}, 0),
    ],
    "deals": [({"open_deals": 0}, 0), ({"open_deals": 1}, 100), ({"open_deals": 7}, 100)],
    "trend": [
        ({"revenue": 100, "former_revenue": 100}, 100),
        ({"revenue": 900, "former_revenue": 100}, 100),
        ({"revenue": 90, "former_revenue": 100}, 80),
        ({"revenue": 50, "former_revenue": 100}, 0),
        ({"revenue": -50, "former_revenue": 100}, 0),
        ({"revenue": 1, "former_revenue": 0}, 100),
        ({"revenue": 1, "former_revenue": -5}, 100),
    ],
}


@pytest.mark.parametrize(
    ("name", "known", "expected"), [(name, *rule) for name, rules in RULES.items() for rule in rules]
)
def test_each_rule_alone_is_as_documented(name, known, expected):
    found = get_health(HealthFacts(**known))
    assert found.health == expected
    component = next(component for component in found.components if component.name == name)
    assert (component.points, component.max_points, component.lost_points) == (expected, 100, 100 - expected)
    assert known.items() <= component.reason.items()
    assert [other.points for other in found.components if other.name != name] == [None] * 5


@pytest.mark.parametrize(
    "unknown",
    [
        {},
        {"open_amount": 5},
        {"overdue_amount": 5},
        {"deliveries": 0, "late_deliveries": 0},
        {"deliveries": 3},
        {"contact_days": 3},
        {"contact_days": 3, "allowed_days": 0},
        {"revenue": 5},
        {"revenue": 0, "former_revenue": 0},
        {"revenue": -5, "former_revenue": -5},
    ],
)
def test_what_is_not_known_does_not_count(unknown):
    assert get_health(HealthFacts(**unknown)).health is None
    assert get_health(HealthFacts(**unknown, open_deals=1)).health == 100


@given(facts, weights)
def test_health_is_the_sum_of_points_that_sum_up_to_a_hundred(known, chosen):
    found = get_health(known, chosen)
    assert [component.name for component in found.components] == list(WEIGHTS)
    counted = [component for component in found.components if component.points is not None]
    assert all(0 <= component.points <= component.max_points for component in counted)
    assert all(component.max_points == 0 for component in found.components if component.points is None)
    if not counted:
        assert found.health is None
        return
    assert sum(component.max_points for component in counted) == 100
    assert found.health == sum(component.points for component in counted)
    assert 0 <= found.health <= 100
    assert found.health == 100 - sum(component.lost_points for component in found.components)


@given(facts, weights.filter(lambda chosen: any(chosen.values())))
def test_health_is_near_the_mean_by_weight(known, chosen):
    """Each component rounds its part once, and once its points."""
    found = get_health(known, chosen)
    alone = {name: get_health(known, {name: 1}).health for name in chosen if chosen[name]}
    counted = {name: health for name, health in alone.items() if health is not None}
    if found.health is None:
        assert not counted
        return
    whole = sum(Fraction(str(chosen[name])) for name in counted)
    mean = sum(Fraction(str(chosen[name])) * health for name, health in counted.items()) / whole
    assert abs(found.health - mean) <= 2 * len(counted)


@given(facts, st.sampled_from(STATES), st.sampled_from(STATES))
def test_a_better_state_is_never_less_healthy(known, one, other):
    better, worse = sorted((one, other), key=STATES.index)
    first, second = (get_health(known._replace(churn_state=state)).health for state in (better, worse))
    assert first >= second


@given(facts, st.integers(0, 60), st.integers(0, 60), st.integers(1, 60))
def test_longer_silence_is_never_healthier(known, one, other, allowed):
    shorter, longer = sorted((one, other))
    healths = [
        get_health(known._replace(contact_days=days, allowed_days=allowed)).health for days in (shorter, longer, None)
    ]
    assert healths == sorted(healths, reverse=True)


@given(st.dictionaries(st.integers(0, 9), st.integers(0, 30), max_size=8), st.integers(0, 200))
def test_points_are_split_to_the_last_and_fairly(found, total):
    points = split_points(found, total)
    whole = sum(found.values())
    assert list(points) == list(found)
    assert sum(points.values()) == (total if whole else 0)
    for name, weight in found.items():
        assert not whole or abs(points[name] - Fraction(weight * total, whole)) < 1


@pytest.mark.parametrize(("state", "points"), [("slowing", 20), ("at_risk", 7)])
def test_points_are_rounded_to_the_nearest(state, points):
    """Of three equals the first has 34 points: 20.4 and 6.8 of them."""
    known = HealthFacts(churn_state=state, deliveries=2, late_deliveries=0, open_deals=1)
    found = get_health(known, {"churn": 1, "late_deliveries": 1, "deals": 1})
    assert (found.components[0].points, found.components[0].max_points, found.health) == (points, 34, points + 66)


def test_the_worst_is_what_costs_most():
    found = get_health(
        HealthFacts(churn_state="slowing", open_amount=9, overdue_amount=9, deliveries=1, late_deliveries=0)
    )
    assert [component.name for component in found.get_worst()] == ["overdue", "churn"]
    assert [component.name for component in found.get_worst(1)] == ["overdue"]


def test_limits_move_where_points_end():
    known = HealthFacts(contact_days=60, allowed_days=30)
    assert get_health(known, limits=HealthLimits(contact_times=5)).health == 75
    assert get_health(HealthFacts(deliveries=4, late_deliveries=1), limits=HealthLimits(late_percent=100)).health == 75


@pytest.mark.parametrize(
    "wrong",
    [
        {"weights": {"mood": 10}},
        {"weights": {"churn": -1}},
        {"limits": HealthLimits(overdue_percent=0)},
        {"limits": HealthLimits(contact_times=1)},
    ],
)
def test_weights_and_limits_that_are_none_are_refused(wrong):
    with pytest.raises(ValueError):
        get_health(HealthFacts(open_deals=1), **wrong)


def test_a_state_that_is_none_is_refused():
    with pytest.raises(ValueError):
        get_health(HealthFacts(churn_state="happy"))
