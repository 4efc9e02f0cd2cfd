"""Promises of a company that buys and makes in Odoo, against what core says of availability and lead times.

Core's side computes core's own answer to the question, which is another one: a balance at one point in time, a fixed
lead time. The limit is the events of all products by one statement, with the balance and what can be promised of it.
"""

from odoo import Command

from .harness import benchmark
from .promise_quality import allocate_by_hand, compare_leads, count_broken_of, count_readings

#: Pieces that a line asks for: more than is mostly on the shelf, less than comes.
QUANTITY = 12
#: Customer lead times in days, of products that have one of their own.
LEADS = (0, 3, 7, 10, 14)

#: What hand-written SQL needs: events by day, the running balance, and its least value from each day on.
LIMIT = """
    WITH wl AS MATERIALIZED (
        SELECT l.id, w.id AS wh
          FROM stock_warehouse w
          JOIN stock_location v ON v.id = w.view_location_id
          JOIN stock_location l ON l.parent_path LIKE v.parent_path || '%%'
         WHERE w.id = %(warehouse)s
    ), event AS (
        SELECT product_id, wh, d, sum(q)::float8 AS q FROM (
            SELECT q.product_id, wl.wh, CURRENT_DATE AS d, q.quantity AS q
              FROM stock_quant q JOIN wl ON wl.id = q.location_id WHERE q.product_id = ANY(%(products)s)
         UNION ALL
            SELECT m.product_id, t.wh, GREATEST(m.date::date, CURRENT_DATE), m.product_qty
              FROM stock_move m
              JOIN wl t ON t.id = COALESCE(m.location_final_id, m.location_dest_id)
         LEFT JOIN wl s ON s.id = m.location_id
             WHERE m.product_id = ANY(%(products)s) AND s.id IS NULL
               AND m.state IN ('waiting', 'confirmed', 'partially_available', 'assigned')
         UNION ALL
            SELECT m.product_id, s.wh, GREATEST(m.date::date, CURRENT_DATE), -m.product_qty
              FROM stock_move m
              JOIN wl s ON s.id = m.location_id
         LEFT JOIN wl t ON t.id = COALESCE(m.location_final_id, m.location_dest_id)
             WHERE m.product_id = ANY(%(products)s) AND t.id IS NULL
               AND m.state IN ('waiting', 'confirmed', 'partially_available', 'assigned')
        ) e GROUP BY 1, 2, 3
    ), balance AS (
        SELECT *, sum(q) OVER (PARTITION BY product_id, wh ORDER BY d) AS b FROM event
    )
    SELECT product_id, wh, d,
           min(b) OVER (PARTITION BY product_id, wh ORDER BY d ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)
      FROM balance
"""


def _switch_on(env):
    """Let the company promise. Nothing without the addon."""
    if "sales.promise.engine" not in env:
        return False
    env.company.sudo().sales_promise_enabled = True
    return True


def _find_products(env, size):
    """Products of the data set, those of the prototypes left out, which have more stock than anything."""
    return env["product.product"].search([("is_storable", "=", True), ("default_code", "=like", "P0%")], limit=size)


def _find_warehouse(env):
    return env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)


def _create_quotation(env, size):
    products = _find_products(env, size)
    return env["sale.order"].create(
        {
            "partner_id": env["res.partner"].search([("name", "=", "Customer 1")], limit=1).id,
            "order_line": [
                Command.create({"product_id": product.id, "product_uom_qty": QUANTITY, "price_unit": 100})
                for product in products
            ],
        }
    )


def _limit(cr, size):
    cr.execute("SELECT id FROM product_product WHERE default_code LIKE 'P0%%' ORDER BY id LIMIT %s", [size])
    products = [product for (product,) in cr.fetchall()]
    cr.execute("SELECT min(id) FROM stock_warehouse")
    [warehouse] = cr.fetchone()

    def run():
        cr.execute(LIMIT, {"products": products, "warehouse": warehouse})
        cr.fetchall()

    return run


def _measure_quotation(env, order):
    """Return what asks for the dates of all lines, where core says how much there will be."""
    lines = order.order_line
    is_ours = "sales.promise.engine" in env
    names = ["product_id", "product_uom_qty", "product_uom_id", "warehouse_id", "customer_lead", "qty_to_deliver"]
    names += ["state", "company_id", "route_ids", "product_type", "is_storable"]
    if is_ours:
        # Settings, calendars and rules are kept by the server.
        lines._get_line_promises()

    def prepare():
        # What the form of the quotation reads anyway.
        order.mapped("order_line")
        for name in names:
            lines.mapped(name)
        lines.product_id.mapped("uom_id")
        lines.warehouse_id.company_id.mapped("name")

    def run():
        if is_ours:
            assert len(lines._get_line_promises()) == len(lines)
        else:
            lines.mapped("virtual_available_at_date")

    return prepare, run


# B1. At most 6 queries, 2.5 times the limit, a third of core's time.
@benchmark("Dates of a quotation, by its lines", sizes=(20, 200), limit=_limit)
def promise_quotation(env, size):
    _switch_on(env)
    return _measure_quotation(env, _create_quotation(env, size))


# The same, where products have a customer lead time of their own: core asks once for each.
@benchmark("Dates of a quotation of products with five lead times", sizes=(200,), limit=_limit)
def promise_quotation_leads(env, size):
    _switch_on(env)
    templates = _find_products(env, size).product_tmpl_id.sudo()  # sudo: whoever sells does not edit products
    for place, days in enumerate(LEADS):
        templates[place :: len(LEADS)].sale_delay = days
    return _measure_quotation(env, _create_quotation(env, size))


