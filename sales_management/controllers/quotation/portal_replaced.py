from odoo import http
from odoo.exceptions import MissingError, ValidationError
from odoo.http import request
from odoo.tools import consteq

from odoo.addons.portal.controllers import portal


class CustomerPortalReplaced(portal.CustomerPortal):
    """Whatever link to a revision that was replaced a customer uses, he sees what became of it, and not what it said.

    Imported after the gate of what is held back, so that it is asked first.
    """

    # === Routes === #

    @http.route()
    def portal_order_page(self, order_id, report_type=None, access_token=None, **kwargs):
        replaced = self._get_replaced_order(order_id, access_token)
        if replaced:
            return self._show_replaced(replaced)
        return super().portal_order_page(order_id, report_type=report_type, access_token=access_token, **kwargs)

    @http.route()
    def portal_quote_accept(self, order_id, access_token=None, name=None, signature=None):
        token = access_token or request.httprequest.args.get("access_token")
        replaced = self._get_replaced_order(order_id, token)
        if replaced:
            return {"error": self._get_replaced_text(replaced)}
        return super().portal_quote_accept(order_id, access_token=access_token, name=name, signature=signature)

    @http.route()
    def portal_quote_decline(self, order_id, access_token=None, decline_message=None, **kwargs):
        replaced = self._get_replaced_order(order_id, access_token)
        if replaced:
            return self._show_replaced(replaced)
        return super().portal_quote_decline(
            order_id, access_token=access_token, decline_message=decline_message, **kwargs
        )

    @http.route()
    def portal_quote_document(self, order_id, document_id, access_token):
        if self._get_replaced_order(order_id, access_token):
            # The page itself says what became of it.
            return request.redirect(f"/my/orders/{order_id}?access_token={access_token}")
        return super().portal_quote_document(order_id, document_id, access_token)

    @http.route()
    def portal_my_sale_order_download_edi(self, order_id=None, access_token=None, **kwargs):
        replaced = self._get_replaced_order(order_id, access_token)
        if replaced:
            return self._show_replaced(replaced)
        return super().portal_my_sale_order_download_edi(order_id=order_id, access_token=access_token, **kwargs)

    @http.route()
    def portal_order_transaction(self, order_id, access_token, **kwargs):
        replaced = self._get_replaced_order(order_id, access_token)
        if replaced:
            raise ValidationError(self._get_replaced_text(replaced))
        return super().portal_order_transaction(order_id, access_token, **kwargs)

    # === Replaced === #

    def _get_replaced_order(self, order_id, access_token):
        """:return: the quotation, if it was replaced and whoever asks may know of it; none otherwise"""
        order = request.env["sale.order"].browse(order_id)
        # sudo: only whether it was replaced is asked, and told to the holder of its link alone.
        order_sudo = order.sudo()
        try:
            if order_sudo.is_current_revision:
                return None
        except MissingError:
            return None
        token = order_sudo.access_token
        has_link = bool(access_token and token) and consteq(token, access_token)
        return order_sudo if has_link or order.has_access("read") else None

    def _show_replaced(self, order):
        return request.render("sales_management.portal_quotation_replaced", order._get_replaced_portal_values())

    def _get_replaced_text(self, order):
        return request.env._(
            "%(quotation)s was replaced and is no longer valid. Load the page again.", quotation=order.name
        )
