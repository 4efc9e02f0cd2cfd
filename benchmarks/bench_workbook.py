"""The workbook: 100,000 lines of orders and sums of them, as a file. Core has nothing of the kind."""

import base64

from odoo import SUPERUSER_ID

from .harness import benchmark


# Core has no such thing, so all of it is more: pages of 2,000 rows, and the names of customers and products in each.
@benchmark("Make a workbook", sizes=(10_000, 100_000), more_queries=700)
def make_workbook(env, size):
    if "sales.workbook" not in env:
        return lambda: None
    user = env.user
    env = env(user=SUPERUSER_ID)
    env.cr.execute("UPDATE res_company SET sales_reporting_enabled = TRUE, sales_target_enabled = TRUE")
    env.registry.clear_cache()
    sheets = env["sales.workbook.sheet"].search([("code", "in", ["summary", "customers", "products", "orders"])])
    first, last = _find_days(env, user.company_id, size)
    book = env["sales.workbook"].create(
        {
            "user_id": user.id,
            "company_id": user.company_id.id,
            "sheet_ids": [(6, 0, sheets.ids)],
            "date_from": first,
            "date_to": last,
        }
    )

    def run():
        values = book._get_made_values()
        assert values["state"] == "done", values
        assert base64.b64decode(values["file"])[:2] == b"PK"

    return run


def _find_days(env, company, size):
    """The days, counted back from the last, in which so many lines were ordered."""
    env.cr.execute(
        """
        SELECT min(day), max(day)
          FROM (
               SELECT sale.date_order::date AS day, row_number() OVER (ORDER BY sale.date_order DESC) AS position
                 FROM sale_order sale
                 JOIN sale_order_line line ON line.order_id = sale.id
                WHERE sale.state = 'sale' AND sale.company_id = %s AND line.display_type IS NULL
               ) ordered
         WHERE position <= %s
        """,
        [company.id, size],
    )
    return env.cr.fetchone()
