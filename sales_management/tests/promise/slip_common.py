"""Confirmed orders with committed dates, and an engine that answers what a test says."""

from datetime import datetime, timedelta

from odoo.fields import Command

from odoo.addons.sales_management.tests.common import DealDocumentCommon
from odoo.addons.sales_management.tools.promise import PromiseResult, PromiseSource, PromiseStep

#: When customers were told that it comes; what the engine says where a test says nothing.
COMMITTED = datetime(2031, 3, 10, 4)
#: Two days and nine days later.
WORSE, MUCH_WORSE = COMMITTED + timedelta(days=2), COMMITTED + timedelta(days=9)


class SlipCommon(DealDocumentCommon):
    #: Whether the engine answers what a test says.
    fakes_answers = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sales_promise_enabled = True
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.env.company.id)], limit=1)
        cls.supplier_location = cls.env.ref("stock.stock_location_suppliers")

    def setUp(self):
        super().setUp()
        #: Dates by id of the line, pairs that were asked, what lines wait for, products that fail.
        self.dates, self.asked, self.source, self.failing = {}, [], "", set()
        engine, test = type(self.env["sales.promise.engine"]), self

        def allocate(engine, pairs):
            test.asked.append(sorted(pairs))
            products = [product_id for product_id, _warehouse_id in pairs]
            if test.failing.intersection(products):
                raise ValueError("broken")
            moves = engine.env["stock.move"].search(
                [
                    ("product_id", "in", products),
                    ("sale_line_id", "!=", False),
                    ("state", "not in", ("draft", "done", "cancel")),
                ]
            )
            return {line_id: test._answer(line_id) for line_id in moves.sale_line_id.ids}

        def promise(engine, requests, terms=None):
            return [test._answer(request.key)._replace(key=request.key) for request in requests]

        if self.fakes_answers:
            self.patch(engine, "_allocate", allocate)
            self.patch(engine, "_promise", promise)

    def _answer(self, line_id):
        date = self.dates.get(line_id, COMMITTED)
        source = PromiseSource("receipt", self.source)
        return PromiseResult(line_id, date, (PromiseStep(date, 5.0, source, "b"),), "b", source, None)

    # === Data === #

    def _create_orders(self, count=1, product=None, **values):
        """Confirmed orders of one line each, whose date was committed and could be held."""
        defaults = {
            "partner_id": self.customer.id,
            "user_id": self.salesperson.id,
            "team_id": self.team.id,
            "order_line": [Command.create({"product_id": (product or self.bolt).id, "product_uom_qty": 5})],
        }
        orders = self.env["sale.order"].create([{**defaults, **values} for _position in range(count)])
        orders.action_confirm()
        self._commit(orders.order_line)
        self._forget()
        return orders

    def _commit(self, lines, date=COMMITTED):
        lines.sudo().write({"promise_committed_date": date, "promise_was_held": True})
        lines.flush_recordset()

    def _create_receipt(self, product=None, quantity=100):
        places = {
            "location_id": self.supplier_location.id,
            "location_dest_id": self.warehouse.lot_stock_id.id,
        }
        move = {"product_id": (product or self.bolt).id, "product_uom_qty": quantity, **places}
        picking = self.env["stock.picking"].create(
            {"picking_type_id": self.warehouse.in_type_id.id, "move_ids": [Command.create(move)], **places}
        )
        picking.action_confirm()
        self._forget()
        return picking

    # === Marks === #

    def _end_transaction(self):
        """What a commit would do first."""
        self.env.flush_all()
        self.env.cr.precommit.run()

    def _forget(self):
        self._end_transaction()
        self.env.cr.execute("DELETE FROM sales_promise_mark")

    def _get_marks(self):
        self._end_transaction()
        self.env.cr.execute("SELECT product_id, cause FROM sales_promise_mark ORDER BY id")
        return self.env.cr.fetchall()

    # === The job === #

    def _slip(self, receipt, lines, date=WORSE):
        """A receipt comes later, and lines can no longer be held."""
        self.dates |= dict.fromkeys(lines.ids, date)
        self.source = receipt.name
        receipt.move_ids.date += timedelta(days=7)
        self._run_job()

    def _run_job(self):
        self._end_transaction()
        with self.enter_registry_test_mode():
            self.env.ref("sales_management.ir_cron_refresh_promises").method_direct_trigger()
        self.env.invalidate_all()

    def _get_notices(self, user=None):
        kind = self.env.ref("sales_management.sales_notice_kind_promise")
        domain = [("kind_id", "=", kind.id)] + ([("user_id", "=", user.id)] if user else [])
        return self.env["sales.notice"].search(domain, order="id")

    def _get_facts(self, kind):
        return self.env["sales.promise.fact"].search([("kind", "=", kind)])
