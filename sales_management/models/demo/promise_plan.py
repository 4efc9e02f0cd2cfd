"""What the demo company bought, makes and promised: what is on its way, what was said to customers, what became of it.

Free of the ORM, as the plan is. The tables ``promise_*`` name the cases; deals and customers are the year's.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from .plan import SEED, Calendar, Line, Order

#: How many of a hundred late deliveries were announced: the customer was given another date before.
ANNOUNCED = 50
#: Terms on which everything is shipped at once: a split would not be seen.
AT_ONCE = "60"


@dataclass
class Purchase:
    key: str
    product: dict
    quantity: int
    ordered: datetime
    due: datetime
    state: str  # request, confirmed or acknowledged
    moved: datetime  # to which day the vendor put it afterwards, none for most
    record: object = None


@dataclass
class Production:
    key: str
    product: dict
    quantity: int
    start: datetime
    state: str  # confirmed or progress
    record: object = None


@dataclass
class Sale:
    key: str
    owner: str
    order: Order
    state: str  # draft, sent or sale
    committed: object  # a moment by hand, `earliest` for what was promised, none for what nobody committed to

    @property
    def record(self):
        return self.order.record


@dataclass
class Event:
    """Something that was promised or done in the year before, for all goods of an order."""

    kind: str
    moment: datetime
    order: Order
    date: datetime = None
    former: datetime = None
    share: float = 0.0  # of what is ordered, how much is delivered by then


class PromisePlanner:
    def __init__(self, calendar: Calendar, tables: dict):
        self.calendar = calendar
        self.random = calendar.random = Random()
        self.tables = tables
        self.products = {row["code"]: row for row in (*tables["products"], *tables["promise_products"])}
        self.used = Counter()

    # === Supply === #

    def tell_purchases(self):
        return [self._tell_purchase(row) for row in self.tables["promise_purchases"]]

    def _tell_purchase(self, row):
        self._restart("purchase", row["key"])
        return Purchase(
            key=row["key"],
            product=self.products[row["product"]],
            quantity=int(row["quantity"]),
            ordered=self.calendar.past(int(row["ordered"])),
            due=self.calendar.day(int(row["due"])),
            state=row["state"],
            moved=self.calendar.day(int(row["moved"])) if row["moved"] else None,
        )

    def tell_productions(self):
        rows = self.tables["promise_productions"]
        self._restart("productions")
        return [
            Production(
                row["key"],
                self.products[row["product"]],
                int(row["quantity"]),
                self.calendar.past(int(row["start"])),
                row["state"],
            )
            for row in rows
        ]

    # === Sales === #

    def tell_sales(self, deals):
        return [self._tell_sale(row, deals) for row in self.tables["promise_sales"]]

    def _tell_sale(self, row, deals):
        self._restart("sale", row["key"])
        deal = self._pick(deals, row["owner"], row["deal"], int(row["age"]))
        created = max(self.calendar.past(int(row["age"])), deal.created + timedelta(hours=1))
        lines = [Line(self.products[code], int(count)) for code, count in self._read_pairs(row["lines"])]
        committed = row["committed"]
        if committed and committed != "earliest":
            committed = self.calendar.day(int(committed))
        return Sale(row["key"], row["owner"], Order(deal.customer, lines, created, deal), row["state"], committed)

    def _pick(self, deals, owner, outcome, age):
        """:return: the youngest deal of a salesperson that was there by then, each in turn"""
        own = [deal for deal in deals if deal.outcome == outcome and deal.customer["salesperson"] == owner]
        deal = min(
            own,
            key=lambda deal: (
                deal.customer["terms"] == AT_ONCE,
                self.calendar.days_ago(deal.created) <= age,
                self.used[id(deal)],
                self.calendar.days_ago(deal.created),
            ),
        )
        self.used[id(deal)] += 1
        return deal

    @staticmethod
    def _read_pairs(text):
        return [part.split(":") for part in text.split()]

    # === The year before === #

    def tell_history(self, orders):
        """:return: what was promised and done for the orders that were delivered, in the order of the moments"""
        events = []
        for position, order in enumerate(orders):
            if order.shipped:
                self._restart("history", position)
                events += self._tell_order(order)
        return sorted(events, key=lambda event: event.moment)

    def _tell_order(self, order):
        yield Event("promised", order.created, order, order.commitment)
        yield Event("committed", order.created, order, order.commitment)
        done = order.shipped[-1][0]
        if done.date() > order.commitment.date() and self.random.randrange(100) < ANNOUNCED:
            moment = max(order.commitment - timedelta(days=1), order.created + timedelta(hours=1))
            if moment < order.shipped[0][0]:
                yield Event("changed", moment, order, done, former=order.commitment)
        for moment, share in order.shipped:
            yield Event("delivered", moment, order, order.commitment, share=share)

    def _restart(self, *story):
        self.random.seed(f"{SEED} promise {story}")
