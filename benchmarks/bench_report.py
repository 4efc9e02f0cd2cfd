"""Reports: the grouped read of each report model, against the same figures as hand-written SQL; then the boards.

Core has nothing of the kind: its side does nothing. What the data set lacks (to-dos, forecasts, commitments, targets)
is inserted before each run, and rolled back with it.
"""

from datetime import date, timedelta

from . import report_limit as by_hand
from .board import read_board
from .harness import benchmark

LAST = [("is_last", "=", True), ("metric", "=", "ordered"), ("period_kind", "=", "month")]
MONTHLY = [("metric", "=", "ordered"), ("period_kind", "=", "month")]
GROWTH = ["amount_untaxed:sum", "previous_untaxed:sum", "last_year_untaxed:sum", "growth_rate:avg", "margin_rate:avg"]
TREND = "sales.trend.report"
#: Title, model, domain, groups, aggregates, the same by hand, and rows that are inserted before.
READS = [
    (
        "Ordered by month and team",
        "sales.result",
        [("metric", "=", "ordered")],
        ["date:month", "team_id"],
        ["amount:sum"],
        by_hand.ORDERED,
        (),
    ),
    (
        "Invoiced by month and team",
        "sales.result",
        [("metric", "=", "invoiced")],
        ["date:month", "team_id"],
        ["amount:sum"],
        by_hand.INVOICED,
        (),
    ),
    ("Growth of the last month by product", TREND, LAST, ["product_id"], GROWTH, by_hand.GROWTH_BY_PRODUCT, ()),
    ("Growth by month", TREND, MONTHLY, ["date:day"], GROWTH, by_hand.GROWTH_BY_MONTH, ()),
    (
        "Time in stages",
        "sales.stage.report",
        [],
        ["from_stage_id"],
        ["median_days_in_stage:avg", "p90_days_in_stage:avg", "regression_count:sum"],
        by_hand.STAGES,
        (),
    ),
    (
        "Skips by person",
        "sales.stage.report",
        [],
        ["user_id"],
        ["forward_deal_count:count_distinct", "skipping_deal_count:count_distinct"],
        by_hand.SKIPS,
        (by_hand.MOVE_BY_HAND,),
    ),
    (
        "Conversion by stage, 90 days",
        "sales.conversion.report",
        [("entered_at", ">=", str(date.today() - timedelta(days=90)))],
        ["stage_id"],
        ["entered_count:count_distinct", "converted_count:count_distinct"],
        by_hand.CONVERSION,
        (),
    ),
    (
        "Win rate by team",
        "sales.deal.report",
        [],
        ["team_id"],
        ["won_count:sum", "lost_count:sum", "win_rate:avg", "early_loss_rate:avg"],
        by_hand.DEALS,
        (),
    ),
    (
        "To-dos on time by person",
        "sales.task.report",
        [],
        ["responsible_id"],
        ["task_count:sum", "late_count:sum", "on_time_rate:avg"],
        by_hand.TASKS,
        (by_hand.INSERT_TASKS,),
    ),
    (
        "Turnaround of quotations by team",
        "sales.quotation.report",
        [],
        ["team_id"],
        ["median_turnaround_hours:avg", "median_decision_days:avg", "confirmation_rate:avg"],
        by_hand.QUOTATIONS,
        (by_hand.SEND_QUOTATIONS,),
    ),
    (
        "Repurchase and retention by month",
        "sales.retention.report",
        [],
        ["date:day", "window"],
        ["customer_count:sum", "kept_count:sum"],
        by_hand.RETENTION,
        (),
    ),
    (
        "Forecast by category and month",
        "sales.forecast.report",
        [],
        ["category", "date:month"],
        ["expected_revenue:sum", "weighted_revenue:sum"],
        by_hand.FORECAST,
        (),
    ),
    (
        "Changes of the forecast",
        "sales.forecast.change",
        [],
        ["kind"],
        ["opening:sum", "closing:sum", "difference:sum"],
        by_hand.CHANGES,
        (by_hand.INSERT_SNAPSHOTS,),
    ),
    (
        "Accuracy of forecasts",
        "sales.forecast.accuracy",
        [],
        ["month:month", "horizon"],
        ["commit_amount:sum", "weighted_amount:sum", "won_amount:sum"],
        by_hand.ACCURACY,
        (by_hand.INSERT_SNAPSHOTS,),
    ),
    (
        "On time in full by team",
        "sales.delivery.report",
        [],
        ["team_id"],
        ["line_count:sum", "otif_rate:avg"],
        by_hand.DELIVERIES,
        (by_hand.INSERT_COMMITMENTS,),
    ),
    (
        "Vendors' slips",
        "sales.vendor.report",
        [],
        ["vendor_id"],
        ["receipt_count:sum", "late_rate:avg", "p90_days:avg"],
        by_hand.VENDORS,
        (by_hand.PLAN_RECEIPTS,),
    ),
]


