from contextlib import contextmanager

from odoo import models

from odoo.addons.sales_management.tools.promise import PromiseSource


class SaleOrderLine(models.Model):
    """Facts about what is promised, committed and delivered, whichever way a line came to it."""

    _inherit = "sale.order.line"

    # === Hooks === #

    def _after_document_create(self):
        result = super()._after_document_create()
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled")
        if enabled:
            lines = self.filtered(lambda line: line.company_id.id in enabled and line.promise_committed_date)
            lines._record_commitments({})
        return result

    @contextmanager
    def _around_document_write(self, vals):
        enabled = "promise_committed_date" in vals and self.env["res.company"]._get_enabled_company_ids(
            "sales_promise_enabled"
        )
        with super()._around_document_write(vals):
            if not enabled:
                yield
                return
            lines = self.filtered(lambda line: line.company_id.id in enabled)
            former = {line: line.promise_committed_date for line in lines}
            yield
            lines.filtered(lambda line: line.promise_committed_date != former[line])._record_commitments(former)

    # === Facts === #

    def _record_promised(self):
        """Record what the customer was told, unless that was recorded before.

        :rtype: sales.promise.fact
        """
        # sudo: what was recorded before is no less so for who does not see it.
        facts = self.env["sales.promise.fact"].sudo()
        last = {}
        domain = [("line_id", "in", self.ids), ("kind", "=", "promised")]
        for fact in facts.search_fetch(domain, ["line_id", "promise_date", "quantity"], order="id"):
            last[fact.line_id.id] = (fact.promise_date, fact.quantity)
        lines = self.filtered(lambda line: last.get(line.id) != (line.promise_date, line._get_promised_quantity()))
        return self._record_facts("promised", lines)

    def _record_commitments(self, former):
        """Record that the committed dates of these lines were set, changed or taken back.

        :param dict former: committed date before, by line
        """
        first = self.filtered(lambda line: not former.get(line))
        first.filtered("promise_date")._record_promised()
        self._record_facts("committed", first, former)
        withdrawn = self.filtered(lambda line: not line.promise_committed_date)
        self._record_facts("withdrawn", withdrawn, former)
        self._record_facts("changed", self - first - withdrawn, former)

    def _record_facts(self, kind, lines, former=None):
        if not lines:
            return self.env["sales.promise.fact"]
        return self.env["sales.promise.fact"]._record(
            kind,
            lines,
            former_date={line: date for line, date in (former or {}).items() if date},
            reason={line: line.promise_source for line in lines if kind != "withdrawn"},
            vendor_id=lines._get_promised_vendors(),
        )

    def _record_deliveries(self, former, moment):
        """Record what was delivered, or came back, since the quantities were looked at.

        :param dict former: delivered quantity before, in the unit of the product, by line
        :param moment: when
        """
        changed = {line: quantity - former[line] for line, quantity in self._get_delivered_quantities().items()}
        changed = {line: quantity for line, quantity in changed.items() if not line.product_id.uom_id.is_zero(quantity)}
        if changed:
            lines = self.browse(line.id for line in changed)
            self.env["sales.promise.fact"]._record("delivered", lines, quantity=changed, effective_date=moment)

    # === Tools === #

    def _get_promised_vendors(self):
        """:return: id of the vendor that the date of a line waits for, by line
        :rtype: dict[sale.order.line, int]
        """
        found = {line: line._get_promise_detail().get("source") for line in self}
        sources = {line: PromiseSource(**source) for line, source in found.items() if source}
        vendors = self.env["sales.promise.engine"]._get_source_vendors(set(sources.values()))
        return {line: vendors[source][0] for line, source in sources.items() if source in vendors}

    def _get_promised_quantity(self):
        self.ensure_one()
        return self.product_uom_id._compute_quantity(self.product_uom_qty, self.product_id.uom_id)

    def _get_delivered_quantities(self):
        """:return: delivered quantity in the unit of the product, by line: kits in whole ones, what came back taken off
        :rtype: dict[sale.order.line, float]
        """
        # Rounded as a whole, so that the parts always add up to it.
        return {
            line: line.product_uom_id._compute_quantity(
                line.qty_delivered, line.product_id.uom_id, rounding_method="HALF-UP"
            )
            for line in self
        }
