from collections import defaultdict
from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL, ormcache

from odoo.addons.sales_management.tools.promise import Demand, Event, PromiseSource
from odoo.addons.sales_management.tools.working_time import NoWorkingTime


class SalesPromiseEngine(models.AbstractModel):
    """What comes and goes, read in one statement: each source adds its part to it."""

    _inherit = "sales.promise.engine"

    # === Asking === #

    @api.model
    def _get_events(self, pairs, sales=True):
        """What comes and goes of products in warehouses, in a number of queries that does not grow with them.

        Quantities are integers in units of the decimal precision *Product Unit*, days are ordinals
        (``date.toordinal()``) of the zone of the warehouse. What is overdue lies on today or later.

        :param Iterable[tuple[int, int]] pairs: product and warehouse
        :param bool sales: whether deliveries of sales lines are among them
        :return: events by pair, of every pair, not sorted
        :rtype: dict[tuple[int, int], list[Event]]
        """
        events = {pair: [] for pair in pairs}
        if not events:
            return events
        engine = self.sudo()  # sudo: who asks for a date need not have rights on stock, and sees no more than the date
        rows = engine._read_parts(events, SQL(" UNION ALL ").join(engine._get_event_queries(events, sales)))
        waits = {row[1:5] for row in rows if row[3] or row[4]}
        later = engine._get_later_days(waits) if waits else {}
        for product, warehouse, day, wait, is_late, quantity, confidence, kind, record in rows:
            own = events.get((product, warehouse))
            if own is None or not quantity:
                continue
            if wait or is_late:
                day = later[warehouse, day, wait, is_late]
            own.append(Event(day, quantity, confidence, PromiseSource(kind, id=record or 0) if kind else None))
        return events

    @api.model
    def _get_sales_demands(self, pairs):
        """What confirmed sales lines still take, by line: what :meth:`_get_events` leaves out without sales.

        A line that is delivered on several days counts in full on the last: its date is that of all of it.

        :rtype: list[Demand]
        """
        wanted = set(pairs)
        if not wanted:
            return []
        engine = self.sudo()  # sudo: as above
        demands = []
        for row in engine._read_demands(wanted):
            product, warehouse, day, need, quantity, line, order, priority, ordered, sequence = row
            if (product, warehouse) in wanted:
                rank = (-int(priority), need, ordered, order, sequence, line)
                demands.append(Demand(line, order, product, warehouse, day, quantity, rank))
        return demands

    # === Hooks === #

    @api.model
    def _get_event_queries(self, pairs, sales):
        """Statements that give what comes and goes; all become one.

        To override: add yours to ``super()``'s. Each gives product, warehouse, moment (UTC, none for now), working days
        that it takes from then on, quantity in the unit of the product (negative for what goes), confidence, and the
        kind and id of its source (none for what goes). ``scope`` are the locations of the warehouses, with ``wh``,
        ``owner``, ``days`` (to the shelf) and ``draft`` (whether planned supply counts); ``supply`` and ``demand`` are
        the open moves that cross the boundary.

        :param Iterable[tuple[int, int]] pairs: product and warehouse
        :param bool sales: whether deliveries of sales lines are wanted
        :rtype: list[SQL]
        """
        return []

    @api.model
    def _get_read_fields(self):
        """Fields that the statements read, by model: what is not yet written of them is written first.

        :rtype: dict[str, list[str]]
        """
        return {}

    @api.model
    def _get_tables(self, pairs):
        """Tables of the statement that come before its parts.

        :param Iterable[tuple[int, int]] pairs: product and warehouse
        :rtype: list[SQL]
        """
        return []

    @api.model
    def _get_product_array(self, pairs):
        """SQL: the products asked for."""
        return SQL("%s::int[]", sorted({product for product, _warehouse in pairs}))

    @api.model
    def _counts_planned(self, pairs):
        """Whether a company of the warehouses lets planned supply count."""
        warehouses = self.env["stock.warehouse"].browse({warehouse for _product, warehouse in pairs})
        return any(warehouses.company_id.mapped("promise_draft_supply"))

    # === Reading === #

    @api.model
    def _read_parts(self, pairs, parts):
        """:return: rows of the parts, each on its day"""
        # Days of zones are dear: OFFSET keeps each from being reckoned anew at each place that names it.
        query = SQL(
            """
            SELECT product_id, wh, GREATEST(COALESCE(day, today), today) - DATE '0001-01-01' + 1, wait,
                   kind IS NOT NULL AND COALESCE(day < today, FALSE),
                   floor(quantity::numeric * %(factor)s + 0.5)::bigint,
                   CASE WHEN day < today THEN GREATEST(confidence, 'c') ELSE confidence END, kind, record
              FROM (SELECT event.*, zone.today, (event.moment AT TIME ZONE 'UTC' AT TIME ZONE zone.tz)::date AS day
                      FROM (%(parts)s) AS event (product_id, wh, moment, wait, quantity, confidence, kind, record)
                      JOIN zone ON zone.wh = event.wh
                    OFFSET 0) event
            """,
            factor=self._get_unit_factor(),
            parts=parts,
        )
        return self._read(pairs, query)

    @api.model
    def _read_demands(self, pairs):
        zoned = SQL("(demand.moment AT TIME ZONE 'UTC' AT TIME ZONE zone.tz)::date")
        query = SQL(
            """
            SELECT demand.product_id, demand.wh,
                   GREATEST(max(%(day)s), zone.today) - DATE '0001-01-01' + 1,
                   min(%(day)s) - DATE '0001-01-01' + 1,
                   floor(sum(demand.quantity)::numeric * %(factor)s + 0.5)::bigint,
                   line.id, sale.id, max(COALESCE(demand.priority, '0')), sale.date_order, line.sequence
              FROM demand
              JOIN zone ON zone.wh = demand.wh
              JOIN sale_order_line line ON line.id = demand.sale_line_id
              JOIN sale_order sale ON sale.id = line.order_id
             WHERE demand.quantity > 0
          GROUP BY demand.product_id, demand.wh, zone.today, line.id, sale.id
            """,
            day=zoned,
            factor=self._get_unit_factor(),
        )
        return self._read(pairs, query)

    @api.model
    def _read(self, pairs, query):
        """:return: rows of a query over the tables of comings and goings"""
        for model, names in self._get_read_fields().items():
            self.env[model].flush_model(names)
        tables = [*self._get_scope_tables({warehouse for _product, warehouse in pairs}), *self._get_tables(pairs)]
        return self.env.execute_query(SQL("WITH RECURSIVE %s %s", SQL(", ").join(tables), query))

    @api.model
    def _get_scope_tables(self, warehouse_ids):
        """Zones of the warehouses, and their locations with the days that it takes from there to the shelf."""
        rows = [(warehouse, *row) for warehouse in sorted(warehouse_ids) for row in self._get_scope(warehouse)]
        warehouses, locations, days = zip(*rows, strict=True) if rows else ((), (), ())
        return [
            SQL("zone (wh, tz, today, draft, owner) AS (VALUES %s)", self._get_zone_values(warehouse_ids)),
            SQL(
                """
                scope AS MATERIALIZED (
                    SELECT location.id, zone.wh, zone.owner, zone.draft, location.days
                      FROM unnest(%s::int[], %s::int[], %s::int[]) AS location (wh, id, days)
                      JOIN zone ON zone.wh = location.wh
                )
                """,
                list(warehouses),
                list(locations),
                list(days),
            ),
        ]

    @api.model
    @ormcache("warehouse_id")
    def _get_scope(self, warehouse_id):
        """Locations of a warehouse, with the days that it takes from there to the shelf. Kept until locations, routes
        or warehouses change.

        :rtype: tuple[tuple[int, int], ...]
        """
        self.env["stock.location"].flush_model(["parent_path", "usage"])
        self.env["stock.rule"].flush_model()
        self.env["stock.warehouse"].flush_model()
        # Rules that push are no lead time of Odoo's, and lead from the dock to the shelf.
        query = SQL(
            """
            WITH RECURSIVE way AS (
                SELECT warehouse.lot_stock_id AS location_id, 0 AS days, 0 AS depth
                  FROM stock_warehouse warehouse WHERE warehouse.id = %(warehouse)s
             UNION ALL
                SELECT rule.location_src_id, way.days + COALESCE(rule.delay, 0), way.depth + 1
                  FROM way
                  JOIN stock_warehouse warehouse ON warehouse.id = %(warehouse)s
                  JOIN stock_rule rule ON rule.location_dest_id = way.location_id
                   AND rule.route_id = warehouse.reception_route_id
                 WHERE rule.active AND rule.action IN ('push', 'pull_push') AND way.depth < 5
            )
            SELECT location.id, max(COALESCE(way.days, 0))
              FROM stock_warehouse warehouse
              JOIN stock_location top ON top.id = warehouse.view_location_id
              JOIN stock_location location ON location.parent_path LIKE top.parent_path || '%%'
         LEFT JOIN (way JOIN stock_location step ON step.id = way.location_id)
                ON location.parent_path LIKE step.parent_path || '%%'
             WHERE warehouse.id = %(warehouse)s AND location.usage IN ('internal', 'transit')
          GROUP BY location.id
            """,
            warehouse=warehouse_id,
        )
        return tuple(self.env.execute_query(query))

    @api.model
    def _get_zone_values(self, warehouse_ids):
        now = fields.Datetime.now()
        rows = []
        for warehouse in self.env["stock.warehouse"].browse(sorted(warehouse_ids)):
            zone = self._get_chain_terms(warehouse.id).zone
            today = fields.Datetime.context_timestamp(self.with_context(tz=zone), now).date()
            company = warehouse.company_id
            owner = company.partner_id.id
            rows.append(
                SQL("(%s, %s, %s::date, %s, %s)", warehouse.id, zone, today, company.promise_draft_supply, owner)
            )
        return SQL(", ").join(rows)

    # === Working days === #

    @api.model
    def _get_later_days(self, waits):
        """Days on which goods are taken to be there that are overdue, or still have their way to the shelf.

        :param set waits: warehouse, day, working days, whether overdue
        :return: day by each of them
        """
        warehouses = self.env["stock.warehouse"].browse({wait[0] for wait in waits})
        # What is kept of the company's calendar is renewed when it changes.
        times = {
            warehouse.id: self._get_working_time(warehouse.company_id.resource_calendar_id.id, warehouse.company_id.id)
            for warehouse in warehouses
        }
        later = {}
        for warehouse, day, wait, is_late in waits:
            company = warehouses.browse(warehouse).company_id
            days = wait + (company.promise_overdue_days if is_late else 0)
            later[warehouse, day, wait, is_late] = self._add_working_days(times[warehouse], day, days)
        return later

    @api.model
    def _add_working_days(self, working_time, day, days):
        if days <= 0:
            return day
        try:
            return working_time.add_days(date.fromordinal(day), days).toordinal()
        except NoWorkingTime:
            return day + days

    # === Sources === #

    @api.model
    def _describe_sources(self, sources):
        """Fill in the names and dates of sources of events, in a number of queries that does not grow with them.

        :param list[PromiseSource] sources: as events name them, of which only kind and id need be there
        :rtype: dict[PromiseSource, PromiseSource]
        """
        by_kind = defaultdict(list)
        for source in sources:
            if source.id and not source.name:
                by_kind[source.kind].append(source)
        engine = self.sudo()  # sudo: as above
        return engine._describe_kinds(by_kind) if by_kind else {}

    @api.model
    def _describe_kinds(self, by_kind):
        """To override: add the kinds that you know to ``super()``'s.

        :param dict[str, list[PromiseSource]] by_kind: what has an id and no name yet
        :rtype: dict[PromiseSource, PromiseSource]
        """
        return {}
