from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.sales_management.const import MONEY_METRICS
from odoo.addons.sales_management.tools.day import get_day

#: Rates of the process leave repeat orders out, as Process Health does.
ONCE = [("is_repeat", "=", False)]


class Indicator(NamedTuple):
    """A figure by which sales are judged.

    :param str label: its name, translated
    :param str unit: ``money``, ``count``, ``percent``, ``days`` or ``hours``
    :param bool is_higher_better: whether more of it is better
    :param str model: report that it is read from
    :param str aggregate: what is read of it, as ``_read_group`` takes it
    :param str date: field by which a row is in a period
    :param list domain: which rows count
    :param str user: field of the person whom a row counts for
    :param list part: of a rate that no report has: which of the rows are its part; the aggregate is their number
    """

    label: str
    unit: str
    is_higher_better: bool
    model: str
    aggregate: str
    date: str
    domain: list
    user: str = "user_id"
    part: list | None = None


class SalesIndicator(models.AbstractModel):
    """Figures by which scorecards and adjustments of the strategy judge, each read from the report that shows it."""

    _name = "sales.indicator"
    _description = "Indicators of Sales"

    # === Indicators === #

    @api.model
    def _get_indicators(self):
        """The indicators that there are. To override: add yours.

        :return: by code, in the order in which they are offered
        :rtype: dict[str, Indicator]
        """
        labels = dict(self.env["sales.result"]._fields["metric"]._description_selection(self.env))
        results = {
            metric: Indicator(
                label,
                "money" if metric in MONEY_METRICS else "count",
                True,
                "sales.result",
                "amount:sum",
                "date",
                [("metric", "=", metric)],
            )
            for metric, label in labels.items()
        }
        return results | self._get_deal_indicators() | self._get_move_indicators()

    @api.model
    def _get_deal_indicators(self):
        report = "sales.deal.report"
        return {
            "win_rate": Indicator(
                self.env._("Win Rate"),
                "percent",
                True,
                "crm.lead",
                "__count",
                "date_closed",
                [("type", "=", "opportunity"), ("won_status", "in", ("won", "lost"))],
                part=[("won_status", "=", "won")],
            ),
            "early_loss_rate": Indicator(
                self.env._("Lead Loss"), "percent", False, report, "early_loss_rate:avg", "opened_on", ONCE
            ),
            "median_response_hours": Indicator(
                self.env._("First Response"), "hours", False, report, "median_response_hours:avg", "opened_on", ONCE
            ),
        }

    @api.model
    def _get_move_indicators(self):
        report = "sales.stage.report"
        forward = [
            ("is_forward", "=", True),
            ("direction", "in", ("forward", "won")),
            ("origin", "in", ("user", "import")),
        ]
        return {
            "skip_rate": Indicator(
                self.env._("Stage-Skip Rate"), "percent", False, report, "skip_rate:avg", "moved_at", forward + ONCE
            ),
            "regressions": Indicator(
                self.env._("Regressions"), "count", False, report, "regression_count:sum", "moved_at", ONCE
            ),
            "median_days_in_stage": Indicator(
                self.env._("Days in a Stage"), "days", False, report, "median_days_in_stage:avg", "moved_at", ONCE
            ),
            "conversion_rate": Indicator(
                self.env._("Conversion"),
                "percent",
                True,
                "sales.conversion.report",
                "conversion_rate:avg",
                "entered_at",
                ONCE,
            ),
            "on_time_rate": Indicator(
                self.env._("Key Actions on Time"),
                "percent",
                True,
                "sales.task.report",
                "on_time_rate:avg",
                "due_at",
                [("state", "!=", "cancelled"), *ONCE],
                "responsible_id",
            ),
        }

    # === Values === #

    @api.model
    def _get_values(self, codes, company, first, last, by=None, domain=()):
        """Read indicators of a period, under the rights of whoever asks: a query for each of them.

        :param codes: codes of indicators
        :param res.company company: whose days and amounts they are
        :param date first: first day of the period
        :param date last: its last day
        :param str by: ``user_id`` or ``team_id`` to have them of each, nothing for all together
        :param domain: further condition on ``team_id``, ``user_id`` and ``company_id``
        :return: by code, the values by id of the person or team, with None for all together; what has none is missing
        :rtype: dict[str, dict[int | None, float]]
        """
        indicators = self._get_indicators()
        return {
            code: self._read_indicator(indicators[code], company, first, last, by, Domain(domain)) for code in codes
        }

    @api.model
    def _read_indicator(self, indicator, company, first, last, by, domain):
        rows = self._get_domain(indicator, company, first, last, domain)
        values = self._read_aggregate(indicator, rows, by)
        if indicator.part is None:
            return values
        parts = self._read_aggregate(indicator, rows & Domain(indicator.part), by)
        return {key: 100 * parts.get(key, 0) / whole for key, whole in values.items() if whole}

    @api.model
    def _read_aggregate(self, indicator, domain, by):
        report = self.env[indicator.model].with_context(active_test=False)
        groupby = [indicator.user if by == "user_id" else by] if by else []
        return {
            key[0].id if key else None: float(value)
            for *key, value in report._read_group(domain, groupby, [indicator.aggregate])
            if value is not None and value is not False
        }

    @api.model
    def _get_domain(self, indicator, company, first, last, domain=Domain.TRUE):
        """Rows that an indicator is read from.

        :rtype: Domain
        """
        report = self.env[indicator.model]
        begin, end = first, last
        if report._fields[indicator.date].type == "datetime":
            zone = company._get_sales_zone()
            begin, end = get_day(first, zone).start, get_day(last, zone).end
        before = "<=" if end is last else "<"
        span = Domain(indicator.date, ">=", begin) & Domain(indicator.date, before, end)
        if indicator.user != "user_id":
            domain = domain.map_conditions(
                lambda condition: Domain(
                    indicator.user if condition.field_expr == "user_id" else condition.field_expr,
                    condition.operator,
                    condition.value,
                )
            )
        return Domain(indicator.domain) & span & Domain("company_id", "in", [company.id, False]) & domain
