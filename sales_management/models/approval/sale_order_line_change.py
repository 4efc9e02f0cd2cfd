from contextlib import contextmanager

from odoo import api, models
from odoo.fields import Command


class SaleOrderLine(models.Model):
    """Lines of confirmed orders: edited by themselves, they are looked at as edits of their order."""

    _inherit = "sale.order.line"

    # === ORM === #

    @contextmanager
    def _around_document_create(self, vals_list):
        orders = self._get_orders_of_new(vals_list)._get_change_guarded()
        before = orders._get_change_baselines()
        former = orders.order_line
        with super()._around_document_create(vals_list):
            yield
        for order in orders:
            commands = [Command.create(line._prepare_line_change_values()) for line in order.order_line - former]
            order._check_change({order: before[order]}, {"order_line": commands})

    @contextmanager
    def _around_document_write(self, vals):
        orders = self.env["sale.order"]
        if self._touches_content(vals):
            orders = (self.order_id | orders.browse(vals.get("order_id") or ()))._get_change_guarded()
        before = orders._get_change_baselines()
        extras = self._filter_extras(orders)
        prices = {line: line._get_unit_price() for line in extras}
        with super()._around_document_write(vals):
            yield
        cheaper = extras.filtered(lambda line: line._get_unit_price() < prices[line])
        for order, lines in cheaper.grouped("order_id").items():
            order._check_extras(before[order], lines)
        for order in orders:
            commands = [Command.update(line.id, vals) for line in self if line.order_id == order]
            order._check_change({order: before[order]}, {"order_line": commands})

    @contextmanager
    def _around_document_unlink(self):
        orders = self.order_id._get_change_guarded()
        before = orders._get_change_baselines()
        commands = {order: [Command.delete(line.id) for line in self if line.order_id == order] for order in orders}
        with super()._around_document_unlink():
            yield
        for order in orders:
            order._check_change({order: before[order]}, {"order_line": commands[order]})

    # === Tools === #

    def _filter_extras(self, orders):
        """:return: lines of these orders that were delivered or spent beyond what was offered"""
        return self.filtered(
            lambda line: line.order_id in orders and line._is_outside_digest() and not line.is_downpayment
        )

    def _get_unit_price(self):
        self.ensure_one()
        return self.price_unit * (1 - self.discount / 100)

    @api.model
    def _get_orders_of_new(self, vals_list):
        """:return: orders that lines are about to be added to, those named by the context included"""
        orders = self.env["sale.order"]
        if not self.env["res.company"]._get_enabled_company_ids("sales_approval_enabled"):
            return orders
        order_ids = {vals.get("order_id") for vals in vals_list}
        if None in order_ids:
            order_ids.add(self.default_get(["order_id"]).get("order_id"))
        return orders.browse(filter(None, order_ids))

    @api.model
    def _touches_content(self, vals):
        """:return: whether a write may change what was offered"""
        names = self.env["sale.order"]._get_digest_fields()["sale.order.line"]
        return not vals.keys().isdisjoint([*names, "order_id", "is_downpayment", "is_expense"])

    def _prepare_line_change_values(self):
        """:return: what a line offers, as values that create it anew"""
        self.ensure_one()
        names = self.env["sale.order"]._get_digest_fields()["sale.order.line"]
        return {
            name: self._fields[name].convert_to_write(self[name], self) for name in names if name in self._fields
        }
