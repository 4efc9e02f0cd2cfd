from odoo import api, models
from odoo.tools import SQL


class SalesResult(models.Model):
    """What orders brought."""

    _inherit = "sales.result"

    @api.model
    def _prepare_ordered(self, span):
        """Confirmed orders by their date, at their own rate, line by line; down payments are invoiced, not ordered."""
        return self._prepare_order_lines(
            {
                "amount_untaxed": self._select_own_currency(SQL("line.price_subtotal")),
                "amount_total": self._select_own_currency(SQL("line.price_total")),
                "margin": self._select_own_currency(SQL("line.margin")),
                "quantity": self._share(SQL("COALESCE(line.product_uom_qty, 0)")),
            },
            span,
        )

    @api.model
    def _prepare_margin(self, span):
        """The margin of confirmed orders as core reckons it, at their own rate; it has no tax."""
        margin = self._select_own_currency(SQL("line.margin"))
        return self._prepare_order_lines({"amount_untaxed": margin, "amount_total": margin, "margin": margin}, span)

    @api.model
    def _select_own_currency(self, amount):
        """:return: the part of an amount of an order line for the person of the row, in company currency
        :rtype: SQL
        """
        # To divide costs more than all the rest: most orders are in the currency of the company.
        own = SQL("COALESCE(%s, 0)::numeric", amount)
        rate = SQL("COALESCE(NULLIF(sale.currency_rate, 0), 1)")
        return self._share(SQL("CASE WHEN %s = 1 THEN %s ELSE %s / %s::numeric END", rate, own, own, rate))

    @api.model
    def _prepare_order_lines(self, values, span):
        """
        :param dict values: expression by column, of a line
        :return: id, values and source of a statement
        :rtype: dict
        """
        return {
            "id": SQL("line.id"),
            "values": {
                "date": self._select_day(SQL("sale.date_order")),
                "company_id": SQL("sale.company_id"),
                "team_id": SQL("sale.team_id"),
                "user_id": self._credit(SQL("sale.user_id")),
                "partner_id": SQL("partner.commercial_partner_id"),
                "product_id": SQL("line.product_id"),
                "lead_id": SQL("sale.opportunity_id"),
                "order_id": SQL("sale.id"),
                **values,
            },
            "source": SQL(
                """
              FROM sale_order sale
              JOIN sale_order_line line ON line.order_id = sale.id
              JOIN res_partner partner ON partner.id = sale.partner_id
              %(zone)s
              %(credit)s
             WHERE sale.state = 'sale' AND line.display_type IS NULL AND line.is_downpayment IS NOT TRUE
               AND %(within)s
                """,
                within=self._select_within(SQL("sale.date_order"), span),
                zone=self._join_zone(SQL("sale.company_id")),
                credit=self._join_credit(SQL("sale.opportunity_id")),
            ),
        }

    @api.model
    def _prepare_new_customers(self, span):
        """Customers by the day of their first confirmed order with the company."""
        one = self._share(SQL("1"))
        return {
            "id": SQL("earliest.id"),
            "values": {
                "date": self._select_day(SQL("earliest.date_order")),
                "company_id": SQL("earliest.company_id"),
                "team_id": SQL("earliest.team_id"),
                "user_id": self._credit(SQL("earliest.user_id")),
                "partner_id": SQL("earliest.customer_id"),
                "lead_id": SQL("earliest.opportunity_id"),
                "order_id": SQL("earliest.id"),
                "amount_untaxed": one,
                "amount_total": one,
            },
            "source": SQL(
                """
              FROM (
                SELECT DISTINCT ON (sale.company_id, partner.commercial_partner_id)
                       sale.id, sale.company_id, sale.date_order, sale.team_id, sale.user_id, sale.opportunity_id,
                       partner.commercial_partner_id AS customer_id
                  FROM sale_order sale
                  JOIN res_partner partner ON partner.id = sale.partner_id
                 WHERE sale.state = 'sale'
              ORDER BY sale.company_id, partner.commercial_partner_id, sale.date_order, sale.id
                   ) earliest
              %(zone)s
              %(credit)s
             WHERE %(within)s
                """,
                within=self._select_within(SQL("earliest.date_order"), span),
                zone=self._join_zone(SQL("earliest.company_id")),
                credit=self._join_credit(SQL("earliest.opportunity_id")),
            ),
        }
