"""The addon in a database with a history: installed, upgraded, removed and installed again, with nothing lost."""

import json
import subprocess

import pytest

from sandbox.setup import databases, paths

#: Two in a hundred of the data set of the benchmarks: two thousand deals with their orders, deliveries and invoices.
FACTOR = 0.02
#: What the addon must never change, by a checksum of every row in the columns that were there before.
CORE_TABLES = (
    "crm_lead", "sale_order", "sale_order_line", "stock_picking", "stock_move", "account_move", "res_partner",
)

GENERATE = f"""
from benchmarks.dataset import Dataset
Dataset(env, {FACTOR}).generate()
env.cr.commit()
"""
SCHEMA = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
NUMBERED = """
    SELECT count(*), count(DISTINCT deal_number), count(*) FILTER (WHERE deal_number IS NULL)
      FROM crm_lead WHERE type = 'opportunity'
"""
NUMBERS = "SELECT id, deal_number FROM crm_lead ORDER BY id"
#: What an uninstallation could leave behind.
LEFT = """
    SELECT name FROM ir_model_data WHERE module = 'sales_management'
     UNION ALL
    SELECT name FROM ir_sequence WHERE code = 'sales.deal'
     UNION ALL
    SELECT proname FROM pg_proc WHERE starts_with(proname, 'sales_')
     UNION ALL
    SELECT model FROM ir_model WHERE starts_with(model, 'sales.')
     UNION ALL
    SELECT tgname FROM pg_trigger WHERE starts_with(tgname, 'sales_')
     UNION ALL
    SELECT res_model FROM ir_attachment WHERE starts_with(res_model, 'sales.')
     UNION ALL
    SELECT model FROM mail_message WHERE starts_with(model, 'sales.')
     UNION ALL
    SELECT res_model FROM mail_followers WHERE starts_with(res_model, 'sales.')
"""
#: Stage changes of opportunities that core tracked, against those that were taken over.
HISTORY = """
    SELECT count(*), (SELECT count(*) FROM sales_stage_move WHERE origin = 'history')
      FROM mail_tracking_value value
      JOIN ir_model_fields field ON field.id = value.field_id AND field.model = 'crm.lead' AND field.name = 'stage_id'
      JOIN mail_message message ON message.id = value.mail_message_id AND message.model = 'crm.lead'
      JOIN crm_lead lead ON lead.id = message.res_id AND lead.type = 'opportunity'
"""
#: Documents whose number is not that of their deal, by core's own links.
ASTRAY = """
    SELECT 'orders', count(*)
      FROM sale_order o JOIN crm_lead l ON l.id = o.opportunity_id
     WHERE o.deal_number IS DISTINCT FROM l.deal_number
     UNION ALL
    SELECT 'deliveries', count(*)
      FROM stock_picking p JOIN sale_order o ON o.id = p.sale_id
     WHERE p.deal_number IS DISTINCT FROM o.deal_number
     UNION ALL
    SELECT 'invoices', count(*)
      FROM account_move m
      JOIN account_move_line ml ON ml.move_id = m.id
      JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = ml.id
      JOIN sale_order_line ol ON ol.id = r.order_line_id
      JOIN sale_order o ON o.id = ol.order_id
     WHERE o.deal_number IS NOT NULL
       AND strpos(coalesce(m.deal_numbers, ''), o.deal_number) = 0
"""
#: Works on every core view and document that the addon extended, and makes a deal.
WORK = """
import json
for model in ("crm.lead", "sale.order", "stock.picking", "account.move", "res.config.settings", "ir.sequence"):
    for kind in ("form", "list", "kanban", "search"):
        env[model].get_view(view_type=kind)
deal = env["crm.lead"].create({"name": "After", "type": "opportunity"})
order = env["sale.order"].search([("state", "=", "draft")], limit=1)
order.opportunity_id = deal
order.order_line.product_id.invoice_policy = "order"
order.action_confirm()
invoice = order._create_invoices()
env.flush_all()
number = deal.deal_number if "deal_number" in deal._fields else None
print("RESULT " + json.dumps([number, invoice.state, order.picking_ids[:1].state != "cancel"]))
env.cr.rollback()
"""
#: Switches all on, and leaves some of all that it brings: moves, to-dos, documents, checklists, a lost deal, a
#: quotation with two revisions that was approved and archived, another that waits.
USE = """
import json
template = env.ref("sales_management.template_manufacturing")
template._apply(env.company, template._prepare_matches())
domain = [("type", "=", "opportunity"), ("won_status", "=", "pending"), ("company_id", "=", env.company.id)]
deals = env["crm.lead"].search(domain, limit=20)
for stage in env["crm.stage"].search([("sales_code", "in", ("contact", "requirements", "proposal"))]):
    deals.write({"stage_id": stage.id})
contract = env["ir.attachment"].create({"name": "contract.txt", "raw": b"Signed"})
document_type = env["sales.document.type"].search([("code", "!=", False)], limit=1)
env["sales.deal.document"].create(
    {"lead_id": deals[0].id, "type_id": document_type.id, "attachment_id": contract.id}
)
checklist = env["sales.stage.requirement"].search([("kind", "=", "checklist")], limit=1)
item = checklist.item_ids[:1]
env["sales.deal.checklist"].sudo().create(
    {"lead_id": deals[0].id, "requirement_id": checklist.id, "item_id": item.id, "is_done": True}
)
deals[1].action_set_lost(lost_retry_date="2099-01-01")
env["sales.policy"].create({"code": "lost_reason", "level": "block"})
env.company.write({"sales_quotation_enabled": True, "sales_approval_enabled": True})
step = {"approver_kind": "user", "user_ids": [(6, 0, env.ref("base.user_admin").ids)]}
env["sales.approval.rule"].create({"name": "All", "enforcement": "block", "step_ids": [(0, 0, step)]})
quotations = env["sale.order"].search([("state", "=", "draft"), ("company_id", "=", env.company.id)], limit=3)
quotations[0].action_create_revision()
revision = quotations[0].superseded_by_id
revision.order_line[:1].price_unit += 1
revision.action_request_approval()
revision.with_user(env.ref("base.user_admin")).action_approve()
quotations[1].order_line[:1].price_unit += 1
quotations[1].action_request_approval()
offer = env["ir.attachment"].create({"name": "offer.txt", "raw": b"Offer", "res_model": "sale.order"})
revision._archive("pdf", {revision: offer})
env.cr.commit()
tasks = env["sales.deal.task"].search_count([("lead_id", "in", deals.ids), ("state", "=", "open")])
activities = env["mail.activity"].search_count([("res_model", "=", "crm.lead"), ("res_id", "in", deals.ids)])
print("RESULT " + json.dumps([tasks, activities, deals[0].id]))
"""
#: Promises dates, and leaves some of all that it brings: a quotation that holds goods, one of which production was
#: asked, an order that slipped and one that was delivered, and a product that the job has not looked at yet.
PROMISE = """
from datetime import timedelta
from odoo import fields
admin = env.ref("base.user_admin")
env.company.write({"sales_promise_enabled": True, "promise_hold_enabled": True, "promise_planner_id": admin.id})
env["sales.promise.mark"]._cron_refresh_promises()
warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
bolt, nut = env["product.product"].create(
    [{"name": name, "type": "consu", "is_storable": True} for name in ("Bolt", "Nut")]
)
receipt = env["stock.move"].create(
    {
        "product_id": bolt.id,
        "product_uom_qty": 50,
        "location_id": env.ref("stock.stock_location_suppliers").id,
        "location_dest_id": warehouse.lot_stock_id.id,
        "date": fields.Datetime.now() + timedelta(days=5),
    }
)
receipt._action_confirm()
customer = env["res.partner"].create({"name": "Customer"})
def quote(product, quantity):
    line = {"product_id": product.id, "product_uom_qty": quantity}
    values = {"partner_id": customer.id, "user_id": admin.id, "order_line": [(0, 0, line)]}
    return env["sale.order"].create(values)
slipping = quote(bolt, 20)
slipping.action_commit_promise()
slipping.action_confirm()
holding, asking = quote(bolt, 5), quote(nut, 5)
(holding | asking).action_quotation_sent()
asking.order_line.action_ask_production(note="Please")
env.cr.commit()
receipt.date += timedelta(days=20)
env.cr.commit()
env["sales.promise.mark"]._cron_refresh_promises()
env["stock.quant"]._update_available_quantity(nut, warehouse.lot_stock_id, 20)
delivered = quote(nut, 3)
delivered.action_commit_promise()
delivered.action_confirm()
delivered.picking_ids.move_ids.write({"quantity": 3, "picked": True})
delivered.picking_ids.button_validate()
env.cr.commit()
assert slipping.promise_state == "at_risk" and slipping.activity_ids
assert holding.promise_hold_count and asking.promise_question_count and delivered.promise_fact_count
assert env["sales.promise.mark"].search_count([])
"""
#: Uses customers, and leaves some of all that it brings: figures, a customer in the pool and one that was warned, days
#: and papers that somebody is reminded of, people of a deal, and two records of one customer.
CUSTOMERS = """
import json
from datetime import timedelta
from odoo import fields
admin = env.ref("base.user_admin")
today = fields.Date.today()
env.company.write(
    {"sales_customer_enabled": True, "customer_pool_enabled": True, "customer_duplicate_mode": "warn"}
)
env["sales.customer.tier"].create({"name": "Key", "rule_abc_class": "a"})
env["sales.customer.value"]._compute_company(env.company)
assert env["res.partner"].search_count([("customer_tier_id", "!=", False), ("churn_state", "!=", False)])
values = {"is_company": True, "user_id": admin.id, "phone": "+86 573 8200 1001"}
given, warned = env["res.partner"].create([{**values, "name": name} for name in ("Anna Weber GmbH", "Anna Weber")])
given.action_release_to_pool("No time")
warned._warn_owners()
env["sales.key.date"].create({"partner_id": warned.id, "kind": "contract", "date": today + timedelta(days=3)})
env["sales.key.date"]._cron_follow_key_dates()
kind = env["sales.certificate.type"].create({"name": "Licence", "reminder_days": 60})
env["sales.customer.certificate"].create(
    {
        "partner_id": warned.id,
        "type_id": kind.id,
        "valid_to": today + timedelta(days=20),
        "file": "TGljZW5jZQ==",
        "file_name": "licence.txt",
    }
)
env["sales.customer.certificate"]._cron_follow_certificates()
deal = env["crm.lead"].search([("type", "=", "opportunity")], limit=1)
env["sales.deal.person"].create({"lead_id": deal.id, "partner_id": warned.id, "role": "decider"})
env["sales.customer.duplicate"]._cron_scan()
env.cr.commit()
assert env["sales.customer.claim"].search_count([("partner_id", "=", given.id)])
assert env["sales.customer.duplicate"].search_count([("partner_ids", "in", given.ids)])
assert len(warned.activity_ids) >= 3, warned.activity_ids.mapped("activity_type_id.name")
print("RESULT " + json.dumps([warned.id, len(warned.activity_ids)]))
"""
ACTIVITIES = "SELECT count(*) FROM mail_activity WHERE res_model = 'crm.lead' AND active"
REMINDERS = "SELECT count(*) FROM mail_activity WHERE res_model = 'res.partner' AND res_id = %d AND active"
LICENCE = "SELECT res_model, res_id, res_field FROM ir_attachment WHERE name = 'licence.txt'"
OFFER = "SELECT DISTINCT res_model FROM ir_attachment WHERE name = 'offer.txt'"
CONTRACT = "SELECT res_model, res_id FROM ir_attachment WHERE name = 'contract.txt'"
UNINSTALL = """
env["ir.module.module"].search([("name", "=", "sales_management")]).button_immediate_uninstall()
"""


