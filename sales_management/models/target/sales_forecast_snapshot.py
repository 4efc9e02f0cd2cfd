from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.sales_management.const import FORECAST_CATEGORIES
from odoo.addons.sales_management.tools.sales_period import get_period


class SalesForecastSnapshot(models.Model):
    """What the forecast said of each open deal, once a week: never changed, so that forecasts can be held to it."""

    _name = "sales.forecast.snapshot"
    _inherit = ["sales.fact.mixin"]
    _description = "Forecast of a Week"
    _order = "date desc, id desc"
    _rec_name = "deal_name"

    _fact_links = ("lead_id", "team_id", "user_id", "partner_id")
    _fact_texts = ("deal_name",)

    date = fields.Date(string="Taken On", required=True, readonly=True, index=True, help="By the clock of the company.")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    # The sums of a week stay what they were, also when a deal is merged or deleted.
    lead_id = fields.Many2one("crm.lead", string="Deal", readonly=True, ondelete="set null", index="btree_not_null")
    lead_name = fields.Char(string="Name of the Deal", readonly=True)
    deal_number = fields.Char(readonly=True)
    deal_name = fields.Char(string="What It Was Called", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True, ondelete="set null")
    team_name = fields.Char(string="Name of the Team", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True, ondelete="set null")
    user_name = fields.Char(string="Name", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True, ondelete="set null")
    partner_name = fields.Char(string="Name of the Customer", readonly=True)
    category = fields.Selection(FORECAST_CATEGORIES, required=True, readonly=True)
    date_closing = fields.Date(string="Expected Closing", readonly=True)
    amount = fields.Monetary(
        readonly=True, help="Expected revenue of the deal, without tax; of one that is omitted, as well."
    )
    weighted = fields.Monetary(readonly=True, help="Expected revenue × probability of the deal.")

    _company_date_idx = models.Index("(company_id, date)")

    # === Taking === #

    @api.model
    def _cron_take(self):
        """Take the forecast of each company once a week, on the first run of the week by its clock."""
        companies = self.env["res.company"].browse(
            sorted(self.env["res.company"]._get_enabled_company_ids("sales_target_enabled"))
        )
        for position, company in enumerate(companies, start=1):
            self._take(company)
            self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - position)

    @api.model
    def _take(self, company):
        """Take the forecast of a company, unless that of the week is there.

        :return: how many deals are in it
        :rtype: int
        """
        today = company._get_sales_today()
        monday = get_period("week", today).start
        # Two workers at once: the one waits here, and finds what the other took.
        self.env.cr.execute(SQL("SELECT pg_advisory_xact_lock(hashtext('sales_forecast_snapshot'), %s)", company.id))
        if self.sudo().search_count(  # sudo: the job sees what is there, whoever runs it
            [("company_id", "=", company.id), ("date", ">=", monday)], limit=1
        ):
            return 0
        self.env.flush_all()
        self.env.cr.execute(self._insert_rows(company, today))
        count = self.env.cr.rowcount
        self.env.invalidate_all()
        return count

    @api.model
    def _insert_rows(self, company, today):
        """One statement for all deals; with the names, so that the guard of facts need not look for each of them.

        :rtype: SQL
        """
        return SQL(
            """
            INSERT INTO sales_forecast_snapshot (
                        date, company_id, lead_id, lead_name, deal_number, deal_name, team_id, team_name, user_id,
                        user_name, partner_id, partner_name, category, date_closing, amount, weighted,
                        create_uid, create_date, write_uid, write_date)
            SELECT %(today)s, deal.company_id, deal.lead_id, lead.name, deal.deal_number, lead.name, deal.team_id,
                   COALESCE(team.name ->> 'en_US', ''), deal.user_id, COALESCE(person.name, ''), deal.partner_id,
                   COALESCE(customer.name, ''), deal.category, deal.date, deal.expected_revenue, deal.weighted_revenue,
                   %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
              FROM (%(deals)s) deal
              JOIN crm_lead lead ON lead.id = deal.lead_id
         LEFT JOIN crm_team team ON team.id = deal.team_id
         LEFT JOIN res_users account ON account.id = deal.user_id
         LEFT JOIN res_partner person ON person.id = account.partner_id
         LEFT JOIN res_partner customer ON customer.id = deal.partner_id
             WHERE deal.company_id = %(company)s AND deal.category != 'closed'
          ORDER BY deal.lead_id
            """,
            today=today,
            uid=self.env.uid,
            deals=self.env["sales.forecast.report"]._get_deals_query(),
            company=company.id,
        )
