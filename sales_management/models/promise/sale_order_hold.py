from contextlib import contextmanager
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain

#: What of a quotation says what its lines hold, and until when.
HELD_FIELDS = frozenset({"validity_date", "warehouse_id", "commitment_date", "promise_requested_date"})


class SaleOrder(models.Model):
    """What a sent quotation holds until it expires."""

    _inherit = "sale.order"

    promise_hold_until = fields.Datetime(
        string="Held Until",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Until then the quotation, which was sent, holds its quantities: nobody else is promised them.",
    )

    promise_hold_count = fields.Integer(
        string="Lines That Hold",
        compute="_compute_promise_holds",
        groups="base.group_user",
        help="Lines of which quantities are held now.",
    )
    promise_held_until = fields.Datetime(
        compute="_compute_promise_holds", groups="base.group_user", help="When the last of them is let go."
    )

    # === Computes === #

    @api.depends("company_id", "promise_hold_until")
    def _compute_promise_holds(self):
        orders, holds = self._filter_promising(), self.env["sales.promise.hold"]
        domain = holds._get_active_domain() & Domain("order_id", "in", orders.ids)
        # sudo: who sees a quotation sees what it holds.
        groups = (
            holds.sudo()._read_group(domain, ["order_id"], ["line_id:count_distinct", "expiry:max"]) if orders else []
        )
        found = {order.id: (count, expiry) for order, count, expiry in groups}
        for order in self:
            order.promise_hold_count, order.promise_held_until = found.get(order._origin.id, (0, False))

    # === Actions === #

    @api.readonly
    def action_view_holds(self):
        """:return: list of what these quotations hold
        :rtype: dict
        """
        action = self.env["ir.actions.actions"]._for_xml_id("sales_management.sales_promise_hold_action")
        return action | {"domain": [("order_id", "in", self.ids)]}

    # === ORM === #

    @api.model
    def _get_computed_only_fields(self):
        return super()._get_computed_only_fields() | {"promise_hold_until"}

    @contextmanager
    def _around_document_write(self, vals):
        with super()._around_document_write(vals):
            yield
            state = vals.get("state")
            if state and state != "sent":
                self._release_holds(state)
            elif not HELD_FIELDS.isdisjoint(vals):
                self._follow_holds()

    # === Hooks === #

    def _after_hand_over(self):
        result = super()._after_hand_over()
        self._hold_quantities()
        return result

    def _after_revision_discarded(self, discarded):
        result = super()._after_revision_discarded(discarded)
        if self._filter_promising().filtered(lambda order: order.state == "sent"):
            # Holds that ended when it was replaced, those of lines released by hand not among them.
            self._hold_quantities(is_new=False)
        return result

    # === Holding === #

    def _filter_promising(self):
        """Those of these whose company promises dates."""
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled")
        return self.filtered(lambda order: order.company_id.id in enabled) if enabled else self.browse()

    def _hold_quantities(self, is_new=True):
        """Hold what these quotations say, where they were sent and their company holds what it sends.

        :param bool is_new: whether what was released by hand is held again, as with every hand-over
        """
        # sudo: until when it holds is nobody's to write.
        orders = (
            self._filter_promising()
            .sudo()
            .filtered(lambda order: order.state == "sent" and order.company_id.promise_hold_enabled)
        )
        if not orders:
            return
        for order in orders:
            order.promise_hold_until = order._get_hold_expiry() or order._get_default_hold_expiry()
        lines = orders.order_line
        self.env["sales.promise.hold"]._hold(lines if is_new else lines._filter_holding())

    def _follow_holds(self):
        """Keep what these quotations hold in step with what they say."""
        orders = self._filter_promising().sudo()  # sudo: as in _hold_quantities()
        for order in orders.filtered("promise_hold_until"):
            expiry = order._get_hold_expiry()
            if expiry and order.promise_hold_until != expiry:
                order.promise_hold_until = expiry
        orders.order_line._follow_holds()

    def _release_holds(self, state):
        """Let go of what these held, in their new state."""
        orders = self._filter_promising()
        if not orders:
            return
        reasons = {
            "cancel": self.env._("Cancelled"),
            "sale": self.env._("Confirmed: the delivery takes over"),
        }
        # sudo: as in _hold_quantities().
        orders = orders.sudo()
        orders.filtered("promise_hold_until").promise_hold_until = False
        if state == "draft":
            # What a person committed to stays held: a draft can be committed as well.
            soft = (
                self.env["sales.promise.hold"]._get_open(orders.order_line).filtered(lambda hold: not hold.is_committed)
            )
            soft._end(self.env._("Set back to draft"))
            orders.order_line._hold_commitments_again()
        else:
            self.env["sales.promise.hold"]._release(orders.order_line, reasons.get(state, state))

    # === Expiry === #

    def _get_hold_expiry(self):
        """When this quotation ceases to hold: with the day on which it expires, in the zone of its company, or so many
        days after it was sent.

        :return: moment, naive in UTC; none for one that neither expires nor was sent
        :rtype: datetime | None
        """
        self.ensure_one()
        if self.validity_date:
            midnight = datetime.combine(self.validity_date + timedelta(days=1), time.min)
            return self.company_id._get_sales_zone().localize(midnight).astimezone(pytz.utc).replace(tzinfo=None)
        return self.handed_over_at and self.handed_over_at + timedelta(days=self.company_id.promise_hold_days)

    def _get_default_hold_expiry(self):
        """:return: when what is held from now on ceases to be, unless the quotation itself says so"""
        self.ensure_one()
        return fields.Datetime.now() + timedelta(days=self.company_id.promise_hold_days)
