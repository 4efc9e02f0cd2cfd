"""To-dos with a deadline: telling who is late, among many that are not."""

from unittest.mock import patch

from odoo import SUPERUSER_ID

from .harness import benchmark

#: Open to-dos, of which some are due to be told of.
OPEN_TASKS = 50_000


# Core has no such thing, so all of it is more: some 20 queries for each 100 to-dos that are due, none for the others.
@benchmark("Escalate late to-dos, of 50,000 open ones", sizes=(500,), more_queries=150)
def escalate_tasks(env, size):
    if "sales.deal.task" not in env:
        return lambda: None
    # The cron's own user.
    env = env(user=SUPERUSER_ID, context={})
    _switch_on(env)
    _insert_tasks(env, size)

    def run():
        # What is measured is rolled back, so that every run finds the same data.
        with patch.object(env.registry["ir.cron"], "_commit_progress", _flush_progress):
            env["sales.deal.task"]._cron_escalate()
        env.cr.flush()
        told = env["sales.deal.task"].search_count([("escalation_level", "=", 1), ("name", "=", "Benchmark")])
        assert told == size, told
        env.registry.clear_cache()

    return run


def _flush_progress(crons, processed=0, **_kwargs):
    crons.env.cr.flush()
    return float("inf")


def _switch_on(env):
    env.cr.execute("UPDATE res_company SET sales_process_enabled = TRUE")
    env.registry.clear_cache()
    env.invalidate_all()


def _insert_tasks(env, size):
    """Open to-dos of a template with one level; the first of them have reached it."""
    stage = env["crm.stage"].search([("is_won", "=", False)], limit=1)
    template = env["sales.stage.task"].create(
        {
            "name": "Benchmark",
            "stage_id": stage.id,
            "escalation_ids": [(0, 0, {"level": 1, "hours": 48, "escalate_to": "team_leader"})],
        }
    )
    env.cr.flush()
    env.cr.execute(
        """
        WITH deal AS (
            SELECT id, user_id, COALESCE(company_id, (SELECT min(id) FROM res_company)) AS company_id,
                   row_number() OVER (ORDER BY id) AS position
              FROM crm_lead WHERE active AND type = 'opportunity'
        ), task AS (
            SELECT number, number <= %(due)s AS is_due,
                   date_trunc('second', now() AT TIME ZONE 'UTC') - interval '1 minute' AS moment,
                   1 + number %% (SELECT count(*) FROM deal) AS position
              FROM generate_series(1, %(count)s) AS number
        )
        INSERT INTO sales_deal_task (lead_id, template_id, stage_id, name, responsible, user_id, company_id, clock,
                                     hours, done_when, opened_at, due_at, state, is_on_time, escalation_level,
                                     next_escalation_at, escalation_plan, create_uid, create_date)
        SELECT deal.id, %(template)s, %(stage)s, 'Benchmark', 'salesperson', deal.user_id, deal.company_id, 'calendar',
               24, 'manual', told_at - interval '48 hours', told_at - interval '24 hours', 'open', FALSE, 0,
               told_at,
               jsonb_build_array(jsonb_build_array(%(level)s, 1, 48, to_char(told_at, 'YYYY-MM-DD"T"HH24:MI:SS'))),
               1, now() AT TIME ZONE 'UTC'
          FROM task
          JOIN deal USING (position)
    CROSS JOIN LATERAL (
               SELECT CASE WHEN is_due THEN moment ELSE moment + interval '1 day' * (1 + number %% 30) END AS told_at
               ) AS level
        """,
        {
            "count": OPEN_TASKS,
            "due": size,
            "template": template.id,
            "stage": stage.id,
            "level": template.escalation_ids.id,
        },
    )
    env.cr.execute("ANALYZE sales_deal_task")
