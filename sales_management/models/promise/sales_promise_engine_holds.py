from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.sales_management.tools.promise import Demand


class SalesPromiseEngine(models.AbstractModel):
    """What quotations hold."""

    _inherit = "sales.promise.engine"

    @api.model
    def _get_hold_demands(self, pairs):
        """What sent and committed quotations hold. They are not among the events.

        :rtype: list[Demand]
        """
        wanted = set(pairs)
        if not wanted:
            return []
        engine = self.sudo()  # sudo: who asks for a date need not see the quotations of others, and sees none of them
        demands = []
        for product, warehouse, line, order, day, quantity, ordered, sequence in engine._read_holds(wanted):
            if (product, warehouse) in wanted:
                rank = (0, day, ordered, order, sequence, line)
                demands.append(Demand(line, order, product, warehouse, day, quantity, rank))
        return demands

    @api.model
    def _read_holds(self, pairs):
        self.env["sales.promise.hold"].flush_model()
        self.env["sale.order"].flush_model(["state", "date_order"])
        self.env["sale.order.line"].flush_model(["sequence"])
        return self.env.execute_query(
            SQL(
                """
                WITH zone (wh, tz, today, draft, owner) AS (VALUES %(zones)s)
                SELECT hold.product_id, hold.warehouse_id, line.id, sale.id,
                       GREATEST((hold.date AT TIME ZONE 'UTC' AT TIME ZONE zone.tz)::date, zone.today)
                           - DATE '0001-01-01' + 1,
                       floor(hold.quantity::numeric * %(factor)s + 0.5)::bigint, sale.date_order, line.sequence
                  FROM sales_promise_hold hold
                  JOIN zone ON zone.wh = hold.warehouse_id
                  JOIN sale_order_line line ON line.id = hold.line_id
                  JOIN sale_order sale ON sale.id = line.order_id AND sale.state IN ('draft', 'sent')
                 WHERE hold.product_id = ANY(%(products)s) AND hold.released_at IS NULL AND hold.expiry > %(now)s
                """,
                zones=self._get_zone_values({warehouse for _product, warehouse in pairs}),
                products=sorted({product for product, _warehouse in pairs}),
                factor=self._get_unit_factor(),
                now=fields.Datetime.now(),
            )
        )
