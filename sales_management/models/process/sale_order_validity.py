from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """Quotations that are kept open for longer."""

    _inherit = "sale.order"

    def action_extend_validity(self, days=14):
        """Let these quotations expire later: so many days from today, or from when they expire, if that is later.

        :param int days: at least one, and at most a year
        :return: the new dates of expiry as text, by the id of the quotation
        :rtype: dict[int, str]
        :raise UserError: naming each that is no quotation any more
        """
        if type(days) is not int or not 1 <= days <= 365:
            raise UserError(self.env._("A quotation is extended by 1 to 365 days. Choose a number of days between."))
        closed = self.filtered(lambda order: order.state not in ("draft", "sent"))
        if closed:
            raise UserError(
                self.env._(
                    "Only quotations expire; these are confirmed or cancelled. Leave them out:\n%(orders)s",
                    orders="\n".join(f"- {order.name}" for order in closed),
                )
            )
        today = fields.Date.context_today(self)
        for order in self:
            order.validity_date = max(order.validity_date or today, today) + timedelta(days=days)
        return {order.id: fields.Date.to_string(order.validity_date) for order in self}
