"""Columns of quotations that exist when the addon comes: the ORM would compute them order by order."""

from odoo.tools import SQL
from odoo.tools.sql import column_exists

#: Columns of ``sale_order`` with their type and what rows that are there already hold: each is the first revision of
#: itself, and was there before approval began.
COLUMNS = {
    "quotation_revision": ("integer", "1"),
    "is_current_revision": ("boolean", "true"),
    "is_deal_missing": ("boolean", "false"),
    "approval_state": ("varchar", "'grandfathered'"),
}
#: Column of ``sale_order_line`` that only lines written from now on have.
LINE_COLUMNS = {"product_cost": "numeric"}
#: Relation that is computed: the ORM would fill it for all rows if it had to create it.
WARNINGS = SQL(
    "CREATE TABLE IF NOT EXISTS sale_order_approval_warning_rel (sale_order_id integer NOT NULL,"
    " sales_approval_rule_id integer NOT NULL, PRIMARY KEY (sale_order_id, sales_approval_rule_id));"
    " CREATE INDEX IF NOT EXISTS sale_order_approval_warning_rel_rule_idx"
    " ON sale_order_approval_warning_rel (sales_approval_rule_id, sale_order_id)"
)


def add_quotation_columns(env):
    """Add the columns that are missing; what is there already stays as it is."""
    env.cr.execute(WARNINGS)
    for column, (type_, value) in COLUMNS.items():
        if column_exists(env.cr, "sale_order", column):
            continue
        # A column with a constant default is filled without writing the rows anew; new rows come from the ORM.
        names = {"column": SQL.identifier(column), "type": SQL(type_), "value": SQL(value)}
        env.cr.execute(SQL("ALTER TABLE sale_order ADD COLUMN %(column)s %(type)s DEFAULT %(value)s", **names))
        env.cr.execute(SQL("ALTER TABLE sale_order ALTER COLUMN %(column)s DROP DEFAULT", **names))
    for column, type_ in LINE_COLUMNS.items():
        if not column_exists(env.cr, "sale_order_line", column):
            names = {"column": SQL.identifier(column), "type": SQL(type_)}
            env.cr.execute(SQL("ALTER TABLE sale_order_line ADD COLUMN %(column)s %(type)s", **names))
