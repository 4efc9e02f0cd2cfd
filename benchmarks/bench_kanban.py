"""The pipeline as it opens: columns, and the cards of all of them."""

from odoo.fields import Command

from .bench_opportunity import KANBAN, OPEN_DEALS
from .harness import benchmark
from .views import get_specification

#: Columns that are open, and deals that stand in them together.
COLUMNS = 5
KINDS = ("field", "document", "checklist", "activity", "quotation")


def _open_pipeline(env, size, own):
    """As the web client does: the columns with the cards of those that are not folded, and the bars above them."""
    deals = _spread_deals(env, size)
    # Whether the card has a field may depend on a group, and the deals are asked something only by now.
    specification = get_specification(env, "crm.lead", "kanban", KANBAN, own=own)
    if own and "sales.stage.requirement" in env:
        assert "stage_line" in specification
        # The line on the card asks for these on its own (`fieldDependencies`).
        specification |= {"date_last_stage_update": {}, "deal_number": {}}
    domain = [("id", "in", deals.ids)]
    bar = {"field": "activity_state", "colors": {"planned": "success", "today": "warning", "overdue": "danger"}}

    def run():
        env["crm.lead"].web_read_group(
            domain,
            ["stage_id"],
            ["expected_revenue:sum"],
            auto_unfold=True,
            unfold_read_specification=specification,
            unfold_read_default_limit=80,
        )
        env["crm.lead"].read_progress_bar(domain, "stage_id", bar)

    # To switch the process on emptied the caches of the server: both sides begin warm.
    run()
    return run


def _spread_deals(env, size):
    stages = env["crm.stage"].search([("is_won", "=", False)], limit=COLUMNS)
    stages |= env["crm.stage"].create(
        [{"name": f"Benchmark {number}", "sequence": 50 + number} for number in range(COLUMNS - len(stages))]
    )
    stages.fold = False
    deals = env["crm.lead"].search(OPEN_DEALS, limit=size)
    assert len(deals) == size
    for number, stage in enumerate(stages):
        deals[number::COLUMNS].write({"stage_id": stage.id})
    if "sales.stage.requirement" in env:
        _require(env, stages, deals)
    return deals


def _require(env, stages, deals):
    """Let each stage ask for five things, as nobody's process asks for more; half of the deals have one of them.

    On each deal a to-do is open, due at a moment of its own, so that no two cards show the same.
    """
    env.company.sudo().sales_process_enabled = True
    document_type = env["sales.document.type"].sudo().create({"name": "Benchmark"})
    field = env["ir.model.fields"].sudo()._get("crm.lead", "expected_revenue")
    env["sales.stage.requirement"].sudo().create(
        [
            {
                "stage_id": stage.id,
                "name": kind,
                "kind": kind,
                "enforcement": "block",
                "field_id": field.id,
                "document_type_id": document_type.id,
                "item_ids": [Command.create({"name": name}) for name in ("Drawing", "Material")],
            }
            for stage in stages
            for kind in KINDS
        ]
    )
    env["sales.deal.document"].create(
        [{"lead_id": deal.id, "type_id": document_type.id, "text": "Drawing"} for deal in deals[::2]]
    )
    env.cr.flush()
    # Not by the ORM: the activities that it would add are not in the other database.
    env.cr.execute(
        """
        INSERT INTO sales_deal_task (lead_id, stage_id, name, responsible, user_id, company_id, clock, hours, done_when,
                                     opened_at, due_at, state)
        SELECT id, stage_id, 'Benchmark', 'salesperson', user_id, %s, 'calendar', 24, 'manual',
               now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' + id * interval '1 minute', 'open'
          FROM crm_lead
         WHERE id IN %s
        """,
        [env.company.id, deals._ids],
    )


@benchmark("Open the pipeline, the fields of core", sizes=(100,), more_queries=0)
def open_pipeline(env, size):
    return _open_pipeline(env, size, own=False)


# A quarter of core's time at most. What the deals have of what is asked is one query, and what they are is another: the
# columns that core's card does not read.
@benchmark("Open the pipeline, each side's own fields, five requirements a stage", sizes=(100,), more_queries=3)
def open_pipeline_own(env, size):
    return _open_pipeline(env, size, own=True)
