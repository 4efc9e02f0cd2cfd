from odoo import api, fields, models
from odoo.fields import Domain

#: Criteria that are fields of the customer, by field of the rule.
CUSTOMER_FIELDS = {
    "country_ids": "country_id",
    "state_ids": "state_id",
    "tier_ids": "customer_tier_id",
    "industry_ids": "industry_id",
    "category_ids": "category_id",
}


class SalesCustomerHandoverRule(models.TransientModel):
    """What one successor gets of a handover. The first rule that fits a customer takes it."""

    _name = "sales.customer.handover.rule"
    _description = "Handover Rule"
    _order = "sequence, id"
    _rec_name = "successor_id"

    plan_id = fields.Many2one("sales.customer.handover.plan", required=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    successor_id = fields.Many2one("res.users", string="Goes To", required=True, domain=[("share", "=", False)])
    team_ids = fields.Many2many(
        "crm.team", string="Sales Teams", help="Customers with an open deal, quotation or order of these teams."
    )
    country_ids = fields.Many2many("res.country", string="Countries")
    state_ids = fields.Many2many("res.country.state", string="Regions")
    tier_ids = fields.Many2many("sales.customer.tier", string="Tiers")
    industry_ids = fields.Many2many("res.partner.industry", string="Industries")
    category_ids = fields.Many2many("res.partner.category", string="Tags")
    share = fields.Integer(
        string="Share (%)",
        default=100,
        help="At most so many percent of all records that fit, with those that an earlier rule took: 60 for one and 40 "
        "for another split them so. What is over goes evenly.",
    )

    # === Matching === #

    def _get_matching(self, bundles):
        """:return: keys of what fits this rule, none for all
        :rtype: frozenset | None
        """
        self.ensure_one()
        domain = self._get_customer_domain()
        if domain.is_true() and not self.team_ids:
            return None
        ids = {"res.partner": [], "crm.lead": []}
        for bundle in bundles.values():
            ids.setdefault(bundle["owner"]._name, []).append(bundle["owner"].id)
        # sudo: what is handed over was found so.
        partners = self.env["res.partner"].sudo().browse(ids["res.partner"]).filtered_domain(domain)
        leads = self.env["crm.lead"].sudo().browse(ids["crm.lead"]).filtered_domain(self._get_lead_domain())
        keys = {f"{record._name},{record.id}" for record in (*partners, *leads)}
        if self.team_ids:
            keys &= {key for key, bundle in bundles.items() if self._is_of_teams(bundle)}
        return frozenset(keys)

    def _get_customer_domain(self):
        return Domain.AND(Domain(field, "in", self[name].ids) for name, field in CUSTOMER_FIELDS.items() if self[name])

    def _get_lead_domain(self):
        """What of the criteria a lead without a customer can fit."""
        if self.tier_ids or self.industry_ids or self.category_ids:
            return Domain.FALSE
        domain = Domain.TRUE
        if self.country_ids:
            domain &= Domain("country_id", "in", self.country_ids.ids)
        if self.state_ids:
            domain &= Domain("state_id", "in", self.state_ids.ids)
        return domain

    def _is_of_teams(self, bundle):
        return any(
            record.team_id in self.team_ids
            for records in bundle["records"].values()
            for record in records
            if "team_id" in record._fields
        )

    # === Checks === #

    def _get_problems(self):
        """:return: what is wrong with these rules, in words
        :rtype: list[str]
        """
        return [
            self.env._(
                "The share of %(user)s is %(share)s %%. Give a number from 1 to 100.",
                user=rule.successor_id.name,
                share=rule.share,
            )
            for rule in self
            if not 1 <= rule.share <= 100
        ]

    @api.depends("successor_id", "sequence")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = self.env._("Rule for %(user)s", user=rule.successor_id.name)
