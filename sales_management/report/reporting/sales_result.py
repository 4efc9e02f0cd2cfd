import heapq

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.query import Query

#: Measure per head: the amount that is divided by the people who got credit for it.
PER_HEAD = {"head_amount_untaxed": "credited_amount_untaxed", "head_amount_total": "credited_amount_total"}
#: Context of a dashboard's table: the aggregate that its rows are ordered by, and how many it shows.
FIRST_GROUPS = "sales_first_groups"


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
    credited_amount_untaxed = fields.Monetary(
        string="With Credit, Excl. Tax",
        readonly=True,
        exportable=False,
        help="The amount without tax for which somebody got credit.",
    )
    credited_amount_total = fields.Monetary(
        string="With Credit, Incl. Tax",
        readonly=True,
        exportable=False,
        help="The amount with tax for which somebody got credit.",
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
                   %(untaxed)s AS credited_amount_untaxed, %(untaxed)s AS head_amount_untaxed,
                   %(total)s AS credited_amount_total, %(total)s AS head_amount_total
              FROM (%(facts)s) fact
            """,
            facts=super()._table_query,
            untaxed=SQL("CASE WHEN fact.user_id IS NOT NULL THEN fact.amount_untaxed END"),
            total=SQL("CASE WHEN fact.user_id IS NOT NULL THEN fact.amount_total END"),
        )

    # === Figures === #

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        """Give a table that shows the first customers or products no more of them: it would name them all."""
        match self.env.context.get(FIRST_GROUPS):
            case [str(aggregate), int(size)] if aggregate in aggregates:
                position = list(aggregates).index(aggregate) + 1
                # In the order of names, which nobody asks for, PostgreSQL would join and sort them all.
                found = super()._read_grouping_sets(domain, grouping_sets, aggregates, f"{aggregate} DESC")
                return [
                    heapq.nlargest(size, groups, key=lambda group: group[position] or 0) if len(names) == 1 else groups
                    for names, groups in zip(grouping_sets, found, strict=True)
                ]
        return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)

    def _read_group_select(self, aggregate_spec: str, query: Query) -> SQL:
        name, _colon, aggregator = aggregate_spec.partition(":")
        if name in PER_HEAD and aggregator == "avg":
            # Amounts of several companies become one currency: that of rate one, and from there that of this company.
            currency = self.env.company.currency_id
            rate = currency._get_rates(self.env.company, fields.Date.context_today(self))[currency.id]
            return SQL(
                "(%s * %s / NULLIF(%s, 0))::float8",
                self._read_group_select(f"{PER_HEAD[name]}:sum_currency", query),
                rate,
                self._read_group_select("person_count:count_distinct", query),
            )
        return super()._read_group_select(aggregate_spec, query)
