from odoo import api, fields, models


class StockPicking(models.Model):
    """Who ships it sees what was promised for it, and how much it matters."""

    _inherit = "stock.picking"

    promise_committed_date = fields.Datetime(
        string="Committed Date",
        compute="_compute_promise_commitment",
        help="When the customer was told that it comes: the earliest date of what is in this transfer.",
    )
    promise_deal_class_id = fields.Many2one(
        "sales.deal.class", string="Importance", compute="_compute_promise_commitment", help="Class of the deal."
    )
    promise_customer_id = fields.Many2one(
        "res.partner", string="Promised to", compute="_compute_promise_commitment", help="Whom it was promised to."
    )

    # === Computes === #

    @api.depends("move_ids.sale_line_id.promise_committed_date", "sale_id.opportunity_id.deal_class_id")
    def _compute_promise_commitment(self):
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled")
        for picking in self:
            # sudo: who ships may know what was promised, without any right on sales.
            lines = picking.sudo()._get_promised_lines() if picking.company_id.id in enabled else ()
            first = min(lines, key=lambda line: (line.promise_committed_date, line.id), default=None)
            picking.promise_committed_date = first and first.promise_committed_date
            picking.promise_customer_id = first and first.order_id.partner_id
            picking.promise_deal_class_id = first and first.order_id.opportunity_id.deal_class_id

    def _get_promised_lines(self):
        """Lines with a committed date that this transfer is for, also where later steps alone name them."""
        self.ensure_one()
        lines = self.move_ids.sale_line_id | self.move_ids.move_dest_ids.sale_line_id
        if not lines:
            products = self.move_ids.product_id
            lines = self.sale_id.order_line.filtered(lambda line: line.product_id in products)
        return lines.filtered("promise_committed_date")
