from odoo import api, fields, models
from odoo.tools import SQL

from .res_partner import SIZES

#: Customers have even ids here and leads odd ones, so that they never meet.
POOL = """
          SELECT partner.id * 2 AS id, 'customer' AS kind, partner.name, partner.id AS partner_id,
                 NULL::int AS lead_id, partner.customer_tier_id, partner.company_size, partner.industry_id,
                 partner.city, partner.state_id, partner.country_id, partner.company_id, partner.last_contact_at,
                 partner.pooled_at, claim.former_name, claim.reason
            FROM res_partner partner
       LEFT JOIN LATERAL (
                  SELECT former_name, reason
                    FROM sales_customer_claim
                   WHERE partner_id = partner.id AND kind IN ('released', 'recycled')
                ORDER BY id DESC
                   LIMIT 1
                 ) claim ON TRUE
           WHERE partner.pool_state = 'pool'
             AND partner.active
             AND (partner.company_id IS NULL OR partner.company_id = ANY(%(company_ids)s))
             AND %(is_used)s
       UNION ALL
          SELECT lead.id * 2 + 1, 'lead', lead.name, NULL, lead.id, NULL, NULL, NULL, lead.city, lead.state_id,
                 lead.country_id, COALESCE(lead.company_id, team.company_id), lead.pool_contact_at,
                 lead.pooled_at, claim.former_name, claim.reason
            FROM crm_lead lead
       LEFT JOIN crm_team team ON team.id = lead.team_id
       LEFT JOIN LATERAL (
                  SELECT former_name, reason
                    FROM sales_customer_claim
                   WHERE lead_id = lead.id AND kind IN ('released', 'recycled')
                ORDER BY id DESC
                   LIMIT 1
                 ) claim ON TRUE
           WHERE lead.pooled_at IS NOT NULL
             AND lead.user_id IS NULL
             AND lead.active
             AND lead.won_status = 'pending'
             AND COALESCE(lead.company_id, team.company_id, %(first)s) = ANY(%(company_ids)s)
             AND %(is_used)s
"""


class SalesCustomerPool(models.Model):
    """Customers and leads in the pool, and what of them one may see before claiming: no person, address or number."""

    _name = "sales.customer.pool"
    _description = "Customer in the Pool"
    _auto = False
    _order = "pooled_at desc, id desc"

    kind = fields.Selection([("customer", "Customer"), ("lead", "Lead")], readonly=True)
    name = fields.Char(readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    lead_id = fields.Many2one("crm.lead", readonly=True)
    customer_tier_id = fields.Many2one("sales.customer.tier", string="Tier", readonly=True)
    company_size = fields.Selection(SIZES, string="Employees", readonly=True)
    industry_id = fields.Many2one("res.partner.industry", readonly=True)
    city = fields.Char(readonly=True)
    state_id = fields.Many2one("res.country.state", string="Region", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    last_contact_at = fields.Datetime(string="Last Contact On", readonly=True)
    pooled_at = fields.Datetime(string="In the Pool Since", readonly=True)
    former_name = fields.Char(string="Last Owner", readonly=True)
    reason = fields.Char(readonly=True, help="Why it was given back.")

    @property
    def _table_query(self):
        company_ids, first = self.env["res.company"]._get_pool_companies()
        self.env["res.partner"].flush_model()
        self.env["crm.lead"].flush_model()
        return SQL(
            POOL,
            company_ids=company_ids,
            first=first,
            is_used=bool(company_ids),
        )

    # === Actions === #

    def action_claim(self):
        """Become the owner of these customers and leads. See :meth:`res.partner.action_claim`."""
        self.check_access("read")
        for name, is_lead in (("res.partner", 0), ("crm.lead", 1)):
            ids = [row_id // 2 for row_id in self.ids if row_id % 2 == is_lead]
            if ids:
                self.env[name].browse(ids).action_claim()
        return True

    # === Tools === #

    @api.model
    def _get_row_ids(self, records):
        """:return: ids in the list of these customers or leads
        :rtype: list[int]
        """
        return [record_id * 2 + (records._name == "crm.lead") for record_id in records.ids]
