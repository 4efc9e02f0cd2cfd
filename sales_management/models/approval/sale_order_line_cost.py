from odoo import api, fields, models


class SaleOrderLine(models.Model):
    """What a line costs at least, whatever somebody types as its cost."""

    _inherit = "sale.order.line"

    product_cost = fields.Float(
        compute="_compute_product_cost",
        store=True,
        precompute=True,
        copy=False,
        min_display_digits="Product Price",
        groups="base.group_user",
        help="Cost of the product when the line was written, where approval is used. A lower cost typed by hand "
        "does not raise the margin that rules of approval look at.",
    )

    # === Computes === #

    @api.depends("product_id", "company_id", "currency_id", "product_uom_id")
    def _compute_product_cost(self):
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_approval_enabled")
        for line in self:
            company = line.order_id.company_id
            line.product_cost = line._get_product_cost() if company.id in enabled and line.product_id else 0.0

    def _get_product_cost(self):
        """:return: what core proposes as the cost of one unit, in the currency of the order"""
        self.ensure_one()
        product = self.product_id.with_company(self.order_id.company_id)
        # sudo: what it costs decides, whoever writes the line.
        cost = product.uom_id._compute_price(product.sudo().standard_price, self.product_uom_id)
        return self._convert_to_sol_currency(cost, product.cost_currency_id)

    def _get_measured_cost(self):
        """:return: cost of one unit that margins are measured by, zero of no line"""
        return max(self.purchase_price, self.product_cost)

    # === ORM === #

    @api.model
    def _get_computed_only_fields(self):
        return super()._get_computed_only_fields() | {"product_cost"}

    # === Revisions === #

    def _prepare_revised_line_values(self):
        return {**super()._prepare_revised_line_values(), "product_cost": self.product_cost}
