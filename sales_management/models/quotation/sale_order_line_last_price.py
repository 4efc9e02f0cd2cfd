from odoo import api, fields, models

from odoo.addons.sales_management.models.quotation.sale_order_last_price import PriceQuestion


class SaleOrderLine(models.Model):
    """What the customer was offered for this product before, beside the price that is about to be typed."""

    _inherit = "sale.order.line"

    last_price_text = fields.Char(
        string="Last Prices",
        compute="_compute_last_price_text",
        compute_sudo=False,
        groups="sales_team.group_sale_salesman",
        help="The last three net prices of this product for this customer, without taxes and per unit of this line, "
        "with what became of them, and the lowest that was confirmed in the last twelve months. Of documents that you "
        "may see; ≈ marks what was in another currency.",
    )

    # === Computes === #

    @api.depends("product_id", "product_uom_id", "order_id.partner_id", "order_id.currency_id", "order_id.company_id")
    def _compute_last_price_text(self):
        self.last_price_text = False
        company_ids = self.env["res.company"]._get_enabled_company_ids("sales_quotation_enabled")
        if not company_ids:
            return
        lines = self.filtered(
            lambda line: (
                line.product_id
                and line.product_uom_id
                and line.order_id.partner_id
                and line.order_id.company_id.id in company_ids
                and line.order_id.state in ("draft", "sent")
            )
        )
        questions = {line: line._prepare_price_question() for line in lines}
        answers = self.env["sale.order"]._get_last_prices(questions.values())
        for line, question in questions.items():
            line.last_price_text = answers[question]["text"] or False

    def _prepare_price_question(self):
        order = self.order_id
        return PriceQuestion(
            self.product_id.id,
            self.product_uom_id.id,
            order.partner_id._origin.id,
            order.company_id.id,
            order._origin.id or 0,
            order.currency_id.id,
            order.currency_rate or 1.0,
        )
