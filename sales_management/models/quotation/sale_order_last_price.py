from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date
from odoo.tools.misc import formatLang

#: Whose answer is asked for in one call: as many as the longest quotation has lines.
MAX_ASKED = 1000
LAST_PRICES = 3
LOWEST_MONTHS = 12


class PriceQuestion(NamedTuple):
    """Which prices are looked for: of a product, for a customer, in a unit and a currency."""

    product_id: int
    unit_id: int
    partner_id: int
    company_id: int
    #: Quotation that asks, whose own prices are no answer.
    order_id: int
    currency_id: int
    #: Units of the currency for one of the company's.
    rate: float


class SaleOrder(models.Model):
    """What a customer was offered for a product before, and what became of it."""

    _inherit = "sale.order"

    # === Remote calls === #

    @api.model
    @api.readonly
    def get_last_prices(self, partner_id, products, company_id=None, currency_id=None, order_id=None):
        """Last prices for a customer, of documents that the caller may see; for lines that are not saved as well.

        :param int partner_id: the customer, or any of its contacts
        :param list[list[int]] products: pairs of a product and the unit that its prices are told in
        :param int company_id: whose documents, by default those of the current company
        :param int currency_id: what the prices are told in, by default the currency of the company
        :param int order_id: quotation that is asked for, whose own prices are left out
        :return: per product, in the order given, ``last`` (date, quantity, price, outcome, order), ``lowest`` (the
            lowest confirmed of twelve months) and ``text``
        :rtype: list[dict]
        """
        if not self.env.user.has_group("sales_team.group_sale_salesman") or not partner_id:
            return []
        company = self.env["res.company"].browse(company_id or self.env.company.id)
        if company not in self.env.companies:
            return []
        currency = self.env["res.currency"].browse(currency_id or company.currency_id.id)
        rate = 1.0
        if currency != company.currency_id:
            today = fields.Date.context_today(self)
            rate = self.env["res.currency"]._get_conversion_rate(company.currency_id, currency, company, today)
        questions = [
            PriceQuestion(product_id, unit_id, partner_id, company.id, order_id or 0, currency.id, rate)
            for product_id, unit_id in products[:MAX_ASKED]
        ]
        answers = self._get_last_prices(questions)
        return [answers[question] for question in questions]

    # === Prices === #

    @api.model
    def _get_last_prices(self, questions):
        """Answer questions for last prices in two queries, as the user who asks.

        :param list[PriceQuestion] questions: what is asked for
        :return: as :meth:`get_last_prices`
        :rtype: dict[PriceQuestion, dict]
        """
        questions = list(dict.fromkeys(questions))
        answers = {question: {"last": [], "lowest": False, "text": ""} for question in questions}
        if not questions:
            return answers
        offers = self._select_offers(questions)
        last = SQL(
            """
            SELECT *
              FROM (SELECT offer.*, row_number() OVER (PARTITION BY position ORDER BY date DESC, line_id DESC) AS place
                      FROM (%s) offer) placed
             WHERE place <= %s
             ORDER BY position, place
            """,
            offers,
            LAST_PRICES,
        )
        lowest = SQL(
            """
            SELECT DISTINCT ON (position) offer.*
              FROM (%s) offer
             WHERE outcome = 'won' AND date >= %s
             ORDER BY position, company_price, date DESC, line_id DESC
            """,
            offers,
            fields.Datetime.now() - relativedelta(months=LOWEST_MONTHS),
        )
        self._flush_offers()
        for row in self._fetch_offers(last):
            question = questions[row["position"]]
            answers[question]["last"].append(self._prepare_price(question, row))
        for row in self._fetch_offers(lowest):
            question = questions[row["position"]]
            answers[question]["lowest"] = self._prepare_price(question, row)
        for answer in answers.values():
            answer["text"] = self._format_last_prices(answer)
        return answers

    @api.model
    def _select_offers(self, questions):
        """Lines that answer the questions: net prices without taxes, in the unit asked for, per unit.

        A price of a unit of another kind is no answer, nor is what was given free or never left its draft.

        :rtype: SQL
        """
        return SQL(
            """
            SELECT asked.position, line.id AS line_id, document.name AS document, document.date_order AS date,
                   document.currency_id, unit.factor / wanted.factor * line.product_uom_qty AS quantity,
                   line.price_subtotal / line.product_uom_qty * wanted.factor / unit.factor AS price,
                   line.price_subtotal / line.product_uom_qty * wanted.factor / unit.factor
                       / COALESCE(NULLIF(document.currency_rate, 0), 1) AS company_price,
                   CASE WHEN document.state = 'sale' THEN 'won'
                        WHEN document.state = 'cancel' OR deal.won_status = 'lost'
                             OR document.validity_date < %(today)s THEN 'lost'
                        ELSE 'open' END AS outcome
              FROM (VALUES %(asked)s) asked (position, product_id, unit_id, partner_id, company_id, order_id)
              JOIN uom_uom wanted ON wanted.id = asked.unit_id
              JOIN res_partner customer ON customer.id = asked.partner_id
              JOIN res_partner contact ON contact.commercial_partner_id = customer.commercial_partner_id
              JOIN sale_order document
                ON document.partner_id = contact.id AND document.company_id = asked.company_id
                   AND document.id <> asked.order_id
              JOIN sale_order_line line ON line.order_id = document.id AND line.product_id = asked.product_id
              JOIN uom_uom unit ON unit.id = line.product_uom_id
                   AND split_part(unit.parent_path, '/', 1) = split_part(wanted.parent_path, '/', 1)
              LEFT JOIN crm_lead deal ON deal.id = document.opportunity_id
             WHERE line.id IN %(readable)s
            """,
            asked=self._list_questions(questions),
            readable=self._search_offers(questions).subselect(),
            today=fields.Date.context_today(self),
        )

    @api.model
    def _list_questions(self, questions):
        return SQL(", ").join(
            SQL(
                "(%s, %s, %s, %s, %s, %s)",
                position,
                question.product_id,
                question.unit_id,
                question.partner_id,
                question.company_id,
                question.order_id,
            )
            for position, question in enumerate(questions)
        )

    @api.model
    def _search_offers(self, questions):
        """:return: lines that the user may read, by the rules of lines and of their quotations
        :rtype: odoo.tools.Query
        """
        documents = Domain("state", "!=", "draft") & Domain("is_current_revision", "=", True)
        return self.env["sale.order.line"]._search(
            Domain("product_id", "in", list({question.product_id for question in questions}))
            & Domain("display_type", "=", False)
            & Domain("is_downpayment", "=", False)
            & Domain("product_uom_qty", ">", 0)
            & Domain("price_subtotal", ">", 0)
            & Domain("order_id", "any", documents)
        )

    @api.model
    def _flush_offers(self):
        self.env["sale.order"].flush_model(
            ["name", "date_order", "currency_id", "currency_rate", "state", "validity_date", "company_id", "partner_id"]
        )
        self.env["sale.order.line"].flush_model(["price_subtotal", "product_uom_qty", "product_uom_id", "order_id"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self.env["crm.lead"].flush_model(["won_status"])
        self.env["uom.uom"].flush_model(["factor", "parent_path"])

    @api.model
    def _fetch_offers(self, query):
        self.env.cr.execute(query)
        return self.env.cr.dictfetchall()

    # === Words === #

    @api.model
    def _prepare_price(self, question, row):
        is_converted = row["currency_id"] != question.currency_id
        price = float(row["company_price"]) * question.rate if is_converted else float(row["price"])
        return {
            "date": fields.Date.to_string(fields.Datetime.context_timestamp(self, row["date"]).date()),
            "quantity": float(row["quantity"]),
            "price": price,
            "is_converted": is_converted,
            "outcome": row["outcome"],
            "order": row["document"],
        }

    @api.model
    def _format_last_prices(self, answer):
        """:return: as ``Last: 0.86 won Sep · 0.90 lost Jun · lowest confirmed 0.84 (excl. tax)``, empty without any"""
        if not answer["last"]:
            return ""
        labels = {"won": self.env._("won"), "lost": self.env._("lost"), "open": self.env._("open")}
        parts = [
            f"{self._format_price(found)} {labels[found['outcome']]} {self._format_month(found['date'])}"
            for found in answer["last"]
        ]
        if answer["lowest"]:
            parts.append(self.env._("lowest confirmed %(price)s", price=self._format_price(answer["lowest"])))
        return self.env._("Last: %(prices)s (excl. tax)", prices=" · ".join(parts))

    @api.model
    def _format_price(self, found):
        price = formatLang(self.env, found["price"], dp="Product Price")
        return f"≈ {price}" if found["is_converted"] else price

    @api.model
    def _format_month(self, date):
        day = fields.Date.to_date(date)
        is_this_year = day.year == fields.Date.context_today(self).year
        return format_date(self.env, day, date_format="MMM" if is_this_year else "MMM y")
