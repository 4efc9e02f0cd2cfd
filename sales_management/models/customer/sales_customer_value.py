from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.sales_management.tools.abc_class import classify_customers
from odoo.addons.sales_management.tools.churn import get_churn
from odoo.addons.sales_management.tools.exact import as_decimal, as_rounded
from odoo.addons.sales_management.tools.lifetime_value import get_lifetime_value
from odoo.addons.sales_management.tools.rfm import RfmFigures, get_segment, score_customers

from .res_partner_value import VALUE_COLUMNS

#: Days from which a usual year is taken: see ``get_lifetime_value``.
WINDOW_DAYS = 1095


class Invoiced(NamedTuple):
    """What a customer was invoiced up to today: amounts without tax, credit notes negative, none for nothing.

    :param Any to_date: all of it
    :param Any recent: in the last :data:`WINDOW_DAYS`
    :param date | None first: day of the first
    :param int count: invoices in the months that customers are compared over
    :param Any amount: in these months
    :param date | None last: day of the last invoice in these months
    :param Any year: in the last twelve months
    :param Any former_year: in the twelve months before
    :param Any owed: what is not paid yet, with tax
    :param Any overdue: what of that is overdue
    """

    to_date: Any
    recent: Any
    first: Any
    count: int
    amount: Any
    last: Any
    year: Any
    former_year: Any
    owed: Any
    overdue: Any


#: In the order of the above, behind the customer.
INVOICED = """
      SELECT commercial_partner_id,
             COALESCE(sum(amount_untaxed_signed) FILTER (WHERE invoice_date <= %(today)s), 0),
             COALESCE(sum(amount_untaxed_signed) FILTER (WHERE invoice_date <= %(today)s
                                                           AND invoice_date > %(window)s), 0),
             min(invoice_date) FILTER (WHERE invoice_date <= %(today)s),
             count(*) FILTER (WHERE %(lately)s AND move_type = 'out_invoice'),
             COALESCE(sum(amount_untaxed_signed) FILTER (WHERE %(lately)s), 0),
             max(invoice_date) FILTER (WHERE %(lately)s AND move_type = 'out_invoice'),
             sum(amount_untaxed_signed) FILTER (WHERE invoice_date > %(year)s
                                                  AND invoice_date <= %(today)s),
             sum(amount_untaxed_signed) FILTER (WHERE invoice_date > %(former)s
                                                  AND invoice_date <= %(year)s),
             COALESCE(sum(amount_residual_signed) FILTER (WHERE %(unpaid)s), 0),
             COALESCE(sum(amount_residual_signed) FILTER (WHERE %(unpaid)s
                                                            AND invoice_date_due < %(today)s), 0)
        FROM account_move
       WHERE company_id = %(company)s AND state = 'posted' AND move_type IN ('out_invoice', 'out_refund')
         AND commercial_partner_id IS NOT NULL AND invoice_date IS NOT NULL
    GROUP BY 1
"""
NOTHING = Invoiced(0, 0, None, 0, 0, None, None, None, 0, 0)


