from odoo import fields, models
from odoo.tools import SQL

#: Days of the windows: of repurchase, and of retention.
WINDOWS = {"repurchase": 90, "retention": 365}
#: Months back for which the figures are there.
MONTHS = 24


class SalesRetentionReport(models.Model):
    """Customers who ordered in one window, and whether they ordered again in the next, at each month's end.

    Windows are fixed: one ends on the day of the figure, the one before it ends where that one begins. The figures of
    the present month are those of today.
    """

    _name = "sales.retention.report"
    _inherit = ["sales.report.mixin"]
    _description = "Repurchase and Retention"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    _depends = {
        "res.company": ["partner_id", "resource_calendar_id"],
        "res.partner": ["commercial_partner_id", "country_id", "industry_id", "state_id", "tz"],
        "sale.order": ["company_id", "date_order", "partner_id", "state", "team_id", "user_id"],
    }
    _rates = {"kept_rate": ("kept_count", "customer_count")}

    window = fields.Selection(
        [("repurchase", "Repurchase (90 Days)"), ("retention", "Retention (365 Days)")],
        readonly=True,
        help="How long each of the two windows is.",
    )
    date = fields.Date(readonly=True, help="The day on which the later window ends: a month's last day, or today.")
    months_ago = fields.Integer(
        readonly=True, aggregator=None, help="Months' ends since that day: zero is today, one the end of last month."
    )
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    industry_id = fields.Many2one("res.partner.industry", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    state_id = fields.Many2one("res.country.state", string="Region", readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Salesperson", readonly=True, help="Who made the last order in the window before."
    )
    team_id = fields.Many2one(
        "crm.team", string="Sales Team", readonly=True, help="The team of the last order in the window before."
    )
    is_kept = fields.Boolean(string="Ordered Again", readonly=True, help="Ordered in the later window too.")
    customer_count = fields.Integer(
        string="Customers", readonly=True, aggregator="sum", help="Customers who ordered in the window before."
    )
    kept_count = fields.Integer(
        string="Customers Who Ordered Again",
        readonly=True,
        aggregator="sum",
        help="Those of them who ordered in the later window too.",
    )
    kept_rate = fields.Float(
        string="Ordered Again (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Of the customers with a confirmed order in the window before, the share with one in the window that ends "
        "on the day. Windows of 90 days: repurchase. Of 365 days: retention.",
    )

    # === Actions === #

    def action_open_record(self):
        """Open the customer of a row.

        :return: action
        :rtype: dict
        """
        self.ensure_one()
        return self.partner_id.get_formview_action()

    # === Query === #

    @property
    def _table_query(self) -> SQL:
        # Kept once, for PostgreSQL would ask for the day of an order in each window that it lies in.
        return SQL(
            """
              WITH ordered AS MATERIALIZED (%(ordered)s)
            SELECT (ending.number * 2 + (ending.code = 'retention')::int)::bigint * 2147483648 * 1024
                   + ordered.partner_id::bigint * 1024 + ending.company_id AS id,
                   ending.code AS window, ending.date, ending.number AS months_ago,
                   ending.company_id, ordered.partner_id,
                   (max(ARRAY[ordered.since, ordered.number, ordered.user_id]) FILTER (WHERE %(is_before)s))[3]
                   ::integer AS user_id,
                   (max(ARRAY[ordered.since, ordered.number, ordered.team_id]) FILTER (WHERE %(is_before)s))[3]
                   ::integer AS team_id,
                   min(ordered.industry_id) AS industry_id, min(ordered.country_id) AS country_id,
                   min(ordered.state_id) AS state_id,
                   bool_or(NOT %(is_before)s) AS is_kept,
                   1 AS customer_count,
                   bool_or(NOT %(is_before)s)::int AS kept_count,
                   100.0 * bool_or(NOT %(is_before)s)::int AS kept_rate
              FROM (%(endings)s) ending
              JOIN ordered
                ON ordered.company_id = ending.company_id
               AND ordered.day > ending.date - 2 * ending.days AND ordered.day <= ending.date
          GROUP BY ending.number, ending.code, ending.date, ending.company_id, ordered.partner_id
            HAVING bool_or(%(is_before)s)
            """,
            endings=self._select_endings(),
            ordered=self._select_ordered(),
            is_before=SQL("ordered.day <= ending.date - ending.days"),
        )

    def _select_endings(self) -> SQL:
        """Days on which windows end, by company: today by its clock, and the last days of the months before."""
        return SQL(
            """
            SELECT number, code, days, company_id,
                   CASE number WHEN 0 THEN today
                        ELSE (date_trunc('month', today) - (number - 1) * interval '1 month')::date - 1 END AS date
              FROM generate_series(0, %(months)s) number
        CROSS JOIN (VALUES %(windows)s) span (code, days)
        CROSS JOIN (
                   SELECT own.id AS company_id, %(today)s AS today
                     FROM res_company own
                     JOIN res_partner home ON home.id = own.partner_id
                LEFT JOIN resource_calendar calendar ON calendar.id = own.resource_calendar_id
                   ) clock
            """,
            months=MONTHS,
            windows=SQL(", ").join(SQL("(%s, %s)", code, days) for code, days in WINDOWS.items()),
            today=self._select_day(SQL("%s", self.env.cr.now())),
        )

    def _select_day(self, moment) -> SQL:
        """:return: the day of a moment by the clock of the company"""
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(home.tz, calendar.tz, 'UTC'))::date", moment)

    def _select_ordered(self) -> SQL:
        """Confirmed orders with the day by the clock of their company, and the customer."""
        return SQL(
            """
            SELECT sold.id AS number, EXTRACT(EPOCH FROM sold.date_order)::bigint AS since, sold.company_id,
                   sold.user_id, sold.team_id, customer.id AS partner_id,
                   customer.industry_id, customer.country_id, customer.state_id,
                   %(day)s AS day
              FROM sale_order sold
              JOIN res_partner contact ON contact.id = sold.partner_id
              JOIN res_partner customer ON customer.id = contact.commercial_partner_id
              JOIN res_company own ON own.id = sold.company_id
              JOIN res_partner home ON home.id = own.partner_id
         LEFT JOIN resource_calendar calendar ON calendar.id = own.resource_calendar_id
             WHERE sold.state = 'sale'
            """,
            day=self._select_day(SQL("sold.date_order")),
        )
