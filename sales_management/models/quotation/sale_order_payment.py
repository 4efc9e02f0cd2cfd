from odoo import models
from odoo.tools.translate import LazyTranslate

from odoo.addons.sales_management.tools.blocker import split_blockers

_lt = LazyTranslate(__name__)

#: Kind of the notices that tell people what was held back where nothing may be refused.
HELD_BACK = "quotation"


class SaleOrder(models.Model):
    """Customers sign and pay what may go to them; what is paid all the same is never lost, and somebody hears of it."""

    _inherit = "sale.order"

    # === Portal === #

    def _has_to_be_signed(self):
        return super()._has_to_be_signed() and bool(self._filter_released())

    def _has_to_be_paid(self):
        return super()._has_to_be_paid() and bool(self._filter_released())

    # === Marking as sent === #

    def action_quotation_sent(self):
        """Mark those that may go, and say which stay: a payment that is under way comes by here, and is not refused.

        :return: what the one who pressed the button is told, if anything was held back
        """
        released = self._filter_released()
        held = self - released
        result = super(SaleOrder, released).action_quotation_sent()
        if not held:
            return result
        if self.env.su or self.env.user.share:
            held._tell_in_charge(_lt("Quotation not marked as sent"))
            return result
        return held._prepare_held_back_action()

    def _prepare_held_back_action(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Not marked as sent"),
                "message": self._format_blocked(split_blockers(self._get_release_blockers())[0]),
                "type": "warning",
                "sticky": True,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # === Invoices === #

    def _create_invoices(self, grouped=False, final=False, date=None):
        self._check_invoiceable()
        return super()._create_invoices(grouped=grouped, final=final, date=date)

    def _check_invoiceable(self):
        """Refuse to ask money for quotations that may not go to their customers; orders were asked before.

        :raise BlockedError: that names everything that stands in the way of each
        """
        quotations = self.filtered(lambda order: order.state != "sale")
        if quotations:
            quotations._check_released()

    # === Telling === #

    def _tell_in_charge(self, cause):
        """Tell the salespeople of these quotations, and who leads them, that something was held back.

        :param cause: what was held back, in a few words; a lazy translation
        """
        # sudo: a customer's payment may be what came in.
        orders = self.sudo()
        receivers = orders._get_held_back_receivers()
        self.env["sales.notice.mixin"]._send_notice(HELD_BACK, orders, receivers, cause, self._get_held_back_texts)

    def _get_held_back_receivers(self):
        """:return: the salesperson and the leader of the team; without a leader, the sales managers of the company
        :rtype: dict[sale.order, res.users]
        """
        result = {order: order.user_id | order.team_id.user_id for order in self}
        leaderless = self.filtered(lambda order: not order.team_id.user_id)
        if leaderless:
            managers = self.env.ref("sales_team.group_sale_manager").all_user_ids
            for order in leaderless:
                result[order] |= managers.filtered(lambda user, order=order: order.company_id in user.company_ids)
        return result

    @staticmethod
    def _get_held_back_texts(orders):
        blocking, _warnings = split_blockers(orders._get_confirmation_blockers())
        return {
            order: orders._format_blocked({order: blocking.get(order, [])}, is_confirmation=True) for order in orders
        }
