from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.sales_management.tools.day import get_day

#: What is asked first.
METRICS = ("ordered", "collected", "invoiced")
#: Working days that today is compared with.
DAYS = 20
#: No company works so seldom that as many working days are further away.
HORIZON_DAYS = 90
#: People that are shown, those who have not moved for longest first.
PEOPLE = 50


class SalesRightNow(models.AbstractModel):
    """The first question of the day: what came in, and who has not moved. Read as whoever asks."""

    _name = "sales.right.now"
    _description = "Right Now"

    # === RPC === #

    @api.model
    @api.readonly
    def get_right_now(self):
        """Read the screen of the present company, in a number of queries that does not depend on what there is.

        :return: ``date`` by the clock of the company, ``is_working``, ``tax`` in words, ``currency_id``, ``figures``
            with ``today``, ``yesterday`` (the working day before), ``average`` of the working days before, ``count``
            and ``domain``; ``people`` with ``last``, when they were seen last, in UTC, or false
        :rtype: dict
        """
        company = self.env.company
        today = company._get_sales_today()
        days = self._get_days_before(company, today)
        return {
            "date": fields.Date.to_string(today),
            "is_working": self._get_working_time(company).works_on(today),
            "tax": company._get_amount_tax_label(),
            "currency_id": company.currency_id.id,
            "figures": self._get_figures(company, today, days),
            "people": self._get_people(company, today),
        }

    # === Days === #

    @api.model
    def _get_working_time(self, company):
        return company.sudo().resource_calendar_id._get_working_time(company)  # sudo: as above

    @api.model
    def _get_days_before(self, company, today):
        """:return: the working days before today, the last one first
        :rtype: list[date]
        """
        works_on = self._get_working_time(company).works_on
        days = (today - timedelta(days=number) for number in range(1, HORIZON_DAYS))
        return [day for day in days if works_on(day)][:DAYS]

    # === Figures === #

    @api.model
    def _get_figures(self, company, today, days):
        results = self.env["sales.result"]
        scope = [("metric", "in", METRICS), ("company_id", "=", company.id)]
        first = days[-1] if days else today
        rows = results._read_group(
            [*scope, ("date", ">=", first), ("date", "<=", today)],
            ["metric", "date:day"],
            ["amount:sum", "order_id:count_distinct", "move_id:count_distinct"],
        )
        amounts, counts = {}, {}
        for metric, day, amount, orders, moves in rows:
            amounts[metric, day] = amount
            counts[metric, day] = orders if metric == "ordered" else moves
        labels = dict(results._fields["metric"]._description_selection(self.env))
        return [
            {
                "code": metric,
                "label": labels[metric],
                "today": amounts.get((metric, today), 0.0),
                "count": counts.get((metric, today), 0),
                "yesterday": amounts.get((metric, days[0]), 0.0) if days else 0.0,
                "average": sum(amounts.get((metric, day), 0.0) for day in days) / len(days) if days else 0.0,
                "domain": [
                    ("metric", "=", metric),
                    ("company_id", "=", company.id),
                    ("date", "=", fields.Date.to_string(today)),
                ],
            }
            for metric in METRICS
        ]

    # === People === #

    @api.model
    def _get_people(self, company, today):
        """People whom one leads and who work today, and have done nothing yet that can be seen."""
        day = get_day(today, company._get_sales_zone())
        users = self._get_led(company)
        users -= self._get_off(users, company, today, day)
        if not users:
            return []
        seen = dict(self.env.execute_query(self._select_last_seen(users)))
        still = [user for user in users if not seen.get(user.id) or seen[user.id] < day.start]
        still.sort(key=lambda user: (seen.get(user.id) is not None, seen.get(user.id), user.name))
        return [
            {
                "id": user.id,
                "name": user.name,
                "last": fields.Datetime.to_string(seen[user.id]) if seen.get(user.id) else False,
            }
            for user in still[:PEOPLE]
        ]

    @api.model
    def _get_led(self, company):
        """:return: members of the teams that one leads; of a manager, of all teams of the company
        :rtype: res.users
        """
        # sudo: who leads a team may see who belongs to it.
        members = self.env["crm.team.member"].sudo()
        domain = [("crm_team_id.company_id", "in", (company.id, False)), ("user_id.active", "=", True)]
        if not self.env.user.has_group("sales_team.group_sale_salesman_all_leads"):
            domain.append(("crm_team_id.user_id", "=", self.env.uid))
        users = members.search(domain).user_id
        return users.filtered(lambda user: company in user.company_ids and user.id != self.env.uid)

    @api.model
    def _get_off(self, users, company, today, day):
        """:return: those who do not work today, by their own calendar or the company's, or are away for some of it
        :rtype: res.users
        """
        # sudo: who leads a team may know who is at work.
        resources = (
            self.env["resource.resource"]
            .sudo()
            .search_fetch([("user_id", "in", users.ids), ("company_id", "=", company.id)], ["user_id", "calendar_id"])
        )
        calendars = {user: company.sudo().resource_calendar_id for user in users}  # sudo: as above
        calendars |= {resource.user_id.sudo(False): resource.calendar_id for resource in resources}
        times = self.env["resource.calendar"]._get_working_times(
            {(calendar, company) for calendar in calendars.values()}
        )
        off = users.filtered(lambda user: not times[calendars[user], company].works_on(today))
        if not resources:
            return off
        # sudo: as above
        leaves = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search([("resource_id", "in", resources.ids), ("date_from", "<", day.end), ("date_to", ">", day.start)])
        )
        return off | leaves.resource_id.user_id.sudo(False)

    @api.model
    def _select_last_seen(self, users):
        """When people did something last: moved a deal, wrote or finished something, confirmed an order."""
        self.env.flush_all()
        return SQL(
            """
            SELECT user_id, max(moment)
              FROM (
                   SELECT user_id, max(moved_at) AS moment
                     FROM sales_stage_move
                    WHERE user_id = ANY(%(users)s) AND origin = 'user'
                 GROUP BY user_id
                UNION ALL
                   SELECT account.id, last.date
                     FROM res_users account
                     JOIN LATERAL (
                          SELECT message.date
                            FROM mail_message message
                           WHERE message.author_id = account.partner_id
                             AND message.model IN ('crm.lead', 'sale.order', 'res.partner')
                        ORDER BY message.id DESC
                           LIMIT 1
                          ) last ON TRUE
                    WHERE account.id = ANY(%(users)s)
                UNION ALL
                   SELECT user_id, max(date_order)
                     FROM sale_order
                    WHERE user_id = ANY(%(users)s) AND state = 'sale' AND date_order <= now() AT TIME ZONE 'UTC'
                 GROUP BY user_id
                   ) sign
          GROUP BY user_id
            """,
            users=users.ids,
        )
