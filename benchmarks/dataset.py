"""A company with years of history, at the design's scale, seeded, in a few minutes.

`prototypes.py` makes one document of each kind, `multiply.py` copies them; this file says how many, of whom, and when.
"""

import logging
import time

from .dataset_orders import advance_sequences, copy_orders, copy_stock
from .dataset_supply import copy_supply, has_supply
from .multiply import Tree, bulk_loading
from .prototypes import Prototypes, make_people

_logger = logging.getLogger(__name__)

SIZES = {
    "sellers": 50,
    "customers": 50_000,
    "products": 10_000,
    "leads": 20_000,
    "won_deals": 30_000,
    "lost_deals": 45_000,
    "open_deals": 25_000,
    "closed_orders": 20_000,  # of 10 deliveries with 5 moves each, and 5 invoices
    "open_orders": 4_000,  # of one delivery with 15 moves
    "draft_quotations": 4_000,
    "sent_quotations": 2_000,
}
SEED = 19
DAYS_OF_HISTORY = 730

LOADED_MODELS = [
    "res.partner", "product.template", "product.product", "crm.lead", "mail.activity", "mail.message",
    "mail.tracking.value", "sale.order", "sale.order.line", "stock.picking", "stock.move", "stock.move.line",
    "stock.quant", "stock.reference", "account.move", "account.move.line",
]  # fmt: skip
# The way of an open deal: forward, sometimes back. Step by step, as positions among the first three stages.
STEP = "(ARRAY[0, 1, 2, 1])[({}) % 4 + 1]"


