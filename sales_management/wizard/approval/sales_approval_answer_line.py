from odoo import api, fields, models


class SalesApprovalAnswerLine(models.TransientModel):
    """A line of a quotation with the price that an approver would accept, and what would come of it."""

    _name = "sales.approval.answer.line"
    _description = "Line of an Answer to an Approval Request"
    _order = "id"

    answer_id = fields.Many2one("sales.approval.answer", required=True, ondelete="cascade", index=True)
    # No relation: an approver need not be allowed to read the line.
    order_line_ref = fields.Integer(string="Line", required=True)
    name = fields.Char(string="Product", compute="_compute_line")
    quantity = fields.Float(compute="_compute_line", digits="Product Unit")
    list_price = fields.Float(
        compute="_compute_line", min_display_digits="Product Price", help="Net price of the pricelist, without tax."
    )
    asked_price = fields.Float(compute="_compute_line", min_display_digits="Product Price")
    asked_discount = fields.Float(string="Asked Disc. (%)", compute="_compute_line", digits="Discount")
    asked_subtotal = fields.Float(compute="_compute_line")
    list_subtotal = fields.Float(compute="_compute_line")
    cost = fields.Float(compute="_compute_line")
    wanted_price = fields.Float(string="Accepted Price", min_display_digits="Product Price")
    wanted_discount = fields.Float(string="Disc. (%)", digits="Discount")
    is_changed = fields.Boolean(compute="_compute_subtotal")
    subtotal = fields.Float(string="Excl. Tax", compute="_compute_subtotal")

    # === Computes === #

    @api.depends("order_line_ref")
    def _compute_line(self):
        lines = self._get_order_lines()
        offered = self.env["sale.order.line"].union(*lines.values()).sudo()._get_offered_lines()  # sudo: as they are
        for line in self:
            source = lines[line]
            quantity, prices = offered.get(source, (0, None))
            line.name = (source.name or "").partition("\n")[0]
            line.quantity = source.product_uom_qty
            line.list_price = prices.listed / (quantity or 1) if prices else 0.0
            line.asked_price = source.price_unit
            line.asked_discount = source.discount
            line.asked_subtotal = source.price_subtotal
            line.list_subtotal = prices.reference * bool(quantity) if prices else 0.0
            line.cost = source._get_measured_cost() * source.product_uom_qty

    @api.depends("order_line_ref", "wanted_price", "wanted_discount")
    def _compute_subtotal(self):
        lines = self._get_order_lines()
        for line in self:
            source = lines[line]
            price = line.wanted_price * (1 - line.wanted_discount / 100)
            line.subtotal = self._get_untaxed(source, price) if source else 0.0
            line.is_changed = (line.wanted_price, line.wanted_discount) != (source.price_unit, source.discount)

    # === Tools === #

    def _get_order_lines(self):
        """Lines of the quotation behind these, as whoever is asked to decide it may see them; none for anybody else.

        :rtype: dict[sales.approval.answer.line, sale.order.line]
        """
        requests = self.answer_id.request_ids._origin
        requests.check_access("read")
        # sudo: who decides sees what is decided on
        orders = requests._filter_waiting().sudo().order_id
        shown = {order_line.id: order_line for order_line in orders.order_line}
        none = self.env["sale.order.line"].sudo()  # sudo: an empty one
        return {line: shown.get(line.order_line_ref, none) for line in self}

    @api.model
    def _prepare_line_values(self, order_line):
        return {
            "order_line_ref": order_line.id,
            "wanted_price": order_line.price_unit,
            "wanted_discount": order_line.discount,
        }

    @api.model
    def _get_untaxed(self, order_line, price):
        """:return: total of a line without tax at a price, which may include it"""
        order = order_line.order_id
        totals = order_line.tax_ids.compute_all(
            price,
            currency=order.currency_id,
            quantity=order_line.product_uom_qty,
            product=order_line.product_id,
            partner=order.partner_shipping_id,
        )
        return totals["total_excluded"]
