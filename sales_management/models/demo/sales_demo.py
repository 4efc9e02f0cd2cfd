import csv
from datetime import timedelta
from pathlib import PurePosixPath

from odoo import api, fields, models
from odoo.tools import SQL, file_open

from .plan import Planner
from .process_plan import ProcessPlanner

ADDON = "sales_management"
# The external ids are not the addon's, so that uninstalling it leaves the company with its documents whole, and
# installing it again finds them.
NAMESPACE = "sales_management_demo"
TABLES = (
    "categories",
    "certificate_types",
    "certificates",
    "company",
    "customer_days",
    "customer_people",
    "customer_pool",
    "customer_tiers",
    "customers",
    "leads",
    "notes",
    "occasions",
    "people",
    "products",
    "promise_productions",
    "promise_products",
    "promise_purchases",
    "promise_sales",
    "quotations",
    "reasons",
    "sources",
    "subjects",
    "tags",
    "teams",
    "vendors",
)
# Nobody is told of anything, and no history is written but the one that is told below with its own dates.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "mail_activity_quick_update": True,
    "mail_auto_subscribe_no_notify": True,
    "no_reset_password": True,
    "no_mail_to_attendees": True,
    "dont_notify": True,
}


class SalesDemo(models.AbstractModel):
    """Builds the demo company from the tables in ``demo/`` and a seeded plan, with dates that end today."""

    _name = "sales.demo"
    _description = "Demo Company"

    @api.model
    def _build_demo_company(self):
        if self.env.ref(f"{NAMESPACE}.company_hengda", raise_if_not_found=False):
            return
        tables = {name: self._read_table(name) for name in TABLES}
        company = self.with_context(**QUIET, lang="en_US")._load_company(tables["company"])
        demo = self.with_context(**QUIET, lang="en_US", allowed_company_ids=company.ids)
        demo._set_up_company(company, tables["company"])
        demo._load_masters(tables)
        demo._apply_template(company)
        planner = Planner(tables, fields.Date.today())
        deals, orders, receipts = planner.plan()
        ProcessPlanner(planner.calendar).tell(deals)
        demo._load_deals(deals, tables)
        demo._load_orders(orders, tables)
        demo._load_documents(orders, receipts, tables)
        demo._load_history(deals, tables)
        demo._load_process(deals, tables, company)
        demo._load_quotations(deals, orders, tables, company)
        demo._load_promises(deals, orders, tables, company)
        demo._load_customer_care(tables, company)
        demo._load_course(company)

    # === Tools === #

    @api.model
    def _read_table(self, name):
        path = PurePosixPath(ADDON, "demo", f"{name}.csv")
        with file_open(str(path), "r", filter_ext=(".csv",)) as table:
            return list(csv.DictReader(table))

    @api.model
    def _xmlid(self, kind, key):
        return f"{NAMESPACE}.{kind}_{key}".lower().replace("-", "_")

    @api.model
    def _ref(self, kind, key):
        """:return: the record that a row of a table became, an empty one for no key"""
        return self.env.ref(self._xmlid(kind, key)) if key else None

    @api.model
    def _id(self, kind, key):
        record = self._ref(kind, key)
        return record.id if record else False

    @api.model
    def _load(self, model, kind, values_by_key):
        """Create a record for each key, with an external id that leads back to it."""
        return self.env[model]._load_records(
            [
                {"xml_id": self._xmlid(kind, key), "values": values, "noupdate": True}
                for key, values in values_by_key.items()
            ]
        )

    @api.model
    def _rewrite(self, model, rows):
        """Set columns that the ORM fills by itself, such as the moment of creation, to what the plan says.

        :param dict rows: values by record, with the same columns for every record
        """
        if not rows:
            return
        columns = list(next(iter(rows.values())))
        self.env.flush_all()
        fields_ = self.env[model]._fields
        types = [SQL.identifier(fields_[column].column_type[0]) for column in columns]
        values = [SQL("(%s, %s)", record.id, SQL(", ").join(row[c] for c in columns)) for record, row in rows.items()]
        names = SQL(", ").join(map(SQL.identifier, columns))
        assignments = SQL(", ").join(
            SQL("%s = given.%s::%s", SQL.identifier(column), SQL.identifier(column), type_)
            for column, type_ in zip(columns, types, strict=True)
        )
        self.env.cr.execute(
            SQL(
                "UPDATE %s AS target SET %s FROM (VALUES %s) AS given (id, %s) WHERE target.id = given.id",
                SQL.identifier(self.env[model]._table),
                assignments,
                SQL(", ").join(values),
                names,
            )
        )
        self.env[model].invalidate_model(columns)

    @api.model
    def _analyze(self, *models_):
        """Tell the planner what this transaction wrote: to others these tables look empty, and a job of the database
        that counts them meanwhile would make it choose plans that take minutes.
        """
        self.env.flush_all()
        for model in models_:
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(self.env[model]._table)))

    @api.model
    def _after(self, moment, days=0, hours=0):
        """:return: that long after a moment, but never in the future"""
        return min(moment + timedelta(days=days, hours=hours), fields.Datetime.now() - timedelta(minutes=5))
