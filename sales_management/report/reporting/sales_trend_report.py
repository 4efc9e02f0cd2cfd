from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: What is compared; amounts without tax.
METRICS = [("ordered", "Ordered"), ("invoiced", "Invoiced")]
#: Kinds of periods, and the months that one has.
KINDS = [("month", "Months"), ("quarter", "Quarters"), ("year", "Years")]
LENGTHS = {"month": 1, "quarter": 3, "year": 12}
#: What a row is of, beside metric, period and company.
DIMENSIONS = ("team_id", "user_id", "product_id", "categ_id", "country_id", "state_id")
TRENDS = [("rising", "Rising"), ("steady", "Steady"), ("falling", "Falling")]
#: More than this share up or down is no longer steady.
STEADY = 0.1
#: What rises or falls together, beside metric, period and company.
TREND_SCOPES = {"product_trend": ("product_id",), "region_trend": ("country_id", "state_id")}
TREND_KEYS = ("metric", "period_kind", "date", "company_id")
#: Where a reading of sums says so. No client can: a request brings no such type.
SUMMED = "sales_trend_report_summed"


class SalesTrendReport(models.Model):
    """Products and regions by period, beside the period before and the same period of the year before.

    Each figure stands in the row of its period, and again in the rows of the periods that are compared with it: so
    growth is computed from sums, and is right under every grouping. A period that is under way is compared with as many
    days of the others.
    """

    _name = "sales.trend.report"
    _inherit = ["sales.report.mixin"]
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
        for name, scope in TREND_SCOPES.items():
            rows = self.env.execute_query(self._select_trends(scope, domain)) if self else []
            trends = {tuple(key): trend for *key, trend in rows}
            for row in self:
                of = (row[column].id or 0 for column in ("company_id", *scope))
                row[name] = trends.get((row.metric, row.period_kind, row.date, *of), "steady")

    @api.model
    def _search_product_trend(self, operator, value):
        return self._search_trend(operator, value, TREND_SCOPES["product_trend"])

    @api.model
    def _search_region_trend(self, operator, value):
        return self._search_trend(operator, value, TREND_SCOPES["region_trend"])

    @api.model
    def _search_trend(self, operator, value, scope):
        if operator != "in":
            return NotImplemented
        trends = self._select_trends(scope, self._get_asked_domain())
        columns = SQL(", ").join(SQL("found.%s", SQL.identifier(column)) for column in (*TREND_KEYS, *scope))
        keys = SQL("SELECT %s FROM (%s) found WHERE found.trend = ANY(%s)", columns, trends, list(value))

        def to_sql(_model, alias, _query):
            return SQL("(%s) IN (%s)", SQL(", ").join(self._get_trend_keys(alias, scope)), keys)

        return Domain.custom(to_sql=to_sql)

    @api.model
    def _select_trends(self, scope, domain):
        """
        :param scope: columns whose rows rise or fall together
        :return: metric, kind, first day, company and scope of what rises, falls, or does not, under the rules of
            whoever asks; nothing is 0
        :rtype: SQL
        """
        query = self._as_summing((*TREND_KEYS, *scope))._search(domain)
        keys = self._get_trend_keys(self._table, scope)
        query.groupby = SQL(", ").join(keys)
        change = SQL("sum(%s)", SQL.identifier(self._table, "growth_amount"))
        steady = SQL("%s * abs(sum(%s))", STEADY, SQL.identifier(self._table, "previous_untaxed"))
        return query.select(
            *(
                SQL("%s AS %s", key, SQL.identifier(name))
                for name, key in zip((*TREND_KEYS, *scope), keys, strict=True)
            ),
            SQL(
                "CASE WHEN %(change)s > %(steady)s THEN 'rising' WHEN -%(change)s > %(steady)s THEN 'falling' "
                "ELSE 'steady' END AS trend",
                change=change,
                steady=steady,
            ),
        )

    @api.model
    def _get_trend_keys(self, alias, scope):
        return [
            *(SQL.identifier(alias, column) for column in TREND_KEYS),
            *(SQL("COALESCE(%s, 0)", SQL.identifier(alias, column)) for column in scope),
        ]

    # === Actions === #

    def action_open_results(self):
        """Open what the row is made of.

        :return: action
        :rtype: dict
        """
        self.ensure_one()
        after = self.date + relativedelta(months=LENGTHS[self.period_kind])
        scope = ("company_id", *(name for name in DIMENSIONS if name != "categ_id"))
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