def _prepare(cr, statements):
    for statement in (by_hand.LOOSEN, *statements) if statements else ():
        cr.execute(statement)


def _add(title, model, domain, groupby, aggregates, statement, inserts):
    def limit(cr, size):
        _prepare(cr, inserts)

        def run():
            cr.execute(statement)
            cr.fetchall()

        return run

    # The names of groups, the rules, and the statement.
    @benchmark(title, limit=limit, limit_side="ours", more_queries=8)
    def read(env, size):
        if model not in env:
            return lambda: None
        _prepare(env.cr, inserts)
        return lambda: env[model]._read_group(domain, groupby, aggregates)


for one in READS:
    _add(*one)


# === Targets === #


def _make_targets(env, count):
    """A tree: the year, its twelve months, and persons below each month."""
    env.cr.execute("UPDATE res_company SET sales_target_enabled = TRUE, sales_reporting_enabled = TRUE")
    env.registry.clear_cache()
    year = date.today().year
    targets = env["sales.target"].sudo()
    shared = {"metric": "ordered", "company_id": env.company.id}
    whole = targets.create({**shared, "period_kind": "year", "date_from": date(year, 1, 1), "amount": 12e6})
    months = targets.create(
        [
            {**shared, "period_kind": "month", "date_from": date(year, month, 1), "amount": 1e6, "parent_id": whole.id}
            for month in range(1, 13)
        ]
    )
    env.cr.execute("SELECT DISTINCT user_id FROM sale_order WHERE user_id IS NOT NULL ORDER BY 1")
    people = [user for (user,) in env.cr.fetchall()]
    rest = [
        {**shared, "period_kind": "month", "date_from": month.date_from, "user_id": user, "parent_id": month.id}
        for user in people
        for month in months
    ]
    return whole | months | targets.create([{**values, "amount": 1e4} for values in rest[: count - 13]])


@benchmark(
    "Attainment of a tree of targets",
    sizes=(200,),
    limit=lambda cr, size: lambda: cr.execute(by_hand.ORDERED_BY_DAY),
    limit_side="ours",
    more_queries=12,
)
def read_targets(env, size):
    if "sales.target" not in env:
        return lambda: None
    targets = _make_targets(env, size).with_env(env)
    assert len(targets) == size, len(targets)
    return lambda: targets.mapped(lambda target: (target.actual, target.attainment, target.gap, target.expected_at_end))


# The tree in twelve, the rest for the names, rules and settings of a cold cache.
@benchmark("Targets against results by month", sizes=(200,), more_queries=24)
def read_target_report(env, size):
    if "sales.target" not in env:
        return lambda: None
    _make_targets(env, size)
    aggregates = ["target_amount:sum", "actual:sum", "attainment:avg"]
    return lambda: env["sales.target.report"]._read_group([], ["date_to:month", "metric"], aggregates)


# === Screens === #


def _add_board(name, title, budget):
    # A statement for each figure and chart, and the names in them. Rows inserted in the same transaction would be read
    # more slowly than those of a company: to-dos and sent quotations are left out.
    @benchmark(title, more_queries=budget)
    def read(env, size):
        if "sales.result" not in env:
            return lambda: None
        _make_targets(env, 200)
        return lambda: read_board(env, name)


for one in (
    ("sales_board", "Sales board, all of it", 90),
    ("process_board", "Process board, all of it", 80),
    ("target_board", "Target board, all of it", 60),
):
    _add_board(*one)


@benchmark("Right Now", more_queries=30)
def read_right_now(env, size):
    if "sales.right.now" not in env:
        return lambda: None
    _make_targets(env, 200)
    return lambda: env["sales.right.now"].get_right_now()


# Nine sections, each counted, read and named; none of them by record.
@benchmark("Weekly review of the company", more_queries=90)
def read_review(env, size):
    if "sales.review" not in env:
        return lambda: None
    _make_targets(env, 200)
    first = date.today() - timedelta(days=date.today().weekday() + 7)
    values = {"date_from": first, "date_to": first + timedelta(days=6)}
    review = env["sales.review"].sudo().create({"company_id": env.company.id, "user_id": env.uid, **values})
    review = review.with_env(env)
    return lambda: review.content
