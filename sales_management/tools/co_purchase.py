"""What is bought together: for each product, those that its buyers take along more often than chance has it.

Support and confidence are those of R. Agrawal, T. Imieliński and A. Swami, *Mining Association Rules between Sets of
Items in Large Databases* (1993), lift is the *interest* of S. Brin, R. Motwani, J. D. Ullman and S. Tsur, *Dynamic
Itemset Counting and Implication Rules for Market Basket Data* (1997). Pairs only: one product suggests one other.
"""

from collections import Counter, defaultdict
from itertools import chain
from typing import Any, NamedTuple

from .exact import as_decimal

BY_LIFT = "lift"
BY_CONFIDENCE = "confidence"


class CoPurchase(NamedTuple):
    """A product that is bought together with another one, which is called the first here.

    :param product: the product
    :param int baskets: how many baskets have both
    :param float support: percentage of all baskets that have both
    :param float confidence: percentage of the baskets with the first that have this one too
    :param float lift: how many times as often as chance has it: the confidence by the percentage of all baskets that
        have this one
    """

    product: Any
    baskets: int
    support: float
    confidence: float
    lift: float


class CoPurchaseRules(NamedTuple):
    """What counts as bought together.

    :param int min_baskets: at least so many baskets have both: fewer are chance
    :param min_confidence: at least so many percent of the baskets with the first have the other
    :param min_lift: more often than so many times by chance
    :param int per_product: so many products at most are suggested for one
    :param int max_products: of a larger basket, only the products sold most often count: a container of everything says
        little of what belongs together, and its pairs would grow with the square of its size
    :param str order: ``lift`` or ``confidence``: what comes first
    """

    min_baskets: int = 3
    min_confidence: Any = 5
    min_lift: Any = 1
    per_product: int = 5
    max_products: int = 50
    order: str = BY_LIFT


def get_co_purchases(rows, rules=None):
    """For each product, those bought together with it, the best first.

    A product that is in a basket twice is in it once. Products that are in fewer baskets than are asked of a pair
    cannot be part of one and are left out before pairs are counted. Where a larger basket is cut, its pairs of what was
    left out are not counted, while the product itself is: confidence and lift of such pairs are too low, never too
    high. Time grows with the rows, ``max_products`` times at most; memory with products and rows, not with pairs.

    :param Iterable[tuple] rows: basket and product, such as ids of orders and products; products must be sortable,
        which decides between equals
    :param CoPurchaseRules | None rules: none for the defaults
    :return: suggestions by product, of those that have any
    :rtype: dict[Any, list[CoPurchase]]
    :raise ValueError: for rules that are none

    >>> baskets = {1: "pump seal", 2: "pump seal", 3: "pump seal hose", 4: "hose", 5: "pump hose", 6: "valve"}
    >>> rows = [(basket, product) for basket, products in baskets.items() for product in products.split()]
    >>> found = get_co_purchases(rows, CoPurchaseRules(min_baskets=2))
    >>> {product: [(other.product, other.baskets, other.confidence, other.lift) for other in found[product]]
    ...  for product in sorted(found)}
    {'pump': [('seal', 3, 75.0, 1.5)], 'seal': [('pump', 3, 100.0, 1.5)]}
    >>> get_co_purchases([]), get_co_purchases(rows)["seal"][0].product
    ({}, 'pump')
    """
    rules = _check_rules(rules or CoPurchaseRules())
    baskets = defaultdict(set)
    for basket, product in rows:
        baskets[basket].add(product)
    counts = Counter(chain.from_iterable(baskets.values()))
    holding = defaultdict(list)
    for products in _cut_baskets(baskets.values(), counts, rules):
        for product in products:
            holding[product].append(products)
    found = {}
    for product, lists in holding.items():
        together = Counter(chain.from_iterable(lists))
        del together[product]
        if best := _get_best(product, together, counts, len(baskets), rules):
            found[product] = best
    return found


def get_suggestions(co_purchases, products, limit=5):
    """What to offer with what is on a quotation already: each product once, by its highest lift, the best first.

    :param dict co_purchases: suggestions by product
    :param Collection products: products of the quotation, which are not suggested
    :param int limit: how many at most
    :return: product that suggests it, and the suggestion
    :rtype: list[tuple[Any, CoPurchase]]

    >>> seal, hose = CoPurchase("seal", 9, 9.0, 50.0, 3.0), CoPurchase("hose", 5, 5.0, 40.0, 2.0)
    >>> known = {"pump": [seal, hose], "valve": [hose._replace(lift=4.0)], "seal": [hose]}
    >>> [(cause, found.product, found.lift) for cause, found in get_suggestions(known, ["pump", "valve"])]
    [('valve', 'hose', 4.0), ('pump', 'seal', 3.0)]
    >>> [found.product for _cause, found in get_suggestions(known, ["pump", "seal"])]
    ['hose']
    """
    taken = set(products)
    best = {}
    for cause in sorted(taken):
        for found in co_purchases.get(cause, ()):
            former = best.get(found.product)
            if found.product not in taken and (former is None or _get_strength(found) < _get_strength(former[1])):
                best[found.product] = (cause, found)
    return sorted(best.values(), key=lambda pair: _get_strength(pair[1]))[:limit]


def _check_rules(rules):
    if rules.order not in (BY_LIFT, BY_CONFIDENCE) or min(rules.min_baskets, rules.per_product, rules.max_products) < 1:
        raise ValueError(f"{rules} are no rules")
    return rules._replace(min_confidence=as_decimal(rules.min_confidence), min_lift=as_decimal(rules.min_lift))


def _cut_baskets(baskets, counts, rules):
    """The products of each basket that can be part of a pair, the most frequent of them where they are too many."""
    for products in baskets:
        frequent = [product for product in products if counts[product] >= rules.min_baskets]
        if len(frequent) > rules.max_products:
            frequent = sorted(frequent, key=lambda product: (-counts[product], product))[: rules.max_products]
        if len(frequent) > 1:
            yield frequent


def _get_best(product, together, counts, total, rules):
    found = []
    for other, both in together.items():
        # By whole numbers, as no limit is missed by a rounding then.
        if both < rules.min_baskets or both * 100 < rules.min_confidence * counts[product]:
            continue
        if both * total <= rules.min_lift * counts[product] * counts[other]:
            continue
        confidence = both * 100 / counts[product]
        lift = both * total / (counts[product] * counts[other])
        found.append(CoPurchase(other, both, both * 100 / total, confidence, lift))
    found.sort(key=_get_strength if rules.order == BY_LIFT else _get_likelihood)
    return found[: rules.per_product]


def _get_strength(found):
    return -found.lift, -found.confidence, -found.baskets, found.product


def _get_likelihood(found):
    return -found.confidence, -found.lift, -found.baskets, found.product
