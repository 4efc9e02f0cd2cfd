from odoo import fields, models


class ProductCategory(models.Model):
    _inherit = "product.category"

    promise_planner_id = fields.Many2one(
        "res.users",
        string="Planner",
        company_dependent=True,
        domain="[('share', '=', False)]",
        help="Who is asked when goods of this category, and of those below it, can be there. Empty: the planner of the "
        "category above, else of the warehouse, else of the company.",
    )
