from collections import defaultdict
from contextlib import contextmanager
from datetime import timedelta

from odoo import models
from odoo.tools import float_compare, float_round

#: What of a line says what it holds, and from when on.
HELD_FIELDS = frozenset(
    {
        "order_id",
        "product_id",
        "product_uom_qty",
        "product_uom_id",
        "route_ids",
        "customer_lead",
        "promise_committed_date",
    }
)


class SaleOrderLine(models.Model):
    """What the lines of quotations hold."""

    _inherit = "sale.order.line"

    # === ORM === #

    def _after_document_create(self):
        result = super()._after_document_create()
        self._follow_holds()
        return result

    @contextmanager
    def _around_document_write(self, vals):
        with super()._around_document_write(vals):
            yield
            if not HELD_FIELDS.isdisjoint(vals):
                self._follow_holds()

    # === Following === #

    def _follow_holds(self):
        """Keep what these lines hold in step with what they say."""
        promising = self._filter_promising()
        if not promising:
            return
        holds = self.env["sales.promise.hold"]
        known = holds._get_open(promising)
        # A line may have been moved from a quotation that was sent to one that was not.
        astray = known.filtered(lambda hold: not hold.is_committed and hold.order_id != hold.line_id.order_id).filtered(
            lambda hold: not hold.line_id.order_id.promise_hold_until
        )
        astray._end(self.env._("No longer on the quotation"))
        lines = promising._filter_holding() | known.filtered("is_committed").line_id
        if lines:
            holds._hold(lines)

    def _filter_holding(self):
        """Those of these lines that hold by setting: their quotation was sent while it was on, and nobody released
        them since."""
        # sudo: what a quotation holds is not for the one who changes it to decide.
        lines = self.sudo().filtered("order_id.promise_hold_until")
        if not lines:
            return lines
        released = (
            self.env["sales.promise.hold"]
            .sudo()
            .search_fetch([("line_id", "in", lines.ids), ("released_by_id", "!=", False)], ["line_id", "released_at"])
        )
        by_hand = {
            hold.line_id
            for hold in released
            if not hold.order_id.handed_over_at or hold.released_at >= hold.order_id.handed_over_at
        }
        return lines.filtered(lambda line: line not in by_hand)

    def _hold_commitments_again(self):
        """Hold what these lines were committed for before their order was cancelled or confirmed, as far as the goods
        are still to be had: the others are late, and take nothing from anybody."""
        holds = self.env["sales.promise.hold"]
        lines = self.filtered("promise_committed_date") - holds._get_open(self).line_id
        if lines:
            with lines._together():
                lines._lock_promises()
            holds._hold_committed(lines.filtered(lambda line: line.promise_state == "ok"))

    # === Values === #

    def _prepare_hold_values(self, committed, former):
        """What these lines hold: kits their components.

        Nothing is held for what needs no stock, is bought or made to order, waits for a lead time only (it is procured
        when the order comes, and takes nothing from anybody), or is answered by a planner (who does not count stock).

        :param sale.order.line committed: those of these lines that a person committed to
        :param sales.promise.hold former: what they hold already
        :return: values of holds, one per line, product and warehouse
        :rtype: list[dict]
        """
        lines = self.filtered(lambda line: line._is_holding(line in committed))
        expiries = {hold.line_id: hold.expiry for hold in former}
        days = lines._get_hold_dates(committed)
        values = []
        for line, quantities in lines._get_held_quantities().items():
            expiry = line.order_id._get_hold_expiry() or expiries.get(line) or line.order_id._get_default_hold_expiry()
            common = {
                "line_id": line.id,
                "order_id": line.order_id.id,
                "company_id": line.company_id.id,
                "warehouse_id": line.warehouse_id.id,
                "date": days[line],
                "expiry": expiry,
                "is_committed": line in committed,
            }
            values += [
                {**common, "product_id": product, "quantity": quantity} for product, quantity in quantities.items()
            ]
        return values

    def _is_holding(self, is_committed):
        self.ensure_one()
        if not self.product_id or self.display_type or self.is_downpayment or not self.warehouse_id:
            return False
        date = (is_committed and self.promise_committed_date) or self.promise_date
        if not date or self.product_uom_qty <= 0:
            return False
        source = (self._get_promise_detail().get("source") or {}).get("kind")
        is_early = is_committed and self.promise_date and date < self.promise_date
        return source != "planner" and (self.promise_confidence != "e" or is_early)

    def _get_hold_dates(self, committed):
        """When the goods of these lines leave the shelf.

        :rtype: dict[sale.order.line, datetime]
        """
        chains = self.env["sales.promise.engine"]._get_chains(self.warehouse_id.ids) if self else {}
        dates = {}
        for line in self:
            moment = (line in committed and line.promise_committed_date) or line.promise_date
            chain = chains[line.warehouse_id.id]
            shelf = max(chain.today, chain.to_shelf(moment, line.customer_lead))
            dates[line] = moment - timedelta(days=chain.get_day(moment) - shelf)
        return dates

    def _get_held_quantities(self):
        """What these lines take from stock, in the units of the products.

        :return: quantities by id of the product, by line
        :rtype: dict[sale.order.line, dict[int, float]]
        """
        engine = self.env["sales.promise.engine"]
        pairs = {(line.product_id.id, line.warehouse_id.id) for line in self}
        kits = engine._get_kits(pairs) if pairs else {}
        parts = {pair: kits.get(pair) or [(pair[0], 1.0)] for pair in pairs}
        components = {(product, pair[1]) for pair, found in parts.items() for product, _count in found}
        stockless = engine._get_stockless(components) if components else set()
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        result = {}
        for line in self:
            quantity = line.product_uom_id._compute_quantity(line.product_uom_qty, line.product_id.uom_id, round=False)
            taken = defaultdict(float)
            for product, count in parts[line.product_id.id, line.warehouse_id.id]:
                if (product, line.warehouse_id.id) not in stockless:
                    taken[product] += quantity * count
            result[line] = {
                product: float_round(total, precision_digits=digits)
                for product, total in taken.items()
                if float_compare(total, 0, precision_digits=digits) > 0
            }
        return result
