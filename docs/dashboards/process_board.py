"""Process health: what is wanted of the process and what it is, and where it hurts."""

from .elements import Cards, Chart, Column, Dashboard, Figure, Figures, Halves, Note, Table
from .sources import COUNTRY, CREATED_DEALS, DEAL_CLASS, MOVES, OPEN_DEALS, PERIOD, PERSON, REGION, TASKS, TEAM

WEEKS = tuple(f"W{number} 2026" for number in range(1, 7))
#: Direction and origin stand beside what says it all, so that PostgreSQL knows how few are left.
FORWARD = (
    ("is_forward", "=", True),
    ("direction", "in", ["forward", "won"]),
    ("origin", "in", ["user", "import"]),
)
LEFT = (("from_stage_id", "!=", False),)
BACK = (("is_regression", "=", True),)

FIGURES = (
    Figure(
        "skip_rate",
        "Skip rate (%)",
        MOVES,
        "skip_rate",
        "percent",
        domain=FORWARD,
        is_less_better=True,
        wanted="process_skip_rate_target",
        sample=(4.2, 6.8, 5),
    ),
    Figure(
        "on_time",
        "Actions on time (%)",
        TASKS,
        "on_time_rate",
        "percent",
        wanted="process_on_time_target",
        sample=(88.4, 83.1, 85),
    ),
    Figure(
        "regressions",
        "Regressions",
        MOVES,
        "regression_count",
        domain=BACK,
        is_less_better=True,
        sample=(6, 9),
    ),
    Figure(
        "response",
        "Response (hours)",
        CREATED_DEALS,
        "median_response_hours",
        "hours",
        is_less_better=True,
        sample=(3.5, 5.0),
    ),
    Figure(
        "time_in_stage",
        "Days in stage",
        MOVES,
        "median_days_in_stage",
        "days",
        domain=LEFT,
        is_less_better=True,
        sample=(6.1, 7.4),
    ),
    Figure(
        "long_in_stage",
        "Days in stage, 90 %",
        MOVES,
        "p90_days_in_stage",
        "days",
        domain=LEFT,
        is_less_better=True,
        sample=(21.8, 26.3),
    ),
    Figure("late", "Late to-dos", TASKS, "late_count", is_less_better=True, sample=(11, 17)),
    Figure("escalated", "Escalated to-dos", TASKS, "escalated_count", is_less_better=True, sample=(3, 6)),
    Figure(
        "lead_loss",
        "Lead loss (%)",
        CREATED_DEALS,
        "early_loss_rate",
        "percent",
        is_less_better=True,
        sample=(17.4, 19.8),
    ),
    Figure("old_deals", "Old deals (%)", OPEN_DEALS, "old_rate", "percent", is_less_better=True, sample=(12.7, "")),
)

BANDS = (
    Cards(("skip_rate", "on_time", "regressions", "response")),
    Cards(("time_in_stage", "escalated", "lead_loss", "old_deals")),
    Halves(
        Figures("Figures", tuple(figure.code for figure in FIGURES)),
        Chart(
            "line",
            "Trend of the skip rate (%)",
            MOVES,
            ("moved_at:week",),
            "skip_rate",
            FORWARD,
            sample=(WEEKS, (8.9, 7.1, 7.6, 6.2, 5.1, 4.2)),
        ),
    ),
    Halves(
        Chart(
            "line",
            "Trend of actions on time (%)",
            TASKS,
            ("due_at:week",),
            "on_time_rate",
            sample=(WEEKS, (79.0, 81.5, 80.2, 83.1, 86.0, 88.4)),
        ),
        Chart(
            "bar",
            "Open deals by age and stage",
            OPEN_DEALS,
            ("age", "stage_id"),
            "open_count",
            options={"stacked": True},
            sample=(
                ("Up to 30 Days", "31 to 60 Days", "61 to 90 Days", "Over 90 Days"),
                ("New", 9, 4, 2, 3),
                ("Qualified", 7, 5, 2, 4),
                ("Proposition", 6, 4, 3, 2),
                ("Negotiation", 4, 3, 2, 1),
            ),
        ),
    ),
    Halves(
        Table(
            "Time in stage and regressions",
            "Stage that was left",
            MOVES,
            "from_stage_id",
            (
                Column("Days, median", "median_days_in_stage", "days"),
                Column("Days, 90 %", "p90_days_in_stage", "days"),
                Column("Went back", "regression_count"),
            ),
            LEFT,
            sort=None,
            size=8,
            sample=(
                ("New", 2.1, 6.0, 0),
                ("Qualified", 5.8, 19.4, 1),
                ("Proposition", 9.2, 27.1, 3),
                ("Negotiation", 7.7, 22.5, 2),
            ),
        ),
        Table(
            "Teams: actions on time",
            "Sales team",
            TASKS,
            "team_id",
            (
                Column("Due", "task_count"),
                Column("Late", "late_count"),
                Column("On time", "on_time_rate", "percent"),
            ),
            sort="late_count",
            size=8,
            sample=(("East", 74, 7, 89.2), ("Export", 39, 4, 87.2)),
        ),
    ),
    Halves(
        Table(
            "Who skips stages",
            "Salesperson",
            MOVES,
            "user_id",
            (
                Column("Deals moved", "forward_deal_count"),
                Column("Skipped", "skipping_deal_count"),
                Column("Skip rate", "skip_rate", "percent"),
            ),
            FORWARD,
            sort="skipping_deal_count",
            size=8,
            sample=(("Li Na", 24, 1, 4.2), ("Wang Wei", 31, 1, 3.2), ("Anna Berg", 16, 1, 6.3)),
        ),
        Table(
            "Who is late",
            "Responsible",
            TASKS,
            "responsible_id",
            (
                Column("Late", "late_count"),
                Column("Escalated", "escalated_count"),
                Column("On time", "on_time_rate", "percent"),
            ),
            sort="late_count",
            size=8,
            sample=(("Wang Wei", 6, 2, 84.2), ("Li Na", 3, 1, 91.4), ("Anna Berg", 2, 0, 92.0)),
        ),
    ),
    Note(
        "Each figure opens its records: click it. Repeat orders are left out; they are counted apart in the reports. "
        "Open and old deals are those of today. What is wanted is set on the page Process Health."
    ),
)

PROCESS_BOARD = Dashboard("process_board", (PERIOD, TEAM, PERSON, DEAL_CLASS, COUNTRY, REGION), FIGURES, BANDS)
