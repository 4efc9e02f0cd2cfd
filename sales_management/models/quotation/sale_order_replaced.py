from odoo import models


class SaleOrder(models.Model):
    """What the holder of an old revision is told."""

    _inherit = "sale.order"

    def _get_replaced_portal_values(self):
        """What the customer sees instead of a revision that was replaced: never what it said.

        :return: values of the template ``sales_management.portal_quotation_replaced``
        :rtype: dict
        """
        self.ensure_one()
        # sudo: the customer holds a link to the old one, and is told of the new one what stands here.
        order = self.sudo()
        current = order.current_revision_id
        is_released = bool(current) and current.state != "cancel" and current.is_released
        return {
            "replaced_name": order.name,
            "current_name": current.name if is_released else False,
            "current_url": current.get_portal_url() if is_released else False,
            "contact": order.user_id.partner_id or order.company_id.partner_id,
            "company": order.company_id,
            "res_company": order.company_id,
            "page_name": "quote",
        }

    def _get_replaced_band(self):
        """:return: what stands across a copy of this revision, nothing on the current one"""
        self.ensure_one()
        if self.is_current_revision:
            return ""
        # sudo: as above.
        current = self.sudo().current_revision_id
        if self.superseded_by_id and current:
            return self.env._("Replaced by %(quotation)s: no longer valid", quotation=current.name)
        if current:
            return self.env._("Discarded, %(quotation)s is valid", quotation=current.name)
        return self.env._("No longer valid")
