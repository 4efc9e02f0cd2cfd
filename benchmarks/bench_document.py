"""Deliveries and invoices: validated, created, posted and listed."""

from .harness import benchmark
from .views import get_specification

DELIVERY_LIST = "stock.vpicktree"
INVOICE_LIST = "account.view_out_invoice_tree"


def _find_deliveries(env, size):
    domain = [("state", "=", "assigned"), ("picking_type_id.code", "=", "outgoing"), ("sale_id", "!=", False)]
    pickings = env["stock.picking"].search(domain, limit=size)
    assert len(pickings) == size
    return pickings


def _deliver(env, size):
    """Return orders that were just delivered in full."""
    pickings = _find_deliveries(env, size)
    pickings.button_validate()
    assert set(pickings.mapped("state")) == {"done"}
    return pickings.sale_id


@benchmark("Validate deliveries of 15 moves", sizes=(1, 10))
def validate_deliveries(env, size):
    pickings = _find_deliveries(env, size)
    return lambda: pickings.button_validate()


@benchmark("Validate a delivery in part, with a backorder", sizes=(1,))
def validate_with_backorder(env, size):
    pickings = _find_deliveries(env, size)
    for move in pickings.move_ids:
        move.quantity = 1
        move.picked = True
    return lambda: pickings.with_context(skip_backorder=True).button_validate()


# The relation that finds the invoices of a deal: one insert for all of them.
@benchmark("Create invoices", sizes=(1, 10), more_queries=1)
def create_invoices(env, size):
    orders = _deliver(env, size)
    return lambda: orders._create_invoices()


@benchmark("Post invoices", sizes=(1, 10))
def post_invoices(env, size):
    invoices = _deliver(env, size)._create_invoices()
    return lambda: invoices.action_post()


@benchmark("Create and post invoices without orders", sizes=(1, 10))
def post_free_invoices(env, size):
    posted = env["account.move"].search([("move_type", "=", "out_invoice"), ("state", "=", "posted")], limit=size)

    def run():
        for invoice in posted:
            invoice.copy().action_post()

    return run


# The deals of the refunded invoice are read, and inserted for the refund.
@benchmark("Refund invoices", sizes=(1,), more_queries=2)
def refund_invoices(env, size):
    posted = env["account.move"].search([("move_type", "=", "out_invoice"), ("state", "=", "posted")], limit=size)
    return lambda: posted._reverse_moves()


def _list(env, size, model, xmlid, domain, own):
    specification = get_specification(env, model, "list", xmlid, own)
    return lambda: env[model].web_search_read(domain, specification, limit=size, count_limit=10001)


@benchmark("List deliveries, the columns of core", sizes=(80,))
def list_deliveries(env, size):
    return _list(env, size, "stock.picking", DELIVERY_LIST, [], own=False)


@benchmark("List deliveries, each side's own columns", sizes=(80,))
def list_deliveries_own(env, size):
    return _list(env, size, "stock.picking", DELIVERY_LIST, [], own=True)


@benchmark("List invoices, the columns of core", sizes=(80,))
def list_invoices(env, size):
    return _list(env, size, "account.move", INVOICE_LIST, [("move_type", "=", "out_invoice")], own=False)


@benchmark("List invoices, each side's own columns", sizes=(80,))
def list_invoices_own(env, size):
    return _list(env, size, "account.move", INVOICE_LIST, [("move_type", "=", "out_invoice")], own=True)
