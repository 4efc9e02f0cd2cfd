"""Sales board: what was ordered, invoiced and collected, how deals go, where customers are, and who comes back."""

from .elements import Cards, Chart, Column, Dashboard, Figure, Figures, Halves, Heat, Note, Table
from .sources import (
    CATEGORY,
    CLOSED_DEALS,
    COUNTRY,
    CREATED_DEALS,
    CUSTOMERS,
    ENTRIES,
    OPEN_DEALS,
    PERIOD,
    PERSON,
    QUOTATIONS,
    REGION,
    RESULTS,
    TEAM,
)

WEEKS = tuple(f"W{number} 2026" for number in range(1, 7))
MONEY = (("metric", "in", ["ordered", "invoiced", "collected"]),)
ORDERED = (("metric", "=", "ordered"),)
INVOICED = (("metric", "=", "invoiced"),)
#: What the cards and the table of figures take from the results.
COUNTED = (("metric", "in", ["ordered", "invoiced", "collected", "new_customers", "won_deals"]),)
CREDITED = (*INVOICED, ("user_id", "!=", False))


def result(code, label, metric, measure, unit, sample):
    return Figure(code, label, RESULTS, measure, unit, ("metric", metric), COUNTED, sample=sample)


def kept(code, label, window, sample):
    """A figure of customers who come back has no period: it is that of today, beside that of three months ago."""
    now, then = (("window", window, "months_ago", months) for months in (0, 3))
    domain = (("months_ago", "in", [0, 3]),)
    return Figure(
        code, label, CUSTOMERS, "kept_rate", "percent", now, domain, then, "in 3 mo.", sample=sample
    )


FIGURES = (
    result("ordered", "Ordered, excl. tax", "ordered", "amount_untaxed", "money", (486200, 431700)),
    result("invoiced", "Invoiced, excl. tax", "invoiced", "amount_untaxed", "money", (412800, 398400)),
    result("collected", "Collected, excl. tax", "collected", "amount_untaxed", "money", (377500, 341900)),
    result("margin", "Margin, without tax", "ordered", "margin", "money", (131300, 112200)),
    result("per_head", "Invoiced per head, excl. tax", "invoiced", "head_amount_untaxed", "money", (68800, 66400)),
    result("new_customers", "New customers", "new_customers", "amount", "count", (14, 11)),
    result("won_deals", "Won deals", "won_deals", "amount", "count", (37, 33)),
    Figure("win_rate", "Win rate (%)", CLOSED_DEALS, "win_rate", "percent", sample=(41.6, 38.2)),
    Figure(
        "lead_loss",
        "Lead loss (%)",
        CREATED_DEALS,
        "early_loss_rate",
        "percent",
        is_less_better=True,
        sample=(17.4, 19.8),
    ),
    Figure(
        "turnaround",
        "Turnaround (hours)",
        QUOTATIONS,
        "median_turnaround_hours",
        "hours",
        is_less_better=True,
        sample=(21.5, 26.0),
    ),
    Figure(
        "decision",
        "Until decided (days)",
        QUOTATIONS,
        "median_decision_days",
        "days",
        is_less_better=True,
        sample=(8.5, 9.2),
    ),
    Figure("confirmed", "Quotations confirmed (%)", QUOTATIONS, "confirmation_rate", "percent", sample=(46.1, 44.9)),
    kept("repurchase", "Repurchase (%)", "repurchase", (38.5, 36.1)),
    kept("retention", "Retention (%)", "retention", (71.2, 69.8)),
    Figure("old_deals", "Old deals (%)", OPEN_DEALS, "old_rate", "percent", is_less_better=True, sample=(12.7, "")),
)

