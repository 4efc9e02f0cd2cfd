from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

#: Customers that are warned or return at once.
BATCH = 500
#: How far back meetings that are over are looked for, so that a server that stood still misses none.
MEETING_SPAN = timedelta(days=14)

#: When owned customers return, by the clock of their company. What a tier says comes first, then the owner's team.
CLOCK = """
       SELECT clock.*, (%(now)s AT TIME ZONE 'UTC' AT TIME ZONE clock.zone)::date AS today
         FROM (
           SELECT partner.id, partner.pool_state AS state, partner.pool_warned_at AS warned_at,
                  partner.protected_until, calendar.tz AS zone,
                  COALESCE(NULLIF(tier.pool_warning_days, 0), company.customer_pool_warning_days) AS warning,
                  GREATEST(
                      (GREATEST(partner.last_contact_at, partner.owner_since, company.customer_pool_since)
                          AT TIME ZONE 'UTC' AT TIME ZONE calendar.tz)::date
                          + NULLIF(COALESCE(NULLIF(tier.pool_days, 0), NULLIF(team.customer_pool_days, 0),
                                            company.customer_pool_days), 0),
                      (partner.protected_until AT TIME ZONE 'UTC' AT TIME ZONE calendar.tz)::date
                  ) AS due_on
             FROM res_partner partner
             JOIN res_company company ON company.id = COALESCE(partner.company_id, %(first)s)
             JOIN resource_calendar calendar ON calendar.id = company.resource_calendar_id
             JOIN res_users owner ON owner.id = partner.user_id
        LEFT JOIN crm_team team ON team.id = owner.sale_team_id
        LEFT JOIN LATERAL (
                   SELECT *
                     FROM sales_customer_tier
                    WHERE id = partner.customer_tier_id
                       OR partner.customer_tier_id IS NULL AND is_default AND active
                          AND COALESCE(company_id, company.id) = company.id
                 ORDER BY company_id NULLS LAST
                    LIMIT 1
                  ) tier ON TRUE
            WHERE partner.pool_state IN ('owned', 'protected')
              AND partner.active
              AND company.id = ANY(%(company_ids)s)
              AND NOT COALESCE(tier.pool_never, FALSE)
              AND COALESCE(NULLIF(tier.pool_days, 0), NULLIF(team.customer_pool_days, 0),
                           NULLIF(company.customer_pool_days, 0)) IS NOT NULL
              AND %(scope)s
         ) clock
"""
#: The warning comes so many days before, and nobody loses a customer who was not warned so many days.
DUE = {
    "warn": SQL("warned_at IS NULL AND due_on - warning <= today"),
    "recycle": SQL(
        "state = 'owned' AND due_on <= today"
        " AND (warned_at AT TIME ZONE 'UTC' AT TIME ZONE zone)::date + warning <= today"
    ),
}
READ = {
    "res.company": None,
    "resource.calendar": ["tz"],
    "res.partner": None,
    "res.users": ["sale_team_id"],
    "crm.team": ["customer_pool_days"],
    "sales.customer.tier": None,
}


