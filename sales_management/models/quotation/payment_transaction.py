from psycopg2.errors import CheckViolation

from odoo import api, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.sales_management.exceptions import BlockedError
from odoo.addons.sales_management.tools.blocker import split_blockers

_lt = LazyTranslate(__name__)

#: Why people hear of an order that was paid and stays a quotation.
PAID = _lt("Paid, but not confirmed")


class PaymentTransaction(models.Model):
    """No payment begins for what may not go to the customer. One that has arrived is never refused."""

    _inherit = "payment.transaction"

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        transactions = super().create(vals_list)
        if self.env["sale.order"]._is_release_asked():
            transactions._check_payable()
        return transactions

    def _check_payable(self):
        """Refuse payments that begin; refunds and captures belong to one that arrived.

        :raise BlockedError: that names everything that stands in the way of each quotation
        """
        beginning = self.filtered(lambda tx: not tx.source_transaction_id)
        quotations = beginning.sale_order_ids.filtered(lambda order: order.state != "sale")
        if quotations:
            quotations._check_released()

    # === Post-processing === #

    def _check_amount_and_confirm_order(self):
        """Leave what may not become an order a quotation, and tell people: the money is there, and stays."""
        if not self.env["sale.order"]._is_release_asked():
            return super()._check_amount_and_confirm_order()
        held = self._filter_held()
        confirmed = self.env["sale.order"]
        for transaction in self - held:
            try:
                # What is refused only while it is confirmed must not take the payment along.
                with self.env.cr.savepoint():
                    confirmed |= super(PaymentTransaction, transaction)._check_amount_and_confirm_order()
            except (BlockedError, CheckViolation):
                held |= transaction
        if held:
            held._get_quotations()._tell_in_charge(PAID)
        return confirmed

    def _filter_held(self):
        """:return: those of these payments that are for quotations which may not become orders"""
        blocking, _warnings = split_blockers(self._get_quotations()._get_confirmation_blockers())
        return self.filtered(lambda tx: any(order in blocking for order in tx._get_quotations()))

    def _get_quotations(self):
        return self.sale_order_ids.filtered(lambda order: order.state in ("draft", "sent", "cancel"))