BANDS = (
    Cards(("ordered", "invoiced", "collected", "margin")),
    Cards(("win_rate", "turnaround", "repurchase", "old_deals")),
    Halves(
        Figures("Figures", tuple(figure.code for figure in FIGURES)),
        Chart(
            "line",
            "Amounts, excl. tax",
            RESULTS,
            ("date:week", "metric"),
            "amount_untaxed",
            MONEY,
            sample=(
                WEEKS,
                ("Ordered", 121000, 134500, 142300, 138900, 151200, 196100),
                ("Invoiced", 112700, 118300, 139400, 131200, 140100, 141500),
                ("Collected", 98400, 109800, 121700, 126300, 118900, 132300),
            ),
        ),
    ),
    Chart(
        "funnel",
        "Deals that entered a stage",
        ENTRIES,
        ("stage_id",),
        "entered_count",
        options={"showValues": True},
        rows=11,
        sample=(("New", "Qualified", "Proposition", "Negotiation"), (88, 61, 47, 39)),
    ),
    Halves(
        Table(
            "Conversion by stage",
            "Stage",
            ENTRIES,
            "stage_id",
            (
                Column("Entered", "entered_count"),
                Column("Left forward", "converted_count"),
                Column("Share", "conversion_rate", "percent"),
            ),
            sort=None,
            size=8,
            sample=(
                ("New", 88, 61, 69.3),
                ("Qualified", 61, 47, 77.0),
                ("Proposition", 47, 39, 83.0),
                ("Negotiation", 39, 37, 94.9),
            ),
        ),
        Table(
            "Salespeople",
            "Salesperson",
            RESULTS,
            "user_id",
            (
                Column("Ordered, excl. tax", "amount_untaxed", "money", 2),
                Column("Margin, without tax", "margin", "money", 2),
            ),
            ORDERED,
            sort="amount_untaxed",
            size=8,
            sample=(("Li Na", 212400, 57300), ("Wang Wei", 158700, 43200), ("Anna Berg", 115100, 30800)),
        ),
    ),
    Halves(
        Chart(
            "geo",
            "Customers by country: ordered, excl. tax",
            RESULTS,
            ("country_id",),
            "amount_untaxed",
            ORDERED,
            options={"colorScale": "blues"},
            sample=(("China", "Germany", "United States", "Brazil"), (298000, 91200, 64300, 32700)),
        ),
        Chart(
            "line",
            "Invoiced per head, excl. tax",
            RESULTS,
            ("date:week",),
            "head_amount_untaxed",
            CREDITED,
            sample=(WEEKS, (18780, 19720, 23230, 21870, 23350, 23580)),
        ),
    ),
    Heat(
        "Region by industry: ordered, excl. tax",
        "Region",
        RESULTS,
        "state_id",
        "industry_id",
        "amount_untaxed",
        domain=(*ORDERED, ("state_id", "!=", False)),
        sample=(
            ("Construction", "Manufacturing", "Wholesale"),
            (
                ("Zhejiang", 41200, 78300, 12100),
                ("Jiangsu", 8700, 64100, 22500),
                ("Guangdong", 19900, 31200, 20000),
            ),
        ),
    ),
    Halves(
        Table(
            "Top customers",
            "Customer",
            RESULTS,
            "partner_id",
            (Column("Ordered, excl. tax", "amount_untaxed", "money", 2),),
            ORDERED,
            sample=(("Hangzhou Bolt", 96400), ("Ningbo Marine", 71800), ("Berg GmbH", 52300)),
        ),
        Table(
            "Top products",
            "Product",
            RESULTS,
            "product_id",
            (Column("Quantity", "quantity"), Column("Ordered, excl. tax", "amount_untaxed", "money", 2)),
            ORDERED,
            sample=(("M8 bolt, zinc", 42000, 61300), ("Bracket A", 9600, 44100), ("Anchor 12", 7300, 28600)),
        ),
    ),
    Halves(
        Chart(
            "line",
            "Customers who ordered again (%)",
            CUSTOMERS,
            ("date:quarter", "window"),
            "kept_rate",
            (("months_ago", "in", [0, 3, 6, 9, 12]),),
            ignored=("period",),
            sample=(
                ("Q1 2026", "Q2 2026", "Q3 2026", "Q4 2026"),
                ("Repurchase (90 Days)", 33.1, 34.8, 36.1, 38.5),
                ("Retention (365 Days)", 66.3, 67.0, 69.8, 71.2),
            ),
        ),
        Chart(
            "bar",
            "Old deals by stage, over 90 days",
            OPEN_DEALS,
            ("stage_id",),
            "old_count",
            (("is_old", "=", True),),
            sample=(("New", "Qualified", "Proposition", "Negotiation"), (3, 4, 2, 1)),
        ),
    ),
    Note(
        "Each figure opens its records: click it. The category narrows what was ordered, invoiced and collected. "
        "Customers who ordered again, and old deals, are those of today."
    ),
)

SALES_BOARD = Dashboard("sales_board", (PERIOD, TEAM, PERSON, CATEGORY, COUNTRY, REGION), FIGURES, BANDS)
