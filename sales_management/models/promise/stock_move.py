from contextlib import contextmanager

from odoo import models

#: Moves that are yet to come.
OPEN_STATES = "('waiting', 'confirmed', 'partially_available', 'assigned')"
#: What can change when goods are there. Quantities done count in stock alone, so they matter once a move is done.
WATCHED = frozenset(
    {
        "date",
        "date_deadline",
        "location_dest_id",
        "location_final_id",
        "location_id",
        "procure_method",
        "product_id",
        "product_uom",
        "product_uom_qty",
        "quantity",
        "state",
    }
)


class StockMove(models.Model):
    """Every change of what comes or goes marks its product: receipts, productions, deliveries, corrections, scraps.

    Purchases and productions write their dates on their moves, so that they need no hook of their own.
    """

    _inherit = "stock.move"

    _promise_idx = models.Index(
        "(product_id, date) INCLUDE (location_id, location_dest_id, location_final_id, product_qty)"
        f" WHERE state IN {OPEN_STATES}"
    )

    # === ORM === #

    def _after_document_create(self):
        result = super()._after_document_create()
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled")
        if enabled:
            self.filtered(lambda move: move.company_id.id in enabled and move.state != "draft")._mark_promises()
        return result

    @contextmanager
    def _around_document_write(self, vals):
        with super()._around_document_write(vals):
            changed = self._get_promise_changes(vals)
            if "product_id" in vals:
                changed._mark_promises()
            yield
            changed._mark_promises()

    @contextmanager
    def _around_document_unlink(self):
        with super()._around_document_unlink():
            enabled = self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled")
            if enabled:
                counted = self.filtered(
                    lambda move: move.company_id.id in enabled and move._get_promise_phase(move.state) == "open"
                )
                counted._mark_promises()
            yield

    # === Marks === #

    def _get_promise_changes(self, vals):
        """:return: those of these moves whose write changes what can be promised; none where nobody promises"""
        if WATCHED.isdisjoint(vals):
            return self.browse()
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled")
        if not enabled:
            return self.browse()
        return self.filtered(lambda move: move.company_id.id in enabled and move._is_promise_change(vals))

    def _is_promise_change(self, vals):
        self.ensure_one()
        phase = self._get_promise_phase(self.state)
        if phase != self._get_promise_phase(vals.get("state", self.state)):
            return True
        if phase in ("none", "done"):
            # What is done moves stock again when its quantity is corrected, and in no other way.
            names = {"quantity"} if phase == "done" else ()
        else:
            names = WATCHED - {"quantity", "state"}
        return any(self._is_value_new(name, vals[name]) for name in vals.keys() & names)

    def _is_value_new(self, name, value):
        field = self._fields[name]
        return field.convert_to_cache(value, self, validate=False) != field.convert_to_cache(
            self[name], self, validate=False
        )

    @staticmethod
    def _get_promise_phase(state):
        """:return: how a move counts: not at all, to come, or in stock. Reserving changes nothing of it."""
        return {"draft": "none", "cancel": "none", "done": "done"}.get(state, "open")

    def _mark_promises(self):
        """Have the lines of these products looked at again, with the numbers of the documents as causes."""
        if self:
            self.env["sales.promise.mark"]._collect(
                (move.product_id.id, move.reference or None, bool(move.sale_line_id)) for move in self
            )
