from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.sales_management.tools.sales_period import get_period

#: What is wanted beside what was reached in a year.
GROWTH = 1.1
#: Targets are round.
ROUND = 10_000
#: Months before this one that have targets of teams and people.
MONTHS = 3
#: Weeks for which the forecast was taken.
WEEKS = 9


class SalesDemo(models.AbstractModel):
    """Targets of the demo company, its forecasts, its scorecards, and what it changed because of them."""

    _inherit = "sales.demo"

    @api.model
    def _load_course(self, company):
        company.write({"sales_target_enabled": True, "sales_reporting_enabled": True})
        # Others in the database may have none.
        self.env["crm.stage"]._fill_forecast_categories()
        today = fields.Date.today()
        self._load_targets(company, today)
        self._load_forecast(company, today)
        self._load_adjustments(company, today)
        self._load_scorecards(company, today)
        self._load_alerts(company)

    # === Targets === #

    @api.model
    def _load_targets(self, company, today):
        targets = self.env["sales.target"]
        year = get_period("year", today)
        for metric in ("ordered", "invoiced", "collected"):
            whole = targets.create(
                {
                    "metric": metric,
                    "period_kind": "year",
                    "date_from": year.start,
                    "amount": self._get_wanted(company, metric, today),
                    "company_id": company.id,
                }
            )
            self._split(whole, "month")
            for month in self._get_latest_months(whole, today):
                self._split(month, "team")
                for team in month.child_ids.filtered(lambda target: target.team_id.member_ids):
                    self._split(team, "person")
        month = get_period("month", today)
        for team in self.env["crm.team"].search([("company_id", "=", company.id)]):
            targets.create(
                {"metric": "won_deals", "date_from": month.start, "amount": 3, "team_id": team.id}
                | {"company_id": company.id}
            )
        over = targets.search([("company_id", "=", company.id), ("date_to", "<", today)])
        over.action_close()

    @api.model
    def _get_wanted(self, company, metric, today):
        domain = [
            ("metric", "=", metric),
            ("company_id", "=", company.id),
            ("date", ">", today - timedelta(days=365)),
            ("date", "<=", today),
        ]
        [(reached,)] = self.env["sales.result"]._read_group(domain, [], ["amount:sum"])
        return round((reached or ROUND) * GROWTH / ROUND) * ROUND

    @api.model
    def _get_latest_months(self, whole, today):
        months = whole.child_ids.filtered(lambda target: target.date_from <= today)
        return months.sorted("date_from", reverse=True)[:MONTHS]

    @api.model
    def _split(self, target, kind):
        split = self.env["sales.target.split"].create({"target_id": target.id, "kind": kind, "method": "equal"})
        # The teams that core brings are of no company.
        split.line_ids.filtered(lambda line: line.team_id and not line.team_id.company_id).unlink()
        split._onchange_line_ids()
        split.action_apply()

    # === Forecast === #

    @api.model
    def _load_forecast(self, company, today):
        """Take the forecasts that were not taken: what is open now, and what was won or lost since, as it was then."""
        deals = self.env["crm.lead"].search(
            [("company_id", "=", company.id), ("won_status", "=", "pending"), ("type", "=", "opportunity")], order="id"
        )
        deals[::7].forecast_override = "commit"
        deals[3::11].forecast_override = "omitted"
        self.env.flush_all()
        monday = get_period("week", today).start
        for weeks in range(WEEKS, 0, -1):
            self.env.cr.execute(self._insert_forecast(company, monday - timedelta(weeks=weeks), weeks))
        self.env.invalidate_all()

    @api.model
    def _insert_forecast(self, company, day, weeks):
        """
        :param int weeks: how long ago; the longer, the more of it was different
        :rtype: SQL
        """
        return SQL(
            """
            INSERT INTO sales_forecast_snapshot (date, company_id, lead_id, deal_number, deal_name, team_id, user_id,
                        partner_id, category, date_closing, amount, weighted)
            SELECT %(day)s, lead.company_id, lead.id, lead.deal_number, lead.name, lead.team_id, lead.user_id,
                   partner.commercial_partner_id,
                   CASE WHEN lead.won_status = 'won' THEN 'commit'
                        WHEN lead.id %% 5 = %(weeks)s %% 5 THEN 'best_case'
                        ELSE COALESCE(lead.forecast_override, stage.forecast_category, 'pipeline') END,
                   COALESCE(CASE WHEN lead.won_status != 'pending' THEN lead.date_closed::date END, lead.date_deadline)
                       - CASE WHEN lead.id %% 4 = 0 THEN 7 * %(weeks)s ELSE 0 END,
                   lead.expected_revenue * (1 + (lead.id %% 3 - 1) * 0.05 * %(weeks)s),
                   lead.expected_revenue * 0.5
              FROM crm_lead lead
         LEFT JOIN crm_stage stage ON stage.id = lead.stage_id
         LEFT JOIN res_partner partner ON partner.id = lead.partner_id
             WHERE lead.company_id = %(company)s AND lead.type = 'opportunity' AND lead.create_date < %(day)s
               AND (lead.won_status = 'pending' AND lead.active OR lead.date_closed >= %(day)s)
          ORDER BY lead.id
            """,
            day=day,
            weeks=weeks,
            company=company.id,
        )

    # === Adjustments === #

    @api.model
    def _load_adjustments(self, company, today):
        adjustments = self.env["sales.strategy.adjustment"]
        team = self.env["crm.team"].search([("company_id", "=", company.id)], limit=1, order="id")
        owner = team.user_id.id or self.env.uid
        common = {"company_id": company.id, "team_id": team.id, "owner_id": owner}
        first, second, _open = adjustments.create(
            [
                {
                    **common,
                    "name": "Quote standard parts within a day 标准件一天内报价",
                    "observation": "Customers took the first quotation that came, which was seldom ours.",
                    "indicator": "ordered",
                    "date_from": today - timedelta(days=100),
                    "date_due": today - timedelta(days=10),
                    "target": 500_000,
                },
                {
                    **common,
                    "name": "Call back within 48 hours 48小时内回访",
                    "observation": "One feedback in three was asked for too late.",
                    "indicator": "on_time_rate",
                    "date_from": today - timedelta(days=80),
                    "date_due": today - timedelta(days=20),
                    "target": 99.9,
                    "conclusion": "Better, and not enough: two people answer for half of what is late.",
                },
                {
                    **common,
                    "name": "Technical talk before the quotation 报价前技术对接",
                    "observation": "Deals go back from negotiation to requirements.",
                    "indicator": "win_rate",
                    "date_from": today - timedelta(days=20),
                    "date_due": today + timedelta(days=70),
                    "target": 60,
                },
            ]
        )
        (first | second).action_judge()
        adjustments.search([("company_id", "=", company.id), ("state", "=", "open")])._read_actual()

    # === Scorecards === #

    @api.model
    def _load_scorecards(self, company, today):
        month = get_period("month", today).previous()
        cards = self.env["sales.scorecard"]
        if cards._get_members(company):
            published = cards._make(company, "month", month.previous().start)
            # Nobody is told of it, as of nothing that the demo company brings.
            published.write({"state": "published", "published_at": fields.Datetime.now()})
            cards._make(company, "month", month.start)

    # === Alerts === #

    @api.model
    def _load_alerts(self, company):
        """Alerts of the last two months, the older ones understood. Nobody is told of them, as of nothing here."""
        alerts = self.env["sales.trend.alert"]
        company.sales_alert_minimum = 10 * ROUND
        last = alerts._get_last_month(company)
        alerts._make(company, last.previous()).write(
            {
                "state": "dismissed",
                "dismissed_by_id": self.env.uid,
                "dismissed_at": fields.Datetime.now(),
                "reason": "Talked over in the meeting of the month 月会已讨论",
            }
        )
        alerts._make(company, last).told_at = fields.Datetime.now()
        company.sales_alert_until = last.end
