from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class SalesPromiseHold(models.Model):
    """Held quantities that somebody lets go of by hand."""

    _inherit = "sales.promise.hold"

    is_active = fields.Boolean(
        string="Holding",
        compute="_compute_is_active",
        search="_search_is_active",
        help="It is neither released nor expired: nobody else is promised these goods.",
    )
    can_release = fields.Boolean(compute="_compute_can_release")

    # === Computes === #

    @api.depends("released_at", "expiry")
    def _compute_is_active(self):
        now = fields.Datetime.now()
        for hold in self:
            hold.is_active = not hold.released_at and hold.expiry > now

    def _search_is_active(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_active_domain()

    @api.depends_context("uid")
    @api.depends("released_at", "expiry", "order_id.user_id", "order_id.team_id.user_id")
    def _compute_can_release(self):
        releasable = self._filter_releasable()
        for hold in self:
            hold.can_release = hold.is_active and hold in releasable

    # === Actions === #

    def action_open_release(self):
        """:return: dialog that asks why these are released
        :rtype: dict
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Release Held Quantities"),
            "res_model": "sales.promise.release",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_hold_ids": self.ids},
        }

    def action_release(self, reason):
        """Let go of these, and of what else their lines hold: the components of a kit go together. Until the quotation
        is sent anew, the lines hold nothing.

        :param str reason: why; kept, and logged in the chatter of the quotation
        :raise UserError: without a reason
        :raise AccessError: unless the salesperson or the leader of the quotation or a sales or stock manager asks
        """
        self.check_access("read")
        self._check_release_right()
        reason = (reason or "").strip() if isinstance(reason, str) else ""
        if not reason:
            raise UserError(self.env._("Give the reason: it stays in the history of the quotation."))
        holds = self._get_open(self.sudo().line_id)  # sudo: its own line is what a hold belongs to
        holds._end(reason, self.env.user)
        holds._log_released(reason)

    # === Rights === #

    def _filter_releasable(self):
        """:return: those of these that the user may release"""
        user = self.env.user
        groups = ("sales_team.group_sale_manager", "stock.group_stock_manager")
        if self.env.su or any(user.has_group(group) for group in groups):
            return self
        # sudo: who heads the team of a quotation need not read the team.
        return self.filtered(lambda hold: user in hold.sudo().order_id.user_id | hold.sudo().order_id.team_id.user_id)

    def _check_release_right(self):
        refused = self - self._filter_releasable()
        if refused:
            raise AccessError(
                self.env._(
                    "What these quotations hold is released by their salespeople, the leaders of these, or a stock "
                    "manager. Ask one of them: %(quotations)s",
                    quotations=", ".join(sorted(set(refused.sudo().mapped("order_id.name")))),  # sudo: names, to ask
                )
            )

    # === Log === #

    def _log_released(self, reason):
        """Say in each quotation what of it was released."""
        for order, holds in self.grouped("order_id").items():
            lines = [
                self.env._(
                    "%(quantity)s %(unit)s of %(product)s",
                    quantity=self.env["ir.qweb.field.float"].value_to_html(
                        hold.quantity, {"decimal_precision": "Product Unit"}
                    ),
                    unit=hold.uom_id.name,
                    product=hold.product_id.display_name,
                )
                for hold in holds
            ]
            order._message_log(
                body=self.env._("No longer held: %(goods)s. Reason: %(reason)s", goods=", ".join(lines), reason=reason)
            )
