"""Customers: known again when they are saved, valued each night, looked at with a long history."""

from itertools import count

from psycopg2.extensions import AsIs

from odoo.addons.sales_management.tools.rfm import SEGMENTS

from .customer_limit import STATEMENTS, get_maxima
from .harness import USER, benchmark

NUMBERS = count(1)


def _switch_on(env, **settings):
    if "sales.customer.value" not in env:
        return False
    env.company.sudo().write({"sales_customer_enabled": True, **settings})
    return True


def _limit(cr, _size):
    """The same figures, written to the same columns of as many customers."""
    cr.execute("SELECT company_id FROM res_users WHERE login = %s", [USER])
    [company_id] = cr.fetchone()
    segments = [name for score in sorted(SEGMENTS) for name in SEGMENTS[score]]
    values = {"company": company_id, "segments": segments, "maxima": AsIs(get_maxima())}

    def run():
        for statement in STATEMENTS:
            cr.execute(statement, values)

    return run


# At most 30 ms and 5 queries more than core.
@benchmark("Save a customer that is compared with all others", sizes=(1,), more_queries=5)
def save_customer(env, _size):
    if _switch_on(env, customer_duplicate_mode="warn"):
        env["sales.customer.duplicate"].sudo()._rebuild_keys()
    number = next(NUMBERS)
    values = {
        "name": f"Neue Firma {number} GmbH",
        "is_company": True,
        "phone": f"+49 30 9018{number:04}",
        "email": f"info@neu{number}.example.com",
    }

    def prepare():
        env["res.partner"].create({**values, "name": "Before", "phone": False, "email": False})
        env.flush_all()

    return prepare, lambda: env["res.partner"].create(values)


# At most twice the limit, and 15 seconds.
@benchmark("Value of all customers", sizes=(1,), limit=_limit, more_queries=20, limit_side="ours")
def value_customers(env, _size):
    if not _switch_on(env):
        return lambda: None
    values = env["sales.customer.value"].sudo()
    return lambda: values._compute_company(env.company)


# At most 60 seconds; core has no such operation.
@benchmark("Scan all customers and open leads for duplicates", sizes=(1,), more_queries=1000)
def scan_duplicates(env, _size):
    if not _switch_on(env, customer_duplicate_mode="warn"):
        return lambda: None
    duplicates = env["sales.customer.duplicate"].sudo()
    return duplicates._cron_scan


# At most 60 seconds, and resumable; core has no such operation.
@benchmark("Return 5,000 customers to the pool", sizes=(5000,), more_queries=350)
def recycle_customers(env, size):
    if not _switch_on(env, customer_pool_enabled=True, customer_pool_warning_days=0):
        return lambda: None
    partners = env["res.partner"].sudo()
    env.cr.execute(
        "UPDATE res_company SET customer_pool_since = now() - interval '1 year' WHERE id = %s", [env.company.id]
    )
    values = [{"name": f"Pooled {number}", "is_company": True, "customer_rank": 1} for number in range(size)]
    customers = partners.create([{**vals, "user_id": env.uid} for vals in values])
    moment = "2020-01-01 00:00:00"
    customers.write({"owner_since": moment, "last_contact_at": moment, "pool_warned_at": moment})
    env.flush_all()
    env.invalidate_all()

    def run():
        last = 0
        while ids := partners._get_pool_due_ids("recycle", last):
            last = ids[-1]
            partners.browse(ids)._recycle()

    return run


# At most 12 queries, whatever the history.
@benchmark("A customer at a glance", sizes=(1,), more_queries=12)
def look_at_customer(env, _size):
    if not _switch_on(env):
        return lambda: None
    env.cr.execute("SELECT partner_id FROM sale_order GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
    [partner_id] = env.cr.fetchone()
    customer = env["res.partner"].browse(partner_id).commercial_partner_id

    def prepare():
        # Rights and settings are kept by the server.
        customer.read(["customer_panel"])
        env.invalidate_all()

    return prepare, lambda: customer.read(["customer_panel"])
