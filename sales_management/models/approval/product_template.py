from odoo import fields, models


class ProductTemplate(models.Model):
    """The price under which a product is not sold without approval."""

    _inherit = "product.template"

    approval_floor_price = fields.Float(
        string="Floor Price",
        company_dependent=True,
        min_display_digits="Product Price",
        groups="sales_team.group_sale_manager",
        help="Lowest net price for one unit of the product, without tax, in the currency of the company. Rules "
        "of approval may ask when it is sold for less. Zero: none.",
    )