class ResPartner(models.Model):
    """Customers whom nobody was in touch with return to the pool, after a warning."""

    _inherit = "res.partner"

    # === Crons === #

    @api.model
    def _cron_recycle(self):
        """Warn owners, then take customers back; what is done is done, so an interrupted run goes on where it was."""
        if not self.env["res.company"]._get_pool_company_ids():
            return
        self._note_meetings(fields.Datetime.now() - MEETING_SPAN)
        self._follow_owners()
        self._end_protections()
        self._close_warnings()
        for step, act in (("warn", type(self)._warn_owners), ("recycle", type(self)._recycle)):
            last = 0
            while ids := self._get_pool_due_ids(step, last):
                last = ids[-1]
                # Whoever claims or changes one at this moment keeps it until the next run.
                partners = self.browse(ids).try_lock_for_update()
                if partners:
                    act(partners)
                remaining = len(self._get_pool_due_ids(step, last, limit=BATCH))
                if not self.env["ir.cron"]._commit_progress(len(ids), remaining=remaining):
                    return
        self.env["crm.lead"]._recycle_leads()

    @api.model
    def _cron_note_meetings(self):
        """Note meetings that were held as contacts, hour by hour."""
        if self.env["res.company"]._get_enabled_company_ids("sales_customer_enabled"):
            self._note_meetings(fields.Datetime.now() - MEETING_SPAN)

    # === Clock === #

    def _get_pool_clock(self, scope):
        company_ids, first = self.env["res.company"]._get_pool_companies()
        for model, names in READ.items():
            self.env[model].flush_model(names)
        return SQL(CLOCK, now=fields.Datetime.now(), first=first, company_ids=company_ids, scope=scope)

    def _get_pool_dates(self):
        """:return: when these customers return to the pool, by id; without those that never do
        :rtype: dict[int, date]
        """
        clock = self._get_pool_clock(SQL("partner.id = ANY(%s)", list(self._origin.ids)))
        return dict(self.env.execute_query(SQL("SELECT id, due_on FROM (%s) clock", clock)))

    @api.model
    def _get_pool_due_ids(self, step, last, limit=BATCH):
        clock = self._get_pool_clock(SQL("partner.id > %s", last))
        query = SQL("SELECT id FROM (%s) due WHERE %s ORDER BY id LIMIT %s", clock, DUE[step], limit)
        return [partner_id for (partner_id,) in self.env.execute_query(query)]

    # === Steps === #

    @api.model
    def _end_protections(self):
        self.flush_model(["pool_state", "protected_until"])
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE res_partner
                   SET pool_state = 'owned', protected_until = NULL
                 WHERE pool_state = 'protected' AND protected_until <= %s
             RETURNING id
                """,
                fields.Datetime.now(),
            )
        )
        ended = self.browse(partner_id for (partner_id,) in rows)
        ended.invalidate_recordset(["pool_state", "protected_until"], flush=False)

    @api.model
    def _close_warnings(self):
        """Take warnings back where somebody was in touch since."""
        type_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "sales_management.mail_activity_type_pool", raise_if_not_found=False
        )
        domain = [("activity_type_id", "=", type_id), ("automated", "=", True), ("res_model", "=", "res.partner")]
        activities = self.env["mail.activity"].search_fetch(domain, ["res_id"]) if type_id else self.browse()
        if activities:
            waiting = set(self.search([("id", "in", activities.mapped("res_id")), ("pool_warned_at", "!=", False)]).ids)
            activities.filtered(lambda activity: activity.res_id not in waiting).unlink()

    def _warn_owners(self):
        """Say to the owners of these customers when they return to the pool."""
        dates = self._get_pool_dates()
        now = fields.Datetime.now()
        self.env.cr.execute(SQL("UPDATE res_partner SET pool_warned_at = %s WHERE id = ANY(%s)", now, list(self.ids)))
        self.invalidate_recordset(["pool_warned_at"], flush=False)
        self.env["sales.notice.mixin"]._send_notice(
            "pool_warning",
            self,
            {partner: partner.user_id for partner in self},
            _lt("Customers about to return to the pool"),
            lambda partners: {partner: partner._describe_pool_warning(dates.get(partner.id)) for partner in partners},
        )

    def _recycle(self):
        """Take these customers back, and say so to those who had them."""
        owners = {partner: partner.user_id for partner in self}
        self._release("recycled")
        self._close_warnings()
        self.env["sales.notice.mixin"]._send_notice(
            "pool",
            self,
            owners,
            _lt("Customers that returned to the pool"),
            lambda partners: {
                partner: self.with_context(lang=partner.env.lang).env._(
                    "Nobody was in touch with it for too long; others may claim it now."
                )
                for partner in partners
            },
        )

    def _describe_pool_warning(self, due_on):
        today = fields.Date.context_today(self)
        return self.env._(
            "Nobody was in touch for a long time. Call, write or visit until %(date)s to keep this customer.",
            date=format_date(self.env, max(due_on or today, today)),
        )
