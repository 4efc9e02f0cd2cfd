from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.sales_management.tools.sales_period import Span, get_period

from .sales_trend_report import DIMENSIONS, LENGTHS

#: Months back for which the figures are there.
MONTHS = 24
#: Bits that a number in a browser holds exactly.
EXACT = 2**53 - 1


class SalesTrendReport(models.Model):
    """How the rows are read from what was reached.

    A reading that only adds up says so (see ``Asked.columns``). It is spared the rows themselves: what was reached is
    added up by the columns that it names, and meets the days of the periods after that. On 160,000 lines of two years
    that is three times as fast.
    """

    _inherit = "sales.trend.report"

    @property
    def _table_query(self) -> SQL:
        asked = self._get_asked()
        is_row = asked.columns is None
        return self._select(self._select_rows(asked) if is_row else self._select_parts(asked))

    @api.model
    def _select(self, figures) -> SQL:
        return SQL(
            """
            SELECT %(id)s AS id, figure.*,
                   amount_untaxed - previous_untaxed AS growth_amount,
                   amount_untaxed - last_year_untaxed AS year_growth_amount,
                   CASE WHEN previous_untaxed > 0
                        THEN (100 * (amount_untaxed - previous_untaxed) / previous_untaxed)::float8 END AS growth_rate,
                   CASE WHEN last_year_untaxed > 0
                        THEN (100 * (amount_untaxed - last_year_untaxed) / last_year_untaxed)::float8
                        END AS year_growth_rate,
                   CASE WHEN amount_untaxed > 0 THEN (100 * margin / amount_untaxed)::float8 END AS margin_rate
              FROM (%(figures)s) figure
            """,
            id=self._select_id(),
            figures=figures,
        )

    @api.model
    def _select_id(self) -> SQL:
        """A number made of what a row is of, the same in every reading."""
        number = SQL("hashtextextended(period_kind, hashtextextended(metric, 0))")
        for column in ("date - date '2000-01-01'", "company_id", *(f"COALESCE({name}, 0)" for name in DIMENSIONS)):
            number = SQL("hashint4extended(%s, %s)", SQL(column), number)
        return SQL("%s & %s", number, EXACT)

    @api.model
    def _select_rows(self, asked) -> SQL:
        """A row for each period, with what is compared with it."""
        dimensions = SQL(", ").join(SQL("fact.%s", SQL.identifier(name)) for name in DIMENSIONS)
        return SQL(
            """
            SELECT fact.metric, day.period_kind, min(day.period_from) AS date, day.number = 0 AS is_current,
                   day.number = 1 AS is_last, fact.company_id, min(fact.currency_id) AS currency_id, %(dimensions)s,
                   COALESCE(sum(fact.amount_untaxed) FILTER (WHERE day.role = 0), 0) AS amount_untaxed,
                   COALESCE(sum(fact.amount_total) FILTER (WHERE day.role = 0), 0) AS amount_total,
                   sum(fact.margin) FILTER (WHERE day.role = 0) AS margin,
                   COALESCE(sum(fact.quantity) FILTER (WHERE day.role = 0), 0) AS quantity,
                   COALESCE(sum(fact.amount_untaxed) FILTER (WHERE day.role = 1), 0) AS previous_untaxed,
                   COALESCE(sum(fact.amount_untaxed) FILTER (WHERE day.role = 2), 0) AS last_year_untaxed
              FROM (%(facts)s) fact
              JOIN (%(days)s) day ON day.company_id = fact.company_id AND day.date = fact.date
          GROUP BY fact.metric, day.period_kind, day.number, fact.company_id, %(dimensions)s
            """,
            dimensions=dimensions,
            facts=self._select_facts(asked),
            days=self._select_days(asked),
        )

    @api.model
    def _select_parts(self, asked) -> SQL:
        """Parts of rows, whose sums are those of the rows; columns that are not asked for are empty."""
        return SQL(
            """
            SELECT fact.metric, day.period_kind, day.period_from AS date, day.number = 0 AS is_current,
                   day.number = 1 AS is_last, fact.company_id, fact.currency_id, %(dimensions)s,
                   CASE WHEN day.role = 0 THEN fact.amount_untaxed ELSE 0 END AS amount_untaxed,
                   CASE WHEN day.role = 0 THEN fact.amount_total ELSE 0 END AS amount_total,
                   CASE WHEN day.role = 0 THEN fact.margin END AS margin,
                   CASE WHEN day.role = 0 THEN fact.quantity ELSE 0 END AS quantity,
                   CASE WHEN day.role = 1 THEN fact.amount_untaxed ELSE 0 END AS previous_untaxed,
                   CASE WHEN day.role = 2 THEN fact.amount_untaxed ELSE 0 END AS last_year_untaxed
              FROM (%(facts)s) fact
              JOIN (%(days)s) day ON day.company_id = fact.company_id AND day.date = fact.date
            """,
            dimensions=SQL(", ").join(
                SQL("fact.%s", SQL.identifier(name))
                if name in asked.columns
                else SQL("NULL::integer AS %s", SQL.identifier(name))
                for name in DIMENSIONS
            ),
            # Products are so many that nothing is gained by adding up before.
            facts=self._select_facts(asked) if "product_id" in asked.columns else self._select_daily(asked),
            days=self._select_days(asked),
        )

    @api.model
    def _select_daily(self, asked) -> SQL:
        """What was reached, added up by day and the columns that are asked for."""
        columns = ("metric", "date", "company_id", "currency_id", *sorted(asked.columns))
        return SQL(
            """
            SELECT %(columns)s, sum(amount_untaxed) AS amount_untaxed, sum(amount_total) AS amount_total,
                   sum(margin) AS margin, sum(quantity) AS quantity
              FROM (%(facts)s) fact
          GROUP BY %(columns)s
            """,
            columns=SQL(", ").join(map(SQL.identifier, columns)),
            facts=self._select_facts(asked),
        )

    @api.model
    def _select_facts(self, asked) -> SQL:
        return self.env["sales.result"]._get_facts_query(asked.metrics, self._get_span(asked))

    @api.model
    def _get_span(self, asked):
        """Days that are needed: of the periods, of those before, and of those a year before.

        :rtype: Span
        """
        if not asked.numbers or len(asked.kinds) > 1:
            return Span(asked.first - relativedelta(months=12))
        periods = self._get_numbered(min(asked.kinds), asked.numbers)
        compared = [*periods, *(period.previous() for period in periods)]
        before = [period.last_year() for period in periods]
        first, last = min(period.start for period in before), max(period.end for period in compared)
        gap = (max(period.end for period in before), min(period.start for period in compared))
        return Span(first, last, gap if gap[0] < gap[1] else None)

    @api.model
    def _get_numbered(self, kind, numbers):
        """
        :return: periods that any company has under these numbers, by a clock that is at most a day away
        :rtype: list[Period]
        """
        found, today, day = set(), fields.Date.today(), timedelta(days=1)
        for month_start in self.env["res.company"]._get_month_starts():
            for period in {get_period(kind, near, month_start) for near in (today - day, today, today + day)}:
                for number in range(max(numbers) + 1):
                    found.update({period} if number in numbers else ())
                    period = period.previous()
        return list(found)

    @api.model
    def _select_days(self, asked) -> SQL:
        """Days of each period (role 0), of the period before (1), and of the same period of the year before (2).

        Periods are numbered back from the one that is under way, with which no more days of the others are compared
        than there have been of it.
        """
        longest = max(LENGTHS[kind] for kind in asked.kinds)
        return SQL(
            """
            SELECT compared.company_id, compared.period_kind, compared.number, compared.role, compared.period_from,
                   compared.first + day AS date
              FROM (
                   SELECT home.id AS company_id, kind.code AS period_kind, target.number, back.role,
                          (target.base + home.shift)::date AS period_from,
                          (target.base - back.away + home.shift)::date AS first,
                          (target.base - back.away + kind.length + home.shift)::date AS after,
                          CASE WHEN target.number = 0 AND back.role > 0
                               THEN home.today::date - (target.base + home.shift)::date ELSE 366 END AS elapsed
                     FROM (%(homes)s) home
               CROSS JOIN (VALUES %(kinds)s) kind (code, length)
               CROSS JOIN LATERAL (
                          SELECT number, date_trunc(kind.code, home.today - home.shift) - number * kind.length AS base
                            FROM generate_series(0, %(months)s) number
                          ) target
               CROSS JOIN LATERAL (
                          VALUES (0, interval '0'), (1, kind.length), (2, interval '1 year')
                          ) back (role, away)
                    WHERE target.base + home.shift >= %(first)s AND %(numbers)s
                   ) compared
        CROSS JOIN generate_series(0, %(days)s) day
             WHERE compared.first + day < compared.after AND day <= compared.elapsed
            """,
            homes=self._select_homes(),
            kinds=SQL(", ").join(
                SQL("(%s, %s * interval '1 month')", kind, LENGTHS[kind]) for kind in sorted(asked.kinds)
            ),
            months=MONTHS // min(LENGTHS[kind] for kind in asked.kinds),
            first=asked.first,
            numbers=SQL("TRUE") if asked.numbers is None else SQL("target.number = ANY(%s)", list(asked.numbers)),
            # Said as a number, so that PostgreSQL knows how few days they are.
            days=31 * longest,
        )

    @api.model
    def _select_homes(self) -> SQL:
        """Companies: today by their clock, and how many days after the first their months begin."""
        results = self.env["sales.result"]
        return SQL(
            """
            SELECT company.id, (COALESCE(company.sales_month_start, 1) - 1) * interval '1 day' AS shift,
                   %(today)s::timestamp AS today
              FROM res_company company
              %(zone)s
            """,
            today=results._select_day(SQL("%s::timestamp", fields.Datetime.now())),
            zone=results._join_zone(SQL("company.id")),
        )
