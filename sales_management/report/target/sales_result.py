from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, ormcache

from odoo.addons.sales_management.const import METRICS
from odoo.addons.sales_management.tools.sales_period import Span

#: Columns of a fact, in the order of every statement; the metric and the id come before them.
COLUMNS = (
    "date",
    "company_id",
    "team_id",
    "user_id",
    "partner_id",
    "product_id",
    "lead_id",
    "order_id",
    "move_id",
    "amount_untaxed",
    "amount_total",
    "margin",
    "quantity",
)
#: Types of the columns that a metric may leave empty; the others are links.
TYPES = {"date": "date"} | dict.fromkeys(("amount_untaxed", "amount_total", "margin", "quantity"), "numeric")


class SalesResult(models.Model):
    """What was reached: every order, invoice, payment, win, new customer and activity that targets and boards count.

    A row for each line of a document and each person who gets credit for it, from core's documents alone. A document
    counts for the team that stands on it, and on a day by the clock of its company: who changes teams takes nothing
    along.
    """

    _name = "sales.result"
    _inherit = ["sales.report.mixin"]
    _description = "Sales Results"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "metric"

    _depends = {
        "account.move": [
            "amount_total_signed",
            "amount_untaxed_signed",
            "commercial_partner_id",
            "company_id",
            "deal_ids",
            "invoice_date",
            "invoice_user_id",
            "move_type",
            "sales_counted_on",
            "state",
            "team_id",
        ],
        "account.move.line": [
            "account_id",
            "balance",
            "date",
            "display_type",
            "journal_id",
            "move_id",
            "parent_state",
            "partner_id",
            "price_subtotal",
            "price_total",
            "product_id",
            "quantity",
        ],
        "account.partial.reconcile": ["amount", "credit_move_id", "debit_move_id", "max_date"],
        "crm.lead": ["company_id", "date_closed", "partner_id", "team_id", "type", "user_id", "won_status"],
        "mail.message": ["author_id", "date", "mail_activity_type_id", "model", "res_id"],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id"],
        "res.company": ["partner_id", "resource_calendar_id", "sales_amount_tax"],
        "res.partner": ["commercial_partner_id", "country_id", "industry_id", "state_id", "tz", "user_id"],
        "sale.order": [
            "company_id",
            "currency_rate",
            "date_order",
            "opportunity_id",
            "partner_id",
            "state",
            "team_id",
            "user_id",
        ],
        "sale.order.line": [
            "display_type",
            "is_downpayment",
            "margin",
            "order_id",
            "price_subtotal",
            "price_total",
            "product_id",
            "product_uom_qty",
        ],
        "sales.deal.credit": ["lead_id", "share", "user_id"],
    }

    metric = fields.Selection(METRICS, readonly=True, help="What is counted: see the help of a target's metric.")
    date = fields.Date(
        readonly=True,
        help="By the clock of the company. A credit note that was posted into a closed period: the day of its posting.",
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True, help="The team of the document.")
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        readonly=True,
        help="Who gets the credit: the salesperson of the document, or whoever has a share of its deal.",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, help="The company that is the customer."
    )
    industry_id = fields.Many2one("res.partner.industry", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    state_id = fields.Many2one("res.country.state", string="Region", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one("product.category", string="Product Category", readonly=True)
    lead_id = fields.Many2one("crm.lead", string="Deal", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice or Payment", readonly=True)
    amount = fields.Monetary(
        readonly=True,
        help="With tax or without, as the company chose for its targets and boards; of what is counted, how many. In "
        "company currency, at the rate of the document.",
    )
    amount_untaxed = fields.Monetary(
        string="Excl. Tax", readonly=True, help="Without tax, in company currency at the rate of the document."
    )
    amount_total = fields.Monetary(
        string="Incl. Tax", readonly=True, help="With tax, in company currency at the rate of the document."
    )
    margin = fields.Monetary(readonly=True, help="Of orders: what they bring less what the goods cost. Without tax.")
    quantity = fields.Float(readonly=True, help="In the unit of the line.")

    # === Actions === #

    def action_open_document(self):
        """Open what a row comes from.

        :return: action
        :rtype: dict
        """
        self.ensure_one()
        return (self.move_id or self.order_id or self.lead_id or self.partner_id).get_formview_action()

    # === Query === #

    @property
    def _table_query(self) -> SQL:
        return self._get_facts_query()

    @api.model
    def _get_facts_query(self, metrics=None, span=None):
        """What was reached, as a query with a column for each field, for statements over whole sets.

        It applies no rule of access: whoever uses it shows nobody more than their own.

        :param metrics: codes of metrics, None for all
        :param Span span: days outside of which nothing is asked for: less is read, and some of it may still be given
        :rtype: SQL
        """
        numbers = {metric: number for number, (metric, _label) in enumerate(METRICS)}
        facts = SQL(" UNION ALL ").join(
            self._select_fact(metric, numbers[metric], span or Span())
            for metric in (numbers if metrics is None else sorted(metrics, key=numbers.get))
        )
        # What is not yet written of core's documents is, before the statement runs.
        unwritten = [
            SQL(to_flush=self.env[model]._fields[name]) for model, names in self._depends.items() for name in names
        ]
        return SQL("%s %s", self._select_facts(facts), SQL().join(unwritten))

    @api.model
    def _select_facts(self, facts):
        return SQL(
            """
            SELECT fact.id, fact.metric, fact.date, fact.company_id, company.currency_id, fact.team_id, fact.user_id,
                   fact.partner_id, customer.industry_id, customer.country_id, customer.state_id, fact.product_id,
                   template.categ_id, fact.lead_id, fact.order_id, fact.move_id, fact.amount_untaxed,
                   fact.amount_total, %(amount)s AS amount, fact.margin, fact.quantity
              FROM (%(facts)s) fact
         LEFT JOIN res_company company ON company.id = fact.company_id
         LEFT JOIN res_partner customer ON customer.id = fact.partner_id
         LEFT JOIN product_product product ON product.id = fact.product_id
         LEFT JOIN product_template template ON template.id = product.product_tmpl_id
            """,
            facts=facts,
            amount=self._select_amount(),
        )

    @api.model
    def _select_fact(self, metric, number, span):
        """
        :param int number: of the metric, which makes its ids its own
        :rtype: SQL
        """
        parts = getattr(self, f"_prepare_{metric}")(span)
        values = parts["values"]
        columns = [
            SQL("%s AS %s", values[name], SQL.identifier(name))
            if name in values
            else SQL("NULL::%s AS %s", SQL(TYPES.get(name, "integer")), SQL.identifier(name))
            for name in COLUMNS
        ]
        return SQL(
            "SELECT %(id)s::bigint * 8 + %(number)s + COALESCE(%(credit)s, 0)::bigint * 17179869184 AS id, "
            "%(metric)s AS metric, %(columns)s %(source)s",
            id=parts["id"],
            number=number,
            credit=SQL("credit.id") if parts.get("is_shared", True) and self._is_shared() else SQL("0"),
            metric=metric,
            columns=SQL(", ").join(columns),
            source=parts["source"],
        )

    @api.model
    def _select_amount(self):
        taxed = self.env["res.company"]._get_taxed_company_ids()
        if not taxed:
            return SQL("fact.amount_untaxed")
        return SQL(
            "CASE WHEN fact.company_id = ANY(%s) THEN fact.amount_total ELSE fact.amount_untaxed END", list(taxed)
        )

    # === Parts of statements === #

    @api.model
    def _select_day(self, moment):
        """:return: the day of a moment by the clock of the company, for which :meth:`_join_zone` is joined
        :rtype: SQL
        """
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(home.tz, calendar.tz, 'UTC'))::date", moment)

    @api.model
    def _join_zone(self, company):
        return SQL(
            """
              JOIN res_company own ON own.id = %s
              JOIN res_partner home ON home.id = own.partner_id
         LEFT JOIN resource_calendar calendar ON calendar.id = own.resource_calendar_id
            """,
            company,
        )

    @api.model
    def _select_within(self, moment, span):
        """:return: condition: a moment is near the days that are asked for; no zone is further away than a day
        :rtype: SQL
        """
        day = timedelta(days=1)
        conditions = [SQL("%s >= %s", moment, span.first - day)] if span.first else []
        conditions += [SQL("%s < %s", moment, span.last + 2 * day)] if span.last else []
        if span.gap:
            ended, began = span.gap
            conditions.append(SQL("(%s < %s OR %s >= %s)", moment, ended + 2 * day, moment, began - day))
        return SQL(" AND ").join(conditions or [SQL("TRUE")])

    @api.model
    @ormcache()
    def _is_shared(self):
        """:return: whether any deal is shared at all, cached: where none is, nothing is asked who shares it
        :rtype: bool
        """
        # sudo: that somewhere a deal is shared is no secret.
        return bool(self.env["sales.deal.credit"].sudo().search_count([], limit=1))

    @api.model
    def _join_credit(self, deal):
        """Whoever has a share of a deal, a row for each, and one without a person for what is left of the whole."""
        if not self._is_shared():
            return SQL()
        return SQL(
            """
         LEFT JOIN (
                   SELECT id, lead_id, user_id, share::numeric / 100 AS share
                     FROM sales_deal_credit
                UNION ALL
                   SELECT NULL, lead_id, NULL, 1 - sum(share)::numeric / 100
                     FROM sales_deal_credit
                 GROUP BY lead_id
                   HAVING sum(share) < 100
                   ) credit ON credit.lead_id = %s
            """,
            deal,
        )

    @api.model
    def _credit(self, owner):
        """:return: who gets the credit: whoever has the share of the row, else the owner of the document
        :rtype: SQL
        """
        return SQL("COALESCE(credit.user_id, %s)", owner) if self._is_shared() else owner

    @api.model
    def _share(self, amount):
        """:return: the part of an amount for which the person of the row gets the credit
        :rtype: SQL
        """
        if not self._is_shared():
            return SQL("(%s)::numeric", amount)
        return SQL("CASE WHEN credit.share IS NULL THEN (%s)::numeric ELSE %s * credit.share END", amount, amount)
