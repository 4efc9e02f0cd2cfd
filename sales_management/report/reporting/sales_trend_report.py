from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.query import Query

from odoo.addons.sales_management.tools.conjunct import get_conjuncts
from odoo.addons.sales_management.tools.sales_period import Span

#: What is compared; amounts without tax.
METRICS = [("ordered", "Ordered"), ("invoiced", "Invoiced")]
#: Kinds of periods, and the months that one has.
KINDS = [("month", "Months"), ("quarter", "Quarters"), ("year", "Years")]
LENGTHS = {"month": 1, "quarter": 3, "year": 12}
TRENDS = [("rising", "Rising"), ("steady", "Steady"), ("falling", "Falling")]
#: More than this share up or down is no longer steady.
STEADY = 0.1
#: Months back for which the figures are there.
MONTHS = 24
#: Periods that are named, by their number: how many came after.
NUMBERS = {"is_current": 0, "is_last": 1}
#: What is asked for where a search does not say it: figures of several would be added up.
DEFAULTS = {"metric": "ordered", "period_kind": "month"}
#: Where a search tells the query what it asks for. No client can say it: a request brings no such type.
ASKED = "sales_trend_report_asked"


class Asked(NamedTuple):
    """What a search asks for at most: metrics, kinds of periods, the first day on which one may begin, and which.

    Periods are numbered back from the one that is under way; None is all.
    """

    metrics: frozenset
    kinds: frozenset
    first: date
    numbers: frozenset | None


