"""Quotations of a company that uses revisions and approvals, against a core that asks nothing."""

from odoo import Command

from .harness import benchmark
from .views import get_specification

LIST = "sale.view_quotation_tree_with_onboarding"


def _switch_on(env):
    """Let the company use both capabilities, with twenty rules that ask one approver. Nothing without the addon."""
    if "sales.approval.rule" not in env:
        return None
    env.company.sudo().write({"sales_quotation_enabled": True, "sales_approval_enabled": True})
    approver = env["res.users"].sudo().create(
        {"name": "Approver", "login": "approver", "group_ids": [Command.link(env.ref("base.group_user").id)]}
    )
    step = Command.create({"approver_kind": "user", "user_ids": [Command.set(approver.ids)]})
    env["sales.approval.rule"].sudo().create([
        {
            "name": f"Rule {number}",
            "enforcement": "block",
            "active_from": "2020-01-01",
            "has_discount_max": True,
            "discount_max": number,
            "step_ids": [step],
        }
        for number in range(20)
    ])
    return approver


def _create_quotation(env, lines):
    product_ids = env["product.product"].search([("is_storable", "=", True)], limit=lines).ids
    deal = env["crm.lead"].search([("type", "=", "opportunity"), ("partner_id", "!=", False)], limit=1)
    return env["sale.order"].create({
        "partner_id": deal.partner_id.id,
        "opportunity_id": deal.id,
        "order_line": [
            Command.create({
                "product_id": product_ids[number % len(product_ids)],
                "product_uom_qty": 2,
                "price_unit": 100,
                "discount": 10,
            })
            for number in range(lines)
        ],
    })


def _approve(order, approver):
    if approver:
        order.action_request_approval()
        order.with_user(approver).action_approve()
        assert order.approval_state == "approved"
    return order


# Digest of the content, requests and approvals: read once, whatever the number of lines.
@benchmark("Confirm an approved quotation, by its lines", sizes=(20, 200), more_queries=12)
def confirm_quotation(env, size):
    approver = _switch_on(env)
    # Switching empties the caches of the server: both sides begin warm.
    _approve(_create_quotation(env, 2), approver).action_confirm()
    order = _approve(_create_quotation(env, size), approver)

    def run():
        order.action_confirm()
        assert order.state == "sale"

    return run


# The gate of that confirmation, against all of it: the ratio is the share that it takes.
@benchmark("The gate of it against core's confirmation, by its lines", sizes=(20, 200))
def check_quotation(env, size):
    approver = _switch_on(env)
    _approve(_create_quotation(env, 2), approver).action_confirm()
    order = _approve(_create_quotation(env, size), approver)
    if not approver:
        return lambda: order.action_confirm()

    def prepare():
        # What a confirmation reads of its lines anyway.
        order.order_line.mapped("price_unit")
        order.order_line.tax_ids.mapped("amount")

    return prepare, order._check_confirmable


# What rules look at, as often for a line as for a hundred.
@benchmark("Save 20 lines of a quotation from its form", sizes=(20,), more_queries=26)
def save_quotation(env, size):
    _switch_on(env)

    def save(order):
        commands = [Command.update(line.id, {"price_unit": 90}) for line in order.order_line]
        order.web_save({"order_line": commands, "note": "Ex works"}, {"name": {}})

    save(_create_quotation(env, 2))
    order = _create_quotation(env, size)
    return lambda: save(order)


@benchmark("List quotations with their approval", sizes=(20, 500), more_queries=20)
def list_quotations(env, size):
    _switch_on(env)
    specification = get_specification(env, "sale.order", "list", LIST, own=True)

    def read(limit):
        env["sale.order"].web_search_read([], specification, limit=limit, count_limit=10001)

    read(1)
    return lambda: read(size)
