import math
from collections import defaultdict
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL, ormcache

#: With fewer receipts a vendor counts as all vendors do.
LEAST = 5
#: Receipts of so many months tell how a vendor is today.
MONTHS = 12


class VendorSlip(NamedTuple):
    """By how many days receipts came after their planned day; less than 0 before it.

    :param float p50: half of them came by then
    :param float p90: nine out of ten came by then
    :param int count: how many there were
    :param bool is_own: whether they are those of the vendor; else of all vendors, for its own are too few
    """

    p50: float
    p90: float
    count: int
    is_own: bool


class SalesPromiseEngine(models.AbstractModel):
    """How late vendors were until now, beside the dates that wait for them."""

    _inherit = "sales.promise.engine"

    # === Steps === #

    @api.model
    def _describe_results(self, results):
        return self._add_slips(super()._describe_results(results))

    @api.model
    def _add_slips(self, results):
        """Say of sources by how many days they may be late, and trust those of unreliable vendors less.

        One query where a company wants it, none elsewhere; the statistics are those of the day.

        :param dict results: :class:`PromiseResult` by key
        :return: the same, with ``late_by`` in sources of vendors that were late
        :rtype: dict
        """
        limits = self.env["res.company"]._get_slip_limits()
        if not limits:
            return results
        sources = {step.source for result in results.values() for step in result.steps if step.source}
        late = {}
        for source, (vendor_id, company_id) in self._get_source_vendors(sources).items():
            slip = self._get_vendor_slips([vendor_id], company_id).get(vendor_id) if company_id in limits else None
            if slip and slip.p90 > 0:
                late[source] = (math.ceil(slip.p90), slip.p90 > limits[company_id])
        return {key: self._add_slip(result, late) for key, result in results.items()} if late else results

    @api.model
    def _add_slip(self, result, late):
        steps = []
        for step in result.steps:
            late_by, is_unreliable = late.get(step.source, (0, False))
            if late_by:
                confidence = "c" if is_unreliable and step.confidence == "b" else step.confidence
                step = step._replace(source=step.source._replace(late_by=late_by), confidence=confidence)
            steps.append(step)
        source = result.source
        if source in late:
            source = source._replace(late_by=late[source][0])
        confidence = max((step.confidence for step in steps), default=result.confidence)
        return result._replace(steps=tuple(steps), source=source, confidence=confidence)

    @api.model
    def _get_source_vendors(self, sources):
        """Who supplies what dates wait for, in a number of queries that does not grow with them.

        To override: add those of kinds of yours.

        :param Iterable[PromiseSource] sources: what dates wait for
        :return: company of the vendor, and whose receipt it is, by source; none of what no vendor supplies
        :rtype: dict[PromiseSource, tuple[int, int]]
        """
        by_kind = defaultdict(list)
        for source in sources:
            if source.id:
                by_kind[source.kind].append(source)
        # sudo: what comes in is told by the date alone, and whoever asks need not see it.
        engine, vendors = self.sudo(), {}
        for source, move in engine._browse_sources("stock.move", by_kind["receipt"]):
            vendors[source] = (engine._get_move_vendor(move), move.company_id)
        if "purchase.order.line" in self.env:
            for source, line in engine._browse_sources("purchase.order.line", by_kind["draft"]):
                vendors[source] = (line.partner_id, line.company_id)
        for source, partner in engine._browse_sources("res.partner", by_kind["vendor"]):
            vendors[source] = (partner, self.env.company)
        return {
            source: (partner.commercial_partner_id.id, company.id)
            for source, (partner, company) in vendors.items()
            if partner
        }

    @api.model
    def _browse_sources(self, model, sources):
        """:return: sources with their records; those whose record was deleted since they were asked for are left out"""
        if not sources:
            return []
        found = self.env[model].browse({source.id for source in sources}).exists()
        known = {record.id: record for record in found}
        return [(source, known[source.id]) for source in sources if source.id in known]

    @api.model
    def _get_move_vendor(self, move):
        line = move.purchase_line_id if "purchase_line_id" in move._fields else None
        return (line and line.partner_id) or move.picking_id.partner_id or move.partner_id

    # === Statistics === #

    @api.model
    def _get_vendor_slips(self, vendor_ids, company_id=None):
        """How late vendors were in the last year, as known on this day.

        :param Iterable[int] vendor_ids: partners, as they stand on receipts or as companies
        :param int | None company_id: whose receipts, those of the current company by default
        :return: by vendor; a vendor with fewer than five receipts gets what all of them have; empty without any
        :rtype: dict[int, VendorSlip]
        """
        slips = self._read_vendor_slips(company_id or self.env.company.id, fields.Date.today())
        overall = slips.get(False)
        if not overall:
            return {}
        # sudo: statistics, of a vendor that whoever asks need not see.
        vendors = self.env["res.partner"].sudo().browse(vendor_ids)
        return {vendor.id: slips.get(vendor.commercial_partner_id.id, overall) for vendor in vendors}

    @api.model
    @ormcache("company_id", "day")
    def _read_vendor_slips(self, company_id, day):
        """:return: slips by company of the vendor, of those with enough receipts; of all of them under ``False``"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT vendor_id, COUNT(*),
                       percentile_cont(0.5) WITHIN GROUP (ORDER BY days_late),
                       percentile_cont(0.9) WITHIN GROUP (ORDER BY days_late)
                  FROM (%s) receipt
                 WHERE company_id = %s AND done_date >= %s
              GROUP BY GROUPING SETS ((vendor_id), ())
                HAVING COUNT(*) >= %s
                """,
                self.env["sales.vendor.report"]._select_receipts(),
                company_id,
                day - relativedelta(months=MONTHS),
                LEAST,
            )
        )
        return {
            vendor_id or False: VendorSlip(p50, p90, count, is_own=bool(vendor_id))
            for vendor_id, count, p50, p90 in rows
        }
