from datetime import datetime

from odoo import models

from .sale_order_line_request import get_saved_id


class SaleOrder(models.Model):
    """How urgent an order is: its deal's class says so, and deliveries and productions follow."""

    _inherit = "sale.order"

    def _get_delivery_priority(self):
        """:return: ``1`` for urgent, ``0`` otherwise, as stock knows it
        :rtype: str
        """
        self.ensure_one()
        # sudo: how urgent an order is, whoever may see the deal.
        return self.opportunity_id.sudo().deal_class_id.delivery_priority or "0"

    def _get_promise_rank(self):
        """:return: place among other orders in the order of consumption, the urgency first
        :rtype: tuple
        """
        saved = get_saved_id(self)
        return -int(self._get_delivery_priority()), self.date_order or datetime.max, not saved, saved

    def _action_confirm(self):
        orders = self._filter_promising()
        # Whoever commits the same goods at this moment does not know of this order yet.
        orders.order_line._lock_goods()
        result = super()._action_confirm()
        if orders:
            orders._prioritise()
            orders.order_line._after_promise_confirmed()
        return result

    def _prioritise(self):
        """Give the deliveries and productions that were made for urgent orders their priority."""
        urgent = self.filtered(lambda order: order._get_delivery_priority() == "1")
        # sudo: whoever confirms need not have rights on stock and productions.
        pickings, references = urgent.sudo().picking_ids, urgent.sudo().stock_reference_ids
        # What is assigned to a transfer has the priority of it.
        pickings.filtered(lambda picking: picking.state not in ("done", "cancel")).write({"priority": "1"})
        if references and "mrp.production" in self.env:
            domain = [("reference_ids", "in", references.ids), ("state", "not in", ("done", "cancel"))]
            references.env["mrp.production"].search(domain).write({"priority": "1"})
