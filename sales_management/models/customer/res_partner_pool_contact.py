from odoo import api, fields, models
from odoo.tools import SQL

#: Notes the later of contacts on the customers that people belong to; those of us are no customers.
TOUCH = """
       UPDATE res_partner partner
          SET last_contact_at = contact.moment,
              pool_warned_at = CASE WHEN partner.pool_warned_at > contact.moment THEN partner.pool_warned_at END
         FROM (SELECT person.commercial_partner_id AS id, max(given.moment) AS moment
                 FROM (%(given)s) given (partner_id, moment)
                 JOIN res_partner person ON person.id = given.partner_id
                WHERE person.partner_share AND given.moment <= %(now)s
             GROUP BY person.commercial_partner_id) contact
        WHERE partner.id = contact.id
          AND (partner.last_contact_at IS NULL OR partner.last_contact_at < contact.moment)
    RETURNING partner.id
"""

#: Attendees of meetings that were held, and the customer of their deal.
MEETINGS = """
       SELECT attendee.res_partner_id, event.stop
         FROM calendar_event event
         JOIN calendar_event_res_partner_rel attendee ON attendee.calendar_event_id = event.id
        WHERE event.active AND event.user_id IS NOT NULL AND event.stop <= %(now)s AND event.stop >= %(since)s
    UNION ALL
       SELECT lead.partner_id, event.stop
         FROM calendar_event event
         JOIN crm_lead lead ON lead.id = event.opportunity_id
        WHERE event.active AND event.user_id IS NOT NULL AND event.stop <= %(now)s AND event.stop >= %(since)s
"""

#: What :meth:`mail.thread._get_contacted_partner_ids` takes for a contact, of the messages that are there.
MESSAGES = """
       SELECT CASE WHEN ours.id IS NULL THEN message.author_id ELSE recipient.id END, message.date
         FROM mail_message message
    LEFT JOIN mail_message_subtype subtype ON subtype.id = message.subtype_id
    LEFT JOIN res_partner ours ON ours.id = message.author_id AND NOT ours.partner_share
    LEFT JOIN LATERAL (
               SELECT res_partner_id AS id FROM mail_message_res_partner_rel WHERE mail_message_id = message.id
                UNION
               SELECT res_partner_id FROM mail_notification WHERE mail_message_id = message.id
              ) recipient ON ours.id IS NOT NULL
        WHERE message.message_type IN ('comment', 'email')
          AND message.mail_activity_type_id IS NULL
          AND NOT COALESCE(message.is_internal, FALSE)
          AND NOT COALESCE(subtype.internal, FALSE)
          AND message.author_id IS DISTINCT FROM %(root_id)s
    UNION ALL
       SELECT CASE message.model WHEN 'res.partner' THEN message.res_id
                                 WHEN 'crm.lead' THEN lead.partner_id ELSE sale.partner_id END, message.date
         FROM mail_message message
         JOIN mail_activity_type type ON type.id = message.mail_activity_type_id
    LEFT JOIN crm_lead lead ON message.model = 'crm.lead' AND lead.id = message.res_id
    LEFT JOIN sale_order sale ON message.model = 'sale.order' AND sale.id = message.res_id
        WHERE type.category IN ('phonecall', 'meeting')
          AND message.author_id IS DISTINCT FROM %(root_id)s
          AND message.model IN ('res.partner', 'crm.lead', 'sale.order')
"""
READ = ("commercial_partner_id", "partner_share", "last_contact_at", "pool_warned_at")


class ResPartner(models.Model):
    """When somebody was last in touch with a customer, kept as it happens."""

    _inherit = "res.partner"

    def _touch_contacts(self, moment=None):
        """Note a contact with these people on their customers: one statement, whatever their number.

        :param datetime moment: when it was, now without
        """
        if self.ids:
            given = SQL("SELECT unnest(%s::int[]), %s::timestamp", list(self.ids), moment or fields.Datetime.now())
            self._note_contacts(given)

    @api.model
    def _note_contacts(self, given):
        """
        :param SQL given: query of people and when somebody was in touch with them
        """
        self.flush_model(READ)
        rows = self.env.execute_query(SQL(TOUCH, given=given, now=fields.Datetime.now()))
        self.browse(partner_id for (partner_id,) in rows).invalidate_recordset(
            ["last_contact_at", "pool_warned_at", "pool_due_on", "is_contact_due"], flush=False
        )

    @api.model
    def _note_meetings(self, since):
        """Note meetings that are over: nothing is written at the moment at which one ends.

        :param datetime since: those that ended before are known
        """
        self.env["calendar.event"].flush_model()
        self.env["crm.lead"].flush_model(["partner_id"])
        self._note_contacts(SQL(MEETINGS, now=fields.Datetime.now(), since=since))
        self.env["crm.lead"]._note_lead_meetings(since)

    @api.model
    def _fill_contacts(self):
        """Take contacts over from before they were noted, in two statements."""
        self.env.flush_all()
        root_id = self.env["ir.model.data"]._xmlid_to_res_id("base.partner_root")
        self._note_contacts(SQL(MESSAGES, root_id=root_id))
        self._note_meetings(fields.Datetime.from_string("1970-01-01 00:00:00"))
