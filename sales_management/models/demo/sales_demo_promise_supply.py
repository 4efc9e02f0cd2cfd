from datetime import timedelta

from odoo import api, models
from odoo.fields import Command

from .plan import Receipt


class SalesDemo(models.AbstractModel):
    """What the demo company buys and makes, as far as Purchase and Manufacturing are there."""

    _inherit = "sales.demo"

    # === Goods === #

    @api.model
    def _load_promised_goods(self, rows):
        rows = [row for row in rows if not row["kind"] or "mrp.bom" in self.env]
        self._load_products([self._prepare_goods_row(row) for row in rows], [])
        for row in rows:
            if row["kind"]:
                self._load_bill(row)
        self._load_own_stock(rows)

    @api.model
    def _prepare_goods_row(self, row):
        """:return: the row as the table of products has it"""
        return {**row, "kind": "goods"}

    @api.model
    def _load_bill(self, row):
        parts = [part.split(":") for part in row["parts"].split()]
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": self._ref("product", row["code"]).product_tmpl_id.id,
                "type": row["kind"],
                "produce_delay": int(row["days"] or 0),
                "company_id": self.env.company.id,
                "bom_line_ids": [
                    Command.create({"product_id": self._id("product", code), "product_qty": int(count)})
                    for code, count in parts
                ],
            }
        )

    @api.model
    def _load_own_stock(self, rows):
        quants = self.env["stock.quant"].with_context(inventory_mode=True, inventory_name="Opening stock 期初库存")
        location = self._ref("warehouse", "jiaxing").lot_stock_id
        quants.create(
            [
                {
                    "product_id": self._id("product", row["code"]),
                    "location_id": location.id,
                    "inventory_quantity": int(row["stock"]),
                }
                for row in rows
                if int(row["stock"])
            ]
        ).action_apply_inventory()

    # === Purchases === #

    @api.model
    def _load_purchases(self, purchases):
        """Order what is on its way; without Purchase, have the receipts alone.

        :return: those that were ordered
        """
        if "purchase_line_id" in self.env["stock.move"]._fields:
            for purchase in purchases:
                self._load_purchase(purchase)
        else:
            purchases = [purchase for purchase in purchases if purchase.state != "request"]
            self._load_receipts([self._prepare_receipt(purchase) for purchase in purchases])
        return purchases

    @api.model
    def _prepare_receipt(self, purchase):
        lines = [(purchase.product, purchase.quantity)]
        return Receipt(purchase.product["vendor"], "jiaxing", lines, purchase.due)

    @api.model
    def _load_purchase(self, purchase):
        buyer = self._ref("user", "planner")
        product = self._ref("product", purchase.product["code"])
        order = (
            self.env["purchase.order"]
            .with_user(buyer)
            .create(
                {
                    "partner_id": self._id("vendor", purchase.product["vendor"]),
                    "user_id": buyer.id,
                    "company_id": self.env.company.id,
                    "picking_type_id": self._ref("warehouse", "jiaxing").in_type_id.id,
                    "date_order": purchase.ordered,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_qty": purchase.quantity,
                                "price_unit": purchase.product["vendor_price"],
                                "date_planned": purchase.due,
                            }
                        )
                    ],
                }
            )
        )
        purchase.record = order
        columns = {"create_date": purchase.ordered, "date_order": purchase.ordered}
        if purchase.state != "request":
            order.button_confirm()
            columns["date_approve"] = purchase.ordered + timedelta(hours=2)
        if purchase.state == "acknowledged":
            order.action_acknowledge()
        self._rewrite("purchase.order", {order: columns})
        if order.picking_ids:
            self._date_pickings({order.picking_ids: (columns["date_approve"], purchase.due, None)})

    @api.model
    def _move_purchases(self, purchases):
        """Let vendors put off, or bring forward, what they said; and whoever was promised it hears."""
        for purchase in purchases:
            if not purchase.moved:
                continue
            if purchase.record:
                purchase.record.order_line.date_planned = purchase.moved
            domain = [("product_id", "=", self._id("product", purchase.product["code"]))]
            coming = [("state", "=", "assigned"), ("location_id.usage", "=", "supplier")]
            # Nobody but the warehouse moves a receipt forward.
            self.env["stock.move"].search([*domain, *coming]).picking_id.scheduled_date = purchase.moved
        self._follow_marks()

    # === Productions === #

    @api.model
    def _load_productions(self, productions):
        if "mrp.production" not in self.env:
            return
        for production in productions:
            self._load_production(production)

    @api.model
    def _load_production(self, production):
        planner = self._ref("user", "planner")
        record = (
            self.env["mrp.production"]
            .with_user(planner)
            .create(
                {
                    "product_id": self._id("product", production.product["code"]),
                    "product_qty": production.quantity,
                    "company_id": self.env.company.id,
                    "picking_type_id": self._ref("warehouse", "jiaxing").manu_type_id.id,
                    "date_start": production.start,
                    "user_id": planner.id,
                }
            )
        )
        record.action_confirm()
        record.action_assign()
        if production.state == "progress":
            record.action_start()
        self._rewrite("mrp.production", {record: {"create_date": production.start - timedelta(days=1)}})
        production.record = record
