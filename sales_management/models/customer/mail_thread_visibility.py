from odoo import models

#: What core reads, with the user's rights, of people whom one may answer.
ANSWERED = ("active", "email", "email_normalized", "name", "display_name", "is_public", "partner_share")


class MailThread(models.AbstractModel):
    """Conversations on documents that one may read, with people of customers that one does not see."""

    _inherit = "mail.thread"

    def _message_get_suggested_recipients_batch(
        self,
        reply_discussion=False,
        reply_message=None,
        no_create=True,
        primary_email=False,
        additional_partners=None,
    ):
        """Whoever follows or writes on a document that one may read can be answered: the chatter shows their name and
        address already."""
        if self.env["res.company"]._get_limited_company_ids() and not self.env.su:
            # sudo: as said; what is read stays in the cache, where core finds it.
            messages = self.sudo().message_ids
            people = self.sudo().message_partner_ids | messages.author_id | messages.partner_ids
            for name in ANSWERED:
                people.mapped(name)
        return super()._message_get_suggested_recipients_batch(
            reply_discussion=reply_discussion,
            reply_message=reply_message,
            no_create=no_create,
            primary_email=primary_email,
            additional_partners=additional_partners,
        )
