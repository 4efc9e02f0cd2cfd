from odoo import api, models
from odoo.tools import SQL

from odoo.addons.sales_management.tools.promise import PromiseResult, PromiseSource, PromiseStep


class SaleOrderLine(models.Model):
    """What is bought or made for a line alone comes when that comes: stock and others have no part in it."""

    _inherit = "sale.order.line"

    @api.model
    def _get_pegged_promises(self, product_ids):
        """When lines with a committed date get what was bought or made to order for them, of these products.

        :return: :class:`PromiseResult` by id of the line
        :rtype: dict[int, PromiseResult]
        """
        rows = self.env.execute_query(self._select_pegged(list(product_ids)))
        # sudo: the job looks at all of them, whoever runs it.
        engine = self.env["sales.promise.engine"].sudo()
        chains = engine._get_chains({warehouse_id for _line, warehouse_id, *_others in rows}) if rows else {}
        promises = {}
        for line_id, warehouse_id, lead, moment, move_id, number, is_made, quantity in rows:
            chain = chains[warehouse_id]
            date = chain.to_customer(max(chain.get_day(moment), chain.today), lead)
            if line_id not in promises or promises[line_id].date < date:
                source = PromiseSource(
                    "production" if is_made else "receipt", number or "", moment.date().isoformat(), id=move_id
                )
                step = PromiseStep(date, float(quantity), source, "c")
                promises[line_id] = PromiseResult(line_id, date, (step,), "c", source, None)
        return promises

    @api.model
    def _select_pegged(self, product_ids):
        """SQL: the moves that bring what open deliveries of committed lines wait for, from the first of each chain."""
        moment, join = self._join_purchases()
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled")
        return SQL(
            """
            WITH RECURSIVE pull (line_id, move_id) AS (
                SELECT move.sale_line_id, move.id
                  FROM stock_move move
                  JOIN sale_order_line line ON line.id = move.sale_line_id
                 WHERE move.product_id = ANY(%(products)s)
                   AND move.procure_method = 'make_to_order'
                   AND move.state IN ('waiting', 'confirmed', 'partially_available', 'assigned')
                   AND line.promise_committed_date IS NOT NULL
                   AND line.warehouse_id IS NOT NULL
                   AND line.company_id = ANY(%(companies)s)
                 UNION
                SELECT pull.line_id, link.move_orig_id
                  FROM pull
                  JOIN stock_move_move_rel link ON link.move_dest_id = pull.move_id
            )
            SELECT line.id, line.warehouse_id, line.customer_lead, %(moment)s, move.id, move.reference,
                   origin.usage = 'production', move.product_qty
              FROM pull
              JOIN sale_order_line line ON line.id = pull.line_id
              JOIN stock_move move ON move.id = pull.move_id
              JOIN stock_location origin ON origin.id = move.location_id
                   %(join)s
             WHERE move.state IN ('waiting', 'confirmed', 'partially_available', 'assigned')
               AND origin.usage IN ('supplier', 'production')
            """,
            products=product_ids,
            companies=list(enabled),
            moment=moment,
            join=join,
        )

    @api.model
    def _join_purchases(self):
        """:return: SQL of when a move comes, and of what to join for it"""
        moves = self.env["stock.move"]
        moves.flush_model(["date", "move_orig_ids", "procure_method", "product_id", "sale_line_id", "state"])
        if "purchase_line_id" not in moves._fields:
            return SQL("move.date"), SQL()
        self.env["purchase.order.line"].flush_model(["date_planned"])
        # Moving the date of a purchase leaves the date of the move.
        return (
            SQL("GREATEST(move.date, purchase_line.date_planned)"),
            SQL("LEFT JOIN purchase_order_line purchase_line ON purchase_line.id = move.purchase_line_id"),
        )
