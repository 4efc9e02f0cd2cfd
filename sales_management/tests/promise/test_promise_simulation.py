"""Promises against a warehouse that is lived through day by day. For pytest alone.

The warehouse knows nothing of the arithmetic of promises: it opens every morning, takes in what comes and hands out
what is due, until the day from which on whatever is short can be bought.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.sales_management.tools.promise import Event, Timeline

LAST = 30

stocks = st.integers(0, 15)
purchases = st.lists(st.tuples(st.integers(0, LAST), st.integers(1, 12)), max_size=6)
# What a production takes of its component on its first day, and gives of the product days later.
productions = st.lists(st.tuples(st.integers(0, LAST - 6), st.integers(1, 6), st.integers(1, 5)), max_size=4)
wishes = st.lists(st.tuples(st.integers(1, 12), st.integers(0, LAST)), min_size=1, max_size=6)
leads = st.none() | st.integers(1, LAST + 4)


def live(stock, coming, going, lead):
    """Live through the days: on each, goods come in, then go out.

    :param going: orders as day and quantity
    :param lead: days after which anything that is short can be there
    :return: whether nobody was left without his goods on his day
    """
    for day in range(LAST + 6):
        if lead is not None and day >= lead:
            return True
        stock += sum(quantity for moment, quantity in coming if moment == day)
        stock -= sum(quantity for moment, quantity in going if moment == day)
        if stock < 0:
            return False
    return True


@settings(max_examples=500, deadline=None)
@given(stocks, purchases, productions, wishes, leads)
def test_promises_are_kept_break_none_before_and_could_not_be_earlier(stock, bought, made, wanted, lead):
    coming = bought + [(day + takes, quantity) for day, takes, quantity in made]
    timeline = Timeline([Event(0, stock)] + [Event(day, quantity, "b") for day, quantity in coming])
    promised = []
    for quantity, wish in wanted:
        day = timeline.get_earliest(quantity, wish, lead)
        for earlier in range(wish, LAST + 6 if day is None else day):
            assert not live(stock, coming, [*promised, (earlier, quantity)], lead), "an earlier day would have worked"
        if day is None:
            assert lead is None
            continue
        promised.append((day, quantity))
        timeline.consume(quantity, day)
        assert live(stock, coming, promised, lead), "a promise was not kept"


@settings(max_examples=500, deadline=None)
@given(stocks, stocks, purchases, purchases, productions, wishes, wishes, leads)
def test_parts_of_productions_are_never_promised_away(part, stock, parts, bought, made, for_parts, for_goods, lead):
    """Two stocks: what productions take of the one, they give of the other."""
    eaten = [(day, quantity) for day, _takes, quantity in made]
    baked = [(day + takes, quantity) for day, takes, quantity in made]
    if not live(part, parts, eaten, lead):
        return
    component = Timeline([Event(0, part)] + [Event(*row) for row in parts] + [Event(day, -qty) for day, qty in eaten])
    product = Timeline([Event(0, stock)] + [Event(*row) for row in bought + baked])
    sold, taken = [], []
    for quantity, wish in for_parts:
        day = component.get_earliest(quantity, wish, lead)
        if day is not None:
            component.consume(quantity, day)
            taken.append((day, quantity))
    for quantity, wish in for_goods:
        day = product.get_earliest(quantity, wish, lead)
        if day is not None:
            product.consume(quantity, day)
            sold.append((day, quantity))
    assert live(part, parts, eaten + taken, lead)
    assert live(stock, bought + baked, sold, lead)
