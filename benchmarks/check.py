"""Looks at the data set the way people do: a row that the ORM cannot read or finish would falsify every figure."""

from .dataset import LOADED_MODELS
from .views import get_specification

SAMPLES = 20
FORMS = {
    "res.partner": "base.view_partner_form",
    "crm.lead": "crm.crm_lead_view_form",
    "sale.order": "sale.view_order_form",
    "stock.picking": "stock.view_picking_form",
    "account.move": "account.view_move_form",
    "product.template": "product.product_template_only_form_view",
}
# Stored computations that follow from other rows, recomputed on samples.
RECOMPUTED = {
    "res.partner": ["complete_name", "commercial_partner_id", "email_normalized"],
    "crm.lead": ["won_status", "day_close", "email_normalized", "email_domain_criterion", "team_id"],
    "sale.order": ["amount_total", "amount_untaxed", "invoice_status", "delivery_status", "margin"],
    "sale.order.line": ["qty_delivered", "qty_invoiced", "price_subtotal", "price_tax", "margin"],
    "stock.picking": ["state", "scheduled_date", "sale_id"],
    "stock.move": ["product_qty", "quantity", "reference"],
    "account.move": ["amount_total", "amount_residual", "payment_state", "sequence_number", "sequence_prefix"],
    "account.move.line": ["price_subtotal", "amount_residual", "move_name"],
}


def check(env):
    """Raise an AssertionError where the data set is not what core would have written."""
    check_foreign_keys(env)
    check_figures(env)
    for model in RECOMPUTED:
        check_recomputation(env[model], _sample(env[model]))
    env = env(user=env["res.users"].search([("login", "=", "benchmark")]))
    for model, xmlid in FORMS.items():
        _sample(env[model]).web_read(get_specification(env, model, "form", xmlid))
    check_work_goes_on(env)
    env.cr.rollback()


def _sample(model):
    """Return records from all over the table, archived ones included: the newest and evenly spread older ones."""
    records = model.with_context(active_test=False)
    ids = records.search([], order="id").ids
    return records.browse(ids[:: max(1, len(ids) // SAMPLES)] + ids[-SAMPLES:]).with_context(active_test=True)


def check_foreign_keys(env):
    """Loading went past the foreign keys: every one of the loaded tables is verified here."""
    tables = [env[model]._table for model in LOADED_MODELS]
    env.cr.execute(
        """
        SELECT c.conrelid::regclass, a.attname, c.confrelid::regclass
          FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
         WHERE c.contype = 'f'
           AND (c.conrelid::regclass::text = ANY(%s)
                OR c.conrelid IN (SELECT o.conrelid FROM pg_constraint o
                                   WHERE o.contype = 'f' AND o.confrelid::regclass::text = ANY(%s)))
        """,
        [tables, tables],
    )
    for table, column, target in env.cr.fetchall():
        env.cr.execute(f"""
            SELECT count(*) FROM {table} t
             WHERE t."{column}" IS NOT NULL AND NOT EXISTS (SELECT FROM {target} f WHERE f.id = t."{column}")
        """)
        missing = env.cr.fetchone()[0]
        assert not missing, f"{missing} rows of {table}.{column} link to no row of {target}"


def check_figures(env):
    """Books balance, stock adds up, numbers are unique."""
    for meaning, query in {
        "entries out of balance": "SELECT move_id FROM account_move_line GROUP BY move_id HAVING sum(balance) != 0",
        "quants that differ from the moves": """
            SELECT product_id, location_id FROM (
                   SELECT product_id, location_id, quantity FROM stock_quant
                    UNION ALL SELECT product_id, location_id, quantity FROM stock_move_line WHERE state = 'done'
                    UNION ALL SELECT product_id, location_dest_id, -quantity FROM stock_move_line WHERE state = 'done'
                   ) flow GROUP BY 1, 2 HAVING sum(quantity) != 0""",
        "reservations that differ from the moves": """
            SELECT product_id, flow.location_id FROM (
                   SELECT product_id, location_id, reserved_quantity FROM stock_quant
                    UNION ALL SELECT product_id, location_id, -quantity FROM stock_move_line WHERE state != 'done'
                   ) flow
              JOIN stock_location l ON l.id = flow.location_id AND l.usage = 'internal'
             GROUP BY 1, 2 HAVING sum(reserved_quantity) != 0""",
        "orders with the same number": "SELECT name FROM sale_order GROUP BY name HAVING count(*) > 1",
        "stage histories that end elsewhere": """
            SELECT l.id FROM crm_lead l JOIN LATERAL (
                   SELECT v.new_value_integer FROM mail_message m JOIN mail_tracking_value v ON v.mail_message_id = m.id
                     JOIN ir_model_fields f ON f.id = v.field_id AND f.name = 'stage_id'
                    WHERE m.model = 'crm.lead' AND m.res_id = l.id ORDER BY m.date DESC, m.id DESC LIMIT 1
                   ) last ON true
             WHERE last.new_value_integer != l.stage_id""",
    }.items():
        env.cr.execute(query)
        found = env.cr.fetchall()
        assert not found, f"{meaning}: {found[:10]}"


def check_recomputation(model, records):
    for name in RECOMPUTED[model._name]:
        field = model._fields[name]
        stored = {record.id: record[name] for record in records}
        env = model.env
        env.add_to_compute(field, records)
        records._recompute_recordset([name])
        for record in records:
            before, after = stored[record.id], record[name]
            same = abs(before - after) < 1e-6 if isinstance(before, float) else before == after
            assert same, f"{record}.{name} is stored as {before!r}, computed as {after!r}"
    model.env.cr.rollback()
    model.env.invalidate_all()


def check_work_goes_on(env):
    """A quotation becomes a paid-for delivery; a deal is won."""
    order = env["sale.order"].search([("state", "=", "draft"), ("opportunity_id", "!=", False)], limit=1)
    numbers = set(env["sale.order"].search([]).mapped("name"))
    assert order.copy().name not in numbers, "the sequence of orders was not advanced"
    order.action_confirm()
    picking = order.picking_ids
    # Whether there is stock is chance where little is left; that there was is what the books say of a delivery.
    for move in picking.move_ids:
        move.quantity = move.product_uom_qty
    picking.button_validate()
    assert picking.state == "done" and order.delivery_status == "full", "the delivery cannot be made"
    invoice = order._create_invoices()
    invoice.action_post()
    assert invoice.state == "posted" and invoice.amount_total == order.amount_total, "the invoice cannot be posted"
    deal = env["crm.lead"].search([("type", "=", "opportunity"), ("won_status", "=", "pending")], limit=1)
    deal.action_set_won()
    assert deal.won_status == "won", "the deal cannot be won"
    env.cr.flush()
