from odoo import fields, models
from odoo.tools import SQL


class SalesTaskReport(models.Model):
    """To-dos that somebody else was told of."""

    _inherit = "sales.task.report"

    _depends = {"sales.deal.task": ["escalation_level"]}

    escalation_level = fields.Integer(readonly=True, aggregator="max", help="The highest level that was told.")
    escalated_count = fields.Integer(
        string="Escalated",
        readonly=True,
        aggregator="sum",
        help="To-dos due in the period, cancelled ones left out, of which somebody else was told, as they were open.",
    )

    # === Query === #

    @property
    def _table_query(self) -> SQL:
        # PostgreSQL leaves the join out where nobody asks for escalations.
        return SQL(
            """
            SELECT report.*, task.escalation_level,
                   (task.escalation_level > 0 AND task.state != 'cancelled')::int AS escalated_count
              FROM (%s) report
         LEFT JOIN sales_deal_task task ON task.id = report.id
            """,
            super()._table_query,
        )
