from odoo import fields, models
from odoo.tools import SQL
from odoo.tools.query import Query

#: A deal and a stage in one number, so that different pairs are counted by sorting numbers and not rows.
PAIR = SQL("(entry.lead_id * 2147483648::bigint + entry.stage_id)")


class SalesConversionReport(models.Model):
    """Every time that a deal entered a stage, and whether it later left it forward."""

    _name = "sales.conversion.report"
    _inherit = ["sales.process.report.mixin"]
    _description = "Stage Conversion"
    _auto = False
    _order = "entered_at desc, id desc"
    _rec_name = "lead_id"

    _depends = {
        "sales.stage.move": [
            "company_id",
            "direction",
            "from_stage_id",
            "lead_id",
            "moved_at",
            "origin",
            "to_stage_id",
        ],
        "crm.lead": [
            "active",
            "company_id",
            "create_date",
            "date_conversion",
            "deal_class_id",
            "deal_number",
            "deal_opened_on",
            "stage_id",
            "team_id",
            "type",
            "user_id",
            "won_status",
        ],
        "crm.stage": ["is_won"],
        "sales.deal.class": ["is_repeat"],
    }
    _rates = {"conversion_rate": ("converted_count", "entered_count")}

    stage_id = fields.Many2one("crm.stage", readonly=True)
    entered_at = fields.Datetime(
        string="Entered On",
        readonly=True,
        help="The cohort: when the deal came into the stage. Into its first one it comes when it is created, imported "
        "or converted from a lead.",
    )
    is_converted = fields.Boolean(string="Left Forward", readonly=True, help="It later left the stage forward or won.")
    entered_count = fields.Integer(
        string="Deals That Entered",
        readonly=True,
        exportable=False,
        aggregator="count_distinct",
        help="Different deals that entered the stage in the period. Over several stages a deal counts once for each.",
    )
    converted_count = fields.Integer(
        string="Deals That Left Forward",
        readonly=True,
        exportable=False,
        aggregator="count_distinct",
        help="Those of them that later left it forward or won, whenever that was.",
    )
    conversion_rate = fields.Float(
        string="Conversion (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Of the deals that entered a stage in the period, the share that later left it forward, by cohort. The "
        "won stage is left out; moves that were taken back count in neither.",
    )

    def _read_group_select(self, aggregate_spec: str, query: Query) -> SQL:
        # The columns hold whether a row counts: pairs are longer than an integer may be for a client.
        if aggregate_spec in ("entered_count:count_distinct", "converted_count:count_distinct"):
            return SQL(
                "COUNT(DISTINCT CASE WHEN %s = 1 THEN %s END)",
                self._field_to_sql(self._table, aggregate_spec.partition(":")[0], query),
                SQL.identifier(self._table, "pair"),
            )
        return super()._read_group_select(aggregate_spec, query)

    # === Query === #

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT entry.id, entry.lead_id, entry.stage_id, entry.entered_at, entry.team_id, entry.company_id, %(deal)s,
                   %(pair)s AS pair,
                   %(is_converted)s AS is_converted,
                   1 AS entered_count,
                   (%(is_converted)s)::int AS converted_count,
                   100.0 * (%(is_converted)s)::int AS conversion_rate
              FROM (%(starts)s UNION ALL %(moves)s) entry
              JOIN crm_stage stage ON stage.id = entry.stage_id AND stage.is_won IS NOT TRUE
                   %(join)s
            """,
            deal=self._select_deal(),
            pair=PAIR,
            is_converted=self._is_converted(),
            starts=self._select_starts(),
            moves=self._select_moves(),
            join=self._join_deal(SQL("entry.lead_id")),
        )

    def _select_starts(self) -> SQL:
        """Deals come into their first stage without a move: the one that their first move left, or the present."""
        return SQL(
            """
            SELECT deal.id * 2 + 1 AS id, deal.id AS lead_id, deal.team_id, deal.company_id,
                   %(started_at)s AS entered_at,
                   CASE WHEN first.id IS NULL THEN deal.stage_id ELSE first.from_stage_id END AS stage_id,
                   0 AS move_id
              FROM crm_lead deal
         LEFT JOIN LATERAL (
                   SELECT id, from_stage_id
                     FROM sales_stage_move move
                    WHERE move.lead_id = deal.id AND %(is_own)s
                 ORDER BY move.moved_at, move.id
                    LIMIT 1
                   ) first ON TRUE
             WHERE deal.type = 'opportunity'
            """,
            started_at=self._select_started_at(),
            is_own=self._is_own(),
        )

    def _select_started_at(self) -> SQL:
        return SQL("COALESCE(deal.date_conversion, deal.deal_opened_on, deal.create_date)")

    def _select_moves(self) -> SQL:
        return SQL(
            """
            SELECT move.id * 2 AS id, move.lead_id, move.team_id, move.company_id, move.moved_at AS entered_at,
                   move.to_stage_id AS stage_id, move.id AS move_id
              FROM sales_stage_move move
         LEFT JOIN (%s) undone ON undone.id = move.id
             WHERE move.direction IN ('enter', 'forward', 'back', 'won')
               AND move.from_stage_id IS DISTINCT FROM move.to_stage_id
               AND NOT COALESCE(undone.is_undone, FALSE)
               AND %s
            """,
            self._select_undone(),
            self._is_own(),
        )

    def _is_own(self) -> SQL:
        """A merge says where the other deal stood: that one's entry, not this deal's."""
        return SQL("NOT (move.direction = 'enter' AND move.origin = 'merge')")

    def _is_converted(self) -> SQL:
        return SQL(
            """
            EXISTS (
                SELECT FROM sales_stage_move move
             LEFT JOIN (%s) undone ON undone.id = move.id
                 WHERE move.lead_id = entry.lead_id
                   AND move.from_stage_id = entry.stage_id
                   AND move.direction IN ('forward', 'won')
                   AND (move.moved_at, move.id) > (entry.entered_at, entry.move_id)
                   AND NOT COALESCE(undone.is_undone, FALSE)
            )
            """,
            self._select_undone(),
        )
