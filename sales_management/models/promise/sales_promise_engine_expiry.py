from odoo import api, models
from odoo.tools import SQL


class SalesPromiseEngine(models.AbstractModel):
    """What can no longer be sold from a day on, where lots have removal dates."""

    _inherit = "sales.promise.engine"

    @api.model
    def _has_expiry(self):
        return "removal_date" in self.env["stock.quant"]._fields

    @api.model
    def _get_read_fields(self):
        names = super()._get_read_fields()
        if self._has_expiry():
            names["stock.quant"] = [*names["stock.quant"], "removal_date"]
        return names

    @api.model
    def _get_event_queries(self, pairs, sales):
        queries = super()._get_event_queries(pairs, sales)
        if self._has_expiry():
            queries.append(self._select_expiry(pairs))
        return queries

    @api.model
    def _select_expiry(self, pairs):
        """What is reserved leaves with its delivery before; the rest goes on its removal date."""
        return SQL(
            """
            SELECT quant.product_id, scope.wh, quant.removal_date, 0, quant.reserved_quantity - quant.quantity,
                   'a', NULL, NULL
              FROM stock_quant quant
              JOIN scope ON scope.id = quant.location_id
             WHERE quant.product_id = ANY(%s) AND quant.removal_date IS NOT NULL
               AND quant.quantity > quant.reserved_quantity
               AND (quant.owner_id IS NULL OR quant.owner_id = scope.owner)
            """,
            self._get_product_array(pairs),
        )
