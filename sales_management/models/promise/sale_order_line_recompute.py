from contextlib import contextmanager

from odoo import models

from .sale_order_line import PROMISE_FIELDS

#: What of a line decides what is left for its siblings.
COMPETING_FIELDS = frozenset(
    {
        "order_id",
        "product_id",
        "product_uom_qty",
        "product_uom_id",
        "warehouse_id",
        "route_ids",
        "customer_lead",
        "sequence",
        "promise_committed_date",
    }
)


class SaleOrderLine(models.Model):
    """Lines of one order compete: what one of them asks for changes the dates of the others."""

    _inherit = "sale.order.line"

    # === ORM === #

    def _after_document_create(self):
        result = super()._after_document_create()
        (self.order_id._filter_promising().order_line - self)._mark_promises()
        return result

    @contextmanager
    def _around_document_write(self, vals):
        is_touched = not COMPETING_FIELDS.isdisjoint(vals)
        orders = self.order_id._filter_promising() if is_touched else self.env["sale.order"]
        with super()._around_document_write(vals):
            yield
            if is_touched:
                (orders | self.order_id._filter_promising()).order_line._mark_promises()

    @contextmanager
    def _around_document_unlink(self):
        siblings = self.order_id._filter_promising().order_line - self
        with super()._around_document_unlink():
            yield
        siblings._mark_promises()

    # === Marking === #

    def _mark_promises(self):
        """Have the promises of these lines computed anew, together, when they are read or saved next."""
        if not self:
            return
        for name in PROMISE_FIELDS:
            self.env.add_to_compute(self._fields[name], self)
        # What follows from a date, such as the state, is computed after it.
        self.modified(PROMISE_FIELDS)
