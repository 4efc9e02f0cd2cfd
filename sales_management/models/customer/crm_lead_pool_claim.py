from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from .crm_lead_pool import ENDED

#: Open deals of customers that nobody works, or whoever had the customer last.
FOLLOWING = """
       SELECT lead.id
         FROM crm_lead lead
         JOIN res_partner partner ON partner.id = lead.partner_id
    LEFT JOIN LATERAL (
               SELECT former_id
                 FROM sales_customer_claim
                WHERE partner_id = partner.commercial_partner_id AND kind IN ('released', 'recycled')
             ORDER BY id DESC
                LIMIT 1
              ) claim ON TRUE
        WHERE partner.commercial_partner_id = ANY(%(customers)s)
          AND lead.active
          AND lead.won_status = 'pending'
          AND (lead.company_id IS NULL OR lead.company_id = ANY(%(companies)s))
          AND (lead.user_id IS NULL OR lead.user_id = claim.former_id)
     ORDER BY lead.id
"""


class CrmLead(models.Model):
    """Claiming a lead from the pool, and giving it back."""

    _inherit = "crm.lead"

    # === Actions === #

    def action_claim(self):
        """Become the salesperson of these leads, which are in the pool.

        Of two people who claim one at the same moment, the first gets it, and the other is told who has it.

        :raise AccessError: unless the user works in sales and may see the leads in the pool
        :raise UserError: when one is not in the pool, the claims of the day are used up, or the user lost it lately
        """
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(self.env._("Only people in sales claim leads. Ask a sales manager to join them."))
        # sudo: as long as nobody owns it, the pool decides who may see it, and not the rules of leads.
        leads = self.sudo()
        if any(lead._get_pool_company() not in self.env.user.company_ids for lead in leads):
            raise AccessError(self.env._("A lead of a company that is not yours cannot be claimed."))
        leads._lock_for_claim()
        leads._check_in_pool()
        pool = self.env["sales.customer.pool"]
        pool.browse(pool._get_row_ids(leads)).check_access("read")
        claims = self.env["sales.customer.claim"]
        numbers = claims._number_claims(leads)
        claims._check_cooled_down(leads)
        leads._claim(numbers)
        return True

    def action_release_to_pool(self, reason):
        """Give these leads back to the pool.

        :param str reason: why; kept
        :raise AccessError: when one is of somebody else, unless the user is a sales manager
        :raise UserError: without a reason, or when one has no salesperson or goes with its customer
        """
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the lead goes back to the pool: whoever claims it next reads it."))
        self.check_access("read")
        leads = self.sudo()  # sudo: a lock needs the right to write, which is checked here
        leads._lock_for_claim()
        is_manager = self.env.user.has_group("sales_team.group_sale_manager")
        for lead in leads:
            if lead.user_id and lead.user_id != self.env.user and not is_manager:
                raise AccessError(lead._get_owned_refusal())
            if not lead.user_id or lead.pooled_at or not lead._can_return():
                raise UserError(
                    self.env._(
                        "%(lead)s cannot go to the pool: it has no salesperson, is closed, or goes with its customer.",
                        lead=lead.display_name,
                    )
                )
        leads.with_env(self.env)._release("released", reason)
        return True

    def action_open_release(self):
        """Ask for the reason of giving these leads back.

        :rtype: dict
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Back to the Pool"),
            "res_model": "sales.customer.release",
            "view_mode": "form",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_lead_ids": self.ids},
        }

    # === Checks === #

    def _lock_for_claim(self):
        query = SQL("SELECT id FROM crm_lead WHERE id = ANY(%s) ORDER BY id FOR UPDATE", sorted(self.ids))
        self.env.cr.execute(query)
        self.invalidate_recordset(["pooled_at", "user_id", "pool_owner_since"])

    def _can_return(self):
        self.ensure_one()
        return bool(self._filter_in_pool_rules()) and self._get_pool_company().id in (
            self.env["res.company"]._get_pool_company_ids()
        )

    def _check_in_pool(self):
        for lead in self:
            if lead.pooled_at and not lead.user_id:
                continue
            # Whatever was claimed stood in the pool, where everybody in sales could read its name; of no other lead is
            # said whose it is.
            claimed = [("lead_id", "=", lead.id), ("kind", "=", "claimed"), ("owner_id", "=", lead.user_id.id)]
            if lead.user_id and self.env["sales.customer.claim"].search_count(claimed, limit=1):
                raise UserError(lead._get_owned_refusal())
            raise UserError(self.env._("This lead is not in the pool, so nobody can claim it. Reload the page."))

    def _get_owned_refusal(self):
        self.ensure_one()
        since = self.pool_owner_since or self.create_date
        return self.env._(
            "%(lead)s is with %(owner)s since %(date)s. Ask them, or a sales manager, to hand it over.",
            lead=self.display_name,
            owner=self.user_id.name,
            date=format_date(self.env, fields.Datetime.context_timestamp(self, since).date()),
        )

    # === The private ways === #

    def _claim(self, numbers):
        """Make the user the salesperson of these leads in the pool, after the checks."""
        now, uid = fields.Datetime.now(), self.env.uid
        for company, leads in self.grouped(lambda lead: lead._get_pool_company()).items():
            days = company.customer_pool_protection_days
            leads.with_context(mail_auto_subscribe_no_notify=True).write(
                {
                    **ENDED,
                    "user_id": uid,
                    "pool_owner_since": now,
                    "pool_protected_until": now + timedelta(days=days) if days else False,
                }
            )
        self.env["sales.customer.claim"]._record("claimed", self, {}, dict.fromkeys(self, uid), numbers=numbers)

    def _release(self, kind, reason=""):
        """Take the salesperson off these leads, after the checks.

        :param str kind: of the fact
        """
        leads = self.sudo()  # sudo: who may release was checked; nobody writes these fields by hand
        former = {lead.with_env(self.env): lead.user_id.id for lead in leads}
        leads.with_context(tracking_disable=True, mail_auto_subscribe_no_notify=True).write(
            {**ENDED, "user_id": False, "pool_owner_since": False, "pooled_at": fields.Datetime.now()}
        )
        self.env["sales.customer.claim"]._record(kind, self, former, {}, reason=reason)

    def _follow_claimed_customers(self, customers):
        """Give open deals of customers that were claimed to who claimed them: those that nobody works, and those of who
        had the customer before. Deals of a third person stay theirs."""
        self.flush_model(["active", "company_id", "partner_id", "user_id", "won_status"])
        rows = self.env.execute_query(
            SQL(FOLLOWING, customers=list(customers.ids), companies=list(self.env.user.company_ids.ids))
        )
        # sudo: whoever got the customer gets its deals, which they could not see until now.
        deals = self.sudo().browse(lead_id for (lead_id,) in rows)
        if deals:
            deals.with_context(mail_auto_subscribe_no_notify=True).write(
                {**ENDED, "user_id": self.env.uid, "pool_owner_since": fields.Datetime.now()}
            )
