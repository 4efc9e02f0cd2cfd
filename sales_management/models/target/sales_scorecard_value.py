from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.sales_management.tools.day import get_day

from .sales_scorecard_indicator import ATTAINMENT


class SalesScorecardValue(models.AbstractModel):
    """Values of the indicators of scorecards: a fixed number of queries for all people."""

    _name = "sales.scorecard.value"
    _description = "Values of Scorecards"

    @api.model
    def _get_values(self, indicators, company, period, users):
        """
        :param sales.scorecard.indicator indicators: of which the values are asked
        :param Period period: the days
        :return: by indicator, the value by id of the user; what has none is missing
        :rtype: dict[sales.scorecard.indicator, dict[int, float]]
        """
        found = {}
        codes = {indicator.source for indicator in indicators} & self.env["sales.indicator"]._get_indicators().keys()
        # sudo: everybody is judged by the same figures, whoever makes the scorecards.
        known = (
            self.env["sales.indicator"]
            .sudo()
            ._get_values(codes, company, period.start, period.end, "user_id", [("user_id", "in", users.ids)])
        )
        for indicator in indicators:
            source = indicator.source
            if source in known:
                found[indicator] = known[source]
            elif source == "data_completeness":
                found[indicator] = indicator.data_field_ids._get_completeness(company, users)
            elif source == "system_use":
                found[indicator] = self._get_system_use(company, period, users)
            else:
                found[indicator] = self._get_attainment(source.removeprefix(ATTAINMENT), company, period, users)
        return found

    @api.model
    def _get_attainment(self, metric, company, period, users):
        """:return: what was reached of the targets that people have for this very period, in percent, by user
        :rtype: dict[int, float]
        """
        # sudo: as above
        targets = (
            self.env["sales.target"]
            .sudo()
            .search(
                [
                    ("metric", "=", metric),
                    ("company_id", "=", company.id),
                    ("period_kind", "=", period.kind),
                    ("date_from", "=", period.start),
                    ("user_id", "in", users.ids),
                    ("categ_id", "=", False),
                    ("country_id", "=", False),
                    ("state_id", "=", False),
                ]
            )
        )
        wanted, reached = {}, {}
        for target in targets:
            wanted[target.user_id.id] = wanted.get(target.user_id.id, 0.0) + target.amount
            reached[target.user_id.id] = reached.get(target.user_id.id, 0.0) + target.actual
        return {user_id: 100 * reached[user_id] / whole for user_id, whole in wanted.items() if whole}

    @api.model
    def _get_system_use(self, company, period, users):
        """Days on which people did something that can be seen, of the working days that are over.

        :rtype: dict[int, float]
        """
        zone = company._get_sales_zone()
        days = self._get_days_so_far(company, period)
        if not days:
            return {}
        used = dict(self.env.execute_query(self._select_used_days(users, days, zone)))
        return {user.id: 100 * used.get(user.id, 0) / len(days) for user in users}

    @api.model
    def _get_days_so_far(self, company, period):
        """:return: the working days of a period that are over, today among them
        :rtype: list[date]
        """
        last = min(period.end, company._get_sales_today())
        calendar = company.sudo().resource_calendar_id  # sudo: when a company works is no secret
        works_on = calendar._get_working_time(company).works_on
        days = (period.start + timedelta(days=number) for number in range((last - period.start).days + 1))
        return [day for day in days if works_on(day)]

    @api.model
    def _select_used_days(self, users, days, zone):
        self.env.flush_all()
        return SQL(
            """
            SELECT done.user_id, count(DISTINCT done.day)
              FROM (
                   SELECT account.id AS user_id,
                          (message.date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date AS day
                     FROM mail_message message
                     JOIN res_users account ON account.partner_id = message.author_id
                    WHERE message.model IN ('crm.lead', 'sale.order', 'res.partner')
                      AND message.message_type IN ('comment', 'email', 'email_outgoing', 'notification')
                      AND account.id = ANY(%(users)s) AND message.date >= %(start)s AND message.date < %(end)s
                UNION
                   SELECT move.user_id, (move.moved_at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
                     FROM sales_stage_move move
                    WHERE move.user_id = ANY(%(users)s) AND move.origin = 'user'
                      AND move.moved_at >= %(start)s AND move.moved_at < %(end)s
                   ) done
             WHERE done.day = ANY(%(days)s)
          GROUP BY done.user_id
            """,
            zone=str(zone),
            users=users.ids,
            start=get_day(days[0], zone).start,
            end=get_day(days[-1], zone).end,
            days=days,
        )
