from odoo import fields, models


class ResPartner(models.Model):
    """The days and the papers of a customer."""

    _inherit = "res.partner"

    key_date_ids = fields.One2many(
        "sales.key.date",
        "commercial_partner_id",
        groups="sales_team.group_sale_salesman",
        help="Days that matter to this customer and its people. Its owner is reminded ahead.",
    )
    certificate_ids = fields.One2many(
        "sales.customer.certificate",
        "commercial_partner_id",
        groups="sales_team.group_sale_salesman",
        help="Papers that this customer has shown, and that some products may not be sold without.",
    )
