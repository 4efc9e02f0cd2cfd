"""Rules of price lists and rates of currencies that were read once, to price many lines without asking again."""

from bisect import bisect_right
from typing import NamedTuple


class ListedRule(NamedTuple):
    """A rule of a price list: which product it may be for, none for all, and when it holds."""

    id: int
    template_id: int | None = None
    product_id: int | None = None
    start: object = None
    end: object = None
    min_quantity: float = 0

    def holds(self, date):
        return (not self.start or self.start <= date) and (not self.end or self.end >= date)


class PriceBook:
    """What prices are made of, for as long as one computation takes.

    :param dict rules: by price list, its rules in the order in which the first applicable one counts
    :param dict rates: by currency and company, the dates from which rates hold, ascending, and these

    >>> rules = [ListedRule(7, template_id=3), ListedRule(5), ListedRule(8, end=4)]
    >>> book = PriceBook({1: rules}, {(2, 1): ([10, 20], [6.9, 7.1])})
    >>> book.get_rules(1, 3, None, 9), book.get_rules(1, 4, None, 2), book.get_rules(2, 3, None, 9)
    ([7, 5], [5, 8], None)
    >>> [book.get_rate(2, 1, date) for date in (1, 10, 15, 20, 99)], book.get_rate(9, 1, 15)
    ([6.9, 6.9, 6.9, 7.1, 7.1], 1.0)
    """

    def __init__(self, rules, rates):
        self._rules = rules
        self._rates = rates
        self._found = {}
        every = [rule for listed in rules.values() for rule in listed]
        self.is_by_quantity = any(rule.min_quantity for rule in every)
        self.is_dated = bool(rates) or any(rule.start or rule.end for rule in every)

    def get_rules(self, pricelist_id, template_id, product_id, date):
        """:return: ids of the rules that may apply, none when the price list is not in the book
        :rtype: list[int] | None
        """
        if pricelist_id not in self._rules:
            return None
        key = (pricelist_id, template_id, product_id)
        if key not in self._found:
            self._found[key] = [
                rule
                for rule in self._rules[pricelist_id]
                if rule.template_id in (None, template_id) and rule.product_id in (None, product_id)
            ]
        return [rule.id for rule in self._found[key] if rule.holds(date)]

    def get_rate(self, currency_id, company_id, date):
        """The rate of a day: the last one until then, else the first one there is, else one."""
        dates, rates = self._rates.get((currency_id, company_id), ((), ()))
        if not rates:
            return 1.0
        return rates[max(bisect_right(dates, date) - 1, 0)]
