from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.sales_management.tools.abc_class import classify_customers
from odoo.addons.sales_management.tools.churn import get_churn
from odoo.addons.sales_management.tools.lifetime_value import get_lifetime_value
from odoo.addons.sales_management.tools.rfm import RfmFigures, get_segment, score_customers

from .res_partner_value import VALUE_COLUMNS

#: Months that customers are compared over.
MONTHS = 24


class SalesCustomerValue(models.AbstractModel):
    """What customers are worth: two statements read it, the tools reckon, one statement writes what changed."""

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
        """Write the figures of all customers that this company invoiced or sold to.

        A customer that several companies sell to has the figures of its own company, else of the first that switched
        customers on.

        :param res.company company: whose invoices and orders count, in whose currency
        :return: how many customers changed
        :rtype: int
        """
        today = fields.Date.context_today(self.with_context(tz=company.partner_id.tz or "UTC"))
        invoices, orders = self._read_invoices(company), self._read_orders(company)
        values = self._reckon(invoices, orders, today)
        count = self._clear(values, company) + self._store(values, company)
        self._after_values_stored(list(values), company)
        return count

    # === Reading === #

    @api.model
    def _read_invoices(self, company):
        """:return: by customer, month and amount without tax, credit notes negative, how many invoices, and the last
        day, the newest month first
        """
        self.env["account.move"].flush_model(
            ["commercial_partner_id", "company_id", "state", "move_type", "invoice_date", "amount_untaxed_signed"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT commercial_partner_id, date_trunc('month', invoice_date)::date,
                       sum(amount_untaxed_signed)::float8,
                       count(*) FILTER (WHERE move_type = 'out_invoice'),
                       max(invoice_date) FILTER (WHERE move_type = 'out_invoice')
                  FROM account_move
                 WHERE company_id = %s AND state = 'posted' AND move_type IN ('out_invoice', 'out_refund')
                   AND commercial_partner_id IS NOT NULL AND invoice_date IS NOT NULL
              GROUP BY 1, 2
                """,
                company.id,
            )
        )
        found = defaultdict(list)
        for partner, *row in rows:
            found[partner].append(row)
        return found

    @api.model
    def _read_orders(self, company):
        """:return: days of confirmed orders by customer"""
        self.env["sale.order"].flush_model(["partner_id", "company_id", "state", "date_order"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.commercial_partner_id, array_agg(DISTINCT sale.date_order::date)
                  FROM sale_order sale
                  JOIN res_partner partner ON partner.id = sale.partner_id
                 WHERE sale.company_id = %s AND sale.state = 'sale'
              GROUP BY 1
                """,
                company.id,
            )
        )
        return dict(rows)

    # === Reckoning === #

    @api.model
    def _reckon(self, invoices, orders, today):
        """:return: values of :data:`VALUE_COLUMNS` by customer
        :rtype: dict[int, dict]
        """
        since, figures = today - relativedelta(months=MONTHS), {}
        for partner, rows in invoices.items():
            lately = [row for row in rows if since <= row[0] <= today]
            last = max((row[3] for row in lately if row[3] and row[3] <= today), default=None)
            count, amount = sum(row[2] for row in lately), sum(row[1] for row in lately)
            figures[partner] = RfmFigures(None if last is None else (today - last).days, count, amount)
        scores = score_customers(figures)
        places = classify_customers({partner: figure.monetary for partner, figure in figures.items()})
        values = {}
        for partner in figures.keys() | orders.keys():
            churn = get_churn(orders.get(partner, ()), today)
            rows = [(row[0], row[1]) for row in invoices.get(partner, ())]
            value = get_lifetime_value(rows, today, churn.state)
            score, place = scores.get(partner), places.get(partner)
            values[partner] = {
                "rfm_recency": score.recency if score else 0,
                "rfm_frequency": score.frequency if score else 0,
                "rfm_monetary": score.monetary if score else 0,
                "rfm_segment": get_segment(*score) if score else None,
                "abc_class": place.abc_class if place else None,
                "churn_state": churn.state,
                "usual_cycle_days": round(churn.usual_cycle_days or 0),
                "last_order_date": churn.last_day,
                "customer_revenue": value.to_date,
                "customer_expected_value": value.projected,
            }
        return values

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
        names = list(VALUE_COLUMNS)
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
        names = list(VALUE_COLUMNS)
        self.env["res.partner"].flush_model([*names, "company_id"])
        columns = [
            SQL("CAST(%s AS %s)", [own[name] for own in values.values()], SQL(f"{kind}[]"))
            for name, kind in VALUE_COLUMNS.items()
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
