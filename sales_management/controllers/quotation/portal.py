from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.sale.controllers import portal


class NotReleasedError(AccessError):
    """A customer asks for what may not go to him yet."""


class CustomerPortal(portal.CustomerPortal):
    """The pages of quotations in the portal: closed to customers until they may see them, open for colleagues."""

    # === Gate === #

    def _document_check_access(self, model_name, document_id, access_token=None):
        """:raise NotReleasedError: when a customer asks for a quotation that is held back, with whatever link"""
        document = super()._document_check_access(model_name, document_id, access_token=access_token)
        if model_name == "sale.order" and request.env.user.share and document._filter_held_back():
            raise NotReleasedError(request.env._("This quotation is being prepared."))
        return document

    @http.route()
    def portal_order_page(
        self,
        order_id,
        report_type=None,
        access_token=None,
        message=False,
        download=False,
        payment_amount=None,
        amount_selection=None,
        **kw,
    ):
        is_asked = request.env.user.share and request.env["sale.order"]._is_release_asked()
        if is_asked:
            try:
                order = self._document_check_access("sale.order", order_id, access_token=access_token)
            except NotReleasedError:
                return self._show_not_released()
            except (AccessError, MissingError):
                return request.redirect("/my")
        response = super().portal_order_page(
            order_id,
            report_type=report_type,
            access_token=access_token,
            message=message,
            download=download,
            payment_amount=payment_amount,
            amount_selection=amount_selection,
            **kw,
        )
        if is_asked and request.httprequest.headers.get("Odoo-Link-Preview") != "True":
            # sudo: the customer has no right to write; who it was is kept.
            order.with_user(request.env.user).sudo()._record_portal_view()
        return response

    def _show_not_released(self):
        """:return: page that says that the quotation is being prepared, and nothing of what it says"""
        response = request.render("sales_management.portal_quotation_not_released", {"no_breadcrumbs": True})
        response.status_code = 403
        return response

    # === Lists === #

    def _prepare_quotations_domain(self, partner):
        domain = super()._prepare_quotations_domain(partner)
        if not request.env["sale.order"]._is_release_asked():
            return domain
        return [*domain, ("is_released", "=", True)]
