from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """A merge of partners changes who quotations name, and nothing of what they offer: approvals hold."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        orders = self.env["sale.order"]._get_approved_of_partners(partner_ids)
        result = super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)
        if orders:
            orders.invalidate_recordset()
            orders._carry_over_merge()
        return result
