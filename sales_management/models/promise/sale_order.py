from odoo import api, fields, models

from .sale_order_line import STATES

WORST_FIRST = ("at_risk", "late", "ok")


class SaleOrder(models.Model):
    """When an order can be delivered, by its shipping policy."""

    _inherit = "sale.order"

    promise_date = fields.Datetime(
        compute="_compute_promise",
        store=True,
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="When the order can be with the customer: the latest of its lines where it is shipped at once, the "
        "earliest otherwise.",
    )
    promise_state = fields.Selection(
        STATES,
        compute="_compute_promise",
        store=True,
        readonly=True,
        copy=False,
        default="none",
        groups="base.group_user",
    )
    promise_requested_date = fields.Date(
        string="Requested Date", copy=False, help="When the customer would like to have it."
    )

    # === Computes === #

    @api.depends("order_line.promise_date", "order_line.promise_state", "picking_policy")
    def _compute_promise(self):
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled")
        orders = self.filtered(lambda order: order.company_id.id in enabled) if enabled else self.browse()
        others = self - orders
        others.promise_date, others.promise_state = False, "none"
        for order in orders:
            lines = order.order_line.filtered("promise_confidence")
            order.promise_date = order._choose_date(lines.mapped("promise_date"))
            states = set(order.order_line.mapped("promise_state"))
            order.promise_state = next((state for state in WORST_FIRST if state in states), "none")

    def _choose_date(self, dates):
        """The date of an order by those of its lines: the latest where it is shipped at once, none as long as one is
        not known; the earliest otherwise."""
        self.ensure_one()
        if self.picking_policy == "one":
            return max(dates) if dates and all(dates) else False
        return min(filter(None, dates), default=False)