class SalesTrendReport(models.Model):
    """Products and regions by period, beside the period before and the same period of the year before.

    Each figure stands in the row of its period, and again in the rows of the periods that are compared with it: so
    growth is computed from sums, and is right under every grouping. A period that is under way is compared with as many
    days of the others.
    """

    _name = "sales.trend.report"
    _inherit = ["sales.rate.mixin"]
    _description = "Products and Regions"
    _auto = False
    _order = "date desc, amount_untaxed desc, id"
    _rec_name = "product_id"

    _depends = {
        "res.company": ["partner_id", "resource_calendar_id", "sales_month_start"],
        "res.partner": ["tz"],
    }
    _rates = {
        "growth_rate": ("growth_amount", "previous_untaxed"),
        "year_growth_rate": ("year_growth_amount", "last_year_untaxed"),
        "margin_rate": ("margin", "amount_untaxed"),
    }

    metric = fields.Selection(
        METRICS, readonly=True, help="Orders that were confirmed, or invoices less credit notes that were posted."
    )
    period_kind = fields.Selection(KINDS, string="Period by", readonly=True, help="How long the periods are.")
    date = fields.Date(
        string="Period From",
        readonly=True,
        help="First day of the period. A month begins on the day that the company chose for its targets.",
    )
    is_current = fields.Boolean(
        string="Under Way",
        readonly=True,
        help="The period is not over: it is compared with as many days of the others.",
    )
    is_last = fields.Boolean(
        string="Last Whole Period", readonly=True, help="The period before the one that is under way."
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True, help="The team of the document.")
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True, help="Who gets the credit.")
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one("product.category", string="Product Category", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True, help="Country of the customer.")
    state_id = fields.Many2one(
        "res.country.state", string="Region", readonly=True, help="State or province of the customer."
    )
    amount_untaxed = fields.Monetary(
        string="Excl. Tax", readonly=True, help="Without tax, in company currency at the rate of the document."
    )
    amount_total = fields.Monetary(
        string="Incl. Tax", readonly=True, help="With tax, in company currency at the rate of the document."
    )
    margin = fields.Monetary(
        readonly=True, help="Of orders: what they bring less what the goods cost, without tax. Invoices have none."
    )
    margin_rate = fields.Float(
        string="Margin (%)", readonly=True, aggregator="avg", digits=(16, 1), help="Margin of the orders without tax."
    )
    quantity = fields.Float(readonly=True, help="In the unit of the line.")
    previous_untaxed = fields.Monetary(
        string="Period Before, Excl. Tax",
        readonly=True,
        help="The period before without tax; of a period that is under way, as many days of it.",
    )
    last_year_untaxed = fields.Monetary(
        string="Year Before, Excl. Tax",
        readonly=True,
        help="The same period of the year before without tax; of a period that is under way, as many days of it.",
    )
    growth_amount = fields.Monetary(
        string="Growth, Excl. Tax", readonly=True, help="What the period has more than the period before. Without tax."
    )
    growth_rate = fields.Float(
        string="Growth (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="What the period has more than the period before, of the period before. Without tax. Empty where there is "
        "nothing to compare with.",
    )
    year_growth_amount = fields.Monetary(
        string="Growth on the Year, Excl. Tax",
        readonly=True,
        help="What the period has more than the same period of the year before. Without tax.",
    )
    year_growth_rate = fields.Float(
        string="Growth on the Year (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="What the period has more than the same period of the year before, of that period. Without tax. Empty "
        "where there is nothing to compare with.",
    )

    product_trend = fields.Selection(
        TRENDS,
        compute="_compute_trends",
        search="_search_product_trend",
        help="Rising: of everything that one may see, the product has over 10 % more in the period than in the period "
        "before. Falling: over 10 % less.",
    )
    region_trend = fields.Selection(
        TRENDS,
        compute="_compute_trends",
        search="_search_region_trend",
        help="Rising: of everything that one may see, the region has over 10 % more in the period than in the period "
        "before. Falling: over 10 % less.",
    )

    # === Computes === #

    def _compute_trends(self):
        domain = Domain.AND(Domain(name, "in", self.mapped(name)) for name in ("metric", "period_kind", "date"))
        for name, scope in (("product_trend", ("product_id",)), ("region_trend", ("country_id", "state_id"))):
            trends = dict(self.env.execute_query(self._select_trends(scope, domain))) if self else {}
            for row in self:
                row[name] = trends.get(row.id, "steady")

    @api.model
    def _search_product_trend(self, operator, value):
        return self._search_trend(operator, value, ("product_id",))

    @api.model
    def _search_region_trend(self, operator, value):
        return self._search_trend(operator, value, ("country_id", "state_id"))

    @api.model
    def _search_trend(self, operator, value, scope):
        if operator != "in":
            return NotImplemented
        asked = self.env.context.get(ASKED)
        asked = asked if isinstance(asked, Asked) else self._get_asked(Domain.TRUE)
        domain = (
            Domain("metric", "in", asked.metrics)
            & Domain("period_kind", "in", asked.kinds)
            & Domain("date", ">=", asked.first)
        )
        trends = self._select_trends(scope, domain)
        ids = SQL("SELECT found.id FROM (%s) found WHERE found.trend = ANY(%s)", trends, list(value))
        return Domain.custom(to_sql=lambda _model, alias, _query: SQL("%s IN (%s)", SQL.identifier(alias, "id"), ids))

    @api.model
    def _select_trends(self, scope, domain):
        """
        :param scope: columns whose rows rise or fall together
        :return: ids of rows under the rules of whoever asks, and how what they belong to goes
        :rtype: SQL
        """
        query = self._search(domain)
        columns = ("metric", "period_kind", "date", "company_id", *scope)
        window = SQL("(PARTITION BY %s)", SQL(", ").join(SQL.identifier(self._table, column) for column in columns))
        change = SQL("sum(%s) OVER %s", SQL.identifier(self._table, "growth_amount"), window)
        steady = SQL("%s * abs(sum(%s) OVER %s)", STEADY, SQL.identifier(self._table, "previous_untaxed"), window)
        return query.select(
            SQL.identifier(self._table, "id"),
            SQL(
                "CASE WHEN %(change)s > %(steady)s THEN 'rising' WHEN -%(change)s > %(steady)s THEN 'falling' "
                "ELSE 'steady' END AS trend",
                change=change,
                steady=steady,
            ),
        )

    # === Actions === #

    def action_open_results(self):
        """Open what the row is made of.

        :return: action
        :rtype: dict
        """
        self.ensure_one()
        after = self.date + relativedelta(months=LENGTHS[self.period_kind])
        scope = ("company_id", "team_id", "user_id", "product_id", "country_id", "state_id")
        return {
            "type": "ir.actions.act_window",
            "name": self.product_id.display_name or self.env._("Without a Product"),
            "res_model": "sales.result",
            "view_mode": "list,kanban,pivot",
            "mobile_view_mode": "kanban",
            "domain": [
                ("metric", "=", self.metric),
                ("date", ">=", fields.Date.to_string(self.date)),
                ("date", "<", fields.Date.to_string(after)),
                *((name, "=", self[name].id) for name in scope),
            ],
        }

    # === Query === #

    @property
    def _table_query(self) -> SQL:
        asked = self.env.context.get(ASKED)
        return self._select(asked if isinstance(asked, Asked) else self._get_asked(Domain.TRUE))

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, active_test=True, bypass_access=False):
        domain = Domain(domain).optimize(self)
        named = {condition.field_expr for condition in domain.iter_conditions()}
        if "id" not in named:
            missing = (Domain(name, "in", [value]) for name, value in DEFAULTS.items() if name not in named)
            domain = Domain.AND([domain, *missing])
        asked = self._get_asked(domain)
        if not asked.metrics or not asked.kinds:
            return self.browse()._as_query()
        asking = self.with_context(**{ASKED: asked})
        return super(SalesTrendReport, asking)._search(
            domain, offset, limit, order, active_test=active_test, bypass_access=bypass_access
        )

    @api.model
    def _get_asked(self, domain):
        """
        :param Domain domain: optimized
        :rtype: Asked
        """
        asked = {"metric": frozenset(dict(METRICS)), "period_kind": frozenset(LENGTHS)}
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

    @api.model
    def _select(self, asked) -> SQL:
        return SQL(
            """
            SELECT hashtextextended(concat_ws('/', metric, period_kind, date, company_id, COALESCE(team_id, 0),
                                    COALESCE(user_id, 0), COALESCE(product_id, 0), COALESCE(country_id, 0),
                                    COALESCE(state_id, 0)), 0) & 9007199254740991 AS id,
                   figure.*,
                   amount_untaxed - previous_untaxed AS growth_amount,
                   amount_untaxed - last_year_untaxed AS year_growth_amount,
                   CASE WHEN previous_untaxed > 0
                        THEN (100 * (amount_untaxed - previous_untaxed) / previous_untaxed)::float8 END AS growth_rate,
                   CASE WHEN last_year_untaxed > 0
                        THEN (100 * (amount_untaxed - last_year_untaxed) / last_year_untaxed)::float8
                        END AS year_growth_rate,
                   CASE WHEN amount_untaxed > 0 THEN (100 * margin / amount_untaxed)::float8 END AS margin_rate
              FROM (%s) figure
            """,
            self._select_figures(asked),
        )

    @api.model
    def _select_figures(self, asked) -> SQL:
        """A row for each period, with what is compared with it."""
        first = asked.first - relativedelta(months=12)
        return SQL(
            """
            SELECT fact.metric, day.period_kind, min(day.period_from) AS date, day.number = 0 AS is_current,
                   day.number = 1 AS is_last, fact.company_id, min(fact.currency_id) AS currency_id, fact.team_id,
                   fact.user_id, fact.product_id, fact.categ_id, fact.country_id, fact.state_id,
                   COALESCE(sum(fact.amount_untaxed) FILTER (WHERE day.role = 0), 0) AS amount_untaxed,
                   COALESCE(sum(fact.amount_total) FILTER (WHERE day.role = 0), 0) AS amount_total,
                   sum(fact.margin) FILTER (WHERE day.role = 0) AS margin,
                   COALESCE(sum(fact.quantity) FILTER (WHERE day.role = 0), 0) AS quantity,
                   COALESCE(sum(fact.amount_untaxed) FILTER (WHERE day.role = 1), 0) AS previous_untaxed,
                   COALESCE(sum(fact.amount_untaxed) FILTER (WHERE day.role = 2), 0) AS last_year_untaxed
              FROM (%(facts)s) fact
              JOIN (%(days)s) day ON day.company_id = fact.company_id AND day.date = fact.date
          GROUP BY fact.metric, day.period_kind, day.number, fact.company_id, fact.team_id, fact.user_id,
                   fact.product_id, fact.categ_id, fact.country_id, fact.state_id
            """,
            facts=self.env["sales.result"]._get_facts_query(asked.metrics, Span(first)),
            days=self._select_days(asked),
        )

    @api.model
    def _select_days(self, asked) -> SQL:
        """Days of each period (role 0), of the period before (1), and of the same period of the year before (2).

        Periods are numbered back from the one that is under way, with which no more days of the others are compared
        than there have been of it.
        """
        longest = max(LENGTHS[kind] for kind in asked.kinds)
        return SQL(
            """
            SELECT compared.company_id, compared.period_kind, compared.number, compared.role, compared.period_from,
                   compared.first + day AS date
              FROM (
                   SELECT home.id AS company_id, kind.code AS period_kind, target.number, back.role,
                          (target.base + home.shift)::date AS period_from,
                          (target.base - back.away + home.shift)::date AS first,
                          (target.base - back.away + kind.length + home.shift)::date AS after,
                          CASE WHEN target.number = 0 AND back.role > 0
                               THEN home.today::date - (target.base + home.shift)::date ELSE 366 END AS elapsed
                     FROM (%(homes)s) home
               CROSS JOIN (VALUES %(kinds)s) kind (code, length)
               CROSS JOIN LATERAL (
                          SELECT number, date_trunc(kind.code, home.today - home.shift) - number * kind.length AS base
                            FROM generate_series(0, %(months)s) number
                          ) target
               CROSS JOIN LATERAL (
                          VALUES (0, interval '0'), (1, kind.length), (2, interval '1 year')
                          ) back (role, away)
                    WHERE target.base + home.shift >= %(first)s AND %(numbers)s
                   ) compared
        CROSS JOIN generate_series(0, %(days)s) day
             WHERE compared.first + day < compared.after AND day <= compared.elapsed
            """,
            homes=self._select_homes(),
            kinds=SQL(", ").join(
                SQL("(%s, %s * interval '1 month')", kind, LENGTHS[kind]) for kind in sorted(asked.kinds)
            ),
            months=MONTHS // min(LENGTHS[kind] for kind in asked.kinds),
            first=asked.first,
            numbers=SQL("TRUE") if asked.numbers is None else SQL("target.number = ANY(%s)", list(asked.numbers)),
            # Said as a number, so that PostgreSQL knows how few days they are.
            days=31 * longest,
        )

    @api.model
    def _select_homes(self) -> SQL:
        """Companies: today by their clock, and how many days after the first their months begin."""
        results = self.env["sales.result"]
        return SQL(
            """
            SELECT company.id, (COALESCE(company.sales_month_start, 1) - 1) * interval '1 day' AS shift,
                   %(today)s::timestamp AS today
              FROM res_company company
              %(zone)s
            """,
            today=results._select_day(SQL("%s::timestamp", fields.Datetime.now())),
            zone=results._join_zone(SQL("company.id")),
        )

    def _read_group_select(self, aggregate_spec: str, query: Query) -> SQL:
        rate = super()._read_group_select(aggregate_spec, query)
        name = aggregate_spec.partition(":")[0]
        if name in self._rates:
            # Of less than nothing, there is no share.
            base = self._read_group_select(f"{self._rates[name][1]}:sum_currency", query)
            return SQL("CASE WHEN %s > 0 THEN %s END", base, rate)
        return rate
