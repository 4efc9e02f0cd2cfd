"""Classes by cumulative revenue, against adding up for each customer alone. For pytest alone: Odoo's loader does not
bring Hypothesis."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.sales_management.tools.abc_class import classify_customers

amounts = st.decimals(min_value=-200, max_value=1000, places=2)
revenues = st.lists(amounts | st.integers(-3, 6), max_size=25).map(lambda found: dict(enumerate(found)))
percents = st.tuples(st.integers(0, 100), st.integers(0, 100)).filter(lambda found: sum(found) <= 100)


def find_class(revenue, others, a_percent, b_percent):
    total = sum(Fraction(other) for other in others if other > 0)
    before = sum(Fraction(other) for other in others if other > max(revenue, 0))
    if revenue <= 0:
        return "c"
    share = before / total * 100
    return "a" if share < a_percent else "b" if share < a_percent + b_percent else "c"


@given(revenues, percents)
def test_classes_are_those_of_adding_up_what_brings_more(found, limits):
    places = classify_customers({key: float(amount) for key, amount in found.items()}, *limits)
    assert list(places) == list(found)
    for key, revenue in found.items():
        assert places[key].abc_class == find_class(revenue, found.values(), *limits)
        assert places[key].rank == 1 + sum(other > revenue for other in found.values())


@given(revenues)
def test_shares_are_those_of_all_revenue(found):
    places = classify_customers(found)
    total = sum(Fraction(amount) for amount in found.values() if amount > 0)
    for key, revenue in found.items():
        share = Fraction(max(revenue, 0)) / total * 100 if total else 0
        cumulative = sum(Fraction(other) for other in found.values() if other >= revenue and other > 0)
        assert abs(Fraction(places[key].share) - share) < Fraction(1, 10**9)
        assert abs(Fraction(places[key].cumulative) - (cumulative / total * 100 if total else 0)) < Fraction(1, 10**9)


@given(revenues)
def test_the_a_customers_bring_four_fifths_and_would_not_without_their_last(found):
    places = classify_customers(found)
    brought = [Fraction(revenue) for key, revenue in found.items() if places[key].abc_class == "a"]
    total = sum(Fraction(amount) for amount in found.values() if amount > 0)
    if not total:
        assert not brought
        return
    assert sum(brought) * 100 >= 80 * total
    assert sum(revenue for revenue in brought if revenue > min(brought)) * 100 < 80 * total


@given(revenues, st.randoms(use_true_random=False))
def test_the_order_of_customers_makes_no_difference(found, random):
    shuffled = list(found.items())
    random.shuffle(shuffled)
    assert classify_customers(dict(shuffled)) == classify_customers(found)


@given(revenues, st.integers(1, 1000))
def test_credit_notes_of_others_take_nothing_off(found, taken_back):
    places = classify_customers(found)
    with_loser = classify_customers({**found, "loser": -taken_back})
    assert with_loser["loser"].abc_class == "c"
    assert {key: with_loser[key].abc_class for key in found} == {key: place.abc_class for key, place in places.items()}


def test_limits_are_met_to_the_cent():
    """Where floats add up to 79.99999999999999 percent, the next one would be an A."""
    tenths = {"a": 0.1, "b": 0.7, "c": 0.2}
    assert {key: place.abc_class for key, place in classify_customers(tenths).items()} == {"a": "b", "b": "a", "c": "a"}
    places = classify_customers({**dict.fromkeys(range(8), 0.1), "c": 0.05, "d": 0.05, "e": 0.1})
    assert {place.abc_class for key, place in places.items() if key in (*range(8), "e")} == {"a"}
    assert classify_customers({"a": 0.8, "b": 0.15, "c": 0.05})["b"].abc_class == "b"
    assert classify_customers({"a": 0.8, "b": 0.15, "c": 0.05})["c"].abc_class == "c"


def test_one_customer_is_an_a_and_nobody_without_revenue():
    assert classify_customers({"only": 0.01})["only"] == ("a", 1, 100.0, 100.0)
    assert classify_customers({"only": 0})["only"] == ("c", 1, 0.0, 0.0)
    assert classify_customers({"only": -5})["only"] == ("c", 1, 0.0, 0.0)
    assert classify_customers({}) == {}


@pytest.mark.parametrize("wrong", [(-1, 15), (80, -1), (90, 15), (101, 0)])
def test_percentages_that_are_no_parts_are_refused(wrong):
    with pytest.raises(ValueError):
        classify_customers({"a": 1}, *wrong)
