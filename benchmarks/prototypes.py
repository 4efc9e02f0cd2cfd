"""The documents that the data set is made of, one of each kind, made by the ORM as people would make them."""

from odoo import Command

from .dataset_supply import has_supply, prepare_products

LINES = 5  # of an order
LINES_OPEN = 15  # of an order that waits for its delivery
DELIVERIES = 10  # of an order that was delivered in calls
DELIVERIES_PER_INVOICE = 2


class Prototypes:
    def __init__(self, env, seller):
        self.env = env
        self.seller = seller
        # Text messages would be sent over the network.
        env.company.stock_text_confirmation = False
        env["res.users"].browse(env.uid).tz = "UTC"
        self.products = self._make_products()
        self.customer = env["res.partner"].create({
            "name": "Prototype",
            "is_company": True,
            "email": "info@prototype.example",
            "country_id": env.company.country_id.id,
            "lang": "en_US",
        })
        self.contact = env["res.partner"].create({"name": "Contact", "parent_id": self.customer.id})
        # Core counts a customer's first order here, by SQL.
        self.customer.customer_rank = 1

    def _make_products(self):
        products = self.env["product.product"].create([
            {
                "name": f"Part {number}",
                "default_code": f"PART{number}",
                "is_storable": True,
                "list_price": 100.0,
                "standard_price": 60.0,
                "invoice_policy": "delivery",
            }
            for number in range(LINES_OPEN)
        ])
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.env.company.id)], limit=1)
        quants = self.env["stock.quant"].with_context(inventory_mode=True).create([
            {"product_id": product.id, "location_id": warehouse.lot_stock_id.id, "inventory_quantity": 1000}
            for product in products
        ])
        quants.action_apply_inventory()
        if has_supply(self.env):
            prepare_products(self.env, products)
        return products

    def make_deal(self, **values):
        return self.env["crm.lead"].create({
            "name": "Prototype",
            "type": "opportunity",
            "partner_id": self.customer.id,
            "user_id": self.seller.id,
            "team_id": self.seller.sale_team_id.id,
            "expected_revenue": 500.0,
            **values,
        })

    def make_won_deal(self):
        deal = self.make_deal()
        deal.action_set_won()
        return deal

    def make_lost_deal(self):
        deal = self.make_deal()
        reason = self.env["crm.lost.reason"].search([], limit=1)
        deal.action_set_lost(lost_reason_id=reason.id)
        return deal

    def make_activity(self, deal):
        return deal.activity_schedule("mail.mail_activity_data_todo", summary="Call back", user_id=self.seller.id)

    def make_stage_change(self, deal, stage):
        """Return the message of one change of stage, as tracking writes it."""
        self.env.cr.flush()
        before = deal.message_ids
        deal.with_user(self.seller).stage_id = stage
        self.env.cr.flush()
        deal.invalidate_recordset(["message_ids"])
        return deal.message_ids - before

    def make_quotation(self, lines=LINES, quantity=DELIVERIES, deal=None):
        return self.env["sale.order"].create({
            "partner_id": self.customer.id,
            "opportunity_id": deal.id if deal else False,
            "user_id": self.seller.id,
            "team_id": self.seller.sale_team_id.id,
            "order_line": [
                Command.create({"product_id": product.id, "product_uom_qty": quantity, "price_unit": 100.0})
                for product in self.products[:lines]
            ],
        })

    def make_sent_quotation(self, deal):
        order = self.make_quotation(deal=deal)
        order.action_quotation_sent()
        return order

    def make_open_order(self, deal):
        order = self.make_quotation(lines=LINES_OPEN, quantity=2, deal=deal)
        order.action_confirm()
        if has_supply(self.env):
            # There it waits for what comes, as the others do that want the same.
            order.picking_ids.do_unreserve()
        else:
            order.picking_ids.action_assign()
        return order

    def make_closed_order(self, deal):
        """Return an order that was delivered in ten calls, every second one followed by a posted invoice."""
        order = self.make_quotation(deal=deal)
        order.action_confirm()
        for call in range(1, DELIVERIES + 1):
            self.deliver(order, 1)
            if call % DELIVERIES_PER_INVOICE == 0:
                order._create_invoices().action_post()
        return order

    def deliver(self, order, quantity):
        picking = order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
        picking.action_assign()
        for move in picking.move_ids:
            move.quantity = quantity
            move.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        assert picking.state == "done", f"the prototype's delivery is {picking.state}"


def make_people(env, count):
    """Return salespeople, spread over teams, and make the user that the benchmarks run as."""
    users = env["res.users"].with_context(no_reset_password=True)
    group = env.ref("sales_team.group_sale_salesman")
    sellers = users.create([
        {
            "name": f"Salesperson {number}",
            "login": f"salesperson{number}",
            "email": f"salesperson{number}@company.example",
            "group_ids": [Command.link(group.id)],
        }
        for number in range(count)
    ])
    per_team = 10
    env["crm.team"].create([
        {"name": f"Team {start // per_team}", "member_ids": [Command.set(sellers[start : start + per_team].ids)]}
        for start in range(0, count, per_team)
    ])
    groups = ["sales_team.group_sale_manager", "stock.group_stock_manager", "account.group_account_manager"]
    users.create({
        "name": "Benchmark",
        "login": "benchmark",
        "email": "benchmark@company.example",
        "group_ids": [Command.link(env.ref(xmlid).id) for xmlid in groups],
    })
    return sellers


