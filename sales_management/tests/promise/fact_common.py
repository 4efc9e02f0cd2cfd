"""Orders that are promised, committed and delivered on days that a test chooses."""

from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.fields import Command

from odoo.addons.sales_management.tools.promise import PromiseResult, PromiseSource, PromiseStep

#: A Monday.
START = datetime(2026, 3, 2, 2, 0)


class PromiseFactMixin:
    """The company keeps promises; what the engine answers is the test's to say."""

    @classmethod
    def _switch_promise_on(cls):
        cls.env.company.sales_promise_enabled = True
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.env.company.id)], limit=1)
        cls.env["stock.quant"]._update_available_quantity(cls.bolt, cls.warehouse.lot_stock_id, 1000)

    @contextmanager
    def _promising(self, moment, confidence="a"):
        """Let the engine answer a moment for whatever is asked."""

        def answer(lines):
            source = PromiseSource("stock")
            return {
                line: PromiseResult(
                    line.id,
                    moment,
                    (PromiseStep(moment, line.product_uom_qty, source, confidence),),
                    confidence,
                    source,
                    moment,
                )
                for line in lines
                if line.product_id
            }

        with patch.object(self.env.registry["sale.order.line"], "_get_line_promises", answer):
            yield

    def _create_promised(self, moment, quantity=5, **values):
        """A draft of the salesperson, whose lines the engine promises for a moment."""
        with self._promising(moment):
            order = self._create_order(
                quantity=quantity, **{"user_id": self.salesperson.id, "team_id": self.team.id, **values}
            )
            order.order_line.mapped("promise_date")
        return order

    def _commit(self, lines, moment):
        lines.write({"promise_committed_date": moment})

    @contextmanager
    def _at(self, moment):
        """Work at a moment; the transaction's own clock cannot be moved."""
        with freeze_time(moment), patch.object(self.env.cr, "now", return_value=moment):
            yield

    def _deliver(self, order, moment, quantity=None, user=None):
        """Deliver what is open of an order, or so much of each line, and leave the rest for later."""
        with self._at(moment):
            picking = order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
            picking = picking.with_user(user or self.env.user)
            picking.action_assign()
            for move in picking.move_ids:
                move.write({"quantity": quantity or move.product_uom_qty, "picked": True})
            picking._action_done()
        return picking

    def _get_facts(self, record, *kinds):
        link = "order_id" if record._name == "sale.order" else "line_id"
        domain = [(link, "in", record.ids)]
        if kinds:
            domain.append(("kind", "in", kinds))
        return self.env["sales.promise.fact"].search(domain, order="id")

    @classmethod
    def _prepare_lines(cls, *quantities, product=None):
        product = product or cls.bolt
        return [Command.create({"product_id": product.id, "product_uom_qty": quantity}) for quantity in quantities]
