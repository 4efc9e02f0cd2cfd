from odoo import fields, models
from odoo.tools import SQL


class SalesProcessReportMixin(models.AbstractModel):
    """What the figures of the process have in common: whose deal it is, and of which class."""

    _name = "sales.process.report.mixin"
    _inherit = ["sales.report.mixin"]
    _description = "Figures of the Sales Process"
    _auto = False

    lead_id = fields.Many2one("crm.lead", string="Deal", readonly=True)
    deal_number = fields.Char(readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Salesperson", readonly=True, help="Whose deal it is today, whoever moved it."
    )
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
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
