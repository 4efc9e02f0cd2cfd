from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.query import Query

#: Where the cursor keeps that statements of the transaction are not compiled.
INTERPRETED = "sales_management.interpreted"


class SalesReportMixin(models.AbstractModel):
    """What figures have in common: how rates and percentiles are computed, and how they are read.

    A rate or percentile is computed from the rows of each group, never from the figures of its parts: it is right under
    every grouping, and in every total. Amounts of several currencies are made one before they are divided.
    """

    _name = "sales.report.mixin"
    _description = "Sales Figures"
    _auto = False

    #: Rate in percent: the fields whose aggregates are divided. To extend: ``{**super()._rates, …}``.
    _rates = {}
    #: Percentile: the field whose values are ranked, and the fraction.
    _percentiles = {}

    company_id = fields.Many2one("res.company", readonly=True)

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None):
        self._forgo_compilation()
        return super()._read_group(domain, groupby, aggregates, having, offset, limit, order)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        self._forgo_compilation()
        return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)

    @api.model
    def _forgo_compilation(self):
        """PostgreSQL takes figures for so much work that it compiles them, which takes longer than the work itself."""
        if not self.env.cr.cache.get(INTERPRETED):
            self.env.cr.execute(SQL("SET LOCAL jit = off"))
            self.env.cr.cache[INTERPRETED] = True

    def _read_group_select(self, aggregate_spec: str, query: Query) -> SQL:
        name = aggregate_spec.partition(":")[0]
        if name in self._rates:
            parts = (self._read_rate_part(part, query) for part in self._rates[name])
            return SQL("(100.0 * %s / NULLIF(%s, 0))::float8", *parts)
        if name in self._percentiles:
            ranked, fraction = self._percentiles[name]
            return SQL(
                "percentile_cont(%s) WITHIN GROUP (ORDER BY %s)",
                fraction,
                self._field_to_sql(self._table, ranked, query),
            )
        return super()._read_group_select(aggregate_spec, query)

    def _read_rate_part(self, name: str, query: Query) -> SQL:
        """:return: the aggregate of a field, amounts in one currency"""
        field = self._fields[name]
        # Where there is but one currency, nothing need be divided by its rate line by line.
        is_exchanged = field.type == "monetary" and self.env["res.company"]._has_currencies()
        return self._read_group_select(f"{name}:{'sum_currency' if is_exchanged else field.aggregator}", query)
