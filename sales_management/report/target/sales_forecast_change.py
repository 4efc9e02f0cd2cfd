from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.sales_management.const import FORECAST_CATEGORIES

#: What can become of a deal; what is true first is what it is called.
KINDS = [
    ("new", "New"),
    ("won", "Won"),
    ("lost", "Lost"),
    ("gone", "Gone"),
    ("slipped", "Slipped"),
    ("pulled_in", "Earlier"),
    ("reclassed", "Other Category"),
    ("up", "Up"),
    ("down", "Down"),
    ("unchanged", "Unchanged"),
]
#: The week before is a snapshot that is at least so old.
WEEK_DAYS = 5


class SalesForecastChange(models.Model):
    """What became of the forecast of last week: for each month and team, opening + changes = closing.

    A deal that is expected in another month, or is another team's, leaves the one and comes into the other: two rows.
    """

    _name = "sales.forecast.change"
    _inherit = ["sales.report.mixin"]
    _description = "Changes of the Forecast"
    _auto = False
    _order = "month, id"
    _rec_name = "deal_name"

    _depends = {
        "sales.forecast.snapshot": [
            "amount",
            "category",
            "company_id",
            "date",
            "date_closing",
            "deal_name",
            "deal_number",
            "lead_id",
            "team_id",
            "user_id",
        ],
        "crm.lead": ["name", "won_status"],
    }

    lead_id = fields.Many2one("crm.lead", string="Deal", readonly=True)
    deal_number = fields.Char(readonly=True)
    deal_name = fields.Char(string="Name", readonly=True)
    kind = fields.Selection(
        KINDS,
        string="Change",
        readonly=True,
        help="New: not in the forecast then. Won, lost. Gone: archived, deleted, merged or of another company. "
        "Slipped, earlier: expected in a later or earlier month. Other category: surer or less sure, or omitted. Up, "
        "down: expected to bring more or less. The first that is true.",
    )
    month = fields.Date(
        readonly=True, help="Month in which the deal was expected, or is; months begin as the company's do."
    )
    since = fields.Date(
        string="Compared With", readonly=True, help="Day of the forecast that this one is compared with."
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    before_category = fields.Selection(FORECAST_CATEGORIES, string="Category Then", readonly=True)
    after_category = fields.Selection(FORECAST_CATEGORIES, string="Category Now", readonly=True)
    opening = fields.Monetary(
        string="Then (excl. tax)", readonly=True, help="Expected revenue then, of open deals that are not omitted."
    )
    difference = fields.Monetary(string="Change (excl. tax)", readonly=True, help="Now less then, without tax.")
    closing = fields.Monetary(
        string="Now (excl. tax)", readonly=True, help="Expected revenue now, of open deals that are not omitted."
    )

    # === Actions === #

    def action_open_deal(self):
        """Open the deal of a row.

        :return: action, none for a deal that is gone
        :rtype: dict | bool
        """
        self.ensure_one()
        return self.lead_id.exists().get_formview_action() if self.lead_id.exists() else False

    # === Query === #

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            WITH base AS (%(base)s), deal AS MATERIALIZED (%(deals)s)
            SELECT CASE WHEN part.is_second THEN before_id::bigint * 4 + 1
                        WHEN before_id IS NULL THEN lead_id::bigint * 4 + 2
                        ELSE before_id::bigint * 4 END AS id,
                   lead_id, deal_number, deal_name, %(kind)s AS kind, since, company_id, currency_id, before_category,
                   after_category,
                   CASE WHEN %(is_after)s THEN after_month ELSE before_month END AS month,
                   CASE WHEN %(is_after)s THEN after_team ELSE before_team END AS team_id,
                   CASE WHEN %(is_after)s THEN after_user ELSE before_user END AS user_id,
                   %(opening)s AS opening, %(closing)s AS closing, %(closing)s - %(opening)s AS difference
              FROM (%(compared)s) compared
        CROSS JOIN (VALUES (FALSE), (TRUE)) part (is_second)
             WHERE is_moved OR NOT part.is_second
            """,
            base=self._select_base(),
            deals=self._select_deals(),
            compared=self._select_compared(),
            kind=self._select_kind(),
            is_after=SQL("(part.is_second OR before_id IS NULL)"),
            opening=SQL("CASE WHEN part.is_second THEN 0 ELSE before_amount END"),
            closing=SQL("CASE WHEN is_moved AND NOT part.is_second THEN 0 ELSE after_amount END"),
        )

    def _select_base(self):
        """The forecast of each company that is compared: the newest that is a week old, else the oldest there is."""
        return SQL(
            """
            SELECT company.id AS company_id, company.currency_id, company.sales_month_start AS month_start,
                   COALESCE(week.date, first.date) AS since
              FROM res_company company
        CROSS JOIN LATERAL (
                   SELECT date FROM sales_forecast_snapshot WHERE company_id = company.id ORDER BY date LIMIT 1
                   ) first
         LEFT JOIN LATERAL (
                   SELECT date
                     FROM sales_forecast_snapshot
                    WHERE company_id = company.id AND date <= now()::date - %s
                 ORDER BY date DESC
                    LIMIT 1
                   ) week ON TRUE
            """,
            WEEK_DAYS,
        )

    def _select_deals(self):
        """Open deals as they are now; planned by itself, for in a full join no table that is not needed is left out."""
        return SQL(
            """
            SELECT lead_id, deal_number, company_id, team_id, user_id, category, expected_revenue, date
              FROM (%s) present
            """,
            self.env["sales.forecast.report"]._get_deals_query(is_open=True),
        )

    def _select_compared(self):
        """Each deal as it was then and is now."""
        return SQL(
            """
            SELECT old.id AS before_id, COALESCE(old.lead_id, new.lead_id) AS lead_id,
                   COALESCE(new.deal_number, old.deal_number) AS deal_number,
                   COALESCE(lead.name, old.deal_name) AS deal_name, base.since, base.company_id, base.currency_id,
                   lead.won_status, new.lead_id AS after_id, old.team_id AS before_team, new.team_id AS after_team,
                   old.user_id AS before_user, new.user_id AS after_user, old.category AS before_category,
                   new.category AS after_category, old.month AS before_month, new.month AS after_month,
                   CASE WHEN old.category != 'omitted' THEN COALESCE(old.amount, 0) ELSE 0 END AS before_amount,
                   CASE WHEN new.category != 'omitted' THEN COALESCE(new.expected_revenue, 0) ELSE 0 END
                       AS after_amount,
                   old.id IS NOT NULL AND new.lead_id IS NOT NULL
                       AND (old.month, old.team_id) IS DISTINCT FROM (new.month, new.team_id) AS is_moved
              FROM (
                   SELECT snapshot.id, snapshot.lead_id, snapshot.deal_number, snapshot.deal_name, snapshot.company_id,
                          snapshot.team_id, snapshot.user_id, snapshot.category, snapshot.amount, %(old_month)s AS month
                     FROM base
               CROSS JOIN LATERAL (
                          SELECT *
                            FROM sales_forecast_snapshot week
                           WHERE week.company_id = base.company_id AND week.date = base.since
                          OFFSET 0
                          ) snapshot
                   ) old
         FULL JOIN (
                   SELECT deal.lead_id, deal.deal_number, deal.company_id, deal.team_id, deal.user_id, deal.category,
                          deal.expected_revenue, %(new_month)s AS month
                     FROM deal
                     JOIN base ON base.company_id = deal.company_id
                   ) new ON new.lead_id = old.lead_id AND new.company_id = old.company_id
              JOIN base ON base.company_id = COALESCE(old.company_id, new.company_id)
         LEFT JOIN crm_lead lead ON lead.id = COALESCE(old.lead_id, new.lead_id)
            """,
            old_month=self._select_month(SQL("snapshot.date_closing"), SQL("base.month_start")),
            new_month=self._select_month(SQL("deal.date"), SQL("base.month_start")),
        )

    def _select_month(self, day, month_start):
        """:return: first day of the month in which a day is, where months begin on any day
        :rtype: SQL
        """
        shift = SQL("(COALESCE(%s, 1) - 1)", month_start)
        return SQL("(date_trunc('month', %s - %s)::date + %s)", day, shift, shift)

    def _select_kind(self):
        # No month is later than any.
        return SQL(
            """
            CASE WHEN before_id IS NULL THEN 'new'
                 WHEN won_status = 'won' THEN 'won'
                 WHEN won_status = 'lost' THEN 'lost'
                 WHEN after_id IS NULL THEN 'gone'
                 WHEN COALESCE(after_month, 'infinity') > COALESCE(before_month, 'infinity') THEN 'slipped'
                 WHEN COALESCE(after_month, 'infinity') < COALESCE(before_month, 'infinity') THEN 'pulled_in'
                 WHEN before_category != after_category THEN 'reclassed'
                 WHEN after_amount > before_amount THEN 'up'
                 WHEN after_amount < before_amount THEN 'down'
                 ELSE 'unchanged' END
            """
        )
