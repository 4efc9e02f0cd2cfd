from odoo import api, models
from odoo.tools import hmac

from odoo.addons.sales_management.tools.quotation_token import is_same_digest, pack_token, unpack_token

#: What the signatures of these tokens are for: one made for something else opens nothing here.
SCOPE = "sales_management.quotation_token"
PAGE = "/sales_management/quotation"


class SaleOrder(models.Model):
    """What a printed copy is told by, and whether it is still the valid one."""

    _inherit = "sale.order"

    # === Token === #

    def _get_quotation_token(self):
        """:return: token of a copy that is printed of this quotation now
        :rtype: str
        """
        self.ensure_one()
        return pack_token(self.id, self._get_content_digests()[self], self._sign_quotation_token)

    def _get_quotation_page_url(self):
        """:return: address of the page that says whether a copy that is printed now is the valid one"""
        self.ensure_one()
        return f"{self.get_base_url()}{PAGE}/{self._get_quotation_token()}"

    @api.model
    def _sign_quotation_token(self, text):
        # sudo: the secret of the database is nobody's to read, and signs for everybody.
        return hmac(self.env(su=True), SCOPE, text)

    # === Page === #

    @api.model
    def _find_printed_quotation(self, token):
        """The quotation that a copy was printed of, and what it is worth now.

        :param str token: what stands behind the code of the copy, from whoever asks
        :return: the quotation, readable for all, and ``valid``, ``ordered``, ``replaced``, ``expired``, ``withdrawn``
            or ``unknown``; no quotation when it is unknown
        :rtype: tuple[sale.order, str]
        """
        found = unpack_token(token, self._sign_quotation_token)
        if not found:
            return self.browse(), "unknown"
        order_id, beginning = found
        # sudo: whoever holds the paper may ask what it is worth.
        order = self.sudo().browse(order_id).exists()
        if not order:
            return order, "unknown"
        order = order.with_company(order.company_id)
        return order, order._get_copy_status(beginning)

    def _get_copy_status(self, beginning):
        """:param str beginning: first digits of the digest of what the copy says"""
        self.ensure_one()
        if not self.is_current_revision:
            return "replaced" if self.superseded_by_id else "withdrawn"
        if self.state == "cancel":
            return "withdrawn"
        if not is_same_digest(beginning, self._get_content_digests()[self]):
            return "replaced"
        if self.state == "sale":
            return "ordered"
        if not self._filter_released():
            return "withdrawn"
        today = self.env["sales.policy"]._get_today(self.company_id.id)
        return "expired" if self.validity_date and self.validity_date < today else "valid"
