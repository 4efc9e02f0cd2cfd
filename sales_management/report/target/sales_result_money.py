from odoo import api, models
from odoo.tools import SQL

#: Documents that invoice customers.
INVOICES = ("out_invoice", "out_refund", "out_receipt")
#: Lines that make the untaxed amount of an invoice.
UNTAXED_LINES = ("product", "rounding")
#: Journals by which money comes and goes; a credit note or a difference in rates is no money.
MONEY_JOURNALS = ("bank", "cash", "credit")


class SalesResult(models.Model):
    """What was invoiced, and what of it was paid."""

    _inherit = "sales.result"

    # === Invoiced === #

    @api.model
    def _prepare_invoiced(self, span):
        """Posted invoices less credit notes, in company currency as they were posted, line by line.

        The tax of an invoice is shared by its lines in the proportion of their own taxes, so that they make its total.
        """
        return {
            "id": SQL("line.id"),
            "values": {
                "date": SQL("COALESCE(move.sales_counted_on, move.invoice_date)"),
                **self._prepare_invoice_columns(),
                "product_id": SQL("line.product_id"),
                "move_id": SQL("move.id"),
                "amount_untaxed": self._share(SQL("-line.balance")),
                "amount_total": self._share(self._select_gross()),
                "quantity": self._share(
                    SQL(
                        "CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END "
                        "* CASE line.display_type WHEN 'product' THEN line.quantity ELSE 0 END"
                    )
                ),
            },
            "source": SQL(
                """
              FROM account_move move
              JOIN account_move_line line ON line.move_id = move.id AND line.display_type IN %(lines)s
              %(parts)s
             WHERE move.state = 'posted' AND move.move_type IN %(types)s AND %(within)s
                """,
                within=self._select_counted_within(span),
                lines=UNTAXED_LINES,
                types=INVOICES,
                parts=self._join_invoice_parts(),
            ),
        }

    @api.model
    def _select_counted_within(self, span):
        days = (SQL("move.invoice_date"), SQL("move.sales_counted_on"))
        return SQL("(%s)", SQL(" OR ").join(SQL("(%s)", self._select_within(day, span)) for day in days))

    @api.model
    def _select_gross(self):
        """:return: an invoice line with its share of the tax of its invoice
        :rtype: SQL
        """
        return SQL(
            """
            -line.balance + (move.amount_total_signed - move.amount_untaxed_signed)
                * COALESCE((line.price_total - line.price_subtotal) / NULLIF(taxed.amount, 0),
                           line.balance / NULLIF(-move.amount_untaxed_signed, 0), 0)
            """
        )

    @api.model
    def _prepare_invoice_columns(self):
        return {
            "company_id": SQL("move.company_id"),
            "team_id": SQL("move.team_id"),
            "user_id": self._credit(SQL("move.invoice_user_id")),
            "partner_id": SQL("move.commercial_partner_id"),
            "lead_id": SQL("deal.lead_id"),
        }

    @api.model
    def _join_invoice_parts(self):
        """The deal of an invoice that has one alone, who shares it, and what its taxes are by its lines."""
        return SQL(
            """
         LEFT JOIN (
                   SELECT move_id, CASE count(*) WHEN 1 THEN min(lead_id) END AS lead_id
                     FROM account_move_deal_rel
                 GROUP BY move_id
                   ) deal ON deal.move_id = move.id
              %(credit)s
         LEFT JOIN (
                   SELECT move_id, sum(price_total - price_subtotal) AS amount
                     FROM account_move_line
                    WHERE display_type = 'product'
                 GROUP BY move_id
                   ) taxed ON taxed.move_id = move.id
            """,
            credit=self._join_credit(SQL("deal.lead_id")),
        )

    # === Collected === #

    @api.model
    def _prepare_collected(self, span):
        """Money of customers that came in less what went back to them, as the bank and cash journals have it.

        Matched with an invoice, it counts like the lines of the invoice, on the later day of the two; without tax, by
        the part of the invoice that is no tax. What is matched with none counts whole, for the salesperson of the
        customer.
        """
        amounts = SQL("COALESCE(money.amount * -line.balance / NULLIF(move.amount_total_signed, 0), money.amount)")
        gross = SQL(
            "COALESCE(money.amount * (%s) / NULLIF(move.amount_total_signed, 0), money.amount)", self._select_gross()
        )
        columns = self._prepare_invoice_columns()
        columns["company_id"] = SQL("money.company_id")
        columns["user_id"] = self._credit(SQL("COALESCE(move.invoice_user_id, payer.user_id)"))
        columns["partner_id"] = SQL("COALESCE(move.commercial_partner_id, payer.id)")
        return {
            "id": SQL("row_number() OVER (ORDER BY money.line_id, money.invoice_id, line.id)"),
            "values": {
                **columns,
                "date": SQL("money.date"),
                "product_id": SQL("line.product_id"),
                "move_id": SQL("COALESCE(move.id, money.move_id)"),
                "amount_untaxed": self._share(amounts),
                "amount_total": self._share(gross),
            },
            "source": SQL(
                """
              FROM (%(matched)s UNION ALL %(unmatched)s) money
         LEFT JOIN account_move move ON move.id = money.invoice_id
         LEFT JOIN account_move_line line ON line.move_id = move.id AND line.display_type IN %(lines)s
         LEFT JOIN res_partner partner ON partner.id = money.partner_id
         LEFT JOIN res_partner payer ON payer.id = partner.commercial_partner_id
              %(parts)s
                """,
                matched=self._select_matched(span),
                unmatched=self._select_unmatched(span),
                lines=UNTAXED_LINES,
                parts=self._join_invoice_parts(),
            ),
        }

    @api.model
    def _select_money_lines(self):
        return SQL(
            """
            SELECT line.id, line.move_id, line.company_id, line.partner_id, line.date, line.balance
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
              JOIN account_journal journal ON journal.id = line.journal_id
             WHERE account.account_type = 'asset_receivable' AND journal.type IN %s AND line.parent_state = 'posted'
            """,
            MONEY_JOURNALS,
        )

    @api.model
    def _select_pairs(self):
        """Money matched with invoices; a payment that covers several is split by what was matched."""
        return SQL(
            """
            SELECT money.id AS line_id, money.move_id, money.company_id, money.partner_id, partial.date,
                   invoice.move_id AS invoice_id, partial.amount
              FROM (%s) money
              JOIN (
                   SELECT credit_move_id AS line_id, debit_move_id AS other_id, amount, max_date AS date
                     FROM account_partial_reconcile
                UNION ALL
                   SELECT debit_move_id, credit_move_id, -amount, max_date
                     FROM account_partial_reconcile
                   ) partial ON partial.line_id = money.id
              JOIN account_move_line invoice ON invoice.id = partial.other_id
              JOIN account_move document ON document.id = invoice.move_id AND document.move_type IN %s
            """,
            self._select_money_lines(),
            INVOICES,
        )

    @api.model
    def _select_matched(self, span):
        return SQL(
            """
            SELECT line_id, move_id, company_id, partner_id, date, invoice_id, sum(amount) AS amount
              FROM (%s) pair
             WHERE %s
          GROUP BY line_id, move_id, company_id, partner_id, date, invoice_id
            """,
            self._select_pairs(),
            self._select_within(SQL("date"), span),
        )

    @api.model
    def _select_unmatched(self, span):
        return SQL(
            """
            SELECT money.id, money.move_id, money.company_id, money.partner_id, money.date, NULL::integer,
                   -money.balance - COALESCE(pairs.amount, 0)
              FROM (%s) money
         LEFT JOIN (SELECT line_id, sum(amount) AS amount FROM (%s) pair GROUP BY line_id) pairs
                ON pairs.line_id = money.id
             WHERE -money.balance != COALESCE(pairs.amount, 0) AND %s
            """,
            self._select_money_lines(),
            self._select_pairs(),
            self._select_within(SQL("money.date"), span),
        )
