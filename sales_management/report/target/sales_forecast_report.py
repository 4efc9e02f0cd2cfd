from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.sales_management.const import FORECAST_CATEGORIES


class SalesForecastReport(models.Model):
    """Deals that are open or won, by when they are expected, or were won, and how sure they are."""

    _name = "sales.forecast.report"
    _inherit = ["sales.report.mixin"]
    _description = "Sales Forecast"
    _auto = False
    _order = "date, id"
    _rec_name = "lead_id"

    _depends = {
        "crm.lead": [
            "active",
            "company_id",
            "country_id",
            "date_closed",
            "date_deadline",
            "deal_number",
            "expected_revenue",
            "forecast_override",
            "partner_id",
            "probability",
            "stage_id",
            "state_id",
            "team_id",
            "type",
            "user_id",
            "won_status",
        ],
        "crm.stage": ["forecast_category"],
        "crm.team": ["company_id"],
        "res.company": ["partner_id", "resource_calendar_id"],
        "res.partner": ["commercial_partner_id", "country_id", "state_id", "tz"],
    }

    lead_id = fields.Many2one("crm.lead", string="Deal", readonly=True)
    deal_number = fields.Char(readonly=True)
    stage_id = fields.Many2one("crm.stage", readonly=True)
    category = fields.Selection(
        FORECAST_CATEGORIES,
        readonly=True,
        help="Closed once won; else what the salesperson judges, else what the stage says.",
    )
    is_judged = fields.Boolean(string="Own Judgement", readonly=True, help="The salesperson says other than the stage.")
    date = fields.Date(
        string="Expected Closing",
        readonly=True,
        help="Of open deals the day on which they are expected to close, if there is one; of won deals the day of the "
        "win, by the clock of the company.",
    )
    is_overdue = fields.Boolean(string="Overdue", readonly=True, help="Open, and expected before today.")
    currency_id = fields.Many2one("res.currency", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    state_id = fields.Many2one("res.country.state", string="Region", readonly=True)
    expected_revenue = fields.Monetary(
        string="Expected (excl. tax)", readonly=True, help="Expected revenue of the deal, without tax."
    )
    weighted_revenue = fields.Monetary(
        string="Weighted (excl. tax)", readonly=True, help="Expected revenue × probability of the deal, without tax."
    )
    committed_revenue = fields.Monetary(
        string="Closed and Commit (excl. tax)", readonly=True, help="What is won, and what is promised, without tax."
    )

    # === Actions === #

    def action_open_deal(self):
        """Open the deal of a row.

        :return: action
        :rtype: dict
        """
        self.ensure_one()
        return self.lead_id.get_formview_action()

    # === Query === #

    @property
    def _table_query(self) -> SQL:
        return self._get_deals_query()

    @api.model
    def _get_deals_query(self, is_open=False):
        """Deals of the forecast, as a query with a column for each field. It applies no rule of access.

        :param bool is_open: leave out the closed ones
        :rtype: SQL
        """
        unwritten = [
            SQL(to_flush=self.env[model]._fields[name]) for model, names in self._depends.items() for name in names
        ]
        query = SQL(
            """
            SELECT lead.id, lead.id AS lead_id, lead.deal_number, lead.stage_id,
                   CASE WHEN lead.won_status = 'won' THEN 'closed'
                        ELSE COALESCE(lead.forecast_override, stage.forecast_category, 'pipeline') END AS category,
                   lead.forecast_override IS NOT NULL AND lead.won_status != 'won' AS is_judged,
                   %(date)s AS date,
                   lead.won_status != 'won' AND lead.date_deadline < %(today)s AS is_overdue,
                   company.id AS company_id, company.currency_id, lead.team_id, lead.user_id,
                   partner.commercial_partner_id AS partner_id,
                   COALESCE(customer.country_id, lead.country_id) AS country_id,
                   COALESCE(customer.state_id, lead.state_id) AS state_id,
                   COALESCE(lead.expected_revenue, 0) AS expected_revenue,
                   COALESCE(lead.expected_revenue, 0) * CASE WHEN lead.won_status = 'won' THEN 1
                       ELSE COALESCE(lead.probability, 0)::numeric / 100 END AS weighted_revenue,
                   CASE WHEN lead.won_status = 'won'
                          OR COALESCE(lead.forecast_override, stage.forecast_category) = 'commit'
                        THEN COALESCE(lead.expected_revenue, 0) ELSE 0 END AS committed_revenue
              FROM crm_lead lead
         LEFT JOIN crm_stage stage ON stage.id = lead.stage_id
         LEFT JOIN crm_team team ON team.id = lead.team_id
         LEFT JOIN res_users person ON person.id = lead.user_id
         LEFT JOIN res_partner partner ON partner.id = lead.partner_id
         LEFT JOIN res_partner customer ON customer.id = partner.commercial_partner_id
         LEFT JOIN res_company company
                ON company.id = COALESCE(lead.company_id, team.company_id, person.company_id)
         LEFT JOIN res_partner home ON home.id = company.partner_id
         LEFT JOIN resource_calendar calendar ON calendar.id = company.resource_calendar_id
             WHERE lead.type = 'opportunity'
               AND (%(closed)s OR lead.won_status = 'pending' AND lead.active)
            """,
            closed=SQL("FALSE") if is_open else SQL("lead.won_status = 'won'"),
            date=SQL("lead.date_deadline") if is_open else self._select_date(),
            today=self.env["sales.result"]._select_day(SQL("now() AT TIME ZONE 'UTC'")),
        )
        return SQL("%s %s", query, SQL().join(unwritten))

    @api.model
    def _select_date(self):
        """:return: when a deal was won, by the clock of the company, or is expected to be closed
        :rtype: SQL
        """
        won = self.env["sales.result"]._select_day(SQL("lead.date_closed"))
        return SQL("CASE WHEN lead.won_status = 'won' THEN %s ELSE lead.date_deadline END", won)