@pytest.fixture
def database(sandbox_env, make_database):
    name = make_database("lifecycle")
    run(sandbox_env, name, GENERATE)
    return name


def run(env, database, script):
    """Run a script in Odoo's shell and return what it printed behind RESULT."""
    done = subprocess.run(
        env.odoo_command("shell", f"--database={database}", "--no-http", "--log-level=error"),
        input=script, capture_output=True, text=True, env=env.variables, cwd=paths.ROOT, timeout=600,
    )
    assert not done.returncode, done.stderr[-3000:]
    assert "Traceback" not in done.stderr, done.stderr[-3000:]
    assert "bad query" not in done.stderr, done.stderr[-3000:]
    found = [line.removeprefix("RESULT ") for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    return json.loads(found[-1]) if found else None


def schema_of(env, database):
    columns = {}
    for table, column in databases.query(env, SCHEMA, database=database):
        columns.setdefault(table, []).append(column)
    return columns


def checksums(env, database, columns):
    """Return a checksum per table of core over all of its rows in these columns."""
    sums = {}
    for table in CORE_TABLES:
        listed = ", ".join(f'"{column}"' for column in columns[table])
        rows = databases.query(
            env,
            f"SELECT count(*), sum(hashtextextended(t::text, 0)) FROM (SELECT {listed} FROM {table}) t",
            database=database,
        )
        sums[table] = rows[0]
    return sums


def install(env, database, upgrade=False):
    title = "Upgrading" if upgrade else "Installing"
    databases.install(env, database, [paths.ADDON], f"{title} the addon over a history", upgrade=upgrade)


def test_a_history_survives_installing_upgrading_and_removing(sandbox_env, database):
    def query(statement):
        return databases.query(sandbox_env, statement, database=database)

    columns = schema_of(sandbox_env, database)
    before = checksums(sandbox_env, database, columns)

    install(sandbox_env, database)
    [[count, different, missing]] = query(NUMBERED)
    assert count >= 2000
    assert (different, missing) == (count, 0)
    assert dict(query(ASTRAY)) == {"orders": 0, "deliveries": 0, "invoices": 0}
    assert checksums(sandbox_env, database, columns) == before
    [[tracked, taken_over]] = query(HISTORY)
    assert taken_over == tracked > count
    number, invoice_state, delivers = run(sandbox_env, database, WORK)
    assert int(number.rpartition("-")[2]) == count + 1
    assert (invoice_state, delivers) == ("draft", True)

    numbers = query(NUMBERS)
    install(sandbox_env, database, upgrade=True)
    assert query(NUMBERS) == numbers

    run(sandbox_env, database, PROMISE)
    tasks, activities, deal_id = run(sandbox_env, database, USE)
    assert 0 < tasks <= activities
    customer_id, reminders = run(sandbox_env, database, CUSTOMERS)
    before, todos = checksums(sandbox_env, database, columns), query(ACTIVITIES)

    # Errors that core survives, such as a column asked for that is gone, would fail this.
    run(sandbox_env, database, UNINSTALL)
    assert schema_of(sandbox_env, database) == columns
    assert checksums(sandbox_env, database, columns) == before
    assert query(LEFT) == []
    assert query(ACTIVITIES) == todos
    assert query(REMINDERS % customer_id) == [[reminders]]
    assert query(LICENCE) == [["res.partner", customer_id, None]]
    assert query(CONTRACT) == [["crm.lead", deal_id]]
    assert query(OFFER) == [["sale.order"]]
    assert run(sandbox_env, database, WORK) == [None, "draft", True]

    install(sandbox_env, database)
    assert query(NUMBERS) == numbers
