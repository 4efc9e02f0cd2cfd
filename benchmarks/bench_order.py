"""Quotations and orders: created, changed, confirmed and listed."""

from odoo import Command

from .harness import benchmark
from .views import get_specification

LINES = 5
LIST = "sale.view_quotation_tree_with_onboarding"


def _prepare_orders_values(env, size):
    deals = env["crm.lead"].search([("type", "=", "opportunity"), ("partner_id", "!=", False)], limit=size)
    products = env["product.product"].search([("is_storable", "=", True)], limit=LINES)
    return [
        {
            "partner_id": deal.partner_id.id,
            "opportunity_id": deal.id,
            "order_line": [
                Command.create({"product_id": product.id, "product_uom_qty": 2, "price_unit": 100.0})
                for product in products
            ],
        }
        for deal in deals
    ]


@benchmark("Create quotations of five lines", sizes=(1, 20))
def create_orders(env, size):
    values = _prepare_orders_values(env, size)
    return lambda: env["sale.order"].create(values)


def _find_quotations(env, size):
    orders = env["sale.order"].search([("state", "=", "draft"), ("opportunity_id", "!=", False)], limit=size)
    assert len(orders) == size
    return orders


@benchmark("Change the first line's quantity and the reference", sizes=(1, 20))
def write_orders(env, size):
    orders = _find_quotations(env, size)

    def run():
        for order in orders:
            order.write({
                "client_order_ref": "Benchmark",
                "order_line": [Command.update(order.order_line[0].id, {"product_uom_qty": 7})],
            })

    return run


# The number goes to the deliveries and invoices: lines, moves, deliveries and invoiced lines are looked up, once each.
@benchmark("Tie quotations to another opportunity", sizes=(20,), more_queries=4)
def tie_orders(env, size):
    orders = _find_quotations(env, size)
    deal = env["crm.lead"].search([("type", "=", "opportunity")], limit=1)
    return lambda: orders.write({"opportunity_id": deal.id})


@benchmark("Confirm orders", sizes=(1, 20))
def confirm_orders(env, size):
    orders = _find_quotations(env, size)
    return lambda: orders.action_confirm()


def _select_orders(cr, size):
    def run():
        cr.execute(
            """
            SELECT o.id, o.name, o.date_order, p.complete_name, u.name, o.amount_total, o.state, o.invoice_status,
                   o.delivery_status
              FROM sale_order o LEFT JOIN res_partner p ON p.id = o.partner_id
              LEFT JOIN res_users a ON a.id = o.user_id LEFT JOIN res_partner u ON u.id = a.partner_id
             ORDER BY o.date_order DESC, o.id DESC LIMIT %s
            """,
            [size],
        )
        cr.fetchall()

    return run


def _list_orders(env, size, own=False):
    specification = get_specification(env, "sale.order", "list", LIST, own)
    return lambda: env["sale.order"].web_search_read([], specification, limit=size, count_limit=10001)


@benchmark("List orders, the columns of core", sizes=(80,), limit=_select_orders)
def list_orders(env, size):
    return _list_orders(env, size)


@benchmark("List orders, each side's own columns", sizes=(80,), limit=_select_orders)
def list_orders_own(env, size):
    return _list_orders(env, size, own=True)
