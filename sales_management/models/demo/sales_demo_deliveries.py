from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command


class SalesDemo(models.AbstractModel):
    _inherit = "sales.demo"

    # === Stock === #

    @api.model
    def _load_stock(self, shipped, receipts, tables):
        """Bring in what was delivered since and what is there today."""
        received = [receipt for receipt in receipts if receipt.done]
        needed = self._count_needed(shipped, received)
        Quant = self.env["stock.quant"].with_context(inventory_mode=True, inventory_name="Opening stock 期初库存")
        quants = Quant.create(
            [
                {
                    "product_id": self._id("product", row["code"]),
                    "location_id": self._ref("warehouse", warehouse).lot_stock_id.id,
                    "inventory_quantity": quantity,
                }
                for row in tables["products"]
                if row["kind"] == "goods"
                for warehouse in ("jiaxing", "shenzhen")
                if (quantity := max(0, int(row[warehouse]) + needed[row["code"], warehouse])) > 0
            ]
        )
        quants.action_apply_inventory()
        moves = self.env["stock.move"].search([("is_inventory", "=", True), ("company_id", "=", self.env.company.id)])
        opened = fields.Datetime.now() - timedelta(days=380)
        columns = {"date": opened, "create_date": opened}
        self._rewrite("stock.move", dict.fromkeys(moves, columns))
        self._rewrite("stock.move.line", dict.fromkeys(moves.move_line_ids, columns))
        self._load_receipts(received)

    @api.model
    def _count_needed(self, shipped, received):
        """:return: what left the warehouses less what came in, by product code and warehouse key"""
        keys = {self._ref("warehouse", key): key for key in ("jiaxing", "shenzhen")}
        needed = defaultdict(int)
        for order in shipped:
            for line in order.lines:
                key = line.product["code"], keys[order.record.warehouse_id]
                needed[key] += self._count_shipped(line, order.shipped[-1][1])
        for receipt in received:
            for row, quantity in receipt.lines:
                needed[row["code"], receipt.warehouse] -= quantity
        return needed

    @api.model
    def _count_shipped(self, line, share):
        return int(line.quantity * share)

    @api.model
    def _load_receipts(self, receipts):
        pickings = self.env["stock.picking"].create([self._prepare_receipt_values(receipt) for receipt in receipts])
        pickings.action_confirm()
        done = self.env["stock.picking"].union(
            *(picking for picking, receipt in zip(pickings, receipts, strict=True) if receipt.done)
        )
        self._validate(done)
        columns = {}
        for receipt, picking in zip(receipts, pickings, strict=True):
            created = min(receipt.due, receipt.done or receipt.due) - timedelta(days=25)
            columns[picking] = (min(created, fields.Datetime.now() - timedelta(days=1)), receipt.due, receipt.done)
        self._date_pickings(columns)

    @api.model
    def _prepare_receipt_values(self, receipt):
        vendor = self._ref("vendor", receipt.vendor)
        picking_type = self._ref("warehouse", receipt.warehouse).in_type_id
        source = vendor.property_stock_supplier
        target = picking_type.default_location_dest_id
        return {
            "partner_id": vendor.id,
            "picking_type_id": picking_type.id,
            "location_id": source.id,
            "location_dest_id": target.id,
            "scheduled_date": receipt.due,
            "origin": f"PO {receipt.due:%y%m%d}",
            "company_id": self.env.company.id,
            "move_ids": [
                Command.create(
                    {
                        "product_id": self._id("product", row["code"]),
                        "product_uom_qty": quantity,
                        "location_id": source.id,
                        "location_dest_id": target.id,
                        "date": receipt.due,
                        "date_deadline": receipt.due,
                        "company_id": self.env.company.id,
                    }
                )
                for row, quantity in receipt.lines
            ],
        }

    @api.model
    def _validate(self, pickings):
        pickings.move_ids.picked = True
        pickings._action_done()

    # === Deliveries === #

    @api.model
    def _ship_orders(self, orders, position):
        """Deliver the first or the second shipment of the orders that have one."""
        pickings = self.env["stock.picking"]
        for order in orders:
            if len(order.shipped) <= position:
                continue
            picking = order.record.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
            pickings |= picking
            share = order.shipped[position][1]
            if share < 1:
                lines = [line for line in order.lines if line.product["kind"] == "goods"]
                for move, line in zip(picking.move_ids.sorted("id"), lines, strict=True):
                    move.quantity = self._count_shipped(line, share)
        self._validate(pickings)

    @api.model
    def _return_goods(self, orders):
        """Take back a tenth of the first line of these deliveries.

        :return: credit notes for what is back
        """
        invoices = self.env["account.move"]
        for order in orders:
            delivery = order.record.picking_ids.filtered(lambda picking: picking.state == "done")[:1]
            wizard = self.env["stock.return.picking"].create({"picking_id": delivery.id})
            line = wizard.product_return_moves[:1]
            line.quantity = max(1, round(line.move_id.quantity / 10))
            picking = wizard._create_return()
            if not order.is_return_open:
                self._validate(picking)
                refund = order.record._create_invoices(final=True)
                refund.invoice_date = self._after(order.returned, days=2).date()
                invoices |= refund
        return invoices

    # === Dates === #

    @api.model
    def _date_deliveries(self, orders):
        columns = {}
        for order in orders:
            pickings = order.record.picking_ids.sorted("id")
            back = pickings.filtered("return_id")
            deliveries = pickings - back
            created = order.confirmed
            for position, picking in enumerate(deliveries):
                done = order.shipped[position][0] if position < len(order.shipped) else None
                columns[picking] = (created, order.commitment, done)
                created = done
            for picking in back:
                done = None if order.is_return_open else order.returned
                columns[picking] = (order.returned - timedelta(days=3), order.returned, done)
        self._date_pickings(columns)

    @api.model
    def _date_pickings(self, columns):
        """:param dict columns: (created, due, done or None) by picking"""
        self._rewrite(
            "stock.picking",
            {
                picking: {"create_date": created, "scheduled_date": due, "date_deadline": due, "date_done": done}
                for picking, (created, due, done) in columns.items()
            },
        )
        moves, lines = {}, {}
        for picking, (created, due, done) in columns.items():
            row = {"create_date": created, "date": done or due}
            moves |= {move: {**row, "date_deadline": due} for move in picking.move_ids}
            lines |= dict.fromkeys(picking.move_ids.move_line_ids, row)
        self._rewrite("stock.move", moves)
        self._rewrite("stock.move.line", lines)
