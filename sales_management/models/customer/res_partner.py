from odoo import fields, models

#: Number of employees, as offices of statistics count them.
SIZES = [
    ("micro", "1 – 9"),
    ("small", "10 – 49"),
    ("medium", "50 – 249"),
    ("large", "250 – 999"),
    ("giant", "1,000 and More"),
]


class ResPartner(models.Model):
    """What is known of a customer as a whole stands on its company, the commercial partner."""

    _inherit = "res.partner"

    company_size = fields.Selection(SIZES, string="Employees", help="How many people work there.")
    customer_tier_id = fields.Many2one(
        "sales.customer.tier",
        string="Tier",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        help="How much this customer matters. The tier decides how often somebody has to be in touch.",
    )
    customer_tier_locked = fields.Boolean(
        string="Tier Chosen by Hand", tracking=True, help="No rule changes the tier of this customer any more."
    )

    # === Computes === #

    def _commercial_fields(self):
        return [*super()._commercial_fields(), "company_size", "customer_tier_id", "customer_tier_locked"]
