from datetime import date, datetime, time, timezone
from typing import NamedTuple

import pytz

from odoo import models
from odoo.tools import float_compare

from odoo.addons.sales_management.tools.promise import PromiseRequest, PromiseTerms

from .sale_order_line import TOGETHER


def get_saved_id(record):
    """:return: id of a record, or of the one that a form edits; 0 for none and for what is not saved yet
    :rtype: int
    """
    record_id = record.id
    return (record_id if isinstance(record_id, int) else getattr(record_id, "origin", 0)) or 0


class Goods(NamedTuple):
    """Something that a line takes of a warehouse: itself, or a component of the kit that it is."""

    product: int
    warehouse: int


class SaleOrderLine(models.Model):
    """What lines ask the engine."""

    _inherit = "sale.order.line"

    def _filter_promised(self):
        """:return: those of these lines that take goods or time: no sections, no down payments, nothing cancelled,
        returned or delivered already"""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return self.filtered(
            lambda line: (
                line.product_id
                and not line.display_type
                and not line.is_downpayment
                and not line.is_expense
                and line.state != "cancel"
                and line.product_type != "combo"
                and float_compare(line.product_uom_qty, max(line.qty_delivered, 0.0), precision_digits=digits) > 0
            )
        )

    # === Orders === #

    def _get_order_promises(self):
        pairs = {pair for goods in self._get_goods().values() for pair in goods}
        answers = self.env["sales.promise.engine"]._allocate(pairs) if pairs else {}
        return {line: answers[line._origin.id] for line in self if line._origin.id in answers}

    # === Quotations === #

    def _get_quotation_promises(self):
        lines = self | self._get_competitors()
        if not lines:
            return {}
        ranks, groups = lines._get_promise_ranks(), lines._get_promise_groups()
        requests, terms = [], {}
        for line in lines:
            requests.append(line._prepare_promise_request())
            terms[line] = line._prepare_promise_terms(groups[line.order_id], ranks[line])
        results = self.env["sales.promise.engine"]._promise(requests, terms)
        return {result.key: result for result in results if result.key in self}

    def _get_promise_groups(self):
        """Lines of one order compete, and so do those of orders that are committed to together.

        :return: what the engine knows the competitors by, by order
        :rtype: dict[sale.order, int]
        """
        together = self.env.cr.cache.get(TOGETHER, ())
        groups = {order: order._origin.id or -1 - position for position, order in enumerate(self.order_id)}
        return {order: together[0] if group in together else group for order, group in groups.items()}

    def _get_promise_ranks(self):
        """:return: places in the order of consumption, by line: what is urgent, what is committed, what is needed
        first"""
        positions = {line: position for position, line in enumerate(self.order_id.order_line)}
        heads = {order: order._get_promise_rank() for order in self.order_id}
        return {line: line._get_promise_rank(heads[line.order_id], positions.get(line, 0)) for line in self}

    def _prepare_promise_request(self):
        self.ensure_one()
        return PromiseRequest(
            self,
            get_saved_id(self.product_id),
            get_saved_id(self.warehouse_id),
            self._get_promise_quantity(),
            self._get_requested_moment(),
        )

    def _prepare_promise_terms(self, group, rank):
        self.ensure_one()
        routes = tuple(map(get_saved_id, self.route_ids))
        return PromiseTerms(get_saved_id(self), group, rank, routes, self.customer_lead)

    def _get_promise_quantity(self):
        """Quantity in the unit of the product, unrounded: the engine rounds to what counts."""
        self.ensure_one()
        unit, own = self.product_id.uom_id, self.product_uom_id
        if not own or own == unit:
            return self.product_uom_qty
        return own._compute_quantity(self.product_uom_qty, unit, round=False)

    def _get_promise_rank(self, head, position):
        """:param tuple head: of the order, as it gives it"""
        need, own = self.promise_committed_date, get_saved_id(self)
        priority, *order = head
        return (priority, not need, need or datetime.min, *order, self.sequence or 0, not own, own or position)

    def _get_requested_moment(self):
        """Noon of the day that the customer asked for, by the clock of the warehouse, naive in UTC."""
        self.ensure_one()
        day = self.order_id.promise_requested_date
        return self._get_local_noon(day) if day else None

    def _get_local_noon(self, day):
        """:param day: date or ordinal"""
        day = date.fromordinal(day) if isinstance(day, int) else day
        noon = self._get_promise_zone().localize(datetime.combine(day, time(12)))
        return noon.astimezone(timezone.utc).replace(tzinfo=None)

    def _get_promise_zone(self):
        """Zone whose days are compared: that of the warehouse."""
        self.ensure_one()
        # sudo: whoever sells need not see the address of the warehouse.
        engine, warehouse = self.env["sales.promise.engine"].sudo(), get_saved_id(self.warehouse_id)
        return pytz.timezone(
            engine._get_chain_terms(warehouse).zone if warehouse else engine._get_warehouse_zone(self.warehouse_id)
        )

    def _get_promise_day(self, moment):
        """Date of a moment by the clock of the warehouse."""
        return pytz.utc.localize(moment).astimezone(self._get_promise_zone()).date()

    # === Goods === #

    def _get_goods(self):
        """What these lines take of which warehouse, kits taken apart.

        :rtype: dict[sale.order.line, set[Goods]]
        """
        own = {
            line: Goods(get_saved_id(line.product_id), get_saved_id(line.warehouse_id))
            for line in self
            if line.product_id and line.warehouse_id
        }
        # sudo: what a kit is made of, whoever may see it.
        kits = self.env["sales.promise.engine"].sudo()._get_kits(set(own.values())) if own else {}
        result = {line: set() for line in self}
        for line, pair in own.items():
            components = kits.get(pair)
            if components:
                result[line] = {Goods(component, pair.warehouse) for component, _factor in components}
            else:
                result[line] = {pair}
        return result

    def _get_promise_origin(self):
        """:return: id of the line that this one goes back to, where revisions are kept"""
        self.ensure_one()
        return ("revision_origin" in self._fields and self.revision_origin) or self.id
