"""Scores of recency, frequency and value, against counting one by one. For pytest alone: Odoo's loader does not bring
Hypothesis."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.sales_management.tools.rfm import (
    SEGMENTS,
    SEGMENTS_OF_RARE,
    RfmFigures,
    RfmScores,
    RfmThresholds,
    get_segment,
    score_by_quintiles,
    score_by_thresholds,
    score_customers,
)

values = st.lists(st.integers(-20, 20), max_size=40).map(lambda numbers: dict(enumerate(numbers)))
limits = st.lists(st.integers(-20, 20), min_size=4, max_size=4, unique=True).map(lambda found: sorted(found)[::-1])
figures = st.dictionaries(
    st.integers(0, 30),
    st.builds(
        RfmFigures,
        st.none() | st.integers(0, 400),
        st.integers(1, 6),
        st.decimals(min_value=-100, max_value=1000, places=2).map(float),
    ),
    max_size=20,
)
triples = [RfmScores(*scores) for scores in product(range(1, 6), repeat=3)]


def count_score(value, others):
    worse = sum(other < value for other in others)
    better = sum(other > value for other in others)
    if not worse and not better:
        return 3
    # The greatest score whose share of a fifth each is worse than the value.
    return max(score for score in range(1, 6) if worse * 5 >= (score - 1) * (worse + better))


@given(values)
def test_scores_are_those_of_counting_who_is_worse(found):
    scores = score_by_quintiles(found)
    assert scores == {key: count_score(value, found.values()) for key, value in found.items()}


@given(values, st.integers(-20, 20))
def test_what_is_not_above_the_limit_scores_lowest_and_does_not_count(found, limit):
    counted = {key: value for key, value in found.items() if value > limit}
    expected = {**dict.fromkeys(found, 1), **score_by_quintiles(counted)}
    assert score_by_quintiles(found, above=limit) == expected


@given(values)
def test_more_is_never_worse_and_equal_is_equal(found):
    scores = score_by_quintiles(found)
    ranked = sorted((value, scores[key]) for key, value in found.items())
    assert [score for _value, score in ranked] == sorted(scores.values())
    assert len(set(ranked)) == len(set(found.values()))
    assert set(scores.values()) <= {1, 2, 3, 4, 5}
    if len(set(found.values())) > 1:
        assert (ranked[0][1], ranked[-1][1]) == (1, 5)


@pytest.mark.parametrize("size", [5, 10, 25, 100, 995])
def test_different_figures_make_five_equal_parts(size):
    scores = score_by_quintiles({key: key * 7 for key in range(size)})
    assert [scores[key] for key in range(size)] == [1 + key * 5 // size for key in range(size)]


@given(values, limits)
def test_fixed_limits_are_reached_or_not(found, chosen):
    scores = score_by_thresholds(found, chosen)
    assert scores == {key: 1 + sum(value >= limit for limit in chosen) for key, value in found.items()}


@pytest.mark.parametrize("wrong", [(), (4, 3, 2), (1, 2, 3, 4), (4, 4, 3, 2), (5, 4, 3, 2, 1)])
def test_limits_that_are_none_are_refused(wrong):
    with pytest.raises(ValueError):
        score_by_thresholds({"a": 1}, wrong)


@given(figures)
def test_who_did_not_buy_changes_nobody_elses_scores(found):
    buyers = {key: figure for key, figure in found.items() if figure.recency_days is not None}
    scores = score_customers(found)
    assert list(scores) == list(found)
    assert {key: scores[key] for key in buyers} == score_customers(buyers)
    assert all(scores[key] == (0, 0, 0) for key in found if key not in buyers)


@given(figures)
def test_a_better_figure_is_a_better_score(found):
    scores = score_customers(found)
    buyers = [(figure, scores[key]) for key, figure in found.items() if figure.recency_days is not None]
    for (one, one_scores), (other, other_scores) in product(buyers, repeat=2):
        if one.recency_days < other.recency_days:
            assert one_scores.recency >= other_scores.recency
        if one.frequency > other.frequency:
            assert one_scores.frequency >= other_scores.frequency
        if one.monetary > other.monetary:
            assert one_scores.monetary >= other_scores.monetary
        if one.monetary <= 0:
            assert one_scores.monetary == 1


@given(figures)
def test_fixed_limits_look_at_nobody_else(found):
    thresholds = RfmThresholds((10, 30, 90, 365), (5, 4, 3, 2), (500, 100.1, 10, 0.01))
    scores = score_customers(found, thresholds)
    for key, (days, frequency, monetary) in found.items():
        if days is None:
            continue
        assert scores[key].recency == 1 + sum(days <= limit for limit in thresholds.recency_days)
        assert scores[key].frequency == 1 + sum(frequency >= limit for limit in thresholds.frequency)
        assert scores[key].monetary == 1 + sum(monetary >= limit for limit in thresholds.monetary)


def test_one_customer_is_neither_good_nor_bad():
    assert score_customers({"only": RfmFigures(1000, 1, 1)}) == {"only": (3, 3, 3)}
    assert score_customers({"only": RfmFigures(0, 1, -1)}) == {"only": (3, 3, 1)}
    assert score_customers({}) == {}


def test_every_triple_has_one_segment_and_every_segment_a_triple():
    named = {segment for row in SEGMENTS.values() for segment in row} | set(SEGMENTS_OF_RARE.values())
    assert {get_segment(*scores) for scores in triples} == named
    assert len(named) == 11
    assert set(SEGMENTS) == {1, 2, 3, 4, 5}
    assert all(len(row) == 5 for row in SEGMENTS.values())


@pytest.mark.parametrize(
    ("segment", "expected"),
    [
        ("champions", lambda r, f, m: r == 5 and f > 1 and f + m >= 7),
        ("loyal", lambda r, f, m: r in (3, 4) and f + m >= 7 and (f > 1 or r == 3)),
        ("potential_loyal", lambda r, f, m: r >= 4 and f > 1 and f + m < 7),
        ("new", lambda r, f, m: r == 5 and f == 1),
        ("promising", lambda r, f, m: r == 4 and f == 1),
        ("needs_attention", lambda r, f, m: r == 3 and 5 <= f + m <= 6),
        ("about_to_sleep", lambda r, f, m: r == 3 and f + m <= 4),
        ("cannot_lose", lambda r, f, m: r <= 2 and f + m >= 9),
        ("at_risk", lambda r, f, m: r <= 2 and 5 <= f + m <= 8),
        ("hibernating", lambda r, f, m: (r == 2 and f + m <= 4) or (r == 1 and 3 <= f + m <= 4)),
        ("lost", lambda r, f, m: (r, f, m) == (1, 1, 1)),
    ],
)
def test_segments_are_the_documented_ones(segment, expected):
    assert [scores for scores in triples if get_segment(*scores) == segment] == [
        scores for scores in triples if expected(*scores)
    ]


@pytest.mark.parametrize("wrong", [(0, 1, 1), (6, 1, 1), (1, 0, 1), (1, 1, 6), (None, 1, 1)])
def test_what_is_no_score_has_no_segment(wrong):
    with pytest.raises(ValueError):
        get_segment(*wrong)