class Dataset:
    def __init__(self, env, factor):
        self.env = env
        self.cr = env.cr
        self.factor = factor
        self.has_supply = has_supply(env)
        self.size = {name: max(5, round(size * factor)) for name, size in SIZES.items()}
        self.salt = 0
        self.first_deal = {}
        self.started = time.monotonic()

    def generate(self):
        self._create_functions()
        sellers = make_people(self.env, self.size["sellers"])
        self.prototypes = Prototypes(self.env, sellers[0])
        self.links = {"res.users": {sellers[0].id: "g.user_id"}, "crm.team": {sellers[0].sale_team_id.id: "g.team_id"}}
        self._create_sellers_table(sellers)
        stages = self.env["crm.stage"].search([("team_ids", "=", False)])
        self.won_stage = stages.filtered("is_won")[0]
        self.stages = (stages - self.won_stage)[:3]
        # Made before indexes are gone: the ORM searches.
        documents = self._make_documents()
        with bulk_loading(self.cr, [self.env[model]._table for model in LOADED_MODELS]):
            self._copy_customers()
            self._copy_products()
            self._copy_deals(documents)
            copy_orders(self, documents)
            copy_stock(self)
        if self.has_supply:
            # The ORM makes a purchase, which searches: only with the indexes back.
            copy_supply(self)
        self.say("indexes")
        advance_sequences(self)

    def say(self, what):
        _logger.info("data set: %s after %.0f s", what, time.monotonic() - self.started)

    # ------------------------------------------------------------
    # Chance and plans
    # ------------------------------------------------------------

    def _create_functions(self):
        self.cr.execute(f"""
            CREATE FUNCTION pg_temp.dice(number bigint, salt int, sides int) RETURNS int LANGUAGE sql IMMUTABLE AS
            $$ SELECT ((hashint8extended(number, {SEED} * 1000 + salt) & 2147483647) % sides)::int $$;
            CREATE FUNCTION pg_temp.pad(number bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
            $$ SELECT lpad(number::text, greatest(5, length(number::text)), '0') $$
        """)

    def dice(self, sides, number="i"):
        """SQL: a number from 0 to `sides` - 1, another one for each use and row, the same in every run."""
        self.salt += 1
        return f"pg_temp.dice({number}, {self.salt}, {sides})"

    def _create_sellers_table(self, sellers):
        self.cr.execute("CREATE TEMP TABLE seller (number int, user_id int, team_id int, author_id int)")
        for number, user in enumerate(sellers):
            self.cr.execute(
                "INSERT INTO seller VALUES (%s, %s, %s, %s)",
                [number, user.id, user.sale_team_id.id, user.partner_id.id],
            )

    def plan(self, name, count, **columns):
        """Create the plan of `count` copies."""
        columns = {"days": "0", "scale": "1", **columns}
        expressions = ", ".join(f"{sql} AS {column}" for column, sql in columns.items())
        self.cr.execute(f"CREATE TEMP TABLE {name} AS SELECT i, {expressions} FROM generate_series(0, {count - 1}) i")

    def _plan_of_sales(self, name, count):
        """Create a plan of deals or leads: somebody's, with a customer, some time in the past."""
        self.plan(
            "draft_plan",
            count,
            days=f"1 + {self.dice(DAYS_OF_HISTORY)}",
            scale=f"1 + {self.dice(200)}",
            moves=f"1 + {self.dice(11)}",
            customer=f"{self.first_customer} + 2 * {self.dice(self.size['customers'])}",
            product=self.dice(self.size["products"]),
            seller=self.dice(self.size["sellers"]),
        )
        self.cr.execute(f"""
            CREATE TEMP TABLE {name} AS
            SELECT p.*, p.days / (p.moves + 1) AS days_closed, s.user_id, s.team_id, s.author_id
              FROM draft_plan p JOIN seller s ON s.number = p.seller;
            DROP TABLE draft_plan
        """)

    # ------------------------------------------------------------
    # Documents
    # ------------------------------------------------------------

    def _make_documents(self):
        make = self.prototypes
        open_deal, won_deal = make.make_deal(), make.make_won_deal()
        return {
            "lead": make.make_deal(type="lead"),
            "won_deals": won_deal,
            "lost_deals": make.make_lost_deal(),
            "open_deals": open_deal,
            "activity": make.make_activity(open_deal),
            "stage_change": make.make_stage_change(make.make_deal(), self.stages[1]),
            "closed_orders": make.make_closed_order(won_deal),
            "open_orders": make.make_open_order(won_deal),
            "draft_quotations": make.make_quotation(deal=open_deal),
            "sent_quotations": make.make_sent_quotation(open_deal),
        }

    def _copy_customers(self):
        customer, contact = self.prototypes.customer, self.prototypes.contact
        self.plan("customer_plan", self.size["customers"])
        tree = Tree(self.env, "customer_plan", [customer + contact])
        self.first_customer = tree.start["res.partner"]
        name = f"CASE p.id WHEN {customer.id} THEN 'Customer ' || g.i ELSE 'Contact ' || g.i END"
        email = f"CASE p.id WHEN {customer.id} THEN 'info@c' ELSE 'contact@c' END || g.i || '.example'"
        phone = "'+1212' || lpad(g.i::text, 7, '0')"
        tree.copy({
            "res.partner": {
                "name": name,
                "complete_name": f"CASE p.id WHEN {contact.id} THEN 'Customer ' || g.i || ', ' ELSE '' END || {name}",
                "commercial_company_name": "'Customer ' || g.i",
                "email": email,
                "email_normalized": email,
                "phone": phone,
                "phone_sanitized": phone,
            }
        })
        self.say("customers")

    def _copy_products(self):
        product = self.prototypes.products[0]
        self.plan("product_plan", self.size["products"])
        tree = Tree(self.env, "product_plan", [product.product_tmpl_id, product])
        self.first_product = tree.start["product.product"]
        code = "'P' || pg_temp.pad(g.i)"
        tree.copy({
            "product.template": {"name": "jsonb_build_object('en_US', 'Product ' || g.i)", "default_code": code},
            "product.product": {"default_code": code},
        })
        self.say("products")

    def _copy_deals(self, documents):
        stage = f"(ARRAY{self.stages.ids})[{STEP.format('g.moves')} + 1]"
        self.links["res.partner"] = {
            self.prototypes.customer.id: "g.customer",
            self.prototypes.seller.partner_id.id: "g.author_id",
        }
        self._plan_of_sales("lead_plan", self.size["leads"])
        self._copy_leads("lead_plan", [documents["lead"]])
        for kind in ("won_deals", "lost_deals", "open_deals"):
            self._plan_of_sales(kind, self.size[kind])
            records = [documents[kind]] + ([documents["activity"]] if kind == "open_deals" else [])
            columns = {} if kind == "won_deals" else {"stage_id": stage}
            tree = self._copy_leads(kind, records, **columns)
            self.first_deal[kind] = tree.start["crm.lead"]
            self._copy_stage_changes(kind, tree, documents["stage_change"])
        self.say("deals and the history of their stages")

    def _copy_leads(self, plan, records, **columns):
        tree = Tree(self.env, plan, records)
        number = f"((g.customer - {self.first_customer}) / 2)"
        email = f"'info@c' || {number} || '.example'"
        phone = f"'+1212' || lpad({number}::text, 7, '0')"
        last_move = "p.create_date - g.days_closed * interval '1 day'"
        tree.copy(
            {
                "crm.lead": {
                    "name": f"'Deal ' || {tree.new_id('crm.lead')}",
                    "partner_name": f"'Customer ' || {number}",
                    "email_from": email,
                    "email_normalized": email,
                    "email_domain_criterion": f"'@c' || {number} || '.example'",
                    "phone": phone,
                    "phone_sanitized": phone,
                    "date_last_stage_update": last_move,
                    "date_closed": f"CASE WHEN p.date_closed IS NOT NULL THEN {last_move} END",
                    "day_close": "CASE WHEN p.date_closed IS NOT NULL THEN g.days - g.days_closed END",
                    **columns,
                },
                "mail.activity": {
                    "res_id": f"{tree.start['crm.lead']} + g.i",
                    "res_name": f"'Deal ' || {tree.start['crm.lead']} + g.i",
                    "date_deadline": f"current_date + {self.dice(14, 'g.i')} - 4",
                },
            },
            self.links,
        )
        return tree

    def _copy_stage_changes(self, kind, deals, message):
        """Copy the tracking of one change of stage: the moves of a deal are spread evenly over its life."""
        last = len(self.stages) if kind == "won_deals" else STEP.format("g.moves")
        plan = f"{kind}_moves"
        self.cr.execute(f"""
            CREATE TEMP TABLE {plan} AS
            SELECT (row_number() OVER (ORDER BY g.i, step) - 1)::int AS i,
                   {deals.start["crm.lead"]} + g.i AS lead_id, g.customer, g.user_id, g.team_id, g.author_id,
                   g.days - (g.days - g.days_closed) * step / g.moves AS days, 1 AS scale,
                   {STEP.format("step - 1")} AS origin,
                   CASE step WHEN g.moves THEN {last} ELSE {STEP.format("step")} END AS target
              FROM {kind} g, generate_series(1, g.moves) step
        """)
        stages = self.stages + self.won_stage
        # Stage names are few and known; quoted by the driver all the same.
        names = self.cr.mogrify("%s::varchar[]", [stages.mapped("name")]).decode()
        tracking = message.sudo().tracking_value_ids
        tree = Tree(self.env, plan, [message, tracking])
        tree.copy(
            {
                "mail.message": {
                    "res_id": "g.lead_id",
                    "message_id": f"'<benchmark-' || {tree.new_id('mail.message')} || '@company.example>'",
                },
                "mail.tracking.value": {
                    "old_value_integer": f"(ARRAY{stages.ids})[g.origin + 1]",
                    "new_value_integer": f"(ARRAY{stages.ids})[g.target + 1]",
                    "old_value_char": f"({names})[g.origin + 1]",
                    "new_value_char": f"({names})[g.target + 1]",
                },
            },
            self.links,
        )
