"""What is bought together, against looking at each pair in each basket. For pytest alone: Odoo's loader does not bring
Hypothesis."""

import random
import time
import tracemalloc
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.sales_management.tools.co_purchase import (
    CoPurchase,
    CoPurchaseRules,
    get_co_purchases,
    get_suggestions,
)

rows = st.lists(st.sets(st.integers(0, 7), min_size=1, max_size=6), max_size=20).map(
    lambda baskets: [(basket, product) for basket, products in enumerate(baskets) for product in products]
)
rules = st.builds(
    CoPurchaseRules,
    min_baskets=st.integers(1, 4),
    min_confidence=st.sampled_from([0, 5, 33.3, 50, 100]),
    min_lift=st.sampled_from([0, 0.9, 1, 1.2, 2]),
    per_product=st.integers(1, 8),
    max_products=st.just(50),
    order=st.sampled_from(["lift", "confidence"]),
)


def cut(products, counts, chosen):
    """Of a large basket those that are sold most often, and could be part of a pair."""
    ranked = sorted(
        (item for item in products if counts[item] >= chosen.min_baskets), key=lambda item: (-counts[item], item)
    )
    return set(ranked[: chosen.max_products])


def find_pairs(found, chosen):
    baskets = {}
    for basket, product in found:
        baskets.setdefault(basket, set()).add(product)
    products = {product for _basket, product in found}
    counts = {product: sum(product in basket for basket in baskets.values()) for product in products}
    kept = [cut(basket, counts, chosen) for basket in baskets.values()]
    pairs = {}
    for one, other in permutations(sorted(products), 2):
        both = sum(one in basket and other in basket for basket in kept)
        confidence = Fraction(both * 100, counts[one])
        lift = Fraction(both * len(baskets), counts[one] * counts[other])
        is_likely = confidence >= Fraction(str(chosen.min_confidence))
        if both >= chosen.min_baskets and is_likely and lift > Fraction(str(chosen.min_lift)):
            pairs.setdefault(one, []).append((other, both, Fraction(both * 100, len(baskets)), confidence, lift))
    for suggestions in pairs.values():
        if chosen.order == "lift":
            suggestions.sort(key=lambda pair: (-pair[4], -pair[3], -pair[1], pair[0]))
        else:
            suggestions.sort(key=lambda pair: (-pair[3], -pair[4], -pair[1], pair[0]))
        del suggestions[chosen.per_product :]
    return pairs


def check(found, chosen):
    result = get_co_purchases(found, chosen)
    expected = find_pairs(found, chosen)
    assert {one: [pair[:2] for pair in pairs] for one, pairs in result.items()} == {
        one: [pair[:2] for pair in pairs] for one, pairs in expected.items()
    }
    for one, pairs in result.items():
        for pair, exact in zip(pairs, expected[one], strict=True):
            assert all(
                abs(Fraction(figure) - part) < Fraction(1, 10**9)
                for figure, part in zip(pair[2:], exact[2:], strict=True)
            )


@settings(max_examples=300, deadline=None)
@given(rows, rules)
def test_suggestions_are_those_of_looking_at_each_pair(found, chosen):
    check(found, chosen)


@settings(max_examples=300, deadline=None)
@given(rows, rules, st.integers(1, 5))
def test_large_baskets_are_cut_to_what_is_sold_most(found, chosen, most):
    check(found, chosen._replace(max_products=most))


@given(rows, rules, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_twice_the_same_make_no_difference(found, chosen, shuffle):
    shuffled = found * 2
    shuffle.shuffle(shuffled)
    assert get_co_purchases(shuffled, chosen) == get_co_purchases(found, chosen)


@given(rows, rules, st.sets(st.integers(0, 7), max_size=4), st.integers(1, 4))
def test_a_quotation_is_offered_the_strongest_that_it_lacks(found, chosen, products, limit):
    known = get_co_purchases(found, chosen)
    offered = get_suggestions(known, products, limit)
    lacking = {pair.product for cause in products for pair in known.get(cause, ())} - products
    assert len(offered) == min(limit, len(lacking))
    assert {pair.product for _cause, pair in offered} <= lacking
    assert len({pair.product for _cause, pair in offered}) == len(offered)
    lifts = {
        product: max(pair.lift for cause in products for pair in known.get(cause, ()) if pair.product == product)
        for product in lacking
    }
    assert [pair.lift for _cause, pair in offered] == sorted(lifts.values(), reverse=True)[:limit]
    assert all(cause in products and pair in known[cause] for cause, pair in offered)


def test_no_more_than_asked_for_are_suggested():
    found = [(basket, product) for basket in range(4) for product in ("abcdefgh" if basket else "z")]
    assert [pair.product for pair in get_co_purchases(found)["a"]] == ["b", "c", "d", "e", "f"]
    assert [pair.product for pair in get_co_purchases(found, CoPurchaseRules(per_product=2))["h"]] == ["a", "b"]


def test_what_two_products_suggest_is_offered_for_the_stronger_reason():
    weak, strong = CoPurchase("c", 9, 9.0, 9.0, 2.0), CoPurchase("c", 3, 3.0, 3.0, 8.0)
    assert get_suggestions({"a": [weak], "b": [strong]}, "ab") == [("b", strong)]
    assert get_suggestions({"a": [strong], "b": [weak]}, "ab") == [("a", strong)]


def test_chance_suggests_nothing():
    """Everything in every basket: each is there with each, and says nothing of it."""
    assert get_co_purchases([(basket, product) for basket in range(9) for product in range(4)]) == {}


def test_one_basket_and_none_suggest_nothing():
    assert get_co_purchases([]) == {}
    assert get_co_purchases([(1, "a"), (1, "b")]) == {}
    assert get_suggestions({}, ["a"]) == get_suggestions({"a": [CoPurchase("b", 3, 1.0, 1.0, 2.0)]}, []) == []


@pytest.mark.parametrize("wrong", [{"order": "price"}, {"min_baskets": 0}, {"per_product": 0}, {"max_products": 0}])
def test_rules_that_are_none_are_refused(wrong):
    with pytest.raises(ValueError):
        get_co_purchases([], CoPurchaseRules(**wrong))


def make_rows(count, per_basket, products, seed=6):
    chance = random.Random(seed)
    return [(number // per_basket, int(products * chance.random() ** 3)) for number in range(count)]


@pytest.mark.parametrize(("per_basket", "products"), [(4, 10000), (400, 10000), (400, 500)])
def test_two_hundred_thousand_rows_take_seconds_and_little_memory(per_basket, products):
    found = make_rows(200_000, per_basket, products)
    started = time.process_time()
    get_co_purchases(found)
    assert time.process_time() - started < 10
    tracemalloc.start()
    get_co_purchases(found[:50_000])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60_000_000
