from odoo import api, fields, models


class ResCompany(models.Model):
    """Whether salespeople see the customers of others."""

    _inherit = "res.company"

    customer_visibility_limited = fields.Boolean(
        string="Own Customers Only",
        help="Salespeople see their own customers, those without an owner, and those on documents that they may read; "
        "with access to documents of the team, customers of the team as well. It holds for everybody who belongs to "
        "this company. Whoever sees all documents of sales, accounting, purchasing and the warehouse see all.",
    )

    # === Switches === #

    def _after_switches_written(self, names):
        result = super()._after_switches_written(names)
        if not {"sales_customer_enabled", "customer_visibility_limited"}.isdisjoint(names):
            self.env.registry.clear_cache()
            rule = self.env.ref("sales_management.res_partner_rule_visibility", raise_if_not_found=False)
            is_used = bool(self._get_limited_company_ids())
            if rule and rule.sudo().active != is_used:
                rule.sudo().active = is_used  # sudo: whoever may set it up need not be an administrator
        return result

    @api.model
    def _get_limited_company_ids(self):
        """:return: companies whose salespeople do not see the customers of others; to ask costs nothing
        :rtype: frozenset[int]
        """
        enabled = self._get_enabled_company_ids("sales_customer_enabled")
        return enabled & self._get_enabled_company_ids("customer_visibility_limited")
