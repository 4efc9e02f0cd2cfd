from datetime import timezone

import pytz

from odoo import api, fields, models
from odoo.tools import SQL

from .stock_move import OPEN_STATES

#: Kinds whose id is that of a move.
MOVE_KINDS = ("receipt", "production", "return", "transfer")
#: What the names of sources are made of, beside what the statements read.
SOURCE_FIELDS = {
    "stock.picking": ["name", "owner_id"],
    "stock.location": ["usage", "parent_path", "warehouse_id"],
    "mrp.production": ["name", "state"],
}


class SalesPromiseEngine(models.AbstractModel):
    """What is on hand, and the open moves that cross the boundary of a warehouse."""

    _inherit = "sales.promise.engine"

    # === Hooks === #

    @api.model
    def _get_move_terms(self):
        """What is known of the supply of a move, as SQL: ``joins``, ``moments`` of which the latest counts, names of
        ``documents`` of which the first counts (with ``document_joins``), ``flags`` of what is not overdue, and
        conditions (``WHEN … THEN …``, the first that holds counts) of its confidence and its kind.

        To override: add to ``super()``'s.

        :rtype: dict[str, list[SQL]]
        """
        return {
            "joins": [],
            "moments": [SQL("move.date")],
            "confidences": [],
            "documents": [SQL("NULLIF(picking.name, '')")],
            "document_joins": [],
            "flags": [],
            "kinds": [
                SQL("WHEN %s THEN 'production'", self._comes_from("production")),
                SQL("WHEN %s THEN 'return'", self._comes_from("customer")),
                SQL("WHEN %s THEN 'transfer'", self._comes_from("internal", "transit")),
            ],
        }

    @api.model
    def _get_read_fields(self):
        names = ["product_id", "product_qty", "date", "state", "location_id", "location_dest_id", "location_final_id"]
        names += ["procure_method", "restrict_partner_id", "picking_id", "sale_line_id", "priority", "move_orig_ids"]
        return super()._get_read_fields() | {
            "stock.move": names,
            "stock.quant": ["product_id", "location_id", "quantity", "reserved_quantity", "owner_id"],
            "stock.picking": ["owner_id", "state"],
            "sale.order.line": ["order_id", "sequence"],
            "sale.order": ["date_order"],
        }

    @api.model
    def _comes_from(self, *usages):
        """SQL: whether a move comes from such a location. They are few and read once; a join reads one by one."""
        return SQL("move.location_id IN (SELECT id FROM stock_location WHERE usage IN %s)", usages)

    # === Statements === #

    @api.model
    def _get_event_queries(self, pairs, sales):
        return [*super()._get_event_queries(pairs, sales), self._select_stock(pairs), *self._select_moves(sales)]

    @api.model
    def _select_stock(self, pairs):
        """All that is on hand, reserved or not, for open demand counts in full; what others own is not ours."""
        return SQL(
            """
            SELECT quant.product_id, scope.wh, NULL::timestamp, scope.days, quant.quantity, 'a', 'stock', NULL::int
              FROM stock_quant quant
              JOIN scope ON scope.id = quant.location_id
             WHERE quant.product_id = ANY(%s)
               AND (quant.owner_id IS NULL OR quant.owner_id = scope.owner)
            """,
            self._get_product_array(pairs),
        )

    @api.model
    def _select_moves(self, sales):
        return [
            SQL("SELECT product_id, wh, moment, wait, quantity, confidence, kind, id FROM supply WHERE quantity > 0"),
            SQL(
                "SELECT product_id, wh, moment, 0, -quantity, 'a', NULL, NULL FROM demand WHERE quantity > 0%s",
                SQL() if sales else SQL(" AND sale_line_id IS NULL"),
            ),
        ]

    @api.model
    def _get_tables(self, pairs):
        return [
            *super()._get_tables(pairs),
            self._select_open_moves(pairs),
            self._select_climb(),
            self._select_pegs(),
            self._select_first_steps(),
            self._select_supply(),
            self._select_demand(),
        ]

    @api.model
    def _select_open_moves(self, pairs):
        """Open moves that enter or leave a warehouse: the steps within one do not count."""
        # Few transfers have an owner: these are read once, instead of the transfer of each move.
        terms = self._get_move_terms()
        return SQL(
            """
            open_move AS MATERIALIZED (
                SELECT move.id, move.product_id, move.product_qty, move.date, move.procure_method, move.sale_line_id,
                       move.priority, move.location_dest_id, source.wh AS source_wh, target.wh AS target_wh,
                       GREATEST(%(moments)s) AS arrival,
                       CASE %(confidences)s ELSE 'c' END AS confidence,
                       CASE %(kinds)s ELSE 'receipt' END AS kind
                  FROM stock_move move
             LEFT JOIN scope source ON source.id = move.location_id
             LEFT JOIN scope target ON target.id = COALESCE(move.location_final_id, move.location_dest_id)
                       %(joins)s
                 WHERE move.product_id = ANY(%(products)s)
                   AND move.state IN %(open)s
                   AND source.wh IS DISTINCT FROM target.wh
                   AND COALESCE(move.restrict_partner_id, ((
                           SELECT jsonb_object_agg(id, owner_id) FROM stock_picking
                            WHERE owner_id IS NOT NULL AND state NOT IN ('done', 'cancel')
                       ) ->> move.picking_id::text)::int, target.owner, source.owner) IN (target.owner, source.owner)
            )
            """,
            moments=SQL(", ").join(terms["moments"]),
            confidences=SQL(" ").join(terms["confidences"] or [SQL("WHEN FALSE THEN 'c'")]),
            kinds=SQL(" ").join(terms["kinds"]),
            joins=SQL(" ").join(terms["joins"]),
            products=self._get_product_array(pairs),
            open=SQL(OPEN_STATES),
        )

    @api.model
    def _select_climb(self):
        """The moves that a delivery waits for, up to those that enter the warehouse or are done."""
        return SQL(
            """
            climb AS (
                SELECT move.id AS out_id, move.product_qty AS out_qty, move.id AS move_id, move.source_wh AS wh,
                       TRUE AS is_inside, move.date,
                       move.product_qty, move.procure_method AS method, 'assigned'::varchar AS state
                  FROM open_move move
                 WHERE move.source_wh IS NOT NULL AND move.procure_method = 'make_to_order'
             UNION
                SELECT climb.out_id, climb.out_qty, earlier.id, climb.wh,
                       scope.wh IS NOT DISTINCT FROM climb.wh, earlier.date,
                       earlier.product_qty, earlier.procure_method, earlier.state
                  FROM climb
                  JOIN stock_move_move_rel rel ON rel.move_dest_id = climb.move_id
                  JOIN stock_move earlier ON earlier.id = rel.move_orig_id AND earlier.state != 'cancel'
             LEFT JOIN scope ON scope.id = earlier.location_id
                 WHERE climb.is_inside AND climb.state != 'done'
            )
            """
        )

    @api.model
    def _select_pegs(self):
        """What each supply brings for each delivery, so that what it brings beyond is free."""
        return SQL(
            """
            peg AS MATERIALIZED (
                SELECT climb.move_id AS in_id, climb.out_id, GREATEST(0, LEAST(
                           climb.product_qty - COALESCE(sum(climb.out_qty) OVER (
                               PARTITION BY climb.move_id ORDER BY climb.out_id
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0),
                           climb.out_qty - COALESCE(sum(climb.product_qty) OVER (
                               PARTITION BY climb.out_id ORDER BY climb.move_id
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
                       )) AS quantity
                  FROM climb
                 WHERE NOT climb.is_inside AND climb.state != 'done'
            )
            """
        )

    @api.model
    def _select_first_steps(self):
        """When the first open step of a delivery takes goods, and whether it waits for an order not yet placed."""
        return SQL(
            """
            first_step AS MATERIALIZED (
                SELECT climb.out_id, min(climb.date) AS moment,
                       bool_or(climb.method = 'make_to_order' AND NOT EXISTS (
                           SELECT FROM stock_move_move_rel rel WHERE rel.move_dest_id = climb.move_id
                       )) AS is_unplaced
                  FROM climb
                 WHERE climb.is_inside AND climb.state != 'done'
              GROUP BY climb.out_id
            )
            """
        )

    @api.model
    def _select_supply(self):
        # A map is looked up in once per move, whatever number of moves the planner expects.
        return SQL(
            """
            supply AS (
                SELECT move.id, move.product_id, move.target_wh AS wh, move.arrival AS moment,
                       COALESCE(landing.days, 0) AS wait,
                       move.product_qty - COALESCE(((
                           SELECT jsonb_object_agg(pegged.in_id, pegged.quantity)
                             FROM (SELECT in_id, sum(quantity) AS quantity FROM peg GROUP BY 1) pegged
                       ) ->> move.id::text)::numeric, 0) AS quantity, move.confidence, move.kind
                  FROM open_move move
             LEFT JOIN scope landing ON landing.id = move.location_dest_id
                 WHERE move.target_wh IS NOT NULL
            )
            """
        )

    @api.model
    def _select_demand(self):
        return SQL(
            """
            demand AS (
                SELECT move.product_id, move.source_wh AS wh, move.sale_line_id, move.priority,
                       LEAST(move.date, ((
                           SELECT jsonb_object_agg(out_id, moment) FROM first_step
                       ) ->> move.id::text)::timestamp) AS moment,
                       move.product_qty - COALESCE(((
                           SELECT jsonb_object_agg(pegged.out_id, pegged.quantity)
                             FROM (SELECT out_id, sum(quantity) AS quantity FROM peg GROUP BY 1) pegged
                       ) ->> move.id::text)::numeric, 0) AS quantity
                  FROM open_move move
                 WHERE move.source_wh IS NOT NULL
                   AND move.id NOT IN (SELECT out_id FROM first_step WHERE is_unplaced)
            )
            """
        )

    # === Sources === #

    @api.model
    def _describe_kinds(self, by_kind):
        found = super()._describe_kinds(by_kind)
        sources = [source for kind in MOVE_KINDS for source in by_kind.get(kind, ())]
        known = self._read_sources({source.id for source in sources}) if sources else {}
        return found | {
            source: self._describe_move(source, *known[source.id]) for source in sources if source.id in known
        }

    @api.model
    def _describe_move(self, source, name, expected, flag, warehouse):
        zone = pytz.timezone(self._get_chain_terms(warehouse).zone if warehouse else "UTC")
        day, today = (
            moment.replace(tzinfo=timezone.utc).astimezone(zone).date() for moment in (expected, fields.Datetime.now())
        )
        return source._replace(name=name, date=day.isoformat(), flag="overdue" if day < today else flag)

    @api.model
    def _read_sources(self, move_ids):
        """Name, moment of arrival, flag and warehouse of moves that dates wait for.

        :rtype: dict[int, tuple]
        """
        terms = self._get_move_terms()
        for model, names in (self._get_read_fields() | SOURCE_FIELDS).items():
            if model in self.env:
                self.env[model].flush_model(names)
        query = SQL(
            """
            SELECT move.id, COALESCE(%(documents)s, NULLIF(move.reference, ''), move.origin, ''), GREATEST(%(moments)s),
                   CASE %(flags)s WHEN %(bought)s THEN 'unacknowledged' ELSE '' END, target.warehouse_id
              FROM stock_move move
              JOIN stock_location target ON target.id = move.location_dest_id
         LEFT JOIN stock_picking picking ON picking.id = move.picking_id
                   %(joins)s
             WHERE move.id = ANY(%(moves)s)
            """,
            documents=SQL(", ").join(terms["documents"]),
            moments=SQL(", ").join(terms["moments"]),
            flags=SQL(" ").join(terms["flags"]),
            bought=self._comes_from("supplier"),
            joins=SQL(" ").join([*terms["joins"], *terms["document_joins"]]),
            moves=sorted(move_ids),
        )
        return {row[0]: row[1:] for row in self.env.execute_query(query)}
