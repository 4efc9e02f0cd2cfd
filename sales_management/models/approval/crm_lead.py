from odoo import models

from odoo.addons.sales_management.tools.blocker import RequirementState, split_blockers


class CrmLead(models.Model):
    """Deals that have a quotation whose approval is given, or not needed."""

    _inherit = "crm.lead"

    # === Requirements === #

    def _get_approval_state(self, requirement):
        """Where approval is used, a quotation or order counts when nothing keeps it in the company; elsewhere as it
        was before there was approval."""
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_approval_enabled")
        asked = (
            self.filtered(lambda lead: (lead.company_id or self.env.company).id in enabled)
            if enabled
            else self.browse()
        )
        states = super(CrmLead, self - asked)._get_approval_state(requirement) if self - asked else {}
        if not asked:
            return states
        # sudo: what there is counts, whoever may see it.
        orders = (
            self.env["sale.order"]
            .sudo()
            .search(
                [
                    ("opportunity_id", "in", asked._origin.ids),
                    ("state", "in", ("draft", "sent", "sale")),
                    ("approval_state", "in", ("not_required", "approved", "grandfathered")),
                ]
            )
        )
        blocked, _warnings = split_blockers(orders._get_release_blockers())
        ids = {order.opportunity_id.id for order in orders if order.order_line and order not in blocked}
        missing = RequirementState(False, self.env._("get a quotation of this deal approved"))
        return states | {lead: RequirementState(True) if lead._origin.id in ids else missing for lead in asked}
