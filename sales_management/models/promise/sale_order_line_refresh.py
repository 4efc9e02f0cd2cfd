import json

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .sale_order_line import PROMISE_FIELDS

#: Lines of quotations that are asked anew at once.
BATCH = 500


class SaleOrderLine(models.Model):
    """Promises are asked anew when supply changed: for many lines at once, and for no other."""

    _inherit = "sale.order.line"

    # === Confirmed lines === #

    @api.model
    def _refresh_commitments(self, changes):
        """Ask anew for confirmed lines that take these products where somebody committed to a date.

        :param dict changes: as :meth:`sales.promise.mark._take` gives them
        :return: the lines that were asked for
        :rtype: sale.order.line
        """
        pairs = self._get_committed_pairs(list(changes))
        if not pairs:
            return self.browse()
        results = dict(self.env["sales.promise.engine"]._allocate(pairs))
        for line_id, pegged in self._get_pegged_promises(changes).items():
            known = results.get(line_id)
            if known is None or (known.date and known.date < pegged.date):
                results[line_id] = pegged
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled")
        # sudo: the job looks at all of them, whoever runs it.
        lines = self.sudo().search([("id", "in", list(results)), ("company_id", "in", list(enabled))], order="id")
        lines._store_promises(results)
        return lines

    @api.model
    def _get_committed_pairs(self, product_ids):
        """:return: products and warehouses that confirmed lines with a committed date still take, of these products"""
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled")
        self.flush_model(["company_id", "promise_committed_date", "warehouse_id"])
        self.env["stock.move"].flush_model(["product_id", "sale_line_id", "state"])
        return self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT move.product_id, line.warehouse_id
                  FROM stock_move move
                  JOIN sale_order_line line ON line.id = move.sale_line_id
                 WHERE move.product_id = ANY(%(products)s)
                   AND move.state IN ('waiting', 'confirmed', 'partially_available', 'assigned')
                   AND line.promise_committed_date IS NOT NULL
                   AND line.warehouse_id IS NOT NULL
                   AND line.company_id = ANY(%(companies)s)
                """,
                products=product_ids,
                companies=list(enabled),
            )
        )

    def _store_promises(self, results):
        """Keep answers, in one UPDATE: nothing of the line is edited by it, so that no other write follows.

        :param dict results: :class:`PromiseResult` by id of the line
        """
        if not self:
            return
        self.flush_recordset(PROMISE_FIELDS)
        answers, now = [results[line_id] for line_id in self.ids], fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """
                UPDATE sale_order_line line
                   SET promise_date = new.date,
                       promise_confidence = new.confidence,
                       promise_detail = new.detail,
                       promise_computed_at = %(now)s
                  FROM unnest(
                           %(ids)s::int[], %(dates)s::timestamp[], %(confidences)s::varchar[], %(details)s::text[]
                       ) AS new (id, date, confidence, detail)
                 WHERE line.id = new.id
                """,
                now=now,
                ids=list(self.ids),
                dates=[answer.date or None for answer in answers],
                confidences=[answer.confidence or None for answer in answers],
                details=[json.dumps(self._prepare_promise_detail(answer, now)) for answer in answers],
            )
        )
        self.invalidate_recordset(PROMISE_FIELDS, flush=False)
        self._follow_new_promises()

    def _follow_new_promises(self):
        """Let the states of these lines and of their orders follow."""
        self.modified(PROMISE_FIELDS)
        self.env["sale.order.line"].flush_model(["promise_state"])
        self.env["sale.order"].flush_model(["promise_date", "promise_state"])

    # === Quotations === #

    @api.model
    def _refresh_estimates(self, changes):
        """Ask anew for lines of open quotations that show a date for these products.

        :param dict changes: as :meth:`sales.promise.mark._take` gives them
        :return: the lines that were asked for
        :rtype: sale.order.line
        """
        # sudo: the job looks at all of them, whoever runs it.
        lines = self.sudo().search(self._get_estimate_domain(changes), order="id")
        for start in range(0, len(lines), BATCH):
            batch = lines[start : start + BATCH]
            self.env.add_to_compute(self._fields["promise_date"], batch)
            batch._recompute_recordset(["promise_date"])
            batch.flush_recordset(PROMISE_FIELDS)
            batch._follow_new_promises()
            # What is held leaves on the day that is promised.
            batch._follow_holds()
        return lines

    @api.model
    def _get_estimate_domain(self, product_ids):
        """Lines of quotations that can still become orders and show a date."""
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled")
        is_valid = Domain("order_id.validity_date", "=", False) | Domain(
            "order_id.validity_date", ">=", fields.Date.today()
        )
        return (
            Domain("state", "in", ("draft", "sent"))
            & Domain("promise_computed_at", "!=", False)
            & Domain("company_id", "in", list(enabled))
            & Domain("product_id", "in", list(self._get_sold_product_ids(product_ids)))
            & (is_valid | Domain("promise_committed_date", "!=", False))
        )

    @api.model
    def _get_sold_product_ids(self, product_ids):
        """These products, and the kits that they are parts of, whatever the depth."""
        found = new = set(product_ids)
        if "mrp.bom.line" not in self.env:
            return found
        while new:
            # sudo: who sells a kit need not read how it is made.
            boms = (
                self.env["mrp.bom.line"]
                .sudo()
                ._read_group([("product_id", "in", list(new)), ("bom_id.type", "=", "phantom")], ["bom_id"])
            )
            sold = set()
            for (bom,) in boms:
                sold.update((bom.product_id or bom.product_tmpl_id.product_variant_ids).ids)
            new = sold - found
            found = found | new
        return found
