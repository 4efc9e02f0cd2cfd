"""Columns of promises on documents that exist when the addon comes: the ORM would compute them record by record."""

from odoo.tools import SQL
from odoo.tools.sql import column_exists

#: Columns with their type and what rows that are there already hold: nothing was promised for them.
COLUMNS = {
    "sale_order_line": {
        "promise_date": ("timestamp", "NULL"),
        "promise_confidence": ("varchar", "NULL"),
        "promise_detail": ("text", "NULL"),
        "promise_computed_at": ("timestamp", "NULL"),
        "promise_state": ("varchar", "'none'"),
        "promise_told_date": ("timestamp", "NULL"),
        "promise_cause": ("varchar", "NULL"),
        "promise_paper": ("jsonb", "NULL"),
    },
    "sale_order": {
        "promise_date": ("timestamp", "NULL"),
        "promise_state": ("varchar", "'none'"),
    },
}


def add_promise_columns(env):
    """Add the columns that are missing; what is there already stays as it is."""
    add_columns(env, COLUMNS)


def add_columns(env, tables):
    """
    :param dict tables: by table, the columns with their type and what rows that are there already hold, as SQL
    """
    for table, columns in tables.items():
        for column, (type_, value) in columns.items():
            if column_exists(env.cr, table, column):
                continue
            # A column with a constant default is filled without writing the rows anew; new rows come from the ORM.
            names = {
                "table": SQL.identifier(table),
                "column": SQL.identifier(column),
                "type": SQL(type_),
                "value": SQL(value),
            }
            env.cr.execute(SQL("ALTER TABLE %(table)s ADD COLUMN %(column)s %(type)s DEFAULT %(value)s", **names))
            env.cr.execute(SQL("ALTER TABLE %(table)s ALTER COLUMN %(column)s DROP DEFAULT", **names))