# B2. Ours less core's at most 15 ms.
@benchmark("Change a line of a quotation in its form, by its lines", sizes=(50,), more_queries=11)
def change_line(env, size):
    _switch_on(env)
    order = _create_quotation(env, size)
    line = order.order_line[size // 2]
    specification = {
        "order_line": {"fields": {"product_uom_qty": {}, "price_subtotal": {}, **_get_promise_fields(env)}},
        "amount_total": {},
        "partner_id": {},
        "company_id": {},
    }
    commands = [Command.update(line.id, {"product_uom_qty": QUANTITY + 5})]

    def run():
        order.onchange({"order_line": commands}, ["order_line"], specification)

    def prepare():
        # The form was open before, on both sides: switching promises on emptied the caches of the server.
        run()
        env.invalidate_all()

    return prepare, run


def _get_promise_fields(env):
    """What the form of the quotation asks for of each line."""
    if "sales.promise.engine" not in env:
        return {}
    names = ["date", "detail", "confidence", "state"]
    return {f"promise_{name}": {} for name in [*names, "committed_date"]}


# B3. Faster than one read of core's forecast.
@benchmark("Earliest date of every product against core's forecast quantity", sizes=(1000, 10_000), limit=_limit)
def promise_products(env, size):
    is_ours = _switch_on(env)
    products, warehouse = _find_products(env, size), _find_warehouse(env)
    if not is_ours:
        return lambda: products.with_context(warehouse_id=warehouse.id).read(["virtual_available"])
    from odoo.addons.sales_management.tools.promise import PromiseRequest

    requests = [PromiseRequest(product.id, product.id, warehouse.id, QUANTITY) for product in products]
    engine = env["sales.promise.engine"]
    engine._promise(requests)

    def run():
        assert len(engine._promise(requests)) == len(requests)

    return run


# B5. At most 8 queries and a tenth of core's time; the days are core's, product by product.
@benchmark("Lead times of products, at once against one by one", sizes=(200,))
def lead_products(env, size):
    is_ours = _switch_on(env)
    products, warehouse = _find_products(env, size), _find_warehouse(env)
    if is_ours:
        from odoo.addons.sales_management.tools.promise import PromiseRequest

        requests = [PromiseRequest(product.id, product.id, warehouse.id, QUANTITY) for product in products]
        engine = env["sales.promise.engine"].sudo()
        wrong = compare_leads(env, products, warehouse, engine._get_leads(requests), QUANTITY)
        assert not wrong, f"lead times that core has otherwise, without a reason: {wrong[:5]}"
        return lambda: engine._get_leads(requests)

    def run():
        for product in products:
            rules = product._get_rules_from_location(warehouse.lot_stock_id)
            rules._get_lead_days(product, supplierinfo=product._select_seller(quantity=QUANTITY))

    return run


def _slip_receipts(env, count, lines):
    """Put receipts off by two weeks, by SQL, as if a vendor had.

    :return: pairs of product and warehouse that so many open lines take
    """
    warehouse = _find_warehouse(env)
    env.cr.execute(
        "SELECT id, product_id FROM stock_move WHERE state = 'assigned' AND purchase_line_id IS NOT NULL"
        " AND location_dest_id = %s ORDER BY date, id LIMIT %s",
        [warehouse.lot_stock_id.id, count],
    )
    rows = env.cr.fetchall()
    env.cr.execute(
        "SELECT product_id, count(DISTINCT sale_line_id) FROM stock_move WHERE product_id = ANY(%s)"
        " AND sale_line_id IS NOT NULL AND state IN ('waiting', 'confirmed', 'partially_available', 'assigned')"
        " GROUP BY 1 ORDER BY 1",
        [[product for _move, product in rows]],
    )
    pairs, found = [], 0
    for product, number in env.cr.fetchall():
        if found < lines:
            pairs.append((product, warehouse.id))
            found += number

    def slip():
        env.cr.execute(
            "UPDATE stock_move SET date = date + interval '14 days' WHERE id = ANY(%s)", [[move for move, _p in rows]]
        )
        env.invalidate_all()

    return pairs, slip


# B4. At most 0.6 s; core has no such operation. Who is told is exactly who has to be, by brute force.
@benchmark("Promise anew what receipts put off", sizes=(1000,), more_queries=1000)
def promise_anew(env, size):
    if not _switch_on(env):
        return lambda: None
    engine = env["sales.promise.engine"]
    pairs, slip = _slip_receipts(env, size // 2, size)
    committed = {line: result.date for line, result in engine._allocate(pairs).items()}
    slip()
    expected = {line for line, moment in allocate_by_hand(env, pairs).items() if moment > committed[line]}
    told = []

    def run():
        results = engine._allocate(pairs)
        told[:] = [line for line, result in results.items() if result.date > committed[line]]
        assert set(told) == expected, f"{len(set(told) - expected)} false alarms, {len(expected - set(told))} misses"

    return run


def describe_quality(env):
    """Return the quality of the answers, as lines."""
    _switch_on(env)
    lines = []
    for name, (told, broken) in count_broken_of(env, _find_products(env, 1000), _find_warehouse(env)).items():
        share = broken / told if told else 0
        lines.append(f"{name}: {broken} of {told} dates break an earlier commitment ({share:.1%}).")
    orders = env["sale.order"].union(*(_create_quotation(env, 50) for _number in range(2)))
    for name, (count, total) in count_readings(orders.order_line).items():
        lines.append(f"{name}: {count} of {total} lines say something else when they are read with others.")
    return lines
