from odoo import api, fields, models
from odoo.tools import SQL


class SalesPromiseEngine(models.AbstractModel):
    """What vendors deliver, where purchases are installed."""

    _inherit = "sales.promise.engine"

    @api.model
    def _has_purchases(self):
        return "purchase_line_id" in self.env["stock.move"]._fields

    @api.model
    def _get_move_terms(self):
        terms = super()._get_move_terms()
        if self._has_purchases():
            terms["joins"].append(
                SQL(
                    "LEFT JOIN purchase_order_line purchase_line ON purchase_line.id = move.purchase_line_id"
                    " LEFT JOIN purchase_order purchase ON purchase.id = purchase_line.order_id"
                )
            )
            # Moving the date of a purchase leaves the date of its moves.
            terms["moments"].append(SQL("purchase_line.date_planned"))
            is_sure = SQL("purchase.acknowledged AND %s", self._comes_from("supplier"))
            terms["confidences"].append(SQL("WHEN %s THEN 'b'", is_sure))
            terms["flags"].append(SQL("WHEN %s THEN 'acknowledged'", is_sure))
        return terms

    @api.model
    def _get_read_fields(self):
        names = super()._get_read_fields()
        if self._has_purchases():
            names["stock.move"] = [*names["stock.move"], "purchase_line_id"]
            names["purchase.order.line"] = ["order_id", "product_id", "product_qty", "product_uom_id", "date_planned"]
            names["purchase.order"] = ["acknowledged", "state", "picking_type_id"]
        return names

    @api.model
    def _get_event_queries(self, pairs, sales):
        queries = super()._get_event_queries(pairs, sales)
        if self._has_purchases() and self._counts_planned(pairs):
            queries.append(self._select_draft_purchases(pairs))
        return queries

    @api.model
    def _select_draft_purchases(self, pairs):
        """Requests for quotation, where the company lets them count; not what is wanted for one delivery."""
        return SQL(
            """
            SELECT line.product_id, scope.wh, line.date_planned, scope.days,
                   GREATEST(0, line.product_qty * unit.factor::numeric / own_unit.factor::numeric
                       - COALESCE(wanted.quantity, 0)), 'd', 'draft', line.id
              FROM purchase_order_line line
              JOIN purchase_order purchase ON purchase.id = line.order_id
               AND purchase.state IN ('draft', 'sent', 'to approve')
              JOIN stock_picking_type type ON type.id = purchase.picking_type_id
              JOIN scope ON scope.id = type.default_location_dest_id AND scope.draft
              JOIN uom_uom unit ON unit.id = line.product_uom_id
              JOIN product_product variant ON variant.id = line.product_id
              JOIN product_template template ON template.id = variant.product_tmpl_id
              JOIN uom_uom own_unit ON own_unit.id = template.uom_id
         LEFT JOIN LATERAL (
                   SELECT sum(move.product_qty) AS quantity
                     FROM stock_move_created_purchase_line_rel rel
                     JOIN stock_move move ON move.id = rel.move_id AND move.state NOT IN ('done', 'cancel')
                    WHERE rel.created_purchase_line_id = line.id
                   ) wanted ON TRUE
             WHERE line.product_id = ANY(%s)
            """,
            self._get_product_array(pairs),
        )

    # === Sources === #

    @api.model
    def _describe_kinds(self, by_kind):
        found = super()._describe_kinds(by_kind)
        sources = by_kind.get("draft", ()) if self._has_purchases() else ()
        lines = self.env["purchase.order.line"].browse({source.id for source in sources}).exists() if sources else ()
        known = {line.id: line for line in lines}
        for source in sources:
            if line := known.get(source.id):
                zone = self._get_warehouse_zone(line.order_id.picking_type_id.warehouse_id)
                day = fields.Datetime.context_timestamp(self.with_context(tz=zone), line.date_planned).date()
                found[source] = source._replace(name=line.order_id.name, date=day.isoformat())
        return found
