from odoo import fields, models


class SalesDealClass(models.Model):
    _inherit = "sales.deal.class"

    delivery_priority = fields.Selection(
        [("0", "Normal"), ("1", "Urgent")],
        string="Deliveries",
        default="0",
        required=True,
        tracking=True,
        help="Urgent: goods for orders of such deals are taken before those of others, and their deliveries and "
        "productions are marked as urgent.",
    )
