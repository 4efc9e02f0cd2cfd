from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date
from odoo.tools.translate import LazyTranslate

from .res_partner_pool_job import BATCH

_lt = LazyTranslate(__name__)

#: When leads with a salesperson return, by the clock of their company. Days count from the pool's own notes alone: when
#: a deal was opened elsewhere, before it was imported, makes none return sooner.
CLOCK = """
       SELECT clock.*, (%(now)s AT TIME ZONE 'UTC' AT TIME ZONE clock.zone)::date AS today
         FROM (
           SELECT lead.id, lead.pool_warned_at AS warned_at, calendar.tz AS zone,
                  company.customer_pool_warning_days AS warning,
                  GREATEST(
                      (GREATEST(lead.pool_contact_at, lead.pool_owner_since, lead.create_date,
                                company.customer_pool_since, company.customer_pool_leads_since)
                          AT TIME ZONE 'UTC' AT TIME ZONE calendar.tz)::date
                          + COALESCE(NULLIF(team.customer_pool_lead_days, 0), company.customer_pool_lead_days),
                      (lead.pool_protected_until AT TIME ZONE 'UTC' AT TIME ZONE calendar.tz)::date
                  ) AS due_on
             FROM crm_lead lead
        LEFT JOIN crm_team team ON team.id = lead.team_id
             JOIN res_company company ON company.id = COALESCE(lead.company_id, team.company_id, %(first)s)
             JOIN resource_calendar calendar ON calendar.id = company.resource_calendar_id
        LEFT JOIN res_partner partner ON partner.id = lead.partner_id
        LEFT JOIN res_partner customer ON customer.id = partner.commercial_partner_id
            WHERE lead.active
              AND lead.won_status = 'pending'
              AND lead.user_id IS NOT NULL
              AND customer.pool_state IS NULL
              AND company.id = ANY(%(company_ids)s)
              AND COALESCE(NULLIF(team.customer_pool_lead_days, 0), NULLIF(company.customer_pool_lead_days, 0)) > 0
              AND %(scope)s
         ) clock
"""
DUE = {
    "warn": SQL("warned_at IS NULL AND due_on - warning <= today"),
    "recycle": SQL("due_on <= today AND (warned_at AT TIME ZONE 'UTC' AT TIME ZONE zone)::date + warning <= today"),
}
TOUCH = """
       UPDATE crm_lead lead
          SET pool_contact_at = contact.moment,
              pool_warned_at = CASE WHEN lead.pool_warned_at > contact.moment THEN lead.pool_warned_at END
         FROM (SELECT given.id, max(given.moment) AS moment
                 FROM (%(given)s) given (id, moment)
                WHERE given.moment <= %(now)s
             GROUP BY given.id) contact
        WHERE lead.id = contact.id
          AND (lead.pool_contact_at IS NULL OR lead.pool_contact_at < contact.moment)
    RETURNING lead.id
"""
MEETINGS = """
       SELECT opportunity_id, stop
         FROM calendar_event
        WHERE opportunity_id IS NOT NULL AND active AND user_id IS NOT NULL AND stop <= %(now)s AND stop >= %(since)s
"""


