from contextlib import contextmanager

from odoo import models

#: What makes a quotation an order. Anything else that is written along with it is what the order says.
CONFIRMATION_FIELDS = frozenset({"state", "date_order", "locked", "signature", "signed_by", "signed_on"})


class SaleOrder(models.Model):
    """Nothing is marked as sent, signed or confirmed unless it may be, whichever way that is written: by a button, a
    call, an import, a copy with other values, or code of another addon."""

    _inherit = "sale.order"

    # === Confirmation === #

    def action_confirm(self):
        # Stored columns cost nothing. What only the content tells is found at the write, before anything is done.
        if self._is_release_asked() and self.filtered_domain(self._get_released_domain()) != self:
            self._check_confirmable()
        return super().action_confirm()

    def _confirmation_error_message(self):
        message = super()._confirmation_error_message()
        if message or not self._is_release_asked() or self.filtered_domain(self._get_released_domain()):
            return message
        blocking = {order: found for order, found in self._get_confirmation_blockers().items() if found}
        return self._format_blocked(blocking, is_confirmation=True) if blocking else False

    # === ORM === #

    def _after_document_create(self):
        result = super()._after_document_create()
        if self._is_release_asked():
            confirmed = self.filtered(lambda order: order.state == "sale")
            left = (self - confirmed).filtered(lambda order: order.state == "sent" or order.signature)
            self._check_ways(confirmed, left)
        return result

    def _prepare_document_write_values(self, vals):
        vals = super()._prepare_document_write_values(vals)
        if vals.get("state") != "sale" or not self._is_release_asked():
            return vals
        # First what comes along, because it is as a quotation that the whole is looked at.
        content = {name: value for name, value in vals.items() if name not in CONFIRMATION_FIELDS}
        if content:
            self.write(content)
        self._check_ways(self._filter_unconfirmed(), self.browse())
        return {name: value for name, value in vals.items() if name in CONFIRMATION_FIELDS}

    @contextmanager
    def _around_document_write(self, vals):
        is_asked = (vals.get("state") == "sent" or vals.get("signature")) and self._is_release_asked()
        left = (self if vals.get("state") == "sent" else self._filter_unconfirmed()) if is_asked else self.browse()
        with super()._around_document_write(vals):
            yield
            # After the write, because content may come along.
            self._check_ways(self.browse(), left)

    # === Checks === #

    def _filter_unconfirmed(self):
        return self.filtered(lambda order: order.state != "sale")

    def _check_ways(self, confirmed, left):
        """Refuse unless the ones may become orders, and the others may go to their customers.

        :raise BlockedError: that names everything that stands in the way of each
        """
        if confirmed:
            confirmed._check_confirmable()
        if left:
            left._check_released()
