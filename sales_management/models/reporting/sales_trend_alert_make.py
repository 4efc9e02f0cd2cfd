from datetime import timedelta

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.sales_management.const import MONEY_METRICS
from odoo.addons.sales_management.tools.deviation import get_deviation
from odoo.addons.sales_management.tools.sales_period import Span

from .sales_trend_alert import MONTHS_BEFORE, SUBJECT_FIELDS, SUBJECTS, WATCHED

#: Figures that are compared of each subject: those that say something of it.
FIGURES = {
    "company": WATCHED,
    "team": WATCHED,
    "category": ("ordered", "margin"),
    "product": ("ordered", "margin"),
    "country": ("ordered", "new_customers"),
    "state": ("ordered", "new_customers"),
}
#: Of a figure only so many products or regions are told, those with the largest differences: the report has all.
MOST = 5
#: Of these all are told: each team has a leader who is to hear of it.
ALL_TOLD = ("company", "team")
#: Fewer new customers more or less are not worth a word.
LEAST_COUNT = 2
#: After the end of a month so many days are left for what is booked late.
DAYS_LEFT = 1
#: Sums keep more decimals than any currency: a share of a deal makes long ones.
DIGITS = 6
#: What changes when a month is looked at again.
FRESH = ("amount_tax", "value", "mean", "deviation", "direction", "is_new")


