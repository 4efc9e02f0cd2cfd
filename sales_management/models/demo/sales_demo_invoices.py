from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import date_utils

DEPOSIT_PERCENT = 30
DRAFTS = 2
# (customer, days ago, amount): owed from before this system, so without an order
OPENING_BALANCES = (("c04", 290, 48600.0), ("c13", 245, 17250.0), ("c26", 108, 32900.0))


class SalesDemo(models.AbstractModel):
    _inherit = "sales.demo"

    # === Invoices === #

    @api.model
    def _invoice_deposits(self, orders):
        """:return: down payment invoices of the customers who pay one"""
        invoices = self.env["account.move"]
        for order in orders:
            if order.customer["terms"] != "deposit":
                continue
            wizard = self.env["sale.advance.payment.inv"].create(
                {
                    "sale_order_ids": [Command.set(order.record.ids)],
                    "advance_payment_method": "percentage",
                    "amount": DEPOSIT_PERCENT,
                }
            )
            invoice = wizard._create_invoices(order.record)
            invoice.write(
                {
                    "invoice_date": self._after(order.confirmed, days=1).date(),
                    "invoice_payment_term_id": self.env.ref("account.account_payment_term_immediate").id,
                }
            )
            invoices |= invoice
        return invoices

    @api.model
    def _invoice_shipments(self, orders, position, random):
        """Invoice a shipment some days later, or all shipments of a period together where the customer wants that.

        :return: invoices in draft, with their dates
        """
        invoices = self.env["account.move"]
        single, statements = {}, {}
        for order in orders:
            if len(order.shipped) <= position:
                continue
            date, is_together = self._plan_invoice_date(order, order.shipped[position][0], random)
            if date >= fields.Date.today():
                continue
            if is_together:
                statements.setdefault((order.customer["key"], date), self.env["sale.order"])
                statements[order.customer["key"], date] |= order.record
            else:
                single[order.record] = date
        created = self.env["sale.order"].union(*single)._create_invoices(grouped=True, final=True)
        for invoice in created:
            invoice.invoice_date = single[invoice.line_ids.sale_line_ids.order_id]
        invoices |= created
        for (_customer, date), together in statements.items():
            invoice = together._create_invoices(final=True)
            invoice.invoice_date = date
            invoices |= invoice
        return invoices

    @api.model
    def _plan_invoice_date(self, order, shipped, random):
        delay = random.choice((1, 1, 2, 3, 6))
        if order.customer["billing"] == "each":
            return shipped.date() + timedelta(days=delay), False
        period = order.customer["billing"].removesuffix("ly")
        return date_utils.end_of(shipped.date(), period) + timedelta(days=2), True

    @api.model
    def _load_invoices(self, invoices, random):
        invoices |= self._load_opening_balances()
        ordered = invoices.sorted(lambda move: (move.invoice_date, move.id))
        # The names follow the dates: the number that a draft may have taken first is given back.
        ordered.name = False
        posted = ordered[:-DRAFTS]
        posted.action_post()
        self._date_invoices(ordered)
        self._pay_invoices(posted, random)

    @api.model
    def _load_opening_balances(self):
        today = fields.Date.today()
        name = "Opening balance 期初余额"
        return self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": self._id("customer", key),
                    "invoice_user_id": self._ref("customer", key).user_id.id,
                    "team_id": self._ref("customer", key).user_id.sale_team_id.id,
                    "invoice_date": today - timedelta(days=days),
                    "ref": name,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": name, "quantity": 1, "price_unit": amount, "tax_ids": [Command.clear()]}
                        )
                    ],
                }
                for key, days, amount in OPENING_BALANCES
            ]
        )

    @api.model
    def _date_invoices(self, invoices):
        finance = self._id("user", "finance")
        columns = {}
        for invoice in invoices:
            created = fields.Datetime.to_datetime(invoice.invoice_date) + timedelta(hours=3)
            delivered = list(filter(None, invoice.line_ids.sale_line_ids.order_id.mapped("effective_date")))
            columns[invoice] = {
                "create_date": created,
                "write_date": created,
                "create_uid": finance,
                "delivery_date": max(delivered).date() if delivered else None,
            }
        self._rewrite("account.move", columns)

    # === Payments === #

    @api.model
    def _pay_invoices(self, invoices, random):
        payers = {self._id("customer", row["key"]): row["payer"] for row in self._read_table("customers")}
        today = fields.Date.today()
        plan, unpaid = [], []
        for invoice in invoices.filtered(lambda move: move.move_type == "out_invoice"):
            date = self._plan_payment_date(invoice, payers[invoice.partner_id.id], random)
            if date and date < today:
                plan.append((invoice, date, invoice.amount_residual))
            elif invoice.invoice_date_due < today - timedelta(days=9):
                unpaid.append(invoice)
        for invoice in unpaid[::2]:
            half = invoice.currency_id.round(invoice.amount_residual / 2)
            plan.append((invoice, invoice.invoice_date_due + timedelta(days=random.randint(1, 7)), half))
        plan.sort(key=lambda payment: (payment[1], payment[0].id))
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.env.company.id)], limit=1
        )
        payments = self.env["account.payment"].create([self._prepare_payment_values(journal, *row) for row in plan])
        payments.action_post()
        self._analyze("account.move", "account.move.line", "account.payment")
        self._reconcile(payments, [invoice for invoice, _date, _amount in plan])
        columns = {}
        for payment in payments:
            created = fields.Datetime.to_datetime(payment.date) + timedelta(hours=5)
            columns[payment] = {"create_date": created, "write_date": created}
        self._rewrite("account.payment", columns)

    @api.model
    def _plan_payment_date(self, invoice, payer, random):
        """:return: when the customer pays: most in time, some weeks late, a few not at all"""
        chance = random.random()
        days = {"good": random.randint(-4, 4), "slow": random.randint(9, 80), "bad": random.randint(45, 150)}[payer]
        is_owed = (payer == "bad" and chance < 0.4) or not invoice.line_ids.sale_line_ids
        return None if is_owed else invoice.invoice_date_due + timedelta(days=days)

    @api.model
    def _prepare_payment_values(self, journal, invoice, date, amount):
        return {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": invoice.partner_id.id,
            "amount": amount,
            "currency_id": invoice.currency_id.id,
            "date": date,
            "journal_id": journal.id,
            "payment_method_line_id": journal.inbound_payment_method_line_ids[:1].id,
            "memo": invoice.name,
            "company_id": self.env.company.id,
        }

    @api.model
    def _reconcile(self, payments, invoices):
        plan = []
        for payment, invoice in zip(payments, invoices, strict=True):
            lines = (payment.move_id | invoice).line_ids
            plan.append(lines.filtered(lambda line: line.account_type == "asset_receivable" and not line.reconciled))
        self.env["account.move.line"]._reconcile_plan(plan)
