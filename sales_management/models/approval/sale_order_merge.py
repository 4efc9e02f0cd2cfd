from odoo import api, models
from odoo.fields import Domain


class SaleOrder(models.Model):
    """Quotations whose partners are merged into others, by SQL that no field notices."""

    _inherit = "sale.order"

    @api.model
    def _get_approved_of_partners(self, partner_ids):
        """Quotations and orders that name one of these partners and whose approved content is what they say.

        :param list[int] partner_ids: partners about to be merged
        :rtype: sale.order
        """
        if not self.env["res.company"]._get_enabled_company_ids("sales_approval_enabled"):
            return self.browse()
        named = Domain.OR(
            Domain(name, "in", partner_ids) for name in ("partner_id", "partner_invoice_id", "partner_shipping_id")
        )
        # sudo: whoever may merge partners need not see their quotations.
        orders = self.sudo().search(named & Domain("approval_digest", "!=", False))
        digests = orders._get_content_digests()
        return orders.filtered(lambda order: digests[order] == order.approval_digest)

    def _carry_over_merge(self):
        """Let the approvals of these quotations hold for what they say now that their partners were merged."""
        digests = self._get_content_digests()
        requests = self._get_former_approvals()
        for order in self.filtered(lambda order: digests[order] != order.approval_digest):
            if order in requests and order.approval_state != "grandfathered":
                order._add_carried_decision(requests[order], digests[order], self.env._("Contacts were merged."))
            order.approval_digest = digests[order]
