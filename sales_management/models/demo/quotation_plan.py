"""What became of some quotations of the demo company: revised, handed over, approved, rejected, or still waiting.

Free of the ORM, as the plan is. The table ``quotations`` names the cases; deals, customers and goods are the year's.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from .plan import SEED, Calendar, Line

#: Where deals are quoted for, those first that are most likely to have a paper on the table.
QUOTED_STAGES = ("proposal", "negotiation", "requirements", "contact", "lead")
SERVICE = "HD-V03"


@dataclass
class Version:
    """One revision, and how it left."""

    lines: list
    off: float  # percent that the customer is given
    moment: datetime
    way: str = None
    left: datetime = None
    record: object = None


@dataclass
class Quotation:
    key: str
    customer: dict
    deal: object  # none for a quotation that belongs to no deal
    means: str  # how the customer is given something: price or discount
    versions: list = field(default_factory=list)
    why: str = None  # what the approvers are told, none for a quotation that nobody is asked about
    verdict: str = None
    words: str = None
    decided: datetime = None  # none for what is still waiting

    @property
    def record(self):
        return self.versions[-1].record

    @property
    def asked(self):
        """Moment at which approval was asked for, none for what is waiting since today."""
        return self.decided and self.versions[-1].moment + timedelta(minutes=40)


class QuotationPlanner:
    def __init__(self, calendar: Calendar, tables: dict):
        self.calendar = calendar
        self.random = calendar.random = Random()
        self.products = {row["code"]: row for row in tables["products"]}
        self.rows = tables["quotations"]
        self.used = Counter()

    def tell(self, deals):
        """:return: the quotations of the table, in its order"""
        return [self._tell(row, [deal for deal in deals if deal.outcome == "open"]) for row in self.rows]

    def _tell(self, row, deals):
        self.random.seed(f"{SEED} quotation {row['key']}")
        ages = [int(age) for age in row["ages"].split()]
        deal = self._pick(deals, row["owner"], ages[0])
        quotation = Quotation(
            key=row["key"],
            customer=deal.customer,
            deal=deal if row["tie"] == "deal" else None,
            means=row["means"],
            why=row["why"] or None,
            verdict=row["verdict"] or None,
            words=row["words"] or None,
        )
        goods = [Line(self.products[SERVICE], 1)] if row["tie"] == "service" else deal.lines
        ways = row["way"].split()
        earliest = deal.created + timedelta(hours=1)
        for position, (age, off) in enumerate(zip(ages, row["offers"].split(), strict=True)):
            way = ways[position] if position < len(ways) and ways[position] != "0" else None
            version = self._write(goods, age, float(off), earliest, way)
            quotation.versions.append(version)
            earliest = (version.left or version.moment) + timedelta(hours=1)
        if quotation.verdict in ("approved", "rejected", "returned"):
            quotation.decided = max(
                self.calendar.past(ages[-1] - 1), quotation.versions[-1].moment + timedelta(hours=2)
            )
        return quotation

    def _pick(self, deals, owner, age):
        """:return: an open deal of a salesperson that was there by then, each in turn"""
        own = [deal for deal in deals if deal.customer["salesperson"] == owner]
        deal = min(
            own,
            key=lambda deal: (
                self.calendar.days_ago(deal.created) <= age,
                self.used[id(deal)],
                QUOTED_STAGES.index(deal.stage),
                deal.created,
            ),
        )
        self.used[id(deal)] += 1
        return deal

    def _write(self, goods, age, off, earliest, way):
        moment = max(self.calendar.past(age), earliest)
        lines = [Line(line.product, line.quantity) for line in goods]
        return Version(lines, off, moment, way, moment + timedelta(minutes=50) if way else None)
