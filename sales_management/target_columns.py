"""Columns of targets on documents that exist when the addon comes: the ORM would compute them record by record."""

from .promise_columns import add_columns

#: Columns with their type and what rows that are there already hold.
COLUMNS = {"account_move": {"sales_counted_on": ("date", "NULL")}}


def add_target_columns(env):
    """Add the columns that are missing; what is there already stays as it is."""
    add_columns(env, COLUMNS)
