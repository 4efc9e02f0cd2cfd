from odoo import fields, models


class CrmTeam(models.Model):
    """Rules of the pool for the customers of a team's people, and leads that the pool keeps from being handed out."""

    _inherit = "crm.team"

    customer_pool_days = fields.Integer(
        string="Days Without Contact",
        help="After so many days without a contact, customers of people of this team return to the pool, unless their "
        "tier says otherwise. 0: as in the settings.",
    )
    customer_pool_lead_days = fields.Integer(
        string="Days Without Contact with a Lead",
        help="After so many days without a contact, leads of this team that have no customer yet return to the pool. "
        "0: as in the settings.",
    )
    customer_pool_claims_per_day = fields.Integer(
        string="Claims per Day",
        help="How many customers each person of this team may claim in a day. 0: as in the settings.",
    )

    _customer_pool_check = models.Constraint(
        "CHECK (COALESCE(customer_pool_days, 0) BETWEEN 0 AND 3650 AND COALESCE(customer_pool_claims_per_day, 0) >= 0 "
        "AND COALESCE(customer_pool_lead_days, 0) BETWEEN 0 AND 3650)",
        "Days and claims of the pool are numbers from 0, and no more than ten years.",
    )

    # === Assignment === #

    def _get_lead_to_assign_domain(self):
        domain = super()._get_lead_to_assign_domain()
        if not self.env["res.company"]._get_pool_company_ids():
            return domain
        return [*domain, *self._get_unpooled_lead_domain()]

    def _allocate_leads(self, creation_delta_days=7):
        if self.env["res.company"]._get_pool_company_ids():
            # Core builds its domain inside; the key makes searches of leads find less, never more.
            self = self.with_context(without_pooled_leads=True)
        return super()._allocate_leads(creation_delta_days=creation_delta_days)

    def _get_unpooled_lead_domain(self):
        """:return: domain of leads that, and whose customer, are not in the pool: from there they are claimed
        :rtype: list
        """
        return [
            ("pooled_at", "=", False),
            "|",
            ("partner_id", "=", False),
            ("partner_id.commercial_partner_id.pool_state", "!=", "pool"),
        ]
