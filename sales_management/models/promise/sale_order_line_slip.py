from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.sales_management.const import NOTICEABLE_DAYS

#: What nobody knows a date for, comes after all dates.
NEVER = datetime(9999, 12, 31)


class SaleOrderLine(models.Model):
    """A committed date that can no longer be held: said once, with its cause and the new date."""

    _inherit = "sale.order.line"

    promise_told_date = fields.Datetime(
        string="Told Date",
        compute="_compute_promise_told",
        store=True,
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The new date that the salesperson was told last.",
    )
    promise_cause = fields.Char(
        string="Cause",
        compute="_compute_promise_told",
        store=True,
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Number of the document whose change made the committed date impossible.",
    )

    # === Computes === #

    @api.depends("promise_committed_date")
    def _compute_promise_told(self):
        """A new commitment was not told about yet."""
        self.promise_told_date = self.promise_cause = False

    # === Slips === #

    def _follow_slips(self, changes):
        """Record and tell which of these lines can no longer be held, and which can be again.

        :param dict changes: as :meth:`sales.promise.mark._take` gives them
        """
        # Read in one query what was stored.
        self.invalidate_recordset(["promise_date", "promise_detail"], flush=False)
        slipped = self.filtered("product_id")._filter_newly_slipped()
        causes = {line: line._get_slip_cause(changes) for line in slipped}
        silent = slipped.filtered(lambda line: changes.get(line.product_id.id, ((), False))[1])
        recovered = self.filtered(lambda line: line.promise_told_date and line.promise_state in ("ok", "none"))
        slipped._store_slips({line: (line.promise_date or NEVER, causes[line]) for line in slipped})
        recovered._store_slips(dict.fromkeys(recovered, (None, None)))
        told = slipped - silent
        if told:
            vendors = told._get_slip_vendors()
            self.env["sales.promise.fact"]._record("slipped", told, reason=causes, vendor_id=vendors)
            told.order_id._tell_slips(told)
        if recovered:
            self.env["sales.promise.fact"]._record("recovered", recovered)
            recovered.order_id._close_slip_activities()

    def _filter_newly_slipped(self):
        """Those at risk whose new date nobody was told, or is worse by a day than what was told."""
        return self.filtered(
            lambda line: (
                line.promise_state == "at_risk"
                and (
                    not line.promise_told_date
                    or (line.promise_date or NEVER) - line.promise_told_date >= timedelta(days=NOTICEABLE_DAYS)
                )
            )
        )

    def _get_slip_cause(self, changes):
        """The document that made this line slip: what it waits for, where that changed, else what changed last."""
        self.ensure_one()
        source = self._get_promise_detail().get("source") or {}
        name = source.get("name") or ""
        causes = changes.get(self.product_id.id, ((), False))[0]
        if not causes and self.product_id.id not in changes:
            # A kit slips by its parts.
            causes = tuple(cause for product_causes, _silent in changes.values() for cause in product_causes)
            causes = causes if name in causes else ()
        if name in causes or not causes:
            return name or None
        return causes[0]

    def _store_slips(self, told):
        """:param dict told: the new date that was told and its cause, by line"""
        if not self:
            return
        self.flush_recordset(["promise_told_date", "promise_cause"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE sale_order_line line
                   SET promise_told_date = new.date, promise_cause = new.cause
                  FROM unnest(%(ids)s::int[], %(dates)s::timestamp[], %(causes)s::varchar[]) AS new (id, date, cause)
                 WHERE line.id = new.id
                """,
                ids=list(self.ids),
                dates=[told[line][0] for line in self],
                causes=[told[line][1] for line in self],
            )
        )
        self.invalidate_recordset(["promise_told_date", "promise_cause"], flush=False)

    def _get_slip_vendors(self):
        """Who supplies what each of these lines waits for, where that is known.

        :return: id of the vendor, or none, by line
        :rtype: dict[sale.order.line, int | bool]
        """
        ids = {line: self._get_source_receipt(line) for line in self}
        # sudo: the vendor of a receipt is kept for the figures of vendors.
        moves = self.env["stock.move"].sudo().browse(filter(None, ids.values())).exists()
        vendors = {move.id: (move.partner_id or move.picking_id.partner_id).commercial_partner_id.id for move in moves}
        return {line: vendors.get(ids[line], False) for line in self}

    @api.model
    def _get_source_receipt(self, line):
        source = line._get_promise_detail().get("source") or {}
        return source.get("id") if source.get("kind") == "receipt" else False
