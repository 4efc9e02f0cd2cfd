from odoo import models

from odoo.addons.sales_management.models.customer.res_partner_merge import MERGING


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """What the addon keeps of customers follows the one that is kept."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        if not self.env["res.company"]._get_enabled_company_ids("sales_customer_enabled"):
            return super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)
        # sudo: whoever may merge contacts need not see what hangs on them.
        partners = self.env["res.partner"].sudo().browse(partner_ids).exists()
        owner = partners.user_id[:1]
        last_contact_at = max(filter(None, partners.mapped("last_contact_at")), default=None)
        result = super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)
        self.env.invalidate_all()
        kept = partners.exists()
        if len(partners) > len(kept) == 1:
            kept._follow_merge(owner, last_contact_at)
        return result

    def _update_foreign_keys(self, src_partners, dst_partner):
        self._merge_deal_people(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _update_values(self, src_partners, dst_partner):
        MERGING.add(self.env.cr)
        try:
            return super()._update_values(src_partners, dst_partner)
        finally:
            MERGING.discard(self.env.cr)

    def _merge_deal_people(self, src_partners, dst_partner):
        """Of people who become one and are on the same deal, keep one row: core does not see that there can be no two,
        as an index says so and no constraint."""
        # sudo: whoever may merge contacts need not see their deals.
        people = self.env["sales.deal.person"].sudo().search([("partner_id", "in", (src_partners | dst_partner).ids)])
        for rows in people.grouped("lead_id").values():
            rows.sorted(lambda row: (row.partner_id != dst_partner, row.id))[1:].unlink()
