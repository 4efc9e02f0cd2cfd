from odoo import api, models
from odoo.tools import SQL


class SalesPromiseEngine(models.AbstractModel):
    """What is made, where manufacturing is installed: finished goods come, components go, by their moves."""

    _inherit = "sales.promise.engine"

    @api.model
    def _has_productions(self):
        return "production_id" in self.env["stock.move"]._fields

    @api.model
    def _get_move_terms(self):
        terms = super()._get_move_terms()
        if self._has_productions():
            # Who confirmed a production said when it is done: as sure as a vendor who acknowledged.
            terms["confidences"].append(SQL("WHEN move.production_id IS NOT NULL THEN 'b'"))
            terms["document_joins"].append(SQL("LEFT JOIN mrp_production made ON made.id = move.production_id"))
            terms["documents"].insert(0, SQL("NULLIF(made.name, '')"))
        return terms

    @api.model
    def _get_read_fields(self):
        names = super()._get_read_fields()
        if self._has_productions():
            names["stock.move"] = [*names["stock.move"], "production_id"]
            names["mrp.production"] = ["state"]
        return names

    @api.model
    def _get_event_queries(self, pairs, sales):
        queries = super()._get_event_queries(pairs, sales)
        if self._has_productions() and self._counts_planned(pairs):
            queries.append(self._select_draft_productions(pairs))
        return queries

    @api.model
    def _select_draft_productions(self, pairs):
        """Planned productions, where the company lets them count; not what is wanted for one delivery."""
        return SQL(
            """
            SELECT move.product_id, target.wh, move.date, target.days,
                   GREATEST(0, move.product_qty - COALESCE(pegged.quantity, 0)), 'd', 'production', move.id
              FROM mrp_production production
              JOIN stock_move move ON move.production_id = production.id AND move.state = 'draft'
              JOIN scope target ON target.id = COALESCE(move.location_final_id, move.location_dest_id) AND target.draft
         LEFT JOIN (SELECT in_id, sum(quantity) AS quantity FROM peg GROUP BY 1) pegged ON pegged.in_id = move.id
             WHERE production.state = 'draft' AND move.product_id = ANY(%s)
            """,
            self._get_product_array(pairs),
        )
