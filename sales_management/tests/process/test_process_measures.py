from datetime import datetime, timedelta

from odoo.tests import tagged

from odoo.addons.sales_management.tests.process.measures_common import (
    MOVES,
    TASKS,
    MeasuresCommon,
    get_percentile,
    get_rate,
)

FORWARD = ("forward", "won")
DECIDED = ("user", "import")


@tagged("post_install", "-at_install", "process")
class TestProcessMeasures(MeasuresCommon):
    """The figures of moves and to-dos equal what the tables give, under every grouping."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_random_moves()
        cls._add_random_tasks()
        cls.groupings = {
            (): lambda row: (),
            ("moved_at:month",): lambda row: (cls._get_month(row["moved_at"]),),
            ("team_id",): lambda row: (row["team_id"],),
            ("user_id",): lambda row: (row["owner_id"],),
            ("deal_class_id",): lambda row: (row["deal_class_id"],),
            ("from_stage_id", "is_repeat"): lambda row: (row["from_stage_id"], row["is_repeat"]),
        }

    def _assert_figure(self, rows, aggregate, count):
        for groupby, get_key in self.groupings.items():
            groups = {}
            for row in rows:
                groups.setdefault(get_key(row), []).append(row)
            expected = {key: count(group) for key, group in groups.items()}
            self._assert_groups("sales.stage.report", list(groupby), aggregate, expected)

    # === Moves === #

    def _count_skip_rate(self, rows):
        forward = [row for row in rows if row["direction"] in FORWARD and row["origin"] in DECIDED]
        skipped = {row["lead_id"] for row in forward if row["skipped_count"] > 0}
        return get_rate(len(skipped), len({row["lead_id"] for row in forward}))

    def test_skip_rate(self):
        rows = self._fetch(MOVES)
        self.assertNotIn(self._count_skip_rate(rows), (0, 100, None))
        self._assert_figure(rows, "skip_rate:avg", self._count_skip_rate)

    def test_skip_rate_counts_a_deal_once(self):
        deal = self._create_deals()
        moment = datetime(2026, 5, 1)
        for days, (source, target) in enumerate(((0, 1), (1, 2), (2, 1), (1, 3), (3, 4))):
            self._add_move(deal, source, target, moment + timedelta(days=days))
        groups = self.env["sales.stage.report"]._read_group(
            [("lead_id", "=", deal.id)],
            [],
            ["forward_deal_count:count_distinct", "skipping_deal_count:count_distinct", "skip_rate:avg"],
        )
        self.assertEqual(groups, [(1, 1, 100.0)])

    def test_regressions(self):
        rows = self._fetch(MOVES)
        origins = (*DECIDED, "history")
        self._assert_figure(
            rows,
            "regression_count:sum",
            lambda group: sum(row["direction"] == "back" and row["origin"] in origins for row in group),
        )

    def test_time_in_stage(self):
        rows = self._fetch(MOVES)
        for aggregate, fraction in (("median_days_in_stage:avg", 0.5), ("p90_days_in_stage:avg", 0.9)):
            self._assert_figure(
                rows,
                aggregate,
                lambda group, fraction=fraction: get_percentile(
                    [row["seconds_in_stage"] / 86400 for row in group if row["seconds_in_stage"] is not None], fraction
                ),
            )

    def test_lost_and_reopened_deals_were_in_no_stage_for_no_time(self):
        deal = self._create_deals(stage_id=self.stages[1].id)
        deal.action_set_lost()
        deal.action_restore()
        groups = self.env["sales.stage.report"]._read_group(
            [("lead_id", "=", deal.id)], [], ["__count", "median_days_in_stage:avg"]
        )
        self.assertEqual(groups, [(2, False)])

    def test_totals_of_a_pivot_are_computed_from_the_rows(self):
        report = self.env["sales.stage.report"]
        domain = [("lead_id", "in", self.deals.ids)]
        sets = [["team_id", "moved_at:month"], ["team_id"], []]
        together = report._read_grouping_sets(domain, sets, ["skip_rate:avg", "p90_days_in_stage:avg"])
        for groupby, groups in zip(sets, together, strict=True):
            self.assertEqual(
                sorted(groups, key=str),
                sorted(report._read_group(domain, groupby, ["skip_rate:avg", "p90_days_in_stage:avg"]), key=str),
            )

    def test_move_that_was_taken_back_counts_in_nothing(self):
        self.env.company.sales_process_enabled = True
        deal = self._create_deals(stage_id=self.stages[0].id, user_id=self.salesperson.id).with_user(self.salesperson)
        deal.stage_id = self.stages[3]
        deal.action_undo_stage_move()
        self.assertEqual(deal.stage_move_ids.sorted("id").mapped("direction")[-2:], ["forward", "correction"])
        groups = self.env["sales.stage.report"]._read_group(
            [("lead_id", "=", deal.id)],
            [],
            ["forward_deal_count:count_distinct", "skipping_deal_count:count_distinct", "regression_count:sum"],
        )
        self.assertEqual(groups, [(0, 0, 0)])

    def test_correction_takes_back_the_last_move_only(self):
        deal = self._create_deals()
        moment = datetime(2026, 5, 1)
        self._add_move(deal, 0, 3, moment)
        self._add_move(deal, 3, 0, moment + timedelta(minutes=1), direction="correction")
        self._add_move(deal, 0, 3, moment + timedelta(minutes=2))
        rows = self.env["sales.stage.report"].search([("lead_id", "=", deal.id)], order="id")
        self.assertEqual(rows.mapped("is_undone"), [True, False, False])
        self.assertEqual(rows.mapped("is_skip"), [False, False, True])

    # === To-dos === #

    def test_on_time_rate(self):
        rows = [row for row in self._fetch(TASKS) if row["state"] != "cancelled"]

        def count(group):
            on_time = sum(row["state"] == "done" and row["done_at"] <= row["due_at"] for row in group)
            return get_rate(on_time, len(group))

        self.assertNotIn(count(rows), (0, 100, None))
        groupings = {
            (): lambda row: (),
            ("due_at:month",): lambda row: (self._get_month(row["due_at"]),),
            ("team_id",): lambda row: (row["team_id"],),
            ("responsible_id",): lambda row: (row["user_id"],),
            ("deal_class_id",): lambda row: (row["deal_class_id"],),
        }
        for groupby, get_key in groupings.items():
            groups = {}
            for row in rows:
                groups.setdefault(get_key(row), []).append(row)
            expected = {key: count(group) for key, group in groups.items()}
            self._assert_groups(
                "sales.task.report", list(groupby), "on_time_rate:avg", expected, [("state", "!=", "cancelled")]
            )

    def test_cancelled_todos_change_no_rate(self):
        report = self.env["sales.task.report"]
        domain = [("lead_id", "in", self.deals.ids)]
        aggregates = ["on_time_rate:avg", "task_count:sum", "late_count:sum"]
        self.assertEqual(
            report._read_group(domain, [], aggregates),
            report._read_group([*domain, ("state", "!=", "cancelled")], [], aggregates),
        )

    def test_open_todo_is_late_once_it_is_due(self):
        now = self.env.cr.now()
        values = {"lead_id": self.deals[0].id, "name": "Call", "opened_at": now - timedelta(days=3)}
        tasks = self.env["sales.deal.task"].create(
            [{**values, "due_at": now + timedelta(hours=hours)} for hours in (-1, 1)]
        )
        rows = self.env["sales.task.report"].browse(tasks.ids)
        self.assertEqual(rows.mapped("is_late"), [True, False])
