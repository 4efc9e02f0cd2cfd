from odoo import fields, models
from odoo.tools import SQL

from .res_partner import SIZES


class SalesCustomerPool(models.Model):
    """The customers in the pool, and what of them one may see before claiming: no person, address or number."""

    _name = "sales.customer.pool"
    _description = "Customer in the Pool"
    _auto = False
    _order = "pooled_at desc, id desc"

    name = fields.Char(readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
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
        company_ids, _first = self.env["res.company"]._get_pool_companies()
        self.env["res.partner"].flush_model()
        return SQL(
            """
               SELECT partner.id, partner.id AS partner_id, partner.name, partner.customer_tier_id,
                      partner.company_size, partner.industry_id, partner.city, partner.state_id, partner.country_id,
                      partner.company_id, partner.last_contact_at, partner.pooled_at, claim.former_name, claim.reason
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
                  AND (partner.company_id IS NULL OR partner.company_id = ANY(%s))
                  AND %s
            """,
            company_ids,
            bool(company_ids),
        )

    # === Actions === #

    def action_claim(self):
        """Become the owner of these customers. See :meth:`res.partner.action_claim`."""
        self.check_access("read")
        return self.env["res.partner"].browse(self.ids).action_claim()
