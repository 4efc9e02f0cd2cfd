from odoo import fields, models

#: Messages that people write. Notifications, automatic answers and mailings are no contact.
WRITTEN = frozenset({"comment", "email"})
#: Categories of activities that are a contact once they are done.
SPOKEN = frozenset({"phonecall", "meeting"})


class MailThread(models.AbstractModel):
    """Messages on whatever record are contacts with the customers who wrote or get them."""

    _inherit = "mail.thread"

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if self.env["res.company"]._get_enabled_company_ids("sales_customer_enabled"):
            partner_ids = self._get_contacted_partner_ids(message, msg_values)
            if partner_ids:
                # sudo: a contact counts, whoever of us had it.
                partners = self.env["res.partner"].sudo().browse(partner_ids)
                partners._touch_contacts(min(message.date, fields.Datetime.now()))
            if (lead_ids := self._get_contacted_lead_ids()) and self._is_with_customer(message, msg_values):
                # sudo: as above
                self.env["crm.lead"].sudo().browse(lead_ids)._touch_leads(min(message.date, fields.Datetime.now()))
        return result

    def _get_contacted_lead_ids(self):
        """:return: ids of the leads that this record is, or belongs to
        :rtype: list[int]
        """
        if self._name == "crm.lead":
            return self.ids
        field = self._fields.get("opportunity_id")
        # sudo: a contact counts, whoever of us had it.
        return self.sudo().opportunity_id.ids if field is not None and field.comodel_name == "crm.lead" else []

    def _is_with_customer(self, message, values):
        """:return: whether by this message somebody of ours and somebody outside were in touch
        :rtype: bool
        """
        if not self._is_contact(message, values):
            return False
        author = message.sudo().author_id  # sudo: whoever may post may not read every partner
        if not author or author.partner_share:
            return True
        if values.get("mail_activity_type_id") or values.get("outgoing_email_to"):
            return True
        followers = self.sudo().message_follower_ids  # sudo: as above
        reached = followers.filtered(lambda follower: message.subtype_id in follower.subtype_ids).partner_id
        return any((message.sudo().partner_ids | reached).mapped("partner_share"))  # sudo: as above

    def _get_contacted_partner_ids(self, message, values):
        """Whom somebody was in touch with by a message.

        :param mail.message message: message that was posted
        :param dict values: its values as core has them at hand
        :return: ids of partners, those of us may be among them
        :rtype: list[int]
        """
        if not self._is_contact(message, values):
            return []
        author = message.sudo().author_id  # sudo: whoever may post may not read every partner
        if author.partner_share:
            return author.ids
        if not author or values.get("mail_activity_type_id") or values.get("outgoing_email_to"):
            return self._get_contact_ids()
        if self._name == "discuss.channel":
            return message.sudo().partner_ids.ids
        followers = self.sudo().message_follower_ids  # sudo: as above
        reached = followers.filtered(lambda follower: message.subtype_id in follower.subtype_ids)
        return [*message.sudo().partner_ids.ids, *reached.partner_id.ids]

    def _is_contact(self, message, values):
        # sudo: an id is no secret; to find the record itself would cost a query for each message.
        root_id = self.env["ir.model.data"].sudo()._xmlid_to_res_id("base.partner_root")
        if values.get("author_id") == root_id:
            return False
        if type_id := values.get("mail_activity_type_id"):
            return self.env["mail.activity.type"].sudo().browse(type_id).category in SPOKEN
        if values.get("message_type") not in WRITTEN:
            return False
        return not message.sudo().is_internal and not message.sudo().subtype_id.internal  # sudo: as above

    def _get_contact_ids(self):
        """:return: ids of the customer that this record is about
        :rtype: list[int]
        """
        if self._name == "res.partner":
            return self.ids
        field = self._fields.get("partner_id")
        if field is None or field.comodel_name != "res.partner":
            return []
        return self.sudo().partner_id.ids  # sudo: as above
