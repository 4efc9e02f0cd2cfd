from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _after_partner_write(self, vals):
        result = super()._after_partner_write(vals)
        # The year of a deal number is that of the company's zone, which is cached with its sequence.
        if "tz" in vals and self.sudo().ref_company_ids:  # sudo: whoever changes a partner need not see its company
            self.env.registry.clear_cache()
        return result
