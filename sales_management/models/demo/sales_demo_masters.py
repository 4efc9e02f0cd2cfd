from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

from .plan import VALIDITY_DAYS
from .sales_demo import NAMESPACE

RATES = {"USD": 7.16, "EUR": 7.92}  # yuan for one, today; the months before drift around it
PRICELISTS = {
    "cny": ("Domestic 国内价", "CNY", 0),
    "key": ("Key accounts 大客户价", "CNY", 5),
    "usd": ("Export USD 外贸美元价", "USD", 0),
    "eur": ("Export EUR 外贸欧元价", "EUR", 0),
}
TERMS = {
    "15": "account.account_payment_term_15days",
    "30": "account.account_payment_term_30days",
    "45": "account.account_payment_term_45days",
    "60": f"{NAMESPACE}.term_60",
    "deposit": "account.account_payment_term_30days",
}
#: The size in the table, from 1 to 9, is how much a customer buys: large companies buy more.
COMPANY_SIZES = ((9, "giant"), (7, "large"), (5, "medium"), (4, "small"), (0, "micro"))


class SalesDemo(models.AbstractModel):
    _inherit = "sales.demo"

    # === Company === #

    @api.model
    def _load_company(self, rows):
        partners = self._load("res.partner", "partner", {row["key"]: self._prepare_own_values(row) for row in rows})
        values = {
            row["key"]: {"name": row["name"], "partner_id": partner.id, "currency_id": self.env.ref("base.CNY").id}
            for row, partner in zip(rows, partners, strict=True)
        }
        return self._load("res.company", "company", values)

    @api.model
    def _prepare_own_values(self, row):
        values = {key: row[key] for key in ("street", "zip")}
        # The year in a deal's number is that of this zone.
        return {**self._prepare_address_values(row), **values, "tz": "Asia/Shanghai"}

    @api.model
    def _set_up_company(self, company, rows):
        # Not through try_loading, which insists on Odoo's own demo invoices while modules are being installed.
        self.env["account.chart.template"]._load("generic_coa", company, install_demo=False)
        china = self.env.ref("base.cn")
        company.write(
            {
                "account_fiscal_country_id": china.id,
                "currency_id": self.env.ref("base.CNY").id,  # the generic chart brings the dollar
                "quotation_validity_days": VALIDITY_DAYS,
                # Only now: Odoo looks up the address of a company that is created with one.
                "email": rows[0]["email"],
                "website": rows[0]["website"],
            }
        )
        self._load_taxes(company, china)
        self._load_warehouses(company)
        self._load_rates(company)
        self._load_administrator(company)
        features = ("product.group_product_pricelist", "crm.group_use_lead")
        for feature in features:
            self.env.ref("base.group_user")._apply_group(self.env.ref(feature))

    @api.model
    def _load_taxes(self, company, china):
        chart = self.env["account.chart.template"].with_company(company)
        chart.ref("template_generic_domestic_fiscal_position").write({"name": "Domestic 国内", "country_id": china.id})
        chart.ref("template_generic_export_fiscal_position").name = "Export 出口"
        for model in ("account.tax.group", "account.tax"):
            self.env[model].with_context(active_test=False).search([("company_id", "=", company.id)]).country_id = china
        chart.ref("tax_group_15").name = "VAT 13% 增值税"
        for kind in ("sale", "purchase"):
            chart.ref(f"{kind}_tax_template").write({"amount": 13, "name": "13%"})
        chart.ref("sale_export_tax_template").name = "0% Export 出口免税"

    @api.model
    def _load_warehouses(self, company):
        first = self.env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
        if first:  # whether a new company gets one by itself depends on the modules installed
            self.env["ir.model.data"]._update_xmlids(
                [{"xml_id": self._xmlid("warehouse", "jiaxing"), "record": first, "noupdate": True}]
            )
        address = self.env["res.partner"].create(
            {
                "name": "Hengda Shenzhen Warehouse 恒达深圳仓",
                "parent_id": company.partner_id.id,
                "type": "delivery",
                "city": "Shenzhen 深圳",
                "state_id": self.env.ref("base.state_cn_GD").id,
                "country_id": company.country_id.id,
            }
        )
        self._load(
            "stock.warehouse",
            "warehouse",
            {
                "jiaxing": {"name": "Jiaxing 嘉兴", "code": "JX", "company_id": company.id},
                "shenzhen": {"name": "Shenzhen 深圳", "code": "SZ", "company_id": company.id, "partner_id": address.id},
            },
        )

    @api.model
    def _load_rates(self, company):
        currencies = self.env["res.currency"].with_context(active_test=False)
        currencies.search([("name", "in", ["CNY", *RATES])]).write({"active": True})
        today = fields.Date.today()
        rows = [{"currency_id": company.currency_id.id, "name": today - timedelta(days=400), "rate": 1.0}]
        for name, price in RATES.items():
            currency = currencies.search([("name", "=", name)])
            rows += [
                {
                    "currency_id": currency.id,
                    "name": today - timedelta(days=30 * month),
                    "rate": 1 / (price * (1 + 0.004 * ((month * 5) % 7 - 3))),
                }
                for month in range(14)
            ]
        self.env["res.currency.rate"].create([{**row, "company_id": company.id} for row in rows])

    @api.model
    def _load_administrator(self, company):
        groups = ("sales_team.group_sale_manager", "stock.group_stock_manager", "account.group_account_manager")
        self.env.ref("base.user_admin").write(
            {
                "company_ids": [Command.link(company.id)],
                "company_id": company.id,
                "group_ids": [Command.link(self.env.ref(group).id) for group in groups],
            }
        )

    # === Masters === #

    @api.model
    def _load_masters(self, tables):
        self._load_people(tables["people"])
        self._load_teams(tables["teams"], tables["people"])
        self._load_choices(tables)
        self._load_pricelists()
        self._load_customers(tables["customers"])
        self._load_vendors(tables["vendors"])
        self._load_products(tables["products"], tables["categories"])

    @api.model
    def _load_people(self, people):
        company = self.env.company
        users = self._load("res.users", "user", {row["key"]: self._prepare_user_values(row, company) for row in people})
        users.partner_id.write({"tz": "Asia/Shanghai"})

    @api.model
    def _prepare_user_values(self, row, company):
        latin = "".join(part for part in row["name"].lower().split() if part.isascii())
        # Groups of modules that are not there are left out.
        found = [self.env.ref(group, raise_if_not_found=False) for group in ("base.group_user", *row["groups"].split())]
        values = {
            "name": row["name"],
            "login": row["login"],
            "email": f"{latin}@hengda-hardware.example.com",
            "phone": row["phone"],
            "function": row["job"],
            "lang": "en_US",
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": [Command.set([group.id for group in found if group])],
            "notification_type": "inbox",
        }
        if row["login"].startswith("demo_"):
            values["password"] = row["login"]  # one login per role; the others own documents and cannot log in
        return values

    @api.model
    def _load_teams(self, teams, people):
        self._load(
            "crm.team",
            "team",
            {
                row["key"]: {
                    "name": row["name"],
                    "company_id": self.env.company.id,
                    "user_id": self._id("user", row["leader"]),
                    "use_leads": True,
                    "use_opportunities": True,
                    "color": row["color"],
                    "invoiced_target": 200000,
                    "crm_team_member_ids": [
                        Command.create({"user_id": self._id("user", person["key"])})
                        for person in people
                        if person["team"] == row["key"]
                    ],
                }
                for row in teams
            },
        )

    @api.model
    def _load_choices(self, tables):
        for model, kind in (("crm.lost.reason", "reasons"), ("utm.source", "sources"), ("crm.tag", "tags")):
            rows = {row["key"]: {key: value for key, value in row.items() if key != "key"} for row in tables[kind]}
            self._load(model, kind, rows)

    @api.model
    def _load_pricelists(self):
        values = {}
        for sequence, (key, (name, currency, discount)) in enumerate(PRICELISTS.items(), 1):
            values[key] = {
                "name": name,
                "currency_id": self.env.ref(f"base.{currency}").id,
                "company_id": self.env.company.id,
                "sequence": sequence,
            }
            # A converted price has a dozen decimals; a screw costs less than a cent.
            rule = {"compute_price": "formula", "base": "list_price", "price_discount": discount, "price_round": 0.001}
            values[key]["item_ids"] = [Command.create({**rule, "applied_on": "3_global"})]
        self._load("product.pricelist", "pricelist", values)
        days = {"value": "percent", "value_amount": 100, "nb_days": 60}
        term = {"name": "60 Days 月结60天", "company_id": self.env.company.id, "line_ids": [Command.create(days)]}
        self._load("account.payment.term", "term", {"60": term})

    # === Partners === #

    @api.model
    def _load_customers(self, customers):
        values = {}
        for row in customers:
            values[row["key"]] = {
                **self._prepare_partner_values(row),
                "street": row["street"],
                "ref": row["key"].upper(),
                "company_size": next(size for least, size in COMPANY_SIZES if int(row["size"]) >= least),
                "industry_id": self.env.ref(f"base.res_partner_industry_{row['industry']}").id,
                "user_id": self._id("user", row["salesperson"]),
                "property_payment_term_id": self.env.ref(TERMS[row["terms"]]).id,
                "specific_property_product_pricelist": self._id("pricelist", row["pricelist"]),
                "customer_rank": 1,
                "child_ids": [
                    Command.create(self._prepare_contact_values(row, row[person], row[f"{person}_job"]))
                    for person in ("contact", "second")
                    if row[person]
                ],
            }
        partners = self._load("res.partner", "customer", values)
        known = fields.Datetime.now() - timedelta(days=500)
        columns = {
            partner: {"create_date": known - timedelta(days=19 * position)}
            for position, company in enumerate(partners)
            for partner in company | company.child_ids
        }
        self._rewrite("res.partner", columns)

    @api.model
    def _load_vendors(self, vendors):
        self._load(
            "res.partner",
            "vendor",
            {
                row["key"]: {
                    **self._prepare_partner_values(row),
                    "supplier_rank": 1,
                    "child_ids": [Command.create(self._prepare_contact_values(row, row["contact"], "Sales 销售"))],
                }
                for row in vendors
            },
        )

    @api.model
    def _prepare_partner_values(self, row):
        values = {"company_id": self.env.company.id, "email": f"info@{row['key']}.example.com"}
        return {**self._prepare_address_values(row), **values}

    @api.model
    def _prepare_address_values(self, row):
        country = self.env["res.country"].search([("code", "=", row["country"])], limit=1)
        state = country.state_ids.filtered(lambda state: state.code == row["state"])
        if not state:
            # Core's code of a province of China is one character of its name; its external id has the Latin one.
            reference = f"base.state_{row['country'].lower()}_{row['state']}"
            state = self.env.ref(reference, raise_if_not_found=False) or state
        return {
            "name": row["name"],
            "is_company": True,
            "city": row["city"],
            "state_id": state.id,
            "country_id": country.id,
            "phone": row["phone"],
        }

    @api.model
    def _prepare_contact_values(self, row, name, job):
        latin = ".".join(part for part in name.lower().split() if part.isascii())
        return {
            "name": name,
            "function": job,
            "email": f"{latin}@{row['key']}.example.com",
            "phone": row["phone"],
            "company_id": self.env.company.id,
        }

    # === Products === #

    @api.model
    def _load_products(self, products, categories):
        self._load("product.category", "category", {row["key"]: {"name": row["name"]} for row in categories})
        tax = self.env.company.account_sale_tax_id
        values = {row["code"]: self._prepare_product_values(row, tax) for row in products}
        records = self._load("product.product", "product", values)
        self.env["product.supplierinfo"].create(
            [
                {
                    "partner_id": self._id("vendor", row["vendor"]),
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "price": row["vendor_price"],
                    "min_qty": row["vendor_min"],
                    "delay": row["vendor_delay"],
                    "company_id": self.env.company.id,
                    "currency_id": self.env.company.currency_id.id,
                }
                for row, product in zip(products, records, strict=True)
                if row["vendor"]
            ]
        )

    @api.model
    def _prepare_product_values(self, row, tax):
        is_goods = row["kind"] == "goods"
        return {
            "name": row["name"],
            "default_code": row["code"],
            "categ_id": self._id("category", row["category"]),
            "type": "consu" if is_goods else "service",
            "is_storable": is_goods,
            "invoice_policy": "delivery" if is_goods else "order",
            "list_price": row["price"],
            "standard_price": row["cost"],
            "weight": row["weight"],
            "sale_delay": row["lead"],
            "company_id": self.env.company.id,
            "taxes_id": [Command.set(tax.ids)],
            "supplier_taxes_id": [Command.clear()],
        }
