from odoo import api, fields, models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sales.deal.number.mixin", "sale.order"]

    deal_number = fields.Char(
        related="opportunity_id.deal_number",
        store=True,
        index="trigram",
        help="Number of the opportunity that this quotation belongs to.",
    )

    @api.model
    def _get_computed_only_fields(self):
        return super()._get_computed_only_fields() | {"deal_number"}
