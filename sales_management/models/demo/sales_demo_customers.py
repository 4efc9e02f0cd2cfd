from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.fields import Command

from .sales_fact_mixin import telling

#: For how many days the company has had a pool.
POOL_DAYS = 100
#: How long ago the customer that is about to return was last heard of.
SILENT_DAYS = 86
#: The year in which people of key dates were born, and contracts and friendships began.
FIRST_YEARS = {"birthday": 1984, "anniversary": 2016}

#: Name and login of somebody who works here no more.
LEAVER = ("Jiang Bo 江波", "jiang.bo")


class SalesDemo(models.AbstractModel):
    """Customers of the demo company: what each is worth, whose it is, and what one has to think of."""

    _inherit = "sales.demo"

    @api.model
    def _load_customer_care(self, tables, company):
        self._load_tiers(tables["customer_tiers"])
        company.write(
            {
                "sales_customer_enabled": True,
                "customer_pool_enabled": True,
                "customer_duplicate_mode": "warn",
            }
        )
        self._load_key_dates(tables["customer_days"])
        self._load_certificates(tables)
        self._load_people_of_deals(tables["customer_people"])
        self.env["sales.customer.value"]._compute_company(company)
        self.env["sales.product.pair"]._compute_company(company)
        self._load_pool(tables["customer_pool"], company)
        self._load_leaver()
        self._load_duplicates()

    # === Tiers === #

    @api.model
    def _load_tiers(self, rows):
        values = {
            row["code"]: {
                "name": row["name"],
                "code": row["code"],
                "sequence": int(row["sequence"]),
                "company_id": self.env.company.id,
                "rule_abc_class": row["rule_abc"] or False,
                "contact_days": int(row["contact_days"] or 0),
                "pool_never": bool(row["pool_never"]),
                "pool_days": int(row["pool_days"] or 0),
                "is_default": bool(row["default"]),
            }
            for row in rows
        }
        self._load("sales.customer.tier", "tier", values)

    # === Days and papers === #

    @api.model
    def _get_person(self, customer, person):
        """:return: one of the people of a customer, by the column that names them; the customer itself without"""
        partner = self._ref("customer", customer)
        contacts = partner.child_ids.sorted("id")
        return {"contact": contacts[:1], "second": contacts[1:2]}.get(person) or partner

    @api.model
    def _load_key_dates(self, rows):
        today = fields.Date.today()
        values = []
        for row in rows:
            day = today + timedelta(days=int(row["in_days"]))
            is_once = row["kind"] in ("contract", "holiday")
            if row["kind"] in FIRST_YEARS:
                # A day that every year has.
                day = day.replace(year=FIRST_YEARS[row["kind"]])
            values.append(
                {
                    "partner_id": self._get_person(row["customer"], row["person"]).id,
                    "company_id": self.env.company.id,
                    "kind": row["kind"],
                    "name": row["name"],
                    "date": day,
                    "repeat": "once" if is_once else "yearly",
                    "lead_days": int(row["lead"]),
                    "note": row["note"],
                }
            )
        self.env["sales.key.date"].create(values)

    @api.model
    def _load_certificates(self, tables):
        self._load(
            "sales.certificate.type",
            "certificate",
            {
                row["code"]: {
                    "name": row["name"],
                    "code": row["code"],
                    "company_id": self.env.company.id,
                    "categ_ids": [Command.set([self._id("category", key) for key in row["categories"].split()])],
                    "sending_level": row["sending"],
                    "confirmation_level": row["confirmation"],
                    "needs_verification": bool(row["verified"]),
                    "reminder_days": int(row["reminder"]),
                    "guidance": row["guidance"],
                }
                for row in tables["certificate_types"]
            },
        )
        today = fields.Date.today()
        certificates = self.env["sales.customer.certificate"].create(
            [
                {
                    "partner_id": self._id("customer", row["customer"]),
                    "type_id": self._id("certificate", row["type"]),
                    "number": row["number"],
                    "valid_from": today + timedelta(days=int(row["from"])),
                    "valid_to": today + timedelta(days=int(row["to"])),
                }
                for row in tables["certificates"]
            ]
        )
        pairs = zip(certificates, tables["certificates"], strict=True)
        verified = [certificate.id for certificate, row in pairs if row["verified"]]
        certificates.browse(verified).with_user(self._ref("user", "manager")).action_verify()

    # === People === #

    @api.model
    def _load_people_of_deals(self, rows):
        """Name the people of open deals, in turn as the table does: some gaps remain, as in life."""
        mine = [("company_id", "=", self.env.company.id)]
        domain = [*mine, ("type", "=", "opportunity"), ("won_status", "=", "pending")]
        values, pairs = [], [rows[start : start + 2] for start in range(0, len(rows), 2)]
        for position, deal in enumerate(self.env["crm.lead"].search(domain, order="id")):
            contacts = deal.partner_id.commercial_partner_id.child_ids.filtered(lambda one: one.type == "contact")
            for row, contact in zip(pairs[position % len(pairs)], contacts.sorted("id"), strict=False):
                values.append(
                    {
                        "lead_id": deal.id,
                        "partner_id": contact.id,
                        "role": row["role"],
                        "influence": row["influence"],
                        "attitude": row["attitude"] or False,
                        "note": row["note"],
                    }
                )
        self.env["sales.deal.person"].create(values)

    # === Pool === #

    @api.model
    def _load_pool(self, rows, company):
        """Let whom nobody was in touch with longest be in the pool, and the next one be about to return."""
        now = fields.Datetime.now()
        company.customer_pool_since = now - timedelta(days=POOL_DAYS)
        idle = self._get_idle_customers()
        columns = {}
        for row, customer in zip(rows, idle, strict=False):
            moment = now - timedelta(days=int(row["days"]))
            with telling(moment):
                customer.with_user(customer.user_id if row["kind"] == "released" else self.env.user)._release(
                    row["kind"], row["reason"]
                )
            columns[customer] = {"pooled_at": moment, "last_contact_at": moment - timedelta(days=SILENT_DAYS)}
        self._rewrite("res.partner", columns)
        silent = idle[len(rows) : len(rows) + 1]
        self._rewrite("res.partner", {silent: {"last_contact_at": now - timedelta(days=SILENT_DAYS)}} if silent else {})
        silent._warn_owners()

    @api.model
    def _get_idle_customers(self):
        """:return: customers with neither an open deal nor an order on its way, the longest silent first"""
        mine = [("company_id", "=", self.env.company.id)]
        key = self._ref("tier", "key")
        customers = self.env["res.partner"].search(
            [*mine, ("pool_state", "=", "owned"), ("customer_tier_id", "!=", key.id)]
        )
        deals = self.env["crm.lead"].search([*mine, ("won_status", "=", "pending")])
        waiting = [*mine, ("state", "!=", "cancel"), "|", ("state", "!=", "sale"), ("delivery_status", "!=", "full")]
        busy = (deals.partner_id | self.env["sale.order"].search(waiting).partner_id).commercial_partner_id
        never = datetime.combine(fields.Date.today(), time()) - timedelta(days=999)
        return (customers - busy).sorted(lambda customer: (customer.last_contact_at or never, customer.id))

    @api.model
    def _load_leaver(self):
        """Somebody who left, and whose customers nobody looks after yet."""
        values = {
            "name": LEAVER[0],
            "login": LEAVER[1],
            "active": False,
            "company_id": self.env.company.id,
            "company_ids": [Command.set(self.env.company.ids)],
        }
        leaver = self._load("res.users", "user", {"leaver": values})
        domain = [("company_id", "=", self.env.company.id), ("customer_tier_id.code", "=", "small")]
        theirs = self.env["res.partner"].search(
            [*domain, ("pool_state", "=", "owned"), ("pool_warned_at", "=", False)]
        )
        # The people whom one logs in as keep theirs.
        others = theirs.filtered(lambda customer: not customer.user_id.login.startswith("demo_"))
        others.sorted("id")[-2:].user_id = leaver

    # === Duplicates === #

    @api.model
    def _load_duplicates(self):
        """Two people who work the same customer: what the weekly scan finds."""
        twin = self._ref("customer", "c02")
        values = {
            "name": "Ningbo Haiyue Furniture 宁波海悦家具",
            "is_company": True,
            "company_id": self.env.company.id,
            "country_id": twin.country_id.id,
            "city": twin.city,
            "phone": twin.phone.replace("+86 ", "0"),
            "user_id": self._id("user", "zhao_ting"),
        }
        self._load("res.partner", "customer", {"twin": values})
        scan = self.env["sales.customer.duplicate"]
        scan._rebuild_keys()
        scan._list_groups()
