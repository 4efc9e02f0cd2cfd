from odoo import api, models
from odoo.tools import SQL

#: Contacts as ``crm.lead`` notes them when they happen: see ``_is_response`` and ``_is_from_customer`` there.
UPDATE_CONTACTS = """
       WITH ours AS (
           SELECT DISTINCT partner_id AS id FROM res_users WHERE NOT share
       ), posted AS (
           SELECT message.id, message.res_id AS lead_id
             FROM mail_message message
            WHERE message.model = 'crm.lead'
        UNION ALL
           SELECT message.id, sale.opportunity_id
             FROM sale_order sale
             JOIN mail_message message ON message.model = 'sale.order' AND message.res_id = sale.id
            WHERE sale.opportunity_id IS NOT NULL
       ), judged AS (
           SELECT posted.lead_id, message.date,
                  ours.id IS NOT NULL AS is_ours,
                  message.mail_activity_type_id IS NOT NULL
                      AND NOT message.mail_activity_type_id = ANY(%(own_types)s) AS is_done_activity,
                  message.message_type = 'sms' AS is_direct,
                  message.mail_activity_type_id IS NULL
                      AND message.message_type IN ('comment', 'email', 'email_outgoing')
                      AND NOT COALESCE(subtype.internal, FALSE) AS is_public,
                  EXISTS (SELECT FROM mail_message_res_partner_rel recipient
                           WHERE recipient.mail_message_id = message.id
                             AND recipient.res_partner_id NOT IN (SELECT id FROM ours))
                      OR EXISTS (SELECT FROM mail_notification notification
                                  WHERE notification.mail_message_id = message.id
                                    AND notification.res_partner_id NOT IN (SELECT id FROM ours)) AS is_to_customer
             FROM posted
             JOIN mail_message message ON message.id = posted.id
        LEFT JOIN mail_message_subtype subtype ON subtype.id = message.subtype_id
        LEFT JOIN ours ON ours.id = message.author_id
            WHERE message.message_type IN ('comment', 'email', 'email_outgoing', 'sms')
               OR message.mail_activity_type_id IS NOT NULL
       ), contact AS (
           SELECT lead_id, date, is_ours AS is_response
             FROM judged
            WHERE is_ours AND (is_done_activity OR is_direct OR (is_public AND is_to_customer))
               OR NOT is_ours AND is_public
        UNION ALL
           SELECT opportunity_id, stop, TRUE
             FROM calendar_event
            WHERE opportunity_id IS NOT NULL AND active AND stop <= now() AT TIME ZONE 'UTC'
       ), span AS (
           SELECT lead_id, min(date) FILTER (WHERE is_response) AS first, max(date) AS last
             FROM contact
         GROUP BY lead_id
       )
       UPDATE crm_lead
          SET first_response_at = least(span.first, crm_lead.first_response_at),
              first_response_hours = greatest(0, extract(
                  epoch FROM least(span.first, crm_lead.first_response_at)
                             - COALESCE(crm_lead.deal_opened_on, crm_lead.create_date)
              ) / 3600),
              last_contact_at = greatest(span.last, crm_lead.last_contact_at)
         FROM span, crm_lead lead
    LEFT JOIN crm_team team ON team.id = lead.team_id
    LEFT JOIN res_users person ON person.id = lead.user_id
        WHERE lead.id = span.lead_id
          AND crm_lead.id = lead.id
          AND COALESCE(lead.company_id, team.company_id, person.company_id, %(company_id)s) = ANY(%(company_ids)s)
"""


class CrmLead(models.Model):
    """Contacts from before a company used the staged process, from messages and meetings that are there."""

    _inherit = "crm.lead"

    @api.model
    def _fill_contacts(self, company_ids):
        """Take over first responses and last contacts of the deals of companies, in one statement.

        :param list[int] company_ids: companies that begin to use the staged process
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                UPDATE_CONTACTS,
                own_types=list(self._get_own_activity_type_ids()),
                company_id=self.env.user.company_id.id,
                company_ids=list(company_ids),
            )
        )
        self.invalidate_model(["first_response_at", "first_response_hours", "last_contact_at"])
