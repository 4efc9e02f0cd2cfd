from odoo import api, models
from odoo.fields import Domain


class CrmLead(models.Model):
    """Leads of customers in the pool are not handed out by core: whoever claims the customer gets them."""

    _inherit = "crm.lead"

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, active_test=True, bypass_access=False):
        if self.env.context.get("without_pooled_leads"):
            domain = Domain(domain) & Domain(self.env["crm.team"]._get_unpooled_lead_domain())
        return super()._search(domain, offset, limit, order, active_test=active_test, bypass_access=bypass_access)
