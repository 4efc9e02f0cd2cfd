"""Leads and opportunities: created, moved and listed."""

from .harness import benchmark
from .views import get_specification

LIST = "crm.crm_case_tree_view_oppor"
KANBAN = "crm.crm_case_kanban_view_leads"
OPEN_DEALS = [("type", "=", "opportunity"), ("won_status", "=", "pending")]


def _prepare_leads_values(env, size, lead_type):
    partners = env["res.partner"].search([("is_company", "=", True)], limit=size, order="id desc")
    return [
        {
            "name": f"Benchmark {number}",
            "type": lead_type,
            "partner_id": partners[number % len(partners)].id,
            "expected_revenue": 1000.0,
            "user_id": env.uid,
        }
        for number in range(size)
    ]


def _insert_leads(cr, size):
    def run():
        cr.execute(
            """
            INSERT INTO crm_lead (name, type, active, stage_id, team_id, user_id, company_id, partner_id,
                                  expected_revenue, won_status, create_date, write_date)
            SELECT name, type, active, stage_id, team_id, user_id, company_id, partner_id,
                   expected_revenue, won_status, now(), now()
              FROM crm_lead WHERE type = 'opportunity' ORDER BY id DESC LIMIT %s
            """,
            [size],
        )

    return run


@benchmark("Create leads", sizes=(1, 100))
def create_leads(env, size):
    values = _prepare_leads_values(env, size, "lead")
    return lambda: env["crm.lead"].create(values)


# The deal number is the one query that the addon may add: one for a batch of any size.
@benchmark("Create opportunities", sizes=(1, 100, 1000), limit=_insert_leads, more_queries=1)
def create_opportunities(env, size):
    values = _prepare_leads_values(env, size, "opportunity")
    return lambda: env["crm.lead"].create(values)


def _update_deals(cr, size):
    def run():
        cr.execute(
            """
            UPDATE crm_lead SET stage_id = (SELECT max(id) FROM crm_stage WHERE is_won IS NOT TRUE),
                                expected_revenue = 2000, write_date = now()
             WHERE id IN (SELECT id FROM crm_lead WHERE won_status = 'pending' ORDER BY id LIMIT %s)
            """,
            [size],
        )

    return run


# The stage moves of a batch are one insert.
@benchmark(
    "Move opportunities to another stage, with another value", sizes=(1, 100), limit=_update_deals, more_queries=1
)
def write_opportunities(env, size):
    stage = env["crm.stage"].search([("is_won", "=", False)], limit=1)
    deals = env["crm.lead"].search([*OPEN_DEALS, ("stage_id", "!=", stage.id)], limit=size)
    assert len(deals) == size
    return lambda: deals.write({"stage_id": stage.id, "expected_revenue": 2000.0})


# The number, and a look whether orders or invoices of the lead wait for it.
@benchmark("Convert leads to opportunities", sizes=(1, 20), more_queries=3)
def convert_leads(env, size):
    leads = env["crm.lead"].search([("type", "=", "lead")], limit=size)
    assert len(leads) == size
    return lambda: leads.write({"type": "opportunity"})


def _select_deals(cr, size):
    def run():
        cr.execute(
            """
            SELECT l.id, l.name, p.complete_name, l.email_from, l.phone, s.name, l.expected_revenue, l.probability,
                   u.name, t.name, l.create_date
              FROM crm_lead l
              LEFT JOIN res_partner p ON p.id = l.partner_id LEFT JOIN crm_stage s ON s.id = l.stage_id
              LEFT JOIN res_users a ON a.id = l.user_id LEFT JOIN res_partner u ON u.id = a.partner_id
              LEFT JOIN crm_team t ON t.id = l.team_id
             WHERE l.active AND l.type = 'opportunity' ORDER BY l.priority DESC, l.id DESC LIMIT %s
            """,
            [size],
        )
        cr.fetchall()

    return run


def _list_deals(env, size, view_type, xmlid, own=False):
    specification = get_specification(env, "crm.lead", view_type, xmlid, own)
    domain = [("type", "=", "opportunity")]
    return lambda: env["crm.lead"].web_search_read(domain, specification, limit=size, count_limit=10001)


@benchmark("List opportunities, the columns of core", sizes=(80,), limit=_select_deals)
def list_opportunities(env, size):
    return _list_deals(env, size, "list", LIST)


@benchmark("List opportunities, each side's own columns", sizes=(80,), limit=_select_deals)
def list_opportunities_own(env, size):
    return _list_deals(env, size, "list", LIST, own=True)


@benchmark("Cards of opportunities, the fields of core", sizes=(40,))
def kanban_opportunities(env, size):
    return _list_deals(env, size, "kanban", KANBAN)


@benchmark("Cards of opportunities, each side's own fields", sizes=(40,))
def kanban_opportunities_own(env, size):
    return _list_deals(env, size, "kanban", KANBAN, own=True)