class SalesCustomerValue(models.AbstractModel):
    """What customers are worth: a few statements read it, the tools reckon, one statement writes what changed."""

    _name = "sales.customer.value"
    _description = "Value of Customers"

    @api.model
    def _cron_compute(self):
        """Compute the value of the customers of each company that switched them on."""
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_customer_enabled")
        for company in self.env["res.company"].browse(sorted(enabled)):
            self._compute_company(company)
            if self.env.context.get("cron_id"):
                self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _compute_company(self, company):
        """Write the figures of all customers that this company invoiced or sold to, by its own limits.

        A customer that several companies sell to has the figures of its own company, else of the first that switched
        customers on.

        :param res.company company: whose invoices and orders count, in whose currency
        :return: how many customers changed
        :rtype: int
        """
        company = company.sudo()  # sudo: the limits of a company hold for whoever computes
        today = self.env["sales.policy"]._get_today(company.id)
        invoices, orders = self._read_invoices(company, today), self._read_orders(company)
        values = self._reckon(invoices, orders, company, today)
        self._add_values(values, invoices, company, today)
        count = self._clear(values, company) + self._store(values, company)
        self._after_values_stored(list(values), company)
        return count

    # === Reading === #

    @api.model
    def _read_invoices(self, company, today):
        """:return: what each customer was invoiced
        :rtype: dict[int, Invoiced]
        """
        names = ["commercial_partner_id", "company_id", "state", "move_type", "invoice_date", "amount_untaxed_signed"]
        self.env["account.move"].flush_model([*names, "payment_state", "invoice_date_due", "amount_residual_signed"])
        year, former_year = (today - relativedelta(years=years) for years in (1, 2))
        rows = self.env.execute_query(
            SQL(
                INVOICED,
                lately=SQL(
                    "invoice_date > %s AND invoice_date <= %s",
                    today - relativedelta(months=company.customer_value_months),
                    today,
                ),
                unpaid=SQL("payment_state IN ('not_paid', 'partial')"),
                window=today - relativedelta(days=WINDOW_DAYS),
                today=today,
                year=year,
                former=former_year,
                company=company.id,
            )
        )
        return {row[0]: Invoiced(*row[1:]) for row in rows}

    @api.model
    def _read_orders(self, company):
        """:return: days of confirmed orders by customer, where the company is"""
        self.env["sale.order"].flush_model(["partner_id", "company_id", "state", "date_order"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.commercial_partner_id,
                       array_agg(DISTINCT (sale.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date)
                  FROM sale_order sale
                  JOIN res_partner partner ON partner.id = sale.partner_id
                 WHERE sale.company_id = %(company)s AND sale.state = 'sale'
              GROUP BY 1
                """,
                zone=company._get_sales_zone().zone,
                company=company.id,
            )
        )
        return dict(rows)

    # === Reckoning === #

    @api.model
    def _get_columns(self):
        """What is written on customers, with the type of its column. To override: add yours to ``super()``'s.

        :rtype: dict[str, str]
        """
        return dict(VALUE_COLUMNS)

    @api.model
    def _reckon(self, invoices, orders, company, today):
        """:return: values of :data:`VALUE_COLUMNS` by customer
        :rtype: dict[int, dict]
        """
        figures = {
            partner: RfmFigures(own.last and (today - own.last).days, own.count, own.amount)
            for partner, own in invoices.items()
        }
        is_fixed = company.customer_rfm_mode == "fixed"
        scores = score_customers(figures, company._get_customer_scores() if is_fixed else None)
        places = classify_customers(
            {partner: own.amount for partner, own in invoices.items()},
            company.customer_abc_a_percent,
            company.customer_abc_b_percent,
        )
        thresholds, values = company._get_churn_thresholds(), {}
        for partner in figures.keys() | orders.keys():
            churn = get_churn(orders.get(partner, ()), today, thresholds)
            own = invoices.get(partner, NOTHING)
            # The same as all its rows: what is before the window adds up to one of them, what is in it to the other.
            rows = [(own.first, own.to_date - own.recent), (today, own.recent)] if own.first else []
            value = get_lifetime_value(rows, today, churn.state, window_days=WINDOW_DAYS)
            score, place = scores.get(partner), places.get(partner)
            values[partner] = {
                "rfm_recency": score.recency if score else 0,
                "rfm_frequency": score.frequency if score else 0,
                "rfm_monetary": score.monetary if score else 0,
                "rfm_segment": get_segment(*score) if score else None,
                "abc_class": place.abc_class if place else None,
                "churn_state": churn.state,
                "usual_cycle_days": int(as_rounded(as_decimal(churn.usual_cycle_days or 0), 0)),
                "last_order_date": churn.last_day,
                "customer_revenue": value.to_date,
                "customer_expected_value": value.projected,
            }
        return values

    @api.model
    def _add_values(self, values, invoices, company, today):
        """Hook: add the values of more columns to those of each customer, of :meth:`_get_columns`.

        :param dict values: by customer
        :param dict invoices: by customer, an :class:`Invoiced` each; who only ordered has none
        """

    # === Writing === #

    @api.model
    def _after_values_stored(self, partner_ids, company):
        """Hook: what follows from the figures of these customers."""

    @api.model
    def _get_first_company_id(self, company):
        """:return: the company whose figures customers of no company have"""
        return min(self.env["res.company"]._get_enabled_company_ids("sales_customer_enabled"), default=company.id)

    @api.model
    def _clear(self, values, company):
        """Empty the figures of who has neither invoice nor order any more: they were cancelled, or moved elsewhere."""
        names = list(self._get_columns())
        self.env["res.partner"].flush_model([*names, "rfm_computed_at", "company_id"])
        # Compared here: as an anti-join it takes minutes while statistics still say that nobody has figures.
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM res_partner WHERE rfm_computed_at IS NOT NULL AND COALESCE(company_id, %s) = %s",
                self._get_first_company_id(company),
                company.id,
            )
        )
        gone = [row[0] for row in rows if row[0] not in values]
        if not gone:
            return 0
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET %s, rfm_computed_at = NULL WHERE id = ANY(%s)",
                SQL(", ").join(SQL("%s = NULL", SQL.identifier(name)) for name in names),
                gone,
            )
        )
        count = self.env.cr.rowcount
        self.env["res.partner"].invalidate_model([*names, "rfm_computed_at"], flush=False)
        return count

    @api.model
    def _store(self, values, company):
        """Write what changed, in one statement: figures are no edits, and nothing follows from them."""
        if not values:
            return 0
        names = list(self._get_columns())
        self.env["res.partner"].flush_model([*names, "company_id"])
        columns = [
            SQL("CAST(%s AS %s)", [own[name] for own in values.values()], SQL(f"{kind}[]"))
            for name, kind in self._get_columns().items()
        ]
        identifiers = [SQL.identifier(name) for name in names]
        self.env.cr.execute(
            SQL(
                """
                UPDATE res_partner partner
                   SET %(sets)s, rfm_computed_at = %(now)s
                  FROM unnest(%(ids)s::int[], %(columns)s) AS new (id, %(names)s)
                 WHERE partner.id = new.id
                   AND COALESCE(partner.company_id, %(first)s) = %(company)s
                   AND (%(own)s) IS DISTINCT FROM (%(news)s)
                """,
                sets=SQL(", ").join(SQL("%s = new.%s", name, name) for name in identifiers),
                now=fields.Datetime.now(),
                ids=list(values),
                columns=SQL(", ").join(columns),
                names=SQL(", ").join(identifiers),
                first=self._get_first_company_id(company),
                company=company.id,
                own=SQL(", ").join(SQL("partner.%s", name) for name in identifiers),
                news=SQL(", ").join(SQL("new.%s", name) for name in identifiers),
            )
        )
        count = self.env.cr.rowcount
        self.env["res.partner"].invalidate_model([*names, "rfm_computed_at"], flush=False)
        return count
