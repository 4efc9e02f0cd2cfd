"""Deals through the gate: five requirements that block, all of them met, against a core that asks nothing."""

from odoo import Command

from .harness import benchmark

OPEN_DEALS = [("type", "=", "opportunity"), ("won_status", "=", "pending")]


def _find_deals(env, size):
    """Return deals of one stage, and the stage after it."""
    first, second = env["crm.stage"].search([("is_won", "=", False), ("team_ids", "=", False)], limit=2)
    deals = env["crm.lead"].search([*OPEN_DEALS, ("stage_id", "=", first.id)], limit=size)
    if len(deals) < size:
        # Data of a small factor: both sides move the same deals there.
        others = env["crm.lead"].search([*OPEN_DEALS, ("stage_id", "!=", first.id)], limit=size - len(deals))
        others.write({"stage_id": first.id})
        deals |= others
    assert len(deals) == size
    deals.write({"phone": "+86 571 8888 8888"})
    for deal in deals:
        deal.message_post(body="Called", mail_activity_type_id=env.ref("mail.mail_activity_data_call").id)
    return deals, first, second


def _guard(env, stage, deals):
    """Five requirements to leave a stage, which these deals meet. Nothing where the addon is not installed."""
    if "sales.stage.requirement" not in env:
        return
    env.company.sudo().sales_process_enabled = True
    contract = env["sales.document.type"].create({"name": "Contract"})
    phone = env["ir.model.fields"].sudo()._get("crm.lead", "phone")
    values = [
        {"kind": "field", "field_id": phone.id},
        {"kind": "domain", "domain": "[('expected_revenue', '>=', 0)]"},
        {"kind": "document", "document_type_id": contract.id},
        {"kind": "checklist", "item_ids": [Command.create({"name": f"Line {line}"}) for line in range(5)]},
        {"kind": "activity"},
    ]
    requirements = env["sales.stage.requirement"].create([
        {"name": f"Requirement {number}", "stage_id": stage.id, "enforcement": "block", **vals}
        for number, vals in enumerate(values)
    ])
    checklist = requirements.filtered(lambda requirement: requirement.kind == "checklist")
    env["sales.deal.document"].create([
        {"lead_id": deal.id, "type_id": contract.id, "text": "Signed"} for deal in deals
    ])
    env["sales.deal.checklist"].create([
        {"lead_id": deal.id, "requirement_id": checklist.id, "item_id": item.id, "is_done": True}
        for deal in deals
        for item in checklist.item_ids
    ])


# What the gate reads of a batch, once per requirement, and the insert of the moves.
@benchmark("Move opportunities through a blocking gate with five requirements", sizes=(1, 100), more_queries=25)
def move_through_gate(env, size):
    deals, first, second = _find_deals(env, size)
    _guard(env, first, deals)
    # What is guarded is cached for all deals, and the addon's caches were just emptied: both sides begin warm.
    deals[:1].write({"stage_id": second.id})
    deals[:1].write({"stage_id": first.id})
    env.cr.flush()

    def move():
        deals.write({"stage_id": second.id})
        assert deals.stage_id == second

    return move
