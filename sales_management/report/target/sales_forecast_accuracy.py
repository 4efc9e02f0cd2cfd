from odoo import fields, models
from odoo.tools import SQL
from odoo.tools.query import Query

#: How long before the month begins a forecast was taken: the first one that is not older than so many days.
HORIZONS = {"start": 7, "month": 35}


class SalesForecastAccuracy(models.Model):
    """What past forecasts said of a month, and what was won in it."""

    _name = "sales.forecast.accuracy"
    _inherit = ["sales.report.mixin"]
    _description = "Accuracy of Forecasts"
    _auto = False
    _order = "month desc, id"
    _rec_name = "month"

    _depends = {
        "sales.forecast.snapshot": [
            "amount",
            "category",
            "company_id",
            "date",
            "date_closing",
            "team_id",
            "user_id",
            "weighted",
        ],
        "res.company": ["sales_month_start"],
    }
    _errors = {"commit_error": "commit_amount", "best_error": "best_amount", "weighted_error": "weighted_amount"}

    month = fields.Date(readonly=True, help="Months that are over; they begin as the company's do.")
    horizon = fields.Selection(
        [("start", "When It Began"), ("month", "Four Weeks Before")],
        string="Forecast Taken",
        readonly=True,
        help="When it began: in the last week before the month. Four weeks before: so much earlier.",
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    commit_amount = fields.Monetary(
        string="Commit (excl. tax)", readonly=True, help="Deals that the forecast called commit for this month."
    )
    best_amount = fields.Monetary(
        string="Commit and Best Case (excl. tax)", readonly=True, help="Deals that it called commit or best case."
    )
    weighted_amount = fields.Monetary(
        string="Weighted (excl. tax)", readonly=True, help="All of its deals but the omitted, × their probability."
    )
    won_amount = fields.Monetary(
        string="Won (excl. tax)", readonly=True, help="Expected revenue of the deals that were won in the month."
    )
    commit_error = fields.Float(
        string="Error of Commit (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="(Commit − won) ÷ won: above zero, too much was forecast. Where nothing was won there is none.",
    )
    best_error = fields.Float(
        string="Error of Best Case (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="(Commit and best case − won) ÷ won.",
    )
    weighted_error = fields.Float(
        string="Error of Weighted (%)", readonly=True, aggregator="avg", digits=(16, 1), help="(Weighted − won) ÷ won."
    )

    # === Figures === #

    def _read_group_select(self, aggregate_spec: str, query: Query) -> SQL:
        name = aggregate_spec.partition(":")[0]
        if name in self._errors:
            forecast = self._read_rate_part(self._errors[name], query)
            won = self._read_rate_part("won_amount", query)
            return SQL("(100.0 * (%s - %s) / NULLIF(%s, 0))::float8", forecast, won, won)
        return super()._read_group_select(aggregate_spec, query)

    # === Query === #

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            WITH taken AS (%(taken)s), deal AS MATERIALIZED (%(deals)s), row AS (%(forecast)s UNION ALL %(won)s)
            SELECT min(id) AS id, month, horizon, company_id, currency_id, team_id, user_id,
                   sum(commit_amount) AS commit_amount, sum(best_amount) AS best_amount,
                   sum(weighted_amount) AS weighted_amount, sum(won_amount) AS won_amount,
                   100.0 * (sum(commit_amount) - sum(won_amount)) / NULLIF(sum(won_amount), 0) AS commit_error,
                   100.0 * (sum(best_amount) - sum(won_amount)) / NULLIF(sum(won_amount), 0) AS best_error,
                   100.0 * (sum(weighted_amount) - sum(won_amount)) / NULLIF(sum(won_amount), 0) AS weighted_error
              FROM row
          GROUP BY month, horizon, company_id, currency_id, team_id, user_id
            """,
            taken=self._select_taken(),
            deals=self._select_deals(),
            forecast=self._select_forecast(),
            won=self._select_won(),
        )

    def _select_taken(self):
        """Which forecast is held to which month: of months that are over, the first within the horizon."""
        horizons = SQL(", ").join(
            SQL("(%s, %s, %s)", name, days, number) for number, (name, days) in enumerate(HORIZONS.items())
        )
        return SQL(
            """
            SELECT week.company_id, company.currency_id, asked.month, horizon.name AS horizon, horizon.number,
                   min(week.date) AS date
              FROM (SELECT DISTINCT company_id, date FROM sales_forecast_snapshot) week
              JOIN res_company company ON company.id = week.company_id
        CROSS JOIN (VALUES %(horizons)s) horizon (name, days, number)
              -- In four weeks no more than one month begins.
        CROSS JOIN LATERAL (SELECT %(month)s AS month) asked
             WHERE week.date > asked.month - horizon.days AND week.date <= asked.month - horizon.days + 28
               AND (asked.month + interval '1 month')::date <= now()::date
          GROUP BY 1, 2, 3, 4, 5
            """,
            month=self.env["sales.forecast.change"]._select_month(
                SQL("(week.date + horizon.days - 1)"), SQL("company.sales_month_start")
            ),
            horizons=horizons,
        )

    def _select_forecast(self):
        return SQL(
            """
            SELECT snapshot.id::bigint * 4 + taken.number AS id, taken.month, taken.horizon, taken.company_id,
                   taken.currency_id, snapshot.team_id, snapshot.user_id,
                   CASE WHEN snapshot.category = 'commit' THEN snapshot.amount ELSE 0 END AS commit_amount,
                   CASE WHEN snapshot.category IN ('commit', 'best_case') THEN snapshot.amount ELSE 0 END
                       AS best_amount,
                   CASE WHEN snapshot.category = 'omitted' THEN 0 ELSE snapshot.weighted END AS weighted_amount,
                   0 AS won_amount
              FROM taken
              JOIN sales_forecast_snapshot snapshot
                ON snapshot.company_id = taken.company_id AND snapshot.date = taken.date
               AND snapshot.date_closing >= taken.month
               AND snapshot.date_closing < (taken.month + interval '1 month')::date
            """
        )

    def _select_deals(self):
        """Deals that were won, read once for all months."""
        return SQL(
            """
            SELECT lead_id, company_id, team_id, user_id, expected_revenue, date
              FROM (%s) won
             WHERE category = 'closed'
            """,
            self.env["sales.forecast.report"]._get_deals_query(),
        )

    def _select_won(self):
        return SQL(
            """
            SELECT deal.lead_id::bigint * 4 + 2 + taken.number, taken.month, taken.horizon, taken.company_id,
                   taken.currency_id, deal.team_id, deal.user_id, 0, 0, 0, deal.expected_revenue
              FROM taken
              JOIN deal
                ON deal.company_id = taken.company_id AND deal.date >= taken.month
               AND deal.date < (taken.month + interval '1 month')::date
            """
        )
