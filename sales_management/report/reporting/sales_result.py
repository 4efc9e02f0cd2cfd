from odoo import fields, models
from odoo.tools import SQL
from odoo.tools.query import Query

#: Measure per head: the amount that is divided by the people who got credit for it.
PER_HEAD = {"head_amount_untaxed": "amount_untaxed", "head_amount_total": "amount_total"}


class SalesResult(models.Model):
    """What was reached per head: computed from the rows of each group, so that it is right under every grouping."""

    _inherit = "sales.result"

    person_count = fields.Integer(
        string="People",
        readonly=True,
        exportable=False,
        aggregator="count_distinct",
        help="Different people who got credit for something in the period.",
    )
    head_amount_untaxed = fields.Float(
        string="Per Head, Excl. Tax",
        readonly=True,
        exportable=False,
        aggregator="avg",
        help="The amount of the period without tax, divided by the different people who got credit for some of it. "
        "What nobody got credit for is left out.",
    )
    head_amount_total = fields.Float(
        string="Per Head, Incl. Tax",
        readonly=True,
        exportable=False,
        aggregator="avg",
        help="The amount of the period with tax, divided by the different people who got credit for some of it. "
        "What nobody got credit for is left out.",
    )

    # === Query === #

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT fact.*, fact.user_id AS person_count,
                   CASE WHEN fact.user_id IS NOT NULL THEN fact.amount_untaxed END AS head_amount_untaxed,
                   CASE WHEN fact.user_id IS NOT NULL THEN fact.amount_total END AS head_amount_total
              FROM (%s) fact
            """,
            super()._table_query,
        )

    # === Figures === #

    def _read_group_select(self, aggregate_spec: str, query: Query) -> SQL:
        name, _colon, aggregator = aggregate_spec.partition(":")
        if name in PER_HEAD and aggregator == "avg":
            return SQL(
                "(%s / NULLIF(%s, 0))::float8",
                self._read_group_select(f"{name}:sum", query),
                self._read_group_select("person_count:count_distinct", query),
            )
        return super()._read_group_select(aggregate_spec, query)
