from odoo import fields, models
from odoo.tools import format_date

#: Where the cursor keeps when lines are to be shipped, while their deliveries are made.
SHIPPING = "sales_management.lines_being_shipped"


class SaleOrderLine(models.Model):
    """Committed dates become those of procurement and moves."""

    _inherit = "sale.order.line"

    # === Procurement === #

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        lines = self.filtered("promise_committed_date")._filter_promising()
        if not lines:
            return super()._action_launch_stock_rule(previous_product_uom_qty=previous_product_uom_qty)
        cache = self.env.cr.cache
        outer = cache.get(SHIPPING)
        cache[SHIPPING] = lines._get_ship_moments()
        try:
            result = super()._action_launch_stock_rule(previous_product_uom_qty=previous_product_uom_qty)
        finally:
            cache[SHIPPING] = outer
        lines._keep_deadlines()
        return result

    def _prepare_procurement_values(self):
        values = super()._prepare_procurement_values()
        if not self._filter_promising():
            return values
        values["priority"] = self.order_id._get_delivery_priority()
        if self.promise_committed_date:
            moments = self.env.cr.cache.get(SHIPPING) or {}
            moment = moments.get(self.id) or self._get_ship_moments().get(self.id)
            values["date_deadline"] = self.promise_committed_date
            values["date_planned"] = moment or values["date_planned"]
        return values

    def _keep_deadlines(self):
        """Let what is to be delivered have the committed date as its deadline: rules take their days from it as well,
        though these days lie before it."""
        deadlines = {}
        for line in self.sudo():  # sudo: who confirms need not have rights on stock
            last, chain = line._get_open_moves()
            for move in last or chain:
                if move.date_deadline != line.promise_committed_date:
                    deadlines[move] = line.promise_committed_date
        self._write_moves("date_deadline", deadlines)

    def _get_open_moves(self):
        """:return: moves of this line that bring goods out and are yet to come, and all that are on the way to them"""
        self.ensure_one()
        own = self.move_ids
        last = own.filtered(lambda move: move._is_open_delivery())
        chain = own | own.browse(last._rollup_move_origs())
        return last, chain.filtered(lambda move: move.state not in ("done", "cancel"))

    def _write_moves(self, name, values):
        groups = {}
        for move, value in values.items():
            groups.setdefault(value, []).append(move.id)
        for value, ids in groups.items():
            # sudo: whoever promises need not have rights on stock, and moves no more than what he promised.
            self.env["stock.move"].sudo().browse(ids).write({name: value})

    def _get_ship_moments(self):
        """When the delivery of each of these lines is to be planned for, so that it keeps its committed date.

        :rtype: dict[int, datetime]
        """
        # sudo: how long deliveries take, whoever sells.
        chains = self.env["sales.promise.engine"].sudo()._get_chains(set(self.warehouse_id.ids))
        return {
            line.id: chains[line.warehouse_id.id].to_ship(line.promise_committed_date, line.customer_lead)
            for line in self
            if line.warehouse_id and line.promise_committed_date
        }

    def _after_promise_confirmed(self):
        """Look again at lines that became part of an order, for their deliveries exist by now."""
        self._filter_promised()._mark_promises()

    # === Rescheduling === #

    def _reschedule_moves(self):
        """Move what is still to be delivered to the committed dates of these lines, and say so; what is done stays."""
        moments = self.filtered("promise_committed_date")._get_ship_moments()
        dates, deadlines, moved = {}, {}, self.browse()
        for line in self.filtered(lambda line: line.id in moments):
            # sudo: whoever promises need not have rights on stock, and moves no more than what he promised.
            last, chain = line.sudo()._get_open_moves()
            if not chain:
                continue
            anchor = (last or chain)[:1]
            delay = anchor.rule_id.delay if anchor.rule_id.action in ("pull", "pull_push") else 0
            shift = fields.Datetime.subtract(moments[line.id], days=delay) - anchor.date
            for move in chain:
                dates[move] = move.date + shift
            for move in last or chain:
                deadlines[move] = line.promise_committed_date
            moved |= line
        self._write_moves("date", dates)
        self._write_moves("date_deadline", deadlines)
        moved._log_rescheduled()

    def _log_rescheduled(self):
        """Say in the chatter of the orders what was moved to when."""
        bodies = {}
        for order, lines in self.grouped("order_id").items():
            bodies[order.id] = self.env._(
                "Deliveries rescheduled: %(lines)s",
                lines=", ".join(line._format_commitment() for line in lines),
            )
        if bodies:
            self.order_id.browse(bodies)._message_log_batch(bodies=bodies)

    def _format_commitment(self):
        self.ensure_one()
        day = self._get_promise_day(self.promise_committed_date)
        return f"{self.product_id.display_name}: {format_date(self.env, day)}"
