from odoo import models

#: What makes a message, or a file of it, visible in the portal afterwards.
SHOWING_FIELDS = {"attachment_ids", "is_internal", "message_type", "model", "res_id", "subtype_id"}


class MailMessage(models.Model):
    """Messages that are edited after they were posted: they show the portal no more than new ones."""

    _inherit = "mail.message"

    def write(self, vals):
        """:raise UserError: when a copy of a quotation that is held back would be shown in the portal"""
        result = super().write(vals)
        if not SHOWING_FIELDS.isdisjoint(vals) and self.env["sale.order"]._is_release_asked():
            self._check_shown_offers()
        return result

    def _check_shown_offers(self):
        orders = self.env["sale.order"]
        # sudo: whoever may write a message may show its files, whatever else of it he may not read.
        for message in self.sudo().filtered(lambda message: message.model == "sale.order" and message.attachment_ids):
            order = orders.browse(message.res_id)
            is_public = not message.is_internal and message.subtype_id and not message.subtype_id.internal
            if is_public and not order._is_incoming(message) and order._has_offer_file(message):
                order._check_message_leaving(message)
