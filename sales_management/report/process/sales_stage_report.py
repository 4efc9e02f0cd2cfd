from odoo import api, fields, models
from odoo.tools import SQL

NOT_UNDONE = SQL("NOT COALESCE(undone.is_undone, FALSE)")


class SalesStageReport(models.Model):
    """Stage moves: skipped stages, regressions and time in stage."""

    _name = "sales.stage.report"
    _inherit = ["sales.process.report.mixin"]
    _description = "Stage Figures"
    _auto = False
    _order = "moved_at desc, id desc"
    _rec_name = "lead_id"

    _depends = {
        "sales.stage.move": [
            "company_id",
            "direction",
            "from_stage_id",
            "lead_id",
            "moved_at",
            "origin",
            "reason",
            "seconds_in_stage",
            "skipped_count",
            "team_id",
            "to_stage_id",
            "user_id",
        ],
        "crm.lead": ["active", "deal_class_id", "deal_number", "user_id", "won_status"],
        "sales.deal.class": ["is_repeat"],
    }
    _rates = {"skip_rate": ("skipping_deal_count", "forward_deal_count")}
    _percentiles = {"median_days_in_stage": ("days_in_stage", 0.5), "p90_days_in_stage": ("days_in_stage", 0.9)}

    moved_at = fields.Datetime(string="Moved On", readonly=True)
    moved_by_id = fields.Many2one("res.users", readonly=True)
    from_stage_id = fields.Many2one("crm.stage", string="From", readonly=True)
    to_stage_id = fields.Many2one("crm.stage", string="To", readonly=True)
    direction = fields.Selection(
        selection=lambda self: self.env["sales.stage.move"]._fields["direction"]._description_selection(self.env),
        readonly=True,
    )
    origin = fields.Selection(
        selection=lambda self: self.env["sales.stage.move"]._fields["origin"]._description_selection(self.env),
        readonly=True,
    )
    reason = fields.Char(readonly=True)
    team_id = fields.Many2one(help="The team of the deal when it was moved.")
    is_undone = fields.Boolean(
        string="Taken Back",
        readonly=True,
        help="Whoever made the move took it back within ten minutes. It counts neither as skipped stages nor as a "
        "regression; nor does the correction.",
    )
    is_forward = fields.Boolean(
        string="Moved Forward",
        readonly=True,
        help="Forward or won, by a person or an import, and not taken back: what the skip rate looks at.",
    )
    is_skip = fields.Boolean(
        string="Skipped Stages", readonly=True, help="Moved forward, and past at least one stage of the deal's team."
    )
    is_regression = fields.Boolean(
        string="Regression",
        readonly=True,
        help="Moved back by a person or an import, or before the installation, and not taken back.",
    )
    skipped_count = fields.Integer(string="Stages Passed Over", readonly=True)
    deal_count = fields.Integer(
        string="Deals",
        readonly=True,
        exportable=False,
        aggregator="count_distinct",
        help="Different deals with a move of any kind.",
    )
    forward_deal_count = fields.Integer(
        string="Deals Moved Forward",
        readonly=True,
        exportable=False,
        aggregator="count_distinct",
        help="Different deals with a move forward or won by a person or an import. A deal counts once, however often "
        "it moved.",
    )
    skipping_deal_count = fields.Integer(
        string="Deals That Skipped",
        readonly=True,
        exportable=False,
        aggregator="count_distinct",
        help="Those of the deals moved forward of which at least one such move passed over a stage.",
    )
    skip_rate = fields.Float(
        string="Skip Rate (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Stage-skip rate: different deals with a move forward or won by a person or an import in the period that "
        "passed over at least one stage, divided by the different deals with such a move. What core moves by itself, "
        "and moves that were taken back, count in neither.",
    )
    regression_count = fields.Integer(
        string="Regressions",
        readonly=True,
        aggregator="sum",
        help="Moves back to an earlier stage in the period, by a person or an import, those from before the "
        "installation included. Those that were taken back, and moves that core makes by itself, are left out.",
    )
    days_in_stage = fields.Float(
        readonly=True,
        aggregator=None,
        digits=(16, 1),
        help="How long the deal had been in the stage that it left with this move, in days.",
    )
    median_days_in_stage = fields.Float(
        string="Days in Stage, Median",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Half of the moves in the period left a stage sooner than this, in days of the calendar.",
    )
    p90_days_in_stage = fields.Float(
        string="Days in Stage, 90th Percentile",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Nine of ten moves in the period left a stage sooner than this, in days of the calendar.",
    )

    # === Query === #

    @property
    def _table_query(self) -> SQL:
        # A column that is not asked for costs nothing: PostgreSQL drops the joins that only it needs.
        return SQL("%s %s", self._select(), self._from())

    def _select(self) -> SQL:
        return SQL(
            """
            SELECT move.id, move.lead_id, move.moved_at, move.user_id AS moved_by_id, move.from_stage_id,
                   move.to_stage_id, move.direction, move.origin, move.reason, move.team_id, move.company_id,
                   move.skipped_count, %(deal)s,
                   COALESCE(undone.is_undone, FALSE) AS is_undone,
                   %(is_forward)s AS is_forward,
                   %(is_skip)s AS is_skip,
                   %(is_regression)s AS is_regression,
                   move.lead_id AS deal_count,
                   CASE WHEN %(is_forward)s THEN move.lead_id END AS forward_deal_count,
                   CASE WHEN %(is_skip)s THEN move.lead_id END AS skipping_deal_count,
                   CASE WHEN %(is_skip)s THEN 100.0 WHEN %(is_forward)s THEN 0.0 END AS skip_rate,
                   (%(is_regression)s)::int AS regression_count,
                   %(days)s AS days_in_stage, %(days)s AS median_days_in_stage, %(days)s AS p90_days_in_stage
            """,
            deal=self._select_deal(),
            is_forward=self._is_forward(),
            is_skip=SQL("(%s AND move.skipped_count > 0)", self._is_forward()),
            is_regression=self._is_regression(),
            days=SQL("move.seconds_in_stage / 86400.0::float8"),
        )

    def _from(self) -> SQL:
        return SQL(
            "FROM sales_stage_move move LEFT JOIN (%s) undone ON undone.id = move.id %s",
            self._select_undone(),
            self._join_deal(SQL("move.lead_id")),
        )

    def _is_forward(self) -> SQL:
        return SQL("(move.direction IN ('forward', 'won') AND move.origin IN ('user', 'import') AND %s)", NOT_UNDONE)

    def _is_regression(self) -> SQL:
        return SQL("(move.direction = 'back' AND move.origin IN ('user', 'import', 'history') AND %s)", NOT_UNDONE)

    # === Figures === #

    @api.model
    def _read_stage_figures(self, domain):
        """Median and 90th percentile of the days in a stage, and regressions, by the stage that was left.

        As :meth:`_read_group` has it, without sorting years of moves by stage before the days of each are ranked.

        :return: stage, median, 90th percentile and number of regressions
        :rtype: list[tuple[crm.stage, float, float, int]]
        """
        query = self._search(domain)
        if query.is_empty():
            return []
        stage_id = self._field_to_sql(self._table, "from_stage_id", query)
        query.groupby = stage_id
        grouped = query.select(
            SQL("%s AS stage_id", stage_id),
            SQL("array_agg(%s) AS days", self._field_to_sql(self._table, "days_in_stage", query)),
            SQL("%s AS regressions", self._read_group_select("regression_count:sum", query)),
        )
        fractions = [self._percentiles[name][1] for name in ("median_days_in_stage", "p90_days_in_stage")]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT grouped.stage_id, ranked.days, grouped.regressions
                  FROM (%s) grouped
            CROSS JOIN LATERAL (
                       SELECT percentile_cont(%s::float8[]) WITHIN GROUP (ORDER BY value) AS days
                         FROM unnest(grouped.days) AS value
                       ) ranked
              ORDER BY grouped.stage_id
                """,
                grouped,
                fractions,
            )
        )
        stages = self.env["crm.stage"].browse(stage_id for stage_id, _days, _regressions in rows)
        return [
            (stage, *(days or (None, None)), regressions)
            for stage, (_stage_id, days, regressions) in zip(stages, rows, strict=True)
        ]
