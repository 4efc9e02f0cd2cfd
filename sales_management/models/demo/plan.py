"""The year of the demo company, decided before a record exists.

Free of the ORM: numbers, names and dates come from the tables and from one seeded generator, so that every installation
tells the same story and the records can be created in batches, in the order of their dates.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

SEED = 20212
# What every deal goes through; what happens in between is told by the plan of the process.
STAGES = ("lead", "contact", "proposal", "won")
WON, LOST, NEW, QUALIFIED, PROPOSITION = 78, 32, 11, 13, 16
SECOND_ORDERS, DIRECT_ORDERS = 12, 4
VALIDITY_DAYS = 30
# (vendor, days ago that the goods were promised for, negative ones to come) of receipts that are still open
OPEN_RECEIPTS = (
    ("bearing", 12),
    ("zinc", 4),
    ("damper", -2),
    ("zinc", -5),
    ("steel", -9),
    ("bolt", -14),
    ("bearing", -20),
    ("damper", -31),
    ("zinc", -45),
)


@dataclass
class Line:
    product: dict
    quantity: int
    discount: float = 0.0

    @property
    def amount(self):
        return float(self.product["price"]) * self.quantity * (1 - self.discount / 100)


@dataclass
class Order:
    customer: dict
    lines: list
    created: datetime
    deal: "Deal" = None
    state: str = "draft"
    confirmed: datetime = None
    commitment: datetime = None
    shipped: list = field(default_factory=list)  # [(moment, share of every line)], the shares summing to 1 at most
    returned: datetime = None
    is_return_open: bool = False
    record: object = None

    @property
    def date(self):
        return self.confirmed or self.created


@dataclass
class Receipt:
    vendor: str
    warehouse: str
    lines: list  # [(product, quantity)]
    due: datetime
    done: datetime = None


@dataclass
class Deal:
    customer: dict
    name: str
    products: list
    outcome: str  # won, lost or open
    created: datetime
    moves: list  # [(stage, moment)]
    tags: list
    source: str
    priority: str
    lines: list
    closed: datetime = None
    reason: str = None
    orders: list = field(default_factory=list)
    number: str = None
    record: object = None
    story: object = None

    @property
    def stage(self):
        return self.moves[-1][0] if self.moves else STAGES[0]

    @property
    def revenue(self):
        return round(sum(line.amount for line in self.lines), -2)


class Calendar:
    """Moments in the working hours of the company, as naive UTC."""

    ZONE = timedelta(hours=8)

    def __init__(self, random: Random, today: date):
        self.random, self.today = random, today

    def past(self, days_ago):
        day = self.today - timedelta(days=max(1, round(days_ago)))
        return self._moment(day - timedelta(days=max(0, day.weekday() - 4)))

    def future(self, days):
        day = self.today + timedelta(days=max(1, round(days)))
        return self._moment(day + timedelta(days=-day.weekday() % 7 if day.weekday() > 4 else 0))

    def day(self, days_ago):
        return self.past(days_ago) if days_ago > 0 else self.future(-days_ago)

    def between(self, start, end):
        """:return: a moment of a working day between the two, as far as they leave one"""
        day = (start + (max(end, start) - start) * self.random.random()).date()
        return max(start, min(max(start, end), self._moment(day - timedelta(days=max(0, day.weekday() - 4)))))

    def days_ago(self, moment):
        return (self.today - moment.date()).days

    def _moment(self, day):
        return datetime.combine(day, time(9)) + timedelta(minutes=self.random.randrange(9 * 60)) - self.ZONE


class Planner:
    def __init__(self, tables: dict, today: date):
        self.random = Random(SEED)
        self.calendar = Calendar(self.random, today)
        self.tables = tables
        self.products = {row["code"]: row for row in tables["products"]}
        self.customers = tables["customers"]
        self.deals, self.orders, self.receipts = [], [], []

    def plan(self):
        """:return: deals, orders and receipts, each in the order of their dates"""
        for position in range(WON):
            self._plan_won(position)
        for position in range(LOST):
            self._plan_lost(position)
        self._plan_open()
        self._plan_extra_orders()
        self.deals.sort(key=lambda deal: deal.created)
        self.orders.sort(key=lambda order: order.created)
        self._plan_returns()
        self._plan_receipts()
        return self.deals, self.orders, self.receipts

    def _restart(self, *story):
        """Begin the random numbers anew for a story, so that what one draws by the day leaves the others alone."""
        self.random.seed(f"{SEED} {story}")

    # === Deals === #

    def _plan_won(self, position):
        # more orders lately than a year ago: a company that grows, and enough of them still to be delivered
        self._restart("won", position)
        won = max(1, 330 * ((position + 0.5) / WON) ** 1.4)
        duration = min(self.random.randint(12, 75), max(8, 364 - won))
        deal = self._deal("won", won + duration)
        self._advance(deal, won, 3)
        self._quote_won(deal, won)

    def _plan_lost(self, position):
        self._restart("lost", position)
        closed = 12 + 320 * (position + 0.5) / LOST
        deal = self._deal("lost", min(364, closed + self.random.randint(14, 80)))
        reached = self.random.choice((0, 1, 1, 2, 2, 2))
        self._advance(deal, closed + 2, reached)
        deal.closed = self.calendar.past(closed)
        deal.reason = self.random.choice(self.tables["reasons"])["key"]
        if reached == 2:
            self._quote(deal, deal.moves[-1][1], self.random.choice(("sent", "cancel")))

    def _plan_open(self):
        # a few stand still for months: what the process capability is there to show
        for position in range(NEW):
            self._restart("new", position)
            age = (180, 121, 97)[position] if position < 3 else self.random.randint(1, 38)
            self._deal("open", age, self._favour(position))
        for position in range(QUALIFIED):
            self._restart("qualified", position)
            age = (240, 150)[position] if position < 2 else self.random.randint(8, 80)
            deal = self._deal("open", age, self._favour(position))
            self._advance(deal, age * self.random.uniform(0.3, 0.8), 1)
            if position % 3 == 0:
                self._quote(deal, self.calendar.past(self.random.randint(1, 6)), "draft")
        for position in range(PROPOSITION):
            self._restart("proposition", position)
            age = (260, 210, 160, 118)[position] if position < 4 else self.random.randint(14, 88)
            deal = self._deal("open", age, self._favour(position))
            self._advance(deal, age * self.random.uniform(0.15, 0.75), 2)
            self._quote(deal, deal.moves[-1][1], "draft" if position % 6 == 5 else "sent")

    def _favour(self, position):
        """Give every fourth open deal to the salesperson whom people log in as."""
        return "sales" if position % 4 == 0 else None

    def _deal(self, outcome, age, salesperson=None):
        customer = self._pick_customer(salesperson)
        subject = self.random.choice(self.tables["subjects"])
        occasion = self.random.choice((None, *self.tables["occasions"]))
        products = [self.products[code] for code in subject["products"].split()]
        tags = [key for key in ("oem", "tender", "new_product") if self.random.random() < 0.15]
        if int(customer["size"]) >= 8:
            tags.insert(0, "key_account")
        deal = Deal(
            customer=customer,
            name=f"{subject['name']} · {occasion['name']}" if occasion else subject["name"],
            products=products,
            outcome=outcome,
            created=self.calendar.past(age),
            moves=[],
            tags=tags,
            source=self.random.choice(self.tables["sources"])["key"],
            priority=self.random.choices("0123", (5, 3, 2, 1))[0],
            lines=self._lines(customer, products),
        )
        self.deals.append(deal)
        return deal

    def _advance(self, deal, until, reached):
        """Spread the moves through ``reached`` stages between the deal's creation and ``until`` days ago."""
        start = self.calendar.days_ago(deal.created)
        parts = [*sorted(self.random.uniform(0.15, 0.75) for _move in range(max(0, reached - 1))), 1.0]
        moments = sorted(
            max(self.calendar.past(start + (until - start) * part), deal.created + timedelta(minutes=40 * rank))
            for rank, part in enumerate(parts[:reached], 1)
        )
        deal.moves = list(zip(STAGES[1 : reached + 1], moments, strict=True))
        if reached == 3:
            deal.closed = moments[-1]

    def _pick_customer(self, salesperson=None):
        customers = [row for row in self.customers if not salesperson or row["salesperson"] == salesperson]
        return self.random.choices(customers, [int(row["size"]) for row in customers])[0]

    def _lines(self, customer, products):
        chosen = self.random.sample(products, self.random.choice((1, 2, 2, 3)))
        weight = 1 + int(customer["size"]) // 4
        return [
            Line(
                product,
                int(product["lot"]) * self.random.choice((2, 3, 4, 6, 10)) * weight,
                self.random.choice((0, 0, 0, 0, 3, 5)),
            )
            for product in chosen
        ]

    # === Quotations and orders === #

    def _quote(self, deal, moment, state):
        self._order(deal.customer, deal.lines, moment, state, deal)

    def _order(self, customer, lines, moment, state, deal=None):
        order = Order(customer=customer, lines=lines, created=moment, deal=deal, state=state)
        self.orders.append(order)
        if deal:
            deal.orders.append(order)
        return order

    def _quote_won(self, deal, won):
        proposed = deal.moves[1][1]
        if self.random.random() < 0.2:
            dearer = [Line(line.product, line.quantity) for line in deal.lines]
            earlier = proposed - (proposed - deal.created) * self.random.uniform(0.2, 0.5)
            self._order(deal.customer, dearer, earlier, "cancel", deal)
        order = self._order(deal.customer, self._with_services(deal), proposed, "sale", deal)
        self._confirm(order, won)

    def _with_services(self, deal):
        lines = list(deal.lines)
        if deal.customer["terms"] == "deposit":
            lines.append(Line(self.products["HD-V02"], 1))
        elif "oem" in deal.tags:
            lines.append(Line(self.products["HD-V01"], 1))
        return lines

    def _plan_extra_orders(self):
        self._restart("again")
        won = [deal for deal in self.deals if deal.outcome == "won" and self.calendar.days_ago(deal.closed) > 50]
        for deal in self.random.sample(won, SECOND_ORDERS):
            again = self.calendar.days_ago(deal.closed) - self.random.randint(20, 45)
            order = self._order(deal.customer, list(deal.lines), self.calendar.past(again + 2), "sale", deal)
            self._confirm(order, again)
        for position in range(DIRECT_ORDERS):
            self._restart("direct", position)
            customer = self._pick_customer()
            lines = self._lines(customer, self.random.sample(self.tables["products"][:25], 3))
            ago = 20 + 75 * position
            self._confirm(self._order(customer, lines, self.calendar.past(ago + 3), "sale"), ago)

    def _confirm(self, order, ago):
        order.confirmed = max(self.calendar.past(ago), order.created + timedelta(minutes=30))
        lead = max((int(line.product["lead"]) for line in order.lines), default=3) + self.random.randint(3, 13)
        due = self.calendar.days_ago(order.confirmed) - lead
        order.commitment = self.calendar.day(due)
        if due > 0:
            self._ship(order, due, self.calendar.days_ago(order.confirmed))

    def _ship(self, order, due, confirmed):
        chance = self.random.random()
        if due < 25 and chance < 0.4:
            return  # overdue and still here
        if chance > 0.86:
            later = due - self.random.randint(6, 20)
            order.shipped = [(self.calendar.past(due), self.random.choice((0.5, 0.6, 0.7)))]
            if later > 0:
                order.shipped.append((self.calendar.past(later), 1.0))
        elif chance > 0.72:
            late = due - self.random.randint(2, 16)
            order.shipped = [(self.calendar.past(late), 1.0)] if late > 0 else []
        else:
            order.shipped = [(self.calendar.past(min(due + self.random.randint(0, 3), confirmed - 1)), 1.0)]
        order.shipped = [(max(moment, order.confirmed + timedelta(hours=3)), share) for moment, share in order.shipped]

    def _plan_returns(self):
        """Two returns received and credited, one announced."""
        self._restart("returns")
        delivered = [
            order
            for order in self.orders
            if order.customer["billing"] == "each"
            and [share for _moment, share in order.shipped] == [1.0]
            and 25 < self.calendar.days_ago(order.shipped[0][0]) < 120
        ]
        for position, order in enumerate(self.random.sample(delivered, 3)):
            ago = self.calendar.days_ago(order.shipped[0][0]) - 9
            order.returned = self.calendar.past(ago)
            order.is_return_open = position == 2

    # === Supply === #

    def _plan_receipts(self):
        """One receipt in three weeks over the year, a few late ones among them, and what is on its way."""
        self._restart("receipts")
        suppliers = sorted({row["vendor"] for row in self.tables["products"] if row["vendor"]})
        for due in range(350, 5, -21):
            done = due - self.random.choice((0, 0, 0, 0, 0, 1, 3, 9))
            self._receive(self.random.choice(suppliers), due, done if done > 0 else None)
        for vendor, due in OPEN_RECEIPTS:
            self._receive(vendor, due, None)
        self.receipts.sort(key=lambda receipt: receipt.due)

    def _receive(self, vendor, due, done):
        offered = [row for row in self.tables["products"] if row["vendor"] == vendor]
        products = self.random.sample(offered, min(3, len(offered)))
        self.receipts.append(
            Receipt(
                vendor=vendor,
                warehouse=self.random.choice(("jiaxing", "jiaxing", "shenzhen")),
                lines=[(row, int(row["vendor_min"]) * self.random.choice((1, 2))) for row in products],
                due=self.calendar.day(due),
                done=self.calendar.past(done) if done is not None else None,
            )
        )
