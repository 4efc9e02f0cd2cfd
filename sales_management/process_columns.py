"""Columns of deals that the staged process computes: added empty, for it asks nothing of deals that exist already."""

from odoo.tools.sql import column_exists, create_column

#: Stored computed fields of ``crm.lead``. The ORM would compute a column that it has to add, deal by deal.
COLUMNS = {
    "deal_class_id": "int4",
}


def add_process_columns(env):
    """Add the columns that are missing; what is there already stays as it is."""
    for column, type_ in COLUMNS.items():
        if not column_exists(env.cr, "crm_lead", column):
            create_column(env.cr, "crm_lead", column, type_)
