from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.query import Query

from odoo.addons.sales_management.tools.conjunct import get_conjuncts

from .sales_trend_report import DIMENSIONS, LENGTHS, SUMMED, TREND_SCOPES
from .sales_trend_report_query import MONTHS

#: Periods that are named, by their number: how many came after.
NUMBERS = {"is_current": 0, "is_last": 1}
#: What is asked for where a search does not say it: figures of several would be added up.
DEFAULTS = {"metric": "ordered", "period_kind": "month"}
#: Columns that are the same in all parts of a row.
KEYS = frozenset({"metric", "period_kind", "date", "is_current", "is_last", "company_id", "currency_id", *DIMENSIONS})
#: Fields that stand for columns, beside the id, which stands for all.
OF_COLUMNS = {"id": DIMENSIONS, **TREND_SCOPES}
#: Where a search tells the query what it asks for. No client can say it: a request brings no such type.
ASKED = "sales_trend_report_asked"


class Asked(NamedTuple):
    """What a search asks for at most: metrics, kinds of periods, the first day on which one may begin, and which.

    Periods are numbered back from the one that is under way; None is all. A reading that only adds up names the columns
    that it looks at; None is whole rows.
    """

    metrics: frozenset
    kinds: frozenset
    first: date
    numbers: frozenset | None = None
    columns: frozenset | None = None


class Summed(NamedTuple):
    """A reading that only adds up: the columns by which it does."""

    columns: frozenset


class SalesTrendReport(models.Model):
    """Read no more than a search asks for."""

    _inherit = "sales.trend.report"

    # === Searches === #

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, active_test=True, bypass_access=False):
        domain = Domain(domain).optimize(self)
        named = {condition.field_expr for condition in domain.iter_conditions()}
        if "id" not in named:
            missing = (Domain(name, "in", [value]) for name, value in DEFAULTS.items() if name not in named)
            domain = Domain.AND([domain, *missing])
        asked = self._read_asked(domain)._replace(columns=self._get_columns(named))
        if not asked.metrics or not asked.kinds:
            return self.browse()._as_query()
        asking = self.with_context(**{ASKED: asked})
        return super(SalesTrendReport, asking)._search(
            domain, offset, limit, order, active_test=active_test, bypass_access=bypass_access
        )

    @api.model
    def _get_asked(self):
        """
        :rtype: Asked
        """
        asked = self.env.context.get(ASKED)
        return asked if isinstance(asked, Asked) else self._read_asked(Domain.TRUE)

    @api.model
    def _get_asked_domain(self):
        """:return: condition: what the search at hand asks for, in whole rows
        :rtype: Domain
        """
        asked = self._get_asked()
        return (
            Domain("metric", "in", asked.metrics)
            & Domain("period_kind", "in", asked.kinds)
            & Domain("date", ">=", asked.first)
        )

    @api.model
    def _read_asked(self, domain):
        """
        :param Domain domain: optimized
        :rtype: Asked
        """
        asked = {"metric": frozenset(dict(self._fields["metric"].selection)), "period_kind": frozenset(LENGTHS)}
        first, numbers = fields.Date.today() - relativedelta(months=MONTHS), None
        for name, operator, value in get_conjuncts(list(domain)):
            if name in asked and operator in ("in", "="):
                asked[name] &= frozenset([value] if operator == "=" else value)
            elif name == "date" and operator in ("in", "="):
                first = max(first, min([value] if operator == "=" else value, default=first))
            elif name == "date" and operator in (">", ">=") and isinstance(value, date):
                first = max(first, value)
            elif name in NUMBERS and (operator, value) in (("=", True), ("in", {True}), ("in", [True])):
                numbers = (numbers or frozenset()) | {NUMBERS[name]}
        if numbers:
            # The clock of no company is further away than a day.
            length = max((LENGTHS[kind] for kind in asked["period_kind"]), default=1) * (max(numbers) + 1)
            first = max(first, fields.Date.today() - relativedelta(months=length, days=2))
        return Asked(asked["metric"], asked["period_kind"], first, numbers)

    # === Sums === #

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None):
        summing = self._as_summing(groupby, aggregates, having, order)
        rows = super(SalesTrendReport, summing)._read_group(
            domain, groupby, aggregates, having, offset, limit, order
        )
        return self._as_asked(rows)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        summing = self._as_summing([spec for groupby in grouping_sets for spec in groupby], aggregates, (), order)
        sets = super(SalesTrendReport, summing)._read_grouping_sets(domain, grouping_sets, aggregates, order)
        return [self._as_asked(rows) for rows in sets]

    @api.model
    def _as_summing(self, groupby, aggregates=(), having=(), order=None):
        """:return: this model, told by what columns it is read where nothing but sums is"""
        ordered = {term.split()[0] for term in (order or "").split(",") if term.strip()} - set(groupby)
        conditions = {condition[0] for condition in having if not isinstance(condition, str)}
        asked = {*aggregates, *ordered, *conditions}
        if not all(spec == "__count" or self._is_sum(spec) for spec in asked):
            return self
        columns = {spec.partition(":")[0].partition(".")[0] for spec in groupby}
        # Rows are counted by what they are of.
        columns |= {"id"} if "__count" in asked else set()
        return self.with_context(**{SUMMED: Summed(frozenset(columns))})

    @api.model
    def _is_sum(self, spec):
        name, _colon, aggregator = spec.partition(":")
        return name in self._rates or aggregator in ("sum", "sum_currency")

    @api.model
    def _get_columns(self, named):
        """
        :param set named: fields of the domain
        :return: columns that are looked at where nothing but sums is read, else none
        :rtype: frozenset | None
        """
        summed = self.env.context.get(SUMMED)
        if not isinstance(summed, Summed):
            return None
        rules = self.env["ir.rule"]._compute_domain(self._name, "read")
        ruled = {condition.field_expr.partition(".")[0] for condition in Domain(rules).iter_conditions()}
        looked_at = summed.columns | {name.partition(".")[0] for name in named} | ruled
        looked_at = {column for name in looked_at for column in OF_COLUMNS.get(name, [name])}
        return looked_at & frozenset(DIMENSIONS) if looked_at <= KEYS else None

    def _as_asked(self, rows):
        """:return: rows whose records know nothing of how they were read"""
        return [
            tuple(value.with_env(self.env) if isinstance(value, models.BaseModel) else value for value in row)
            for row in rows
        ]

    def _read_group_select(self, aggregate_spec: str, query: Query) -> SQL:
        if aggregate_spec == "__count" and isinstance(self.env.context.get(SUMMED), Summed):
            return SQL("COUNT(DISTINCT %s)", SQL.identifier(self._table, "id"))
        rate = super()._read_group_select(aggregate_spec, query)
        name = aggregate_spec.partition(":")[0]
        if name in self._rates:
            # Of less than nothing, there is no share.
            base = self._read_rate_part(self._rates[name][1], query)
            return SQL("CASE WHEN %s > 0 THEN %s END", base, rate)
        return rate
