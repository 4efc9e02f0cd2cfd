from odoo import fields, models


class SalesCustomerTier(models.Model):
    """How much a customer matters: what is expected of the people who look after it follows from its tier."""

    _name = "sales.customer.tier"
    _inherit = ["sales.tracked.mixin"]
    _description = "Customer Tier"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(copy=False, tracking=True, help="Short name for imports and integrations.")
    sequence = fields.Integer(default=10, tracking=True, help="The upper tiers are those of the better customers.")
    color = fields.Integer()
    company_id = fields.Many2one(
        "res.company", ondelete="cascade", index=True, tracking=True, help="Empty: all companies use it."
    )
    is_default = fields.Boolean(
        string="For Everybody Else",
        tracking=True,
        help="Customers of whom nobody said otherwise, and whom no rule of another tier fits, are of this one.",
    )
    active = fields.Boolean(default=True, tracking=True)

    _code_company_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "There is a customer tier with this code already. Choose another one.",
    )
    _default_company_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0)) WHERE is_default AND active",
        "There is a tier for everybody else already. Take the mark off that one first.",
    )
