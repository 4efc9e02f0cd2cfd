from odoo import models


class MailComposeMessage(models.TransientModel):
    """The dialog that sends quotations, one by one or many at once."""

    _inherit = "mail.compose.message"

    def _action_send_mail(self, auto_commit=False):
        """Refuse to send many at once when one of them is held back, before the first of them is gone."""
        if self.env["sale.order"]._is_release_asked():
            for wizard in self:
                if wizard.model == "sale.order" and wizard.composition_mode == "mass_mail":
                    wizard._get_composed_orders()._check_leaving()
        return super()._action_send_mail(auto_commit=auto_commit)

    def _get_composed_orders(self):
        """:return: quotations that this dialog writes about"""
        self.ensure_one()
        orders = self.env["sale.order"]
        if self.res_domain:
            return orders.search(self._evaluate_res_domain())
        return orders.browse(self._evaluate_res_ids())

    def _action_send_mail_comment(self, res_ids):
        """Say that words of a template go along, which the message itself does not show."""
        wizard = self
        if self.model == "sale.order" and self.template_id and self.env["sale.order"]._is_release_asked():
            wizard = self.with_context(sales_offer_goes_along=True)
        return super(MailComposeMessage, wizard)._action_send_mail_comment(res_ids)

    def _prepare_schedule_message_post_values(self, post_values):
        values = super()._prepare_schedule_message_post_values(post_values)
        if self.model == "sale.order" and self.template_id and self.env["sale.order"]._is_release_asked():
            values["send_context"] = {**(values["send_context"] or {}), "sales_offer_goes_along": True}
        return values