class SalesTrendAlert(models.Model):
    """How alerts are made: all figures of a company and month in one statement, each beside its mean."""

    _inherit = "sales.trend.alert"

    # === Actions === #

    def action_make(self):
        """Look at the last whole month of the companies at hand, now.

        :return: what was found, and a reload of the list
        :rtype: dict
        :raise AccessError: for all but sales managers
        :raise UserError: where no company at hand has alerts
        """
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only sales managers look at the figures of a month anew. Ask one of them."))
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_reporting_enabled")
        companies = self.env.companies.filtered(lambda own: own.id in enabled and own.sales_alert_enabled)
        if not companies:
            raise UserError(
                self.env._(
                    "%(companies)s: alerts are switched off. Switch them on in the settings, under Reports.",
                    companies=", ".join(self.env.companies.mapped("name")),
                )
            )
        # sudo: alerts are written by nobody by hand; that one may ask for them is checked above.
        alerts = self.browse().sudo()
        found = alerts.union(*(alerts._watch(company) for company in companies))
        count = len(found.filtered(lambda alert: alert.state == "open"))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("The last whole month was looked at. Open alerts: %(count)s.", count=count),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === Job === #

    @api.model
    def _cron_watch(self):
        """Look at the month that is over, once for each company, a day after it ended by the company's clock."""
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_reporting_enabled")
        due = self.env["res.company"].browse(sorted(enabled)).filtered(self._is_due)
        for position, company in enumerate(due, start=1):
            self._watch(company)
            # Whoever looks earlier by hand leaves the month to the job: more of it may be booked by then.
            company.sales_alert_until = self._get_last_month(company).end
            self.env["ir.cron"]._commit_progress(1, remaining=len(due) - position)

    @api.model
    def _is_due(self, company):
        if not company.sales_alert_enabled:
            return False
        last = self._get_last_month(company).end
        is_seen = company.sales_alert_until and company.sales_alert_until >= last
        return not is_seen and company._get_sales_today() > last + timedelta(days=DAYS_LEFT)

    @api.model
    def _watch(self, company):
        """Look at the last whole month of a company, and tell those whom it concerns what they were not told yet.

        :return: the alerts of the month
        :rtype: sales.trend.alert
        """
        alerts = self._make(company, self._get_last_month(company))
        alerts._tell()
        return alerts

    # === Making === #

    @api.model
    def _make(self, company, month):
        """Bring the alerts of a month up to date: again and again with the same result.

        What is dismissed stays as it was dismissed. What is open gets the figures as they are now, and goes where they
        are no longer far from their mean.

        :param res.company company: whose figures
        :param Period month: by the company's own days
        :return: all alerts of the month
        :rtype: sales.trend.alert
        """
        # Two at once: the one waits here, and finds what the other made.
        self.env.cr.execute(SQL("SELECT pg_advisory_xact_lock(hashtext('sales_trend_alert'), %s)", company.id))
        wanted = {
            key: self._prepare_values(company, month, key, deviation, value)
            for key, (value, deviation) in self._get_deviations(company, month).items()
        }
        known = self.search([("company_id", "=", company.id), ("date_from", "=", month.start)])
        by_key = {alert._get_key(): alert for alert in known}
        lapsed = known.filtered(lambda alert: alert.state == "open" and alert._get_key() not in wanted)
        lapsed.unlink()
        for key in wanted.keys() & by_key.keys():
            by_key[key]._refresh(wanted[key])
        made = self.create([vals for key, vals in wanted.items() if key not in by_key])
        return (known - lapsed) | made

    def _refresh(self, vals):
        changed = {name: vals[name] for name in FRESH if self[name] != vals[name]}
        if changed and self.state == "open":
            self.write(changed)

    def _get_key(self):
        self.ensure_one()
        return self.metric, self.subject, self._get_subject().id if self.subject in SUBJECT_FIELDS else False

    @api.model
    def _prepare_values(self, company, month, key, deviation, value):
        metric, subject, subject_id = key
        values = {
            "company_id": company.id,
            "date_from": month.start,
            "date_to": month.end,
            "metric": metric,
            "subject": subject,
            "amount_tax": self._get_tax(company, metric),
            "value": value,
            "mean": deviation.mean,
            "deviation": deviation.share or 0.0,
            "direction": deviation.direction,
            "is_new": deviation.is_new,
        }
        return values | ({SUBJECT_FIELDS[subject]: subject_id} if subject_id else {})

    @api.model
    def _get_tax(self, company, metric):
        if metric not in MONEY_METRICS:
            return False
        return "excluded" if metric == "margin" else company.sales_amount_tax or "excluded"

    # === Figures === #

    @api.model
    def _get_deviations(self, company, month):
        """What is far from its mean, in the order in which it is told.

        :return: the figure and its deviation, by metric, subject and id
        :rtype: dict[tuple[str, str, int | bool], tuple[float, Deviation]]
        """
        rows = self._read_figures(company, month)
        # What never was before is not compared: everything would be new.
        begun = {metric for subject, metric, _id, _value, before in rows if subject == "company" and any(before)}
        found = {}
        for subject, metric, subject_id, exact, before in rows:
            if metric not in begun or (subject_id is None and subject != "company"):
                continue
            value = company.currency_id.round(exact) if metric in MONEY_METRICS else round(exact, 2)
            deviation = self._compare(company, metric, value, before)
            if deviation:
                key = metric, subject, subject_id or False
                found.setdefault((subject, metric), []).append((abs(deviation.difference), key, value, deviation))
        ranked = [
            row
            for subject, _label in SUBJECTS
            for metric in FIGURES[subject]
            for row in self._get_largest(found.get((subject, metric), ()), None if subject in ALL_TOLD else MOST)
        ]
        return {key: (value, deviation) for _difference, key, value, deviation in ranked}

    @staticmethod
    def _get_largest(rows, most):
        return sorted(rows, key=lambda row: (-row[0], row[1][2]))[:most]

    @api.model
    def _compare(self, company, metric, value, before):
        is_money = metric in MONEY_METRICS
        return get_deviation(
            value,
            before,
            company.sales_alert_threshold or 1,
            company.sales_alert_minimum if is_money else LEAST_COUNT,
            company.currency_id.decimal_places if is_money else 2,
        )

    @api.model
    def _read_figures(self, company, month):
        """All figures of a company in a month, and in each of the months before, in one statement.

        :return: subject, metric, id, the figure and those before
        :rtype: list[tuple[str, str, int | None, Decimal, list[Decimal]]]
        """
        months = [month]
        while len(months) <= MONTHS_BEFORE:
            months.append(months[-1].previous())
        # The bits that a statement sets for the columns that it does not group by: all of them for the company.
        columns = list(SUBJECT_FIELDS)
        every = 2 ** len(columns) - 1
        bits = {every: "company"} | {
            every - 2 ** (len(columns) - 1 - place): subject for place, subject in enumerate(columns)
        }
        rows = self.env.execute_query(self._select_figures(company, months, bits))
        return [
            (bits[bit], metric, subject_id, value, list(before)) for bit, metric, subject_id, value, *before in rows
        ]

    @api.model
    def _select_figures(self, company, months, bits):
        fields_ = [SQL.identifier("fact", name) for name in SUBJECT_FIELDS.values()]
        sums = [
            SQL(
                "COALESCE(round(sum(fact.amount) FILTER (WHERE fact.date BETWEEN %s AND %s), %s), 0)",
                month.start,
                month.end,
                DIGITS,
            )
            for month in months
        ]
        return SQL(
            """
            SELECT GROUPING(%(fields)s) AS bits, fact.metric, COALESCE(%(fields)s) AS subject_id, %(sums)s
              FROM (%(facts)s) fact
             WHERE fact.company_id = %(company)s AND fact.date BETWEEN %(first)s AND %(last)s
          GROUP BY GROUPING SETS ((fact.metric), %(sets)s)
            HAVING (GROUPING(%(fields)s), fact.metric) IN %(wanted)s
          ORDER BY bits, fact.metric, subject_id
            """,
            fields=SQL(", ").join(fields_),
            sums=SQL(", ").join(sums),
            facts=self.env["sales.result"]._get_facts_query(WATCHED, Span(months[-1].start, months[0].end)),
            company=company.id,
            first=months[-1].start,
            last=months[0].end,
            sets=SQL(", ").join(SQL("(fact.metric, %s)", field) for field in fields_),
            wanted=tuple((bit, metric) for bit, subject in bits.items() for metric in FIGURES[subject]),
        )
