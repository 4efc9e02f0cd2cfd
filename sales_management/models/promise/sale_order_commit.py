from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import AccessError, UserError

#: Where the cursor keeps the orders whose own date is being written: their lines follow it, and not it its lines.
HEADING = "sales_management.orders_being_dated"


class SaleOrder(models.Model):
    """What a person commits to for a whole order, and how its date and those of its lines keep in step."""

    _inherit = "sale.order"

    # === ORM === #

    @api.model
    def _get_computed_only_fields(self):
        return super()._get_computed_only_fields() | {"promise_date", "promise_state"}

    @contextmanager
    def _around_document_write(self, vals):
        orders = self._filter_promising() if "commitment_date" in vals else self.browse()
        orders -= self.browse(self.env.cr.cache.get(HEADING, ()))
        moved = self._filter_promising() if not {"promise_requested_date", "warehouse_id"}.isdisjoint(vals) else orders
        if not orders:
            with super()._around_document_write(vals):
                yield
        else:
            with orders._heading(), super()._around_document_write(vals):
                yield
                orders._give_lines_commitment(vals)
        moved.order_line._mark_promises()

    @api.onchange("order_line")
    def _onchange_promised_lines(self):
        # Lines compete with each other, and none of them knows of a change of another; one that has no rival knows of
        # its own. The others keep their dates: a form asks at every key.
        lines = self._filter_promising().order_line
        lines._filter_confirmed()._set_promises()
        (lines - lines._filter_confirmed())._filter_sharing()._ask_outdated()

    @api.onchange("promise_requested_date", "warehouse_id")
    def _onchange_promised_terms(self):
        lines = self._filter_promising().order_line
        lines._filter_confirmed()._set_promises()
        (lines - lines._filter_confirmed())._ask_outdated()

    # === Actions === #

    def action_refresh_promise(self):
        """Compute anew when the lines of these orders can be delivered.

        :raise AccessError: unless the user may write the orders
        """
        self.check_access("write")
        lines = self._filter_promising().order_line
        lines._mark_promises()
        # What is held leaves on the day that is promised.
        lines._follow_holds()

    def action_commit_promise(self):
        """Take the earliest date of each line as the one that the customer is told.

        :raise AccessError: unless the user sells, and may write the orders
        :raise UserError: when one is cancelled or locked, or nobody knows a date for any of its lines
        """
        self.check_access("write")
        self._check_committable()
        lines = self.order_line._filter_promised()
        if self - lines.order_id:
            raise UserError(
                self.env._(
                    "%(orders)s: nothing is left to deliver. Add a product with a quantity first.",
                    orders=", ".join((self - lines.order_id).mapped("name")),
                )
            )
        lines.action_commit_promise()

    # === Checks === #

    def _check_committable(self):
        """Refuse to commit to dates of orders that stay as they are, and whoever does not talk to the customer.

        :raise AccessError: for who does not sell: the warehouse may write orders, but promises nothing
        :raise UserError: that names them
        """
        if not self.env.su and not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(self.env._("Only sales commits to dates. Ask the salesperson of the order to do it."))
        frozen = self.filtered(lambda order: order.state == "cancel" or order.locked)
        if frozen and not self.env.su:
            raise UserError(
                self.env._(
                    "%(orders)s: what is cancelled, replaced or locked keeps its dates. Use the current revision, or "
                    "unlock it first.",
                    orders=", ".join(frozen.mapped("name")),
                )
            )

    def _check_promising(self):
        """
        :raise UserError: that names those whose company promises no dates
        """
        idle = self - self._filter_promising()
        if idle:
            raise UserError(
                self.env._(
                    "%(orders)s: their company promises no dates. Have Delivery Promises switched on in its settings, "
                    "or write the delivery date by hand.",
                    orders=", ".join(idle.mapped("name")),
                )
            )

    # === Keeping in step === #

    @contextmanager
    def _heading(self):
        cache = self.env.cr.cache
        outer = cache.get(HEADING, ())
        cache[HEADING] = (*outer, *self._ids)
        try:
            yield
        finally:
            cache[HEADING] = outer

    def _give_lines_commitment(self, vals):
        """Let the lines of these orders follow the date of their order, those apart that got one of their own."""
        own = {
            command[1]
            for command in vals.get("order_line") or ()
            if command[0] == 1 and "promise_committed_date" in command[2]
        }
        lines = self.order_line._filter_promised().filtered(lambda line: line.id not in own)
        if lines:
            lines.write({"promise_committed_date": vals["commitment_date"]})

    def _follow_line_commitments(self):
        """Give these orders the date of their lines: the latest for shipping at once, the earliest otherwise."""
        orders = self - self.browse(self.env.cr.cache.get(HEADING, ()))
        dates = {}
        for order in orders:
            committed = [date for date in order.order_line.mapped("promise_committed_date") if date]
            date = (max if order.picking_policy == "one" else min)(committed, default=False)
            if order.commitment_date != date:
                dates.setdefault(date, []).append(order.id)
        for date, ids in dates.items():
            group = self.browse(ids)
            with group._heading():
                group.write({"commitment_date": date})
