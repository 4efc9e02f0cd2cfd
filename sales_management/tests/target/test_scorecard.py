"""Scorecards, against weighing by hand. For pytest alone: Odoo's loader does not bring Hypothesis."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.sales_management.tools.scorecard import (
    Indicator,
    get_exact_points,
    get_scorecard,
    rank,
)


def get_points(value, target, higher, cap=120, floor=0, scale=None):
    return get_exact_points(Indicator("points", value, target, 1, higher, cap, floor, scale))


numbers = st.integers(-1000, 1000) | st.decimals(-1000, 1000, places=2)
indicators = st.lists(
    st.builds(
        Indicator,
        key=st.integers(0, 99),
        value=st.none() | numbers,
        target=st.none() | numbers,
        weight=st.integers(0, 50) | st.decimals(0, 1, places=2),
        higher_is_better=st.booleans(),
        cap=st.sampled_from([100, 120, 150]),
        floor=st.sampled_from([0, 20, 100]),
        scale=st.none() | st.integers(1, 500),
    ),
    max_size=8,
    unique_by=lambda indicator: indicator.key,
)


@given(indicators)
def test_a_total_is_the_mean_of_points_by_weight(indicators):
    card = get_scorecard(indicators)
    points = {indicator.key: get_exact_points(indicator) for indicator in indicators}
    counted = [found for found in indicators if points[found.key] is not None]
    weight = sum(Fraction(found.weight) for found in counted)
    if not weight:
        assert card.total is None
    else:
        exact = sum(Fraction(found.weight) * points[found.key] for found in counted) / weight
        assert abs(Fraction(card.total) - exact) < Fraction(501, 100000)
    assert list(card.scores) == [found.key for found in indicators]


@given(indicators)
def test_what_is_printed_adds_up(indicators):
    card = get_scorecard(indicators)
    scores = card.scores.values()
    assert round(sum(score.contribution for score in scores), 6) == round(card.total or 0, 6)
    assert round(sum(score.share for score in scores), 6) == (0 if card.total is None else 100)
    for indicator, score in zip(indicators, scores, strict=True):
        missed = indicator.value is None or indicator.target is None
        assert (score.points is None) == missed
        if missed or not indicator.weight:
            assert score.contribution == 0
        if missed or not indicator.weight:
            assert score.share == 0
        if card.total is not None and score.points is not None:
            assert abs(score.contribution - score.points * score.share / 100) < 0.03
            assert abs(Fraction(score.points) - get_exact_points(indicator)) < Fraction(501, 100000)


@given(indicators)
def test_the_weight_of_the_missing_goes_to_the_others(indicators):
    known = [found for found in indicators if found.value is not None and found.target is not None]
    card, without = get_scorecard(indicators), get_scorecard(known)
    assert card.total == without.total
    assert {found.key: card.scores[found.key] for found in known} == without.scores


@given(numbers, numbers, numbers, st.booleans(), st.none() | st.integers(1, 500))
def test_better_is_never_fewer_points(target, one, other, higher, scale):
    better, worse = (max(one, other), min(one, other)) if higher else (min(one, other), max(one, other))
    assert get_points(better, target, higher, scale=scale) >= get_points(worse, target, higher, scale=scale)
    assert get_points(target, target, higher, scale=scale) == 100


@given(st.integers(1, 1000), st.integers(-100, 20), st.booleans())
def test_each_percent_of_the_target_is_a_point(target, percent, higher):
    value = Fraction(target * (100 + percent if higher else 100 - percent), 100)
    assert get_points(value, target, higher) == 100 + percent


@given(numbers, numbers, st.booleans(), st.integers(0, 100), st.integers(100, 200))
def test_points_stay_between_the_limits(value, target, higher, floor, cap):
    assert floor <= get_points(value, target, higher, cap, floor) <= cap


@given(numbers, st.booleans())
def test_a_target_of_zero_is_reached_or_not(value, higher):
    reached = value >= 0 if higher else value <= 0
    assert get_points(value, 0, higher, floor=20) == (100 if reached else 20)


@given(st.dictionaries(st.integers(), st.none() | st.integers(0, 5), max_size=20))
def test_a_place_counts_who_is_before(totals):
    places = rank(totals)
    assert list(places) == list(totals)
    for key, place in places.items():
        if totals[key] is None:
            assert place is None
        else:
            assert place == 1 + sum(other is not None and other > totals[key] for other in totals.values())


@given(indicators, st.integers(1, 9))
def test_only_proportions_of_weights_count(indicators, factor):
    heavier = [found._replace(weight=Fraction(found.weight) * factor) for found in indicators]
    assert get_scorecard(heavier) == get_scorecard(indicators)


@given(indicators)
def test_cards_without_any_weight(indicators):
    card = get_scorecard([found._replace(weight=0) for found in indicators])
    assert (card.total, card.completeness) == (None, 0)
    assert all((score.share, score.contribution) == (0, 0) for score in card.scores.values())


@pytest.mark.parametrize(
    ("indicators", "message"),
    [
        ([Indicator("a", 1, 1, weight=-1)], "weight is negative"),
        ([Indicator("a", 1, 1), Indicator("a", 2, 2)], "comes twice"),
        ([Indicator("a", 1, 1, cap=10, floor=20)], "points are not from 20 to 10"),
        ([Indicator("a", 1, 1, floor=-1)], "points are not from -1"),
        ([Indicator("a", None, 1, scale=0)], "0 is no scale"),
        ([Indicator("a", float("nan"), 1)], "nan"),
    ],
)
def test_bad_input_is_said(indicators, message):
    with pytest.raises(ValueError, match=message):
        get_scorecard(indicators)
