from datetime import timedelta
from random import Random

from odoo import api, fields, models
from odoo.fields import Command

from .plan import SEED, VALIDITY_DAYS


class SalesDemo(models.AbstractModel):
    _inherit = "sales.demo"

    # === Quotations === #

    @api.model
    def _load_orders(self, orders, tables):
        warehouses = {row["key"]: row["warehouse"] for row in tables["teams"]}
        teams = {row["key"]: row["team"] for row in tables["people"]}
        values = []
        for order in orders:
            team = teams[order.customer["salesperson"]]
            values.append(self._prepare_order_values(order, team, warehouses[team]))
        for order, record in zip(orders, self.env["sale.order"].create(values), strict=True):
            order.record = record

    @api.model
    def _prepare_order_values(self, order, team, warehouse):
        customer = self._ref("customer", order.customer["key"])
        values = {
            "partner_id": customer.id,
            "company_id": self.env.company.id,
            "user_id": customer.user_id.id,
            "team_id": self._id("team", team),
            "warehouse_id": self._id("warehouse", warehouse),
            "pricelist_id": self._id("pricelist", order.customer["pricelist"]),
            "date_order": order.created,
            "validity_date": (order.created + timedelta(days=VALIDITY_DAYS)).date(),
            "commitment_date": order.commitment,
            "state": "sent" if order.confirmed else order.state,
            "order_line": [Command.create(self._prepare_order_line_values(line)) for line in order.lines],
        }
        if order.customer["terms"] == "60":
            values["picking_policy"] = "one"  # projects want everything on one truck
        if team == "export":
            values["incoterm"] = self.env.ref("account.incoterm_FOB").id
            values["incoterm_location"] = "Ningbo 宁波"
        if order.confirmed:
            values["client_order_ref"] = f"PO {order.confirmed:%y%m}-{order.customer['key'][1:]}{len(order.lines)}"
        if order.deal:
            deal = order.deal.record
            values |= {
                "opportunity_id": deal.id,
                "origin": deal.name,
                "source_id": deal.source_id.id,
                "tag_ids": [Command.set(deal.tag_ids.ids)],
            }
        return values

    @api.model
    def _prepare_order_line_values(self, line):
        return {
            "product_id": self._id("product", line.product["code"]),
            "product_uom_qty": line.quantity,
            "discount": line.discount,
        }

    # === From order to payment === #

    @api.model
    def _load_documents(self, orders, receipts, tables):
        """Confirm, deliver, invoice and collect, in batches whose order keeps reserved and invoiced quantities true."""
        random = Random(SEED)
        shipped = [order for order in orders if order.shipped]
        waiting = sorted(
            (order for order in orders if order.confirmed and not order.shipped), key=lambda order: order.commitment
        )
        self._load_stock(shipped, receipts, tables)
        self._confirm_orders(shipped)
        invoices = self._invoice_deposits(shipped)
        for position in (0, 1):
            self._ship_orders(shipped, position)
            invoices |= self._invoice_shipments(shipped, position, random)
        self._confirm_orders(waiting)
        invoices |= self._invoice_deposits(waiting)
        self._load_receipts([receipt for receipt in receipts if not receipt.done])
        invoices |= self._return_goods([order for order in orders if order.returned])
        self._date_orders(orders)
        self._date_deliveries(orders)
        self._load_invoices(invoices, random)
        self._date_notes(orders, invoices)

    @api.model
    def _confirm_orders(self, orders):
        self._records(orders).action_confirm()

    @api.model
    def _records(self, orders):
        return self.env["sale.order"].union(*(order.record for order in orders))

    @api.model
    def _date_orders(self, orders):
        columns = {
            order.record: {
                "create_date": order.created,
                "create_uid": order.record.user_id.id,
                "write_date": order.date,
                "date_order": order.date,
                "effective_date": order.shipped[0][0] if order.shipped else None,
            }
            for order in orders
        }
        self._rewrite("sale.order", columns)
        lines = {line: {"create_date": order.created} for order in orders for line in order.record.order_line}
        self._rewrite("sale.order.line", lines)

    @api.model
    def _date_notes(self, orders, invoices):
        """Date what Odoo noted on the documents by itself, such as where they come from, like the documents."""
        for records in (self._records(orders), self._records(orders).picking_ids, invoices):
            self._backdate_notes(records, {record.id: record.create_date for record in records})

    @api.model
    def _backdate_notes(self, records, moments):
        fresh = fields.Datetime.now() - timedelta(hours=1)
        domain = [("model", "=", records._name), ("res_id", "in", list(moments)), ("date", ">", fresh)]
        notes = self.env["mail.message"].search(domain)
        self._rewrite("mail.message", {note: {"date": moments[note.res_id]} for note in notes})
