import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: Products of one transaction.
BATCH = 500
#: How often a batch is begun anew that others wrote to at the same time; when what is left is tried again.
ATTEMPTS = 3
RETRY = timedelta(minutes=5)


class SalesPromiseMark(models.Model):
    """The job: whatever is promised of marked products is asked anew, and of nothing else."""

    _inherit = "sales.promise.mark"

    # === Crons === #

    @api.model
    def _cron_mark_promises(self):
        """Once a day: what is overdue moves to today, and so do the dates of open quotations."""
        self._add_all(self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled"))

    @api.model
    def _cron_refresh_promises(self):
        """Look at what is promised of the products that changed.

        Safe on several workers: marks are taken away in the transaction that looks at them, those that another worker
        holds are left to it. What fails is logged and keeps its marks; it holds up no other.
        """
        if not self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled"):
            return
        seen, is_left = [], False
        while product_ids := self._get_marked_product_ids(seen):
            seen += product_ids[:BATCH]
            is_left |= not self._refresh_isolated(product_ids[:BATCH])
            remaining = len(product_ids[BATCH:])
            if not self.env["ir.cron"]._commit_progress(len(product_ids[:BATCH]), remaining=remaining):
                break
        if is_left:
            cron = self.env.ref("sales_management.ir_cron_refresh_promises", raise_if_not_found=False)
            if cron:
                # sudo: as any job, this one may be run by an administrator by hand.
                cron.sudo()._trigger(fields.Datetime.now() + RETRY)

    @api.model
    def _get_marked_product_ids(self, seen):
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT product_id FROM sales_promise_mark WHERE product_id != ALL(%s) ORDER BY product_id",
                list(seen),
            )
        )
        return [product_id for (product_id,) in rows]

    # === Looking === #

    @api.model
    def _refresh_isolated(self, product_ids):
        """Look at these products together, or at each by itself where that fails.

        :return: whether all of them were looked at
        :rtype: bool
        """
        if self._try_refresh(product_ids):
            return True
        if len(product_ids) == 1:
            return False
        # All are tried, whatever becomes of one.
        are_done = True
        for product_id in product_ids:
            if self._try_refresh([product_id]):
                # Beginning the next one anew takes nothing of this one back.
                self.env["ir.cron"]._commit_progress()
            else:
                are_done = False
        return are_done

    @api.model
    def _try_refresh(self, product_ids):
        for _attempt in range(ATTEMPTS):
            try:
                with self.env.cr.savepoint():
                    self._refresh(product_ids)
                return True
            except OperationalError:
                # Somebody wrote to the same lines: begun anew, it sees what they wrote.
                self.env.cr.rollback()
            except Exception:
                # Whatever it is, the other products are looked at.
                _logger.exception("Promises of products %s could not be looked at", product_ids[:10])
                return False
        _logger.info("%s products are left to the next run", len(product_ids))
        return False

    @api.model
    def _refresh(self, product_ids):
        """Take the marks of these products, and ask anew what is promised of them."""
        changes = self._take(product_ids)
        if changes:
            lines = self.env["sale.order.line"]._refresh_commitments(changes)
            lines |= self.env["sale.order.line"]._refresh_estimates(changes)
            lines._follow_slips(changes)
