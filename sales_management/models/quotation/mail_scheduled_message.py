from datetime import timedelta

from odoo import fields, models


class MailScheduledMessage(models.Model):
    """Messages to be sent later: asked again when their time has come."""

    _inherit = "mail.scheduled.message"

    def _post_message(self, raise_exception=True):
        """Keep what may not go yet, and try again a day later; whoever pressed *Send now* is told at once."""
        held = self._filter_held_back()
        if not held:
            return super()._post_message(raise_exception=raise_exception)
        if raise_exception:
            for message in held:
                message._get_orders()._check_message_leaving(message)
        held._put_off()
        return super(MailScheduledMessage, self - held)._post_message(raise_exception=raise_exception)

    def _filter_held_back(self):
        """Those of these messages that carry a quotation that may not go to its customer, or a copy that is out of
        date."""
        if not self.env["sale.order"]._is_release_asked():
            return self.browse()
        orders = self._get_orders()
        held = orders._filter_held_back()
        return self.filtered(
            lambda message: (
                message.model == "sale.order"
                and message.res_id in orders._ids
                and not message.is_note
                and message._carries_offer()
                and (message.res_id in held._ids or orders._filter_outdated(message.sudo().attachment_ids))
            )
        )

    def _get_orders(self):
        ids = {message.res_id for message in self if message.model == "sale.order"}
        return self.env["sale.order"].browse(ids).exists()

    def _carries_offer(self):
        order = self.env["sale.order"].browse(self.res_id)
        context = self.send_context or {}
        if context.get("sales_offer_goes_along") or context.get("mark_so_as_sent"):
            return True
        return order._has_offer_file(self)

    def _put_off(self):
        """Try these messages again in a day, and tell the salespeople that they wait."""
        # A date in the past would start the cron again at once, and without end.
        self.write({"scheduled_date": fields.Datetime.now() + timedelta(days=1)})
        for message in self:
            message._get_orders()._tell_held_back(message.subject or self.env._("scheduled message"))
