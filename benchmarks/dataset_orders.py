"""Orders with their deliveries and invoices, and the stock that they moved."""

from collections import Counter

from .multiply import Tree

# Deliveries had to come from somewhere: every product was counted in before the history begins, with this much left.
STOCK_LEFT = 1000
# Where more is bought and made, so little that what is ordered waits for receipts.
STOCK_LEFT_WITH_SUPPLY = 25
# Then deliveries are to be made within so many days.
DAYS_OF_DEMAND = 45
ORDERS_OF_DEALS = {
    "closed_orders": "won_deals",
    "open_orders": "won_deals",
    "draft_quotations": "open_deals",
    "sent_quotations": "open_deals",
}


def copy_orders(dataset, documents):
    taken = dict.fromkeys(ORDERS_OF_DEALS.values(), 0)
    # Document numbers go on after those of the prototypes; invoices count by year.
    dataset.used_invoices = Counter(invoice.date.year for invoice in documents["closed_orders"].invoice_ids)
    dataset.next_number = {"sale.order": 1000, "stock.picking": 1000}
    for kind, deals in ORDERS_OF_DEALS.items():
        _plan_orders(dataset, kind, deals, taken[deals])
        taken[deals] += dataset.size[kind]
        _copy_order(dataset, kind, documents[kind], documents[deals])
        dataset.say(kind.replace("_", " "))


def _plan_orders(dataset, kind, deals, skipped):
    """Create the plan of one order for each of the next deals, none older than its deal, open ones of this month."""
    age = "days - days_closed" if kind == "closed_orders" else f"LEAST(days, {dataset.dice(30)})"
    dataset.cr.execute(f"""
        CREATE TEMP TABLE {kind} AS
        SELECT *, (row_number() OVER (PARTITION BY year ORDER BY days DESC, i) - 1)::int AS nth_of_year
          FROM (SELECT i - {skipped} AS i, {age} AS days, scale, customer, product, user_id, team_id, author_id,
                       {dataset.first_deal[deals]} + i AS deal, extract(year FROM current_date - ({age}))::int AS year
                  FROM {deals} WHERE i >= {skipped} AND i < {skipped + dataset.size[kind]}) dated
    """)


def _copy_order(dataset, kind, order, deal):
    pickings, invoices = order.picking_ids.sorted("id"), order.invoice_ids.sorted("id")
    moves = pickings.move_ids
    records = [
        order, order.order_line, order.stock_reference_ids, pickings, moves, moves.move_line_ids, invoices,
        invoices.line_ids,
    ]  # fmt: skip
    tree = Tree(dataset.env, kind, records)
    links = {
        **dataset.links,
        "crm.lead": {deal.id: "g.deal"},
        "product.product": _get_product_links(dataset, lambda number: f"{dataset.first_product} + {number}"),
    }
    overrides = _get_overrides(dataset, tree, order)
    if dataset.has_supply and kind == "open_orders":
        day = f"date_trunc('day', now() AT TIME ZONE 'UTC') + {dataset.dice(DAYS_OF_DEMAND, 'g.i')} * interval '1 day'"
        overrides["stock.move"] |= {"date": day, "date_deadline": day}
    tree.copy(overrides, links)
    for model in dataset.next_number:
        if model in tree.records:
            dataset.next_number[model] += dataset.size[kind] * len(tree.records[model])


def _get_product_links(dataset, expression):
    """Return SQL for each product of the prototypes: neighbours in the range, so that no order has one twice."""
    count = dataset.size["products"]
    return {
        product.id: expression(f"(g.product + {position}) % {count}")
        for position, product in enumerate(dataset.prototypes.products)
    }


def _get_overrides(dataset, tree, order):
    start = dataset.next_number
    name = f"'S' || pg_temp.pad({start['sale.order']} + g.i)"
    cases = _get_product_links(dataset, lambda number: f"'[P' || pg_temp.pad({number}) || '] Product ' || {number}")
    product = " ".join(f"WHEN {product_id} THEN {text}" for product_id, text in cases.items())
    line_name = f"CASE p.product_id {product} ELSE p.name END"
    overrides = {
        "sale.order": {"name": name},
        "sale.order.line": {"name": line_name},
        "stock.reference": {"name": name},
    }
    if "stock.picking" in tree.records:
        # Every copy has its own pickings, numbered through.
        number = f"'WH/OUT/' || pg_temp.pad({start['stock.picking']} + {{}})"
        overrides["stock.picking"] = {"name": number.format(tree.nth("stock.picking")), "origin": name}
        reference = number.format(tree.nth("stock.picking", "p.picking_id"))
        overrides["stock.move"] = {"reference": reference, "origin": name}
    if "account.move" in tree.records:
        overrides.update(_get_invoice_overrides(dataset, tree, name, line_name))
    return overrides


