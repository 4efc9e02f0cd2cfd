"""Targets: what is wanted and what was reached, by team, person and metric, and where the period will end."""

from .elements import Cards, Chart, Column, Dashboard, Figure, Figures, Halves, Note, Table
from .sources import (
    CATEGORY,
    COUNTRY,
    ENDING,
    LEVEL,
    METRIC,
    PERIOD_KIND,
    PERSON,
    REGION,
    TARGETS,
    TEAM,
    TIMING,
)

#: Targets of one level only: those of a team contain those of its people, which must not be added to them.
TEAMS, PEOPLE = ((("level", "=", level),) for level in ("team", "person"))
AMOUNTS = (
    Column("Target, excl. tax", "target_amount", "money"),
    Column("Actual, excl. tax", "actual", "money"),
    Column("Expected, excl. tax", "expected", "money"),
    Column("Reached", "attainment", "percent"),
)

FIGURES = (
    Figure("target", "Target, excl. tax", TARGETS, "target_amount", "money", sample=(500000, "")),
    Figure("actual", "Actual, excl. tax", TARGETS, "actual", "money", sample=(361200, "")),
    Figure("gap", "Gap, excl. tax", TARGETS, "gap", "money", sample=(138800, "")),
    Figure("expected", "Expected, excl. tax", TARGETS, "expected", "money", sample=(511000, "")),
    Figure("attainment", "Attainment (%)", TARGETS, "attainment", "percent", sample=(72.2, "")),
    Figure("expected_attainment", "Expected (%)", TARGETS, "expected_attainment", "percent", sample=(102.2, "")),
)

BANDS = (
    Cards(("target", "actual", "gap")),
    Cards(("attainment", "expected", "expected_attainment")),
    Halves(
        Figures("Figures", tuple(figure.code for figure in FIGURES)),
        Table(
            "By metric",
            "Metric",
            TARGETS,
            "metric",
            AMOUNTS,
            ignored=("metric",),
            sort=None,
            size=7,
            sample=(
                ("Ordered", 500000, 361200, 511000, 72.2),
                ("Invoiced", 450000, 309800, 438500, 68.8),
                ("New Customers", 16, 11, 15.6, 68.8),
            ),
        ),
    ),
    Halves(
        Table(
            "Teams",
            "Sales team",
            TARGETS,
            "team_id",
            AMOUNTS,
            TEAMS,
            ("level",),
            "target_amount",
            sample=(("East", 320000, 237100, 335400, 74.1), ("Export", 180000, 124100, 175600, 68.9)),
        ),
        Table(
            "People",
            "Salesperson",
            TARGETS,
            "user_id",
            AMOUNTS,
            PEOPLE,
            ("level",),
            "target_amount",
            sample=(
                ("Li Na", 200000, 158200, 223800, 79.1),
                ("Wang Wei", 160000, 106400, 150500, 66.5),
                ("Anna Berg", 140000, 96600, 136700, 69.0),
            ),
        ),
    ),
    Halves(
        Chart(
            "bar",
            "Attainment by team (%)",
            TARGETS,
            ("team_id",),
            "attainment",
            TEAMS,
            ("level",),
            sample=(("East", "Export"), (74.1, 68.9)),
        ),
        Chart(
            "bar",
            "Attainment by person (%)",
            TARGETS,
            ("user_id",),
            "attainment",
            PEOPLE,
            ("level",),
            sample=(("Li Na", "Wang Wei", "Anna Berg"), (79.1, 66.5, 69.0)),
        ),
    ),
    Chart(
        "line",
        "Attainment by period (%)",
        TARGETS,
        ("date_to:month",),
        "attainment",
        (("timing", "in", ["past", "current"]),),
        ("timing",),
        rows=11,
        sample=(("January", "February", "March", "April", "May", "June"), (91.0, 97.4, 103.2, 99.1, 101.7, 72.2)),
    ),
    Note(
        "Targets of the present month for what is ordered, by person, unless the filters say otherwise. What is "
        "counted, and margins, have no tax. Each figure opens its targets: click it."
    ),
)

TARGET_BOARD = Dashboard(
    "target_board",
    (LEVEL, METRIC, PERIOD_KIND, TIMING, ENDING, TEAM, PERSON, CATEGORY, COUNTRY, REGION),
    FIGURES,
    BANDS,
)