class CrmLead(models.Model):
    """Leads that nobody was in touch with return to the pool, after a warning."""

    _inherit = "crm.lead"

    # === Contacts === #

    def _touch_leads(self, moment=None):
        """Note a contact with these leads: one statement, whatever their number.

        :param datetime moment: when it was, now without
        """
        if self.ids:
            self._note_lead_contacts(
                SQL("SELECT unnest(%s::int[]), %s::timestamp", list(self.ids), moment or fields.Datetime.now())
            )

    @api.model
    def _note_lead_contacts(self, given):
        """
        :param SQL given: query of leads and when somebody was in touch with them
        """
        self.flush_model(["pool_contact_at", "pool_warned_at"])
        rows = self.env.execute_query(SQL(TOUCH, given=given, now=fields.Datetime.now()))
        self.browse(lead_id for (lead_id,) in rows).invalidate_recordset(
            ["pool_contact_at", "pool_warned_at", "pool_due_on"], flush=False
        )

    @api.model
    def _note_lead_meetings(self, since):
        self.env["calendar.event"].flush_model()
        self._note_lead_contacts(SQL(MEETINGS, now=fields.Datetime.now(), since=since))

    # === Clock === #

    def _get_pool_clock(self, scope):
        company_ids, first = self.env["res.company"]._get_pool_companies()
        for model, names in {
            "res.company": None,
            "resource.calendar": ["tz"],
            "res.partner": ["commercial_partner_id", "pool_state"],
            "crm.team": ["company_id", "customer_pool_lead_days"],
            "crm.lead": None,
        }.items():
            self.env[model].flush_model(names)
        return SQL(CLOCK, now=fields.Datetime.now(), first=first, company_ids=company_ids, scope=scope)

    def _get_pool_dates(self):
        """:return: when these leads return to the pool, by id; without those that never do
        :rtype: dict[int, date]
        """
        clock = self._get_pool_clock(SQL("lead.id = ANY(%s)", list(self._origin.ids)))
        return dict(self.env.execute_query(SQL("SELECT id, due_on FROM (%s) clock", clock)))

    @api.model
    def _get_pool_due_ids(self, step, last, limit=BATCH):
        clock = self._get_pool_clock(SQL("lead.id > %s", last))
        query = SQL("SELECT id FROM (%s) due WHERE %s ORDER BY id LIMIT %s", clock, DUE[step], limit)
        return [lead_id for (lead_id,) in self.env.execute_query(query)]

    # === Steps === #

    @api.model
    def _recycle_leads(self):
        """Warn salespeople, then take leads back; an interrupted run goes on where it was."""
        self._close_pool_warnings()
        for step, act in (("warn", type(self)._warn_of_pool), ("recycle", type(self)._return_to_pool)):
            last = 0
            while ids := self._get_pool_due_ids(step, last):
                last = ids[-1]
                # Whoever claims or changes one at this moment keeps it until the next run.
                if leads := self.browse(ids).try_lock_for_update():
                    act(leads)
                remaining = len(self._get_pool_due_ids(step, last))
                if not self.env["ir.cron"]._commit_progress(len(ids), remaining=remaining):
                    return

    @api.model
    def _close_pool_warnings(self):
        """Take warnings back where somebody was in touch since."""
        type_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "sales_management.mail_activity_type_pool_lead", raise_if_not_found=False
        )
        domain = [("activity_type_id", "=", type_id), ("automated", "=", True), ("res_model", "=", "crm.lead")]
        activities = self.env["mail.activity"].search_fetch(domain, ["res_id"]) if type_id else None
        if activities:
            waiting = [("id", "in", activities.mapped("res_id")), ("pool_warned_at", "!=", False)]
            waiting_ids = set(self.search(waiting).ids)
            activities.filtered(lambda activity: activity.res_id not in waiting_ids).unlink()

    def _warn_of_pool(self):
        """Say to the salespeople of these leads when they return to the pool."""
        dates = self._get_pool_dates()
        now = fields.Datetime.now()
        self.env.cr.execute(SQL("UPDATE crm_lead SET pool_warned_at = %s WHERE id = ANY(%s)", now, list(self.ids)))
        self.invalidate_recordset(["pool_warned_at"], flush=False)
        self.env["sales.notice.mixin"]._send_notice(
            "pool_lead_warning",
            self,
            {lead: lead.user_id for lead in self},
            _lt("Leads about to return to the pool"),
            lambda leads: {lead: lead._describe_pool_warning(dates.get(lead.id)) for lead in leads},
        )

    def _return_to_pool(self):
        """Take these leads back, and say so to those who had them."""
        owners = {lead: lead.user_id for lead in self}
        self._release("recycled")
        self._close_pool_warnings()
        self.env["sales.notice.mixin"]._send_notice(
            "pool_lead",
            self,
            owners,
            _lt("Leads that returned to the pool"),
            lambda leads: {
                lead: lead.env._("Nobody was in touch with it for too long; others may claim it now.") for lead in leads
            },
        )

    def _describe_pool_warning(self, due_on):
        today = fields.Date.context_today(self)
        return self.env._(
            "Nobody was in touch for a long time. Call, write or visit until %(date)s to keep this lead.",
            date=format_date(self.env, max(due_on or today, today)),
        )
