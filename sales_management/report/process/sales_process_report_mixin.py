from odoo import fields, models
from odoo.tools import SQL
from odoo.tools.query import Query


class SalesProcessReportMixin(models.AbstractModel):
    """What the figures of the process have in common: whose deal it is, of which class, and how rates are computed.

    A rate or percentile is computed from the rows of each group, never from the figures of its parts: it is right under
    every grouping, and in every total.
    """

    _name = "sales.process.report.mixin"
    _description = "Figures of the Sales Process"
    _auto = False

    #: Rate in percent: the fields whose aggregates are divided. To extend: ``{**SalesProcessReportMixin._rates, …}``.
    _rates = {}
    #: Percentile: the field whose values are ranked, and the fraction.
    _percentiles = {}

    lead_id = fields.Many2one("crm.lead", string="Deal", readonly=True)
    deal_number = fields.Char(readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Salesperson", readonly=True, help="Whose deal it is today, whoever moved it."
    )
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    deal_class_id = fields.Many2one("sales.deal.class", readonly=True)
    is_repeat = fields.Boolean(
        string="Repeat Order",
        readonly=True,
        help="The class of the deal is one of repeat orders. They are counted apart: left out at first, and shown by "
        "themselves by the filter Repeat Orders.",
    )
    deal_state = fields.Selection(
        [("open", "Open"), ("won", "Won"), ("lost", "Lost"), ("archived", "Archived")],
        string="Status",
        readonly=True,
        help="Won and lost as CRM has it. A deal that is archived and not lost is neither open nor lost: it is counted "
        "apart.",
    )

    # === Actions === #

    def action_open_deal(self):
        """Open the deal of a row.

        :return: action
        :rtype: dict
        """
        self.ensure_one()
        return self.lead_id.get_formview_action()

    # === Query === #

    def _select_deal(self) -> SQL:
        """Columns of the deal, from the tables of ``_join_deal``; a query that needs none of them joins none."""
        return SQL(
            """
            lead.deal_number,
            lead.user_id,
            lead.deal_class_id,
            COALESCE(class.is_repeat, FALSE) AS is_repeat,
            CASE WHEN lead.won_status IN ('won', 'lost') THEN lead.won_status
                 WHEN lead.active THEN 'open'
                 ELSE 'archived' END AS deal_state
            """
        )

    def _join_deal(self, lead_id) -> SQL:
        """
        :param SQL lead_id: the deal in the query that joins it
        """
        return SQL(
            """
            LEFT JOIN crm_lead lead ON lead.id = %s
            LEFT JOIN sales_deal_class class ON class.id = lead.deal_class_id
            """,
            lead_id,
        )

    def _select_undone(self) -> SQL:
        """Moves that were taken back: the last one of the deal before a correction that goes the same way back.

        Asked for a missing id in place of ``is_undone``, PostgreSQL would believe that nearly all were taken back.
        """
        return SQL(
            """
            SELECT last.id, TRUE AS is_undone
              FROM sales_stage_move correction
        CROSS JOIN LATERAL (
                   SELECT id, user_id, from_stage_id, to_stage_id
                     FROM sales_stage_move earlier
                    WHERE earlier.lead_id = correction.lead_id
                      AND earlier.id < correction.id
                      AND earlier.moved_at BETWEEN correction.moved_at - interval '10 minutes' AND correction.moved_at
                      AND earlier.user_id = correction.user_id
                      AND earlier.from_stage_id = correction.to_stage_id
                      AND earlier.to_stage_id = correction.from_stage_id
                      AND earlier.direction != 'correction'
                 ORDER BY earlier.id DESC
                    LIMIT 1
                   ) last
             WHERE correction.direction = 'correction'
          GROUP BY last.id
            """
        )

    # === Figures === #

    def _read_group_select(self, aggregate_spec: str, query: Query) -> SQL:
        name = aggregate_spec.partition(":")[0]
        if name in self._rates:
            parts = [f"{part}:{self._fields[part].aggregator}" for part in self._rates[name]]
            return SQL(
                "(100.0 * %s / NULLIF(%s, 0))::float8",
                *(self._read_group_select(part, query) for part in parts),
            )
        if name in self._percentiles:
            ranked, fraction = self._percentiles[name]
            return SQL(
                "percentile_cont(%s) WITHIN GROUP (ORDER BY %s)",
                fraction,
                self._field_to_sql(self._table, ranked, query),
            )
        return super()._read_group_select(aggregate_spec, query)
