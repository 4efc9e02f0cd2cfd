"""Copies trees of records by SQL: the ORM makes one valid document, this makes a hundred thousand of it.

A prototype made by the ORM has every required and computed column right by construction, whatever core adds to a
model; listing the columns by hand would be wrong with the next release. What differs between copies (links within the
tree, dates, amounts, customers) is rewritten on the way, so that a million rows cost one INSERT … SELECT a table.
"""

from contextlib import contextmanager

# Amounts that core declares as Float: they follow the scale of a copy as its monetary columns do.
SCALED_FLOATS = {"price_unit", "technical_price_unit", "purchase_price", "price_tax", "margin"}


def sql_array(values, kind="int"):
    return f"ARRAY[{', '.join(map(str, values))}]::{kind}[]"


@contextmanager
def bulk_loading(cr, tables):
    """Lift foreign keys and secondary indexes while loading: checked and built row by row they are most of the time.

    The check of the data set verifies the foreign keys afterwards.
    """
    cr.execute(
        """
        SELECT indexname, indexdef FROM pg_indexes
         WHERE schemaname = current_schema AND tablename = ANY(%s)
           AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = indexname)
        """,
        [list(tables)],
    )
    indexes = cr.fetchall()
    cr.execute("SET LOCAL session_replication_role = replica")
    cr.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for name, _definition in indexes:
        cr.execute(f'DROP INDEX "{name}"')
    yield
    for _name, definition in indexes:
        cr.execute(definition)
    cr.execute("SET LOCAL session_replication_role = origin")


class Tree:
    """Prototype records of several models that are copied together, once for every row of a plan.

    A plan is a table with the columns `i` (0, 1, 2, …), `days` (how far into the past a copy is moved) and `scale`
    (what its amounts are multiplied with), and whatever else `overrides` use as `g.<column>`.
    """

    def __init__(self, env, plan, records):
        """
        :param str plan: name of the plan
        :param list records: one recordset of prototypes for each model
        """
        self.env = env
        self.cr = env.cr
        self.plan = plan
        self.records = {recordset._name: recordset for recordset in records if recordset}
        self.start = {}
        for recordset in self.records.values():
            self.cr.execute(f'SELECT COALESCE(max(id), 0) + 1 FROM "{recordset._table}"')
            self.start[recordset._name] = self.cr.fetchone()[0]

    def nth(self, model, column="p.id"):
        """SQL: how many copies of `model` come before the copy of the prototype in `column`; null if it is none."""
        ids = self.records[model].ids
        return f"(g.i * {len(ids)} + array_position({sql_array(ids)}, {column}) - 1)"

    def new_id(self, model, column="p.id"):
        """SQL: the id of the copy of the prototype in `column`."""
        return f"({self.start[model]} + {self.nth(model, column)})"

    def copy(self, overrides=None, replace=None):
        """Insert the copies.

        :param dict overrides: SQL for columns, `{model: {column: sql}}`, over `p` (prototype) and `g` (row of the plan)
        :param dict replace: SQL for records outside the tree, `{model: {id: sql}}`, wherever a column links to them
        """
        self.env.flush_all()
        relations = {}
        for model, recordset in self.records.items():
            self._copy_rows(recordset, (overrides or {}).get(model, {}), replace or {})
            for field in recordset._fields.values():
                if field.type == "many2many" and field.store and field.relation not in relations:
                    relations[field.relation] = (field, recordset.ids)
        for field, ids in relations.values():
            self._copy_relation(field, ids, replace or {})
        self.env.invalidate_all()

    def _copy_rows(self, recordset, overrides, replace):
        columns = {}
        for field in recordset._fields.values():
            if field.store and field.column_type:
                columns[field.name] = overrides.get(field.name) or self._get_expression(field, replace)
        columns["id"] = self.new_id(recordset._name)
        names = ", ".join(f'"{name}"' for name in columns)
        table = recordset._table
        self.cr.execute(f"""
            INSERT INTO "{table}" ({names})
            SELECT {", ".join(columns.values())} FROM "{self.plan}" g, "{table}" p
             WHERE p.id = ANY({sql_array(recordset.ids)})
        """)
        self.cr.execute(f"""SELECT setval('"{table}_id_seq"', (SELECT max(id) FROM "{table}"))""")

    def _get_expression(self, field, replace):
        column = f'p."{field.name}"'
        if field.type == "many2one":
            return self._get_link(field.comodel_name, column, replace)
        if field.type == "date":
            return f"{column} - g.days"
        if field.type == "datetime":
            return f"{column} - g.days * interval '1 day'"
        if field.type == "monetary" or field.name in SCALED_FLOATS:
            return f"{column} * g.scale"
        return column

    def _get_link(self, comodel, column, replace):
        if comodel in self.records:
            return f"COALESCE({self.new_id(comodel, column)}, {column})"
        if comodel in replace:
            cases = " ".join(f"WHEN {old} THEN {new}" for old, new in replace[comodel].items())
            return f"CASE {column} {cases} ELSE {column} END"
        return column

    def _copy_relation(self, field, ids, replace):
        own = self._get_link(field.model_name, f'p."{field.column1}"', replace)
        other = self._get_link(field.comodel_name, f'p."{field.column2}"', replace)
        self.cr.execute(f"""
            INSERT INTO "{field.relation}" ("{field.column1}", "{field.column2}")
            SELECT DISTINCT {own}, {other} FROM "{self.plan}" g, "{field.relation}" p
             WHERE p."{field.column1}" = ANY({sql_array(ids)})
        """)
