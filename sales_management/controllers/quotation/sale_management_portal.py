from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request, route

from odoo.addons.sale_management.controllers.portal import CustomerPortal


class QuotationQuantities(CustomerPortal):
    """Customers choose quantities of what is optional, as long as nobody has to approve the choice."""

    @route()
    def portal_quote_option_update(
        self, order_id, line_id, access_token=None, remove=False, input_quantity=False, **kwargs
    ):
        """
        :raise UserError: that tells the customer to ask, where the choice would need an approval
        """
        order = self._get_quotation_in_gate(order_id, access_token)
        if order.approval_state == "approved":
            raise UserError(self._get_quantity_refusal(order))
        result = super().portal_quote_option_update(
            order_id, line_id, access_token=access_token, remove=remove, input_quantity=input_quantity, **kwargs
        )
        if order and not order._filter_released():
            raise UserError(self._get_quantity_refusal(order))
        return result

    def _get_quotation_in_gate(self, order_id, access_token):
        """:return: the quotation that the customer may change, none while no capability holds any back"""
        orders = request.env["sale.order"]
        if not orders._is_release_asked():
            return orders
        try:
            order = self._document_check_access("sale.order", order_id, access_token=access_token)
        except (AccessError, MissingError):
            # What is refused is answered by core.
            return orders
        return order.filtered(lambda order: order.state in ("draft", "sent"))

    def _get_quantity_refusal(self, order):
        return order.env._(
            "The quantities of %(quotation)s are fixed. Write to us if you want others: we send you a new quotation.",
            quotation=order.name,
        )
