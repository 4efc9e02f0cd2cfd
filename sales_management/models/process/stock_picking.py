from odoo import api, fields, models

from odoo.addons.sales_management.tools.deal_number import join_numbers


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["sales.deal.number.mixin", "stock.picking"]

    deal_number = fields.Char(
        compute="_compute_deal_number",
        store=True,
        index="trigram",
        help="Number of the deal that is delivered, of several when the transfer serves orders of several deals.",
    )

    @api.depends("sale_id.deal_number", "move_ids.sale_line_id.order_id.deal_number")
    def _compute_deal_number(self):
        for picking in self:
            orders = picking.sale_id | picking.move_ids.sale_line_id.order_id
            picking.deal_number = join_numbers(orders.mapped("deal_number"))

    def _compute_sale_id(self):
        result = super()._compute_sale_id()
        # Computed now, the number shares the UPDATE of the order; core flushes that one early for a backorder.
        self.mapped("deal_number")
        return result

    @api.model
    def _get_computed_only_fields(self):
        return super()._get_computed_only_fields() | {"deal_number"}
