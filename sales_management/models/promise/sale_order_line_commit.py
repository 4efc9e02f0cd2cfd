from contextlib import contextmanager

from odoo import models
from odoo.exceptions import UserError

from .sale_order_line import PROMISE_FIELDS, TOGETHER

#: Where the cursor keeps the lines whose commitment is under way: what the caller does for all is not done for each.
COMMITTING = "sales_management.lines_being_committed"


class SaleOrderLine(models.Model):
    """A person commits to a date, and nobody else gets the goods."""

    _inherit = "sale.order.line"

    # === ORM === #

    def _get_computed_only_fields(self):
        return super()._get_computed_only_fields() | {
            "promise_cause",
            "promise_state",
            "promise_told_date",
            "promise_was_held",
            *PROMISE_FIELDS,
        }

    def _after_document_create(self):
        result = super()._after_document_create()
        lines = self.filtered("promise_committed_date")._filter_promising()
        if lines:
            with lines._together():
                lines._lock_promises()
                lines._follow_commitment()
        return result

    @contextmanager
    def _around_document_write(self, vals):
        lines = self.browse()
        if "promise_committed_date" in vals:
            lines = self._filter_promising() - self.browse(self.env.cr.cache.get(COMMITTING, ()))
            date = self._fields["promise_committed_date"].convert_to_cache(vals["promise_committed_date"], self)
            lines = lines.filtered(lambda line: (line.promise_committed_date or None) != date)
        if not lines:
            with super()._around_document_write(vals):
                yield
            return
        lines.order_id._check_committable()
        with lines._together():
            lines._lock_promises()
            with super()._around_document_write(vals):
                yield
            lines._follow_commitment()

    # === Actions === #

    def action_commit_promise(self):
        """Take the earliest date of each of these lines as the one that the customer is told.

        :raise AccessError: unless the user may write the quotations
        :raise UserError: when a quotation is cancelled or locked, its company promises no dates, or nobody knows a date
            for any of the lines
        :raise psycopg2.errors.SerializationFailure: where somebody else took these goods; requests are retried
        """
        self.order_id.check_access("write")
        self.check_access("write")
        self.order_id._check_promising()
        lines = self._filter_promising()
        lines.order_id._check_committable()
        with lines._together():
            lines._commit_to_promises()

    def _commit_to_promises(self):
        self._lock_promises()
        dated = self.filtered("promise_date")
        undated = self.order_id - dated.order_id
        if undated or not dated:
            raise UserError(
                self.env._(
                    "Nobody knows a date for %(orders)s. Give the products a vendor, a bill of materials or stock, or "
                    "write the date by hand.",
                    orders=", ".join(undated.mapped("name")),
                )
            )
        with dated._committing():
            for date, group in dated.grouped("promise_date").items():
                group.write({"promise_committed_date": date})
        dated._follow_commitment()

    # === Steps === #

    def _filter_promising(self):
        """Those of these whose company promises dates."""
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled")
        return self.filtered(lambda line: line.company_id.id in enabled) if enabled else self.browse()

    @contextmanager
    def _committing(self):
        cache = self.env.cr.cache
        outer = cache.get(COMMITTING, ())
        cache[COMMITTING] = (*outer, *self._ids)
        try:
            yield
        finally:
            cache[COMMITTING] = outer

    @contextmanager
    def _together(self):
        """Let the orders of these lines compete: of what is committed to at once, each gets its own goods."""
        cache = self.env.cr.cache
        outer = cache.get(TOGETHER, ())
        cache[TOGETHER] = outer or tuple(self.order_id.ids)
        try:
            yield
        finally:
            cache[TOGETHER] = outer

    def _lock_promises(self):
        """Let nobody else commit the goods of these lines, and look at them anew."""
        self._lock_goods()
        lines = self._filter_promised()
        lines._mark_promises()
        lines.mapped("promise_date")

    def _lock_goods(self):
        goods = self._filter_promised()._get_goods()
        self.env["sales.promise.lock"]._lock({pair for pairs in goods.values() for pair in pairs})

    def _follow_commitment(self):
        """Keep the goods of these lines, tell their orders and move what is planned already."""
        for was_held, lines in self.grouped(lambda line: line.promise_committed_date and line._can_be_held()).items():
            # It follows from what the caller wrote, and is nobody's to write.
            lines._write_as_it_was({"promise_was_held": bool(was_held)})
        committed = self.filtered("promise_committed_date")
        self.env["sales.promise.hold"]._hold_committed(committed)
        if self - committed:
            self.env["sales.promise.hold"]._release(self - committed)
        self.order_id._follow_line_commitments()
        self.filtered(lambda line: line.state == "sale")._reschedule_moves()
