from odoo import fields, http
from odoo.http import request
from odoo.tools import format_datetime

from odoo.addons.sales_management.tools.quotation_token import TOKEN_LENGTH

#: The answer is about this moment, and about one customer's paper.
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'",
}


class QuotationPage(http.Controller):
    """What a customer sees who scans the code on a quotation."""

    @http.route(
        "/sales_management/quotation/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        # Nobody is followed, and a thousand scans leave no thousand sessions.
        save_session=False,
        sitemap=False,
    )
    def show_quotation(self, token):
        """Say what a printed copy is worth now, in the language of the browser.

        :param str token: from the code on the copy; whatever else comes is told that it is unknown
        """
        order, status = request.env["sale.order"]._find_printed_quotation(token[: TOKEN_LENGTH + 1])
        values = self._prepare_page_values(order, status)
        response = request.render("sales_management.quotation_page", values)
        response.headers.update(HEADERS)
        return response

    def _prepare_page_values(self, order, status):
        """Nothing of the quotation but its number, and of its company but the name: the page is open to everybody."""
        company = order.company_id
        zone = company._get_sales_zone().zone if company else "UTC"
        return {
            "status": status,
            "number": order.name if order else False,
            "company_name": company.name if company else False,
            "logo_url": f"/logo.png?company={company.id}" if company and not company.uses_default_logo else False,
            "html_lang": (request.env.lang or "en_US").replace("_", "-"),
            "checked_at": format_datetime(request.env, fields.Datetime.now(), tz=zone, dt_format="yyyy-MM-dd HH:mm"),
            "zone": zone,
        }
