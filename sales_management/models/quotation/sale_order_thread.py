from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError

from odoo.addons.sales_management.tools.copy_mark import read_marks

#: Kinds of messages whose words may come from a template of their own, so that they cannot be told from chat.
OFFERING_TYPES = ("sms", "snail", "whatsapp_message")
#: Kinds of files that a quotation is written in.
DOCUMENT_SUFFIXES = (".pdf", ".xlsx", ".xls", ".ods", ".csv", ".html", ".htm", ".xml", ".txt", ".docx", ".odt", ".zip")


class SaleOrder(models.Model):
    """Messages on a quotation: those that carry what it says to somebody outside go only when it may go."""

    _inherit = "sale.order"

    # === Posting === #

    def message_post(self, **kwargs):
        before = self.state if self._is_release_asked() else False
        message = super().message_post(**kwargs)
        if before and not self._is_incoming(message):
            self._follow_message(message, before)
        return message

    def _follow_message(self, message, before):
        """Refuse a message that shows the portal what is held back; record one that carries the offer.

        :param mail.message message: message that was just posted
        :param str before: state of this quotation before it was posted
        """
        if message.message_type in OFFERING_TYPES:
            self._check_leaving()
            return
        if not self._carries_offer(message):
            return
        # sudo: customers and gateways post too.
        message = message.sudo()
        recipients = message.notified_partner_ids.filtered("partner_share")
        if not message.is_internal and not message.subtype_id.internal:
            self._check_message_leaving(message)
        if recipients or message.outgoing_email_to:
            names = ", ".join(filter(None, [*recipients.mapped("display_name"), message.outgoing_email_to]))
            self._record_mail(message.attachment_ids, names, is_handed_over=before == "draft" and self.state == "sent")

    def _message_mail_after_hook(self, mails):
        """Record what a dialog sends to many at once; it asked before whether all of it may go."""
        super()._message_mail_after_hook(mails)
        if not self._is_release_asked():
            return
        for mail in mails:
            recipients = mail.recipient_ids.filtered("partner_share")
            names = [*recipients.mapped("display_name"), mail.email_to, mail.email_cc]
            if any(names):
                self.browse(mail.res_id)._record_mail(mail.attachment_ids, ", ".join(filter(None, names)))

    def _record_mail(self, attachments, recipients, is_handed_over=False):
        """Record that this quotation went out by mail.

        :param ir.attachment attachments: files of the mail
        :param str recipients: whom it went to
        :param bool is_handed_over: whether it was marked as sent by the message itself
        """
        if not self._is_quotation_kept():
            return
        if not is_handed_over:
            self._hand_over()
        files = attachments.filtered(self._is_offer_file)[:1]
        self._archive("mail", attachments={self: files}, recipients={self: recipients})

    # === Telling === #

    def _is_incoming(self, message):
        """Whether a message came from outside: from a customer in the portal, or by mail through the gateway."""
        return self.env.user.share or (message.message_type == "email" and self.env.uid == SUPERUSER_ID)

    def _carries_offer(self, message):
        """Whether a message carries what this quotation says: words of a template, or a file of it.

        Words that somebody types, and files that he makes elsewhere under another name, cannot be told.

        :param mail.message message: message that is being sent
        """
        # Set by the dialogs; a client that sets them is refused more, never less.
        if self.env.context.get("sales_offer_goes_along") or self.env.context.get("mark_so_as_sent"):
            return True
        return self._has_offer_file(message)

    def _has_offer_file(self, message):
        """:return: whether a file of a message, posted or scheduled, is a copy of this quotation"""
        # sudo: the files are asked for their names and marks only.
        return any(self._is_offer_file(file) for file in message.sudo().attachment_ids)

    def _is_offer_file(self, attachment):
        """Whether a file is a copy of this quotation: marked as one that is not approved, or named by its number."""
        name = (attachment.name or "").lower()
        if not name.endswith(DOCUMENT_SUFFIXES) and attachment.mimetype != "application/pdf":
            return False
        if self.name and self.name.lower() in name:
            return True
        return bool(self._read_marks(attachment))

    def _read_marks(self, attachment):
        return read_marks(attachment.raw or b"") if attachment.type == "binary" else {}

    def _filter_outdated(self, attachments):
        """Those of these files that are copies of a quotation as it was, or before it was released."""
        # sudo: whoever sends a file may not read every quotation; its content is compared, not shown.
        marks = {file: self._read_marks(file) for file in attachments.sudo()}
        orders = self.sudo().browse({identity for copies in marks.values() for identity in copies}).exists()
        held = orders._filter_held_back()
        digests = {order.id: digest for order, digest in (orders - held)._get_content_digests().items()}
        outdated = [file.id for file, copies in marks.items() if any(copies[i] != digests.get(i, "") for i in copies)]
        return attachments.browse(outdated)

    def _check_message_leaving(self, message):
        """Refuse to let a message with an offer go.

        :param mail.message message: message that carries the offer
        :raise BlockedError: when this quotation is held back
        :raise UserError: when a file of the message says something else than the quotation that it is a copy of
        """
        self._check_leaving()
        outdated = self._filter_outdated(message.sudo().attachment_ids)
        if outdated:
            raise UserError(
                self.env._(
                    "%(files)s: printed before the quotation was approved, or before it was changed. Remove it from "
                    "the message and attach the quotation anew.",
                    files=", ".join(outdated.sudo().mapped("name")),
                )
            )

    # === Notifying === #

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Stand where a message gets its recipients.

        :raise BlockedError: when somebody outside would get what is held back. Of a message whose sending was put off,
            only colleagues are notified then, and the salesperson is told.
        """
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        if not self or not self._is_release_asked() or not any(found["share"] for found in recipients):
            return recipients
        if self._is_incoming(message) or not self._carries_offer(message):
            return recipients
        if msg_vals:
            self._check_message_leaving(message)
            return recipients
        if not self._filter_held_back() and not self._filter_outdated(message.sudo().attachment_ids):
            return recipients
        self._tell_held_back(message.sudo().subject or message.sudo().record_name)
        return [found for found in recipients if not found["share"]]

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """Give nobody outside the button that leads to what is held back; chat stays possible."""
        groups = super()._notify_get_recipients_groups(message, model_description, msg_vals=msg_vals)
        if self and self._filter_held_back():
            for name, _is_member, values in groups:
                if name in ("portal_customer", "portal", "follower", "customer"):
                    values["has_button_access"] = False
        return groups

    def _notify_by_email_prepare_rendering_context(
        self,
        message,
        msg_vals=False,
        model_description=False,
        force_email_company=False,
        force_email_lang=False,
        force_record_name=False,
    ):
        """Leave the total out of the head of a chat message about what is held back."""
        values = super()._notify_by_email_prepare_rendering_context(
            message,
            msg_vals=msg_vals,
            model_description=model_description,
            force_email_company=force_email_company,
            force_email_lang=force_email_lang,
            force_record_name=force_record_name,
        )
        if self and self._filter_held_back():
            values["subtitles"] = values.get("subtitles", [])[:1]
        return values