def _get_invoice_overrides(dataset, tree, order_name, line_name):
    ids = tree.records["account.move"].ids
    used = " ".join(f"WHEN {year} THEN {count}" for year, count in dataset.used_invoices.items())

    def number(column):
        position = f"array_position(ARRAY{ids}, {column})"
        return f"(CASE g.year {used} ELSE 0 END + g.nth_of_year * {len(ids)} + {position})"

    def name(column):
        return f"'INV/' || g.year || '/' || pg_temp.pad({number(column)})"

    own, parent = name("p.id"), name("p.move_id")
    due_name = f"{order_name} || ' - ' || {parent}"
    return {
        "account.move": {
            "name": own,
            "payment_reference": own,
            "sequence_prefix": "'INV/' || g.year || '/'",
            "sequence_number": number("p.id"),
            "ref": order_name,
            "invoice_origin": order_name,
            "invoice_partner_display_name": f"'Customer ' || (g.customer - {dataset.first_customer}) / 2",
        },
        "account.move.line": {
            "move_name": parent,
            "ref": order_name,
            "name": f"CASE p.display_type WHEN 'payment_term' THEN {due_name} ELSE {line_name} END",
        },
    }


def copy_stock(dataset):
    """Count every product in before the first delivery, and store what is on hand and reserved now."""
    product = dataset.prototypes.products[0]
    first, last = dataset.first_product, dataset.first_product + dataset.size["products"] - 1
    left = dataset.dice(STOCK_LEFT_WITH_SUPPLY, "p.id") if dataset.has_supply else STOCK_LEFT
    dataset.cr.execute(f"""
        CREATE TEMP TABLE supply AS
        SELECT p.id - {first} AS i, 800 AS days, 1 AS scale, COALESCE(l.sold, 0) AS sold,
               COALESCE(l.reserved, 0) AS reserved, COALESCE(l.sold + l.reserved, 0) + {left} AS counted
          FROM product_product p
          LEFT JOIN (SELECT product_id, COALESCE(sum(quantity) FILTER (WHERE state = 'done'), 0) AS sold,
                            COALESCE(sum(quantity) FILTER (WHERE state != 'done'), 0) AS reserved
                       FROM stock_move_line GROUP BY product_id) l ON l.product_id = p.id
         WHERE p.id BETWEEN {first} AND {last}
    """)
    replace = {"product.product": {product.id: f"{first} + g.i"}}
    counted = dataset.env["stock.move"].search([("product_id", "=", product.id), ("is_inventory", "=", True)])
    quantity = dict.fromkeys(["product_uom_qty", "product_qty", "quantity", "packaging_uom_qty"], "g.counted")
    Tree(dataset.env, "supply", [counted, counted.move_line_ids]).copy(
        {
            "stock.move": {**quantity, "value": f"g.counted * p.value / {sum(counted.mapped('quantity'))}"},
            "stock.move.line": dict.fromkeys(["quantity", "quantity_product_uom"], "g.counted"),
        },
        replace,
    )
    quants = dataset.env["stock.quant"].search([("product_id", "=", product.id)])
    usage = {quant.location_id.usage: quant.location_id.id for quant in quants}
    on_hand, stock = "g.counted - g.sold", usage["internal"]
    Tree(dataset.env, "supply", [quants]).copy(
        {
            "stock.quant": {
                "quantity": f"CASE p.location_id WHEN {stock} THEN {on_hand} WHEN {usage['customer']} THEN g.sold"
                " ELSE -g.counted END",
                "reserved_quantity": f"CASE p.location_id WHEN {stock} THEN g.reserved ELSE 0 END",
            }
        },
        replace,
    )
    dataset.say("stock")


def advance_sequences(dataset):
    env = dataset.env
    env["ir.sequence"].search([("code", "=", "sale.order")]).number_next_actual = dataset.next_number["sale.order"]
    picking_type = env["stock.picking.type"].search([("code", "=", "outgoing")], limit=1)
    picking_type.sequence_id.number_next_actual = dataset.next_number["stock.picking"]
