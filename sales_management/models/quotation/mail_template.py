from odoo import models
from odoo.tools import email_normalize_all


class MailTemplate(models.Model):
    """Templates that code, automations and clients send: rendered for everybody, sent outside only when released."""

    _inherit = "mail.template"

    def send_mail_batch(
        self, res_ids, force_send=False, raise_exception=False, email_values=None, email_layout_xmlid=False
    ):
        """:raise BlockedError: when somebody outside would get a quotation that is held back"""
        if self.model == "sale.order":
            held = self.env["sale.order"].browse(res_ids)._filter_held_back()
            if held:
                self._filter_sent_outside(held, email_values or {})._check_leaving()
        return super().send_mail_batch(
            res_ids,
            force_send=force_send,
            raise_exception=raise_exception,
            email_values=email_values,
            email_layout_xmlid=email_layout_xmlid,
        )

    def _filter_sent_outside(self, orders, email_values):
        """Those of these quotations that this template would send to somebody who is no colleague.

        :param sale.order orders: quotations
        :param dict email_values: values that the caller sets over those of the template
        """
        rendered = self._generate_template(orders.ids, ("email_to", "email_cc", "partner_to"))
        return orders.filtered(lambda order: self._is_sent_outside({**rendered[order.id], **email_values}))

    def _is_sent_outside(self, values):
        partners = self.env["res.partner"].browse(values.get("partner_ids") or [])
        for command in values.get("recipient_ids") or []:
            partners |= partners.browse(command[2] if command[0] == 6 else command[1] if command[0] == 4 else [])
        # sudo: whether a partner is a colleague is no secret.
        if any(partner.partner_share for partner in partners.sudo()):
            return True
        emails = set(email_normalize_all(f"{values.get('email_to') or ''}, {values.get('email_cc') or ''}"))
        if not emails:
            return False
        # sudo: as above.
        known = self.env["res.users"].sudo().search([("share", "=", False), ("email_normalized", "in", list(emails))])
        return bool(emails - set(known.mapped("email_normalized")))
