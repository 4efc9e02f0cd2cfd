from odoo import api, fields, models
from odoo.tools import SQL

#: Customers whose owner is another one than the pool knows, and those that it does not know yet. Without an owner, it
#: takes those in who are customers, and not every address.
FOLLOW = """
       WITH changed AS (
           SELECT partner.id, partner.pool_owner_id AS former, partner.pool_state AS state,
                  partner.create_date >= company.customer_pool_since AS is_new
             FROM res_partner partner
             JOIN res_company company ON company.id = COALESCE(partner.company_id, %(first)s)
            WHERE partner.commercial_partner_id = partner.id
              AND partner.partner_share
              AND partner.active
              AND company.id = ANY(%(company_ids)s)
              AND %(scope)s
              AND (partner.pool_owner_id IS DISTINCT FROM partner.user_id
                   OR partner.pool_state != 'pool' AND partner.user_id IS NULL
                   OR partner.pool_state IS NULL AND COALESCE(partner.customer_rank, 0) > 0)
              FOR NO KEY UPDATE OF partner
       )
       UPDATE res_partner partner
          SET pool_state = CASE WHEN partner.user_id IS NULL THEN 'pool' ELSE 'owned' END,
              pool_owner_id = partner.user_id,
              owner_since = CASE WHEN partner.user_id IS NULL OR changed.state IS NULL AND NOT changed.is_new THEN NULL
                                 ELSE %(now)s END,
              pooled_at = CASE WHEN partner.user_id IS NULL THEN %(now)s::timestamp END,
              protected_until = NULL,
              pool_warned_at = NULL
         FROM changed
        WHERE partner.id = changed.id
    RETURNING partner.id, changed.state, changed.former, partner.user_id
"""
FOLLOWED = ("pool_state", "pool_owner_id", "owner_since", "pooled_at", "protected_until", "pool_warned_at")
READ = ("commercial_partner_id", "partner_share", "active", "company_id", "user_id", "customer_rank", *FOLLOWED)


class ResPartner(models.Model):
    """Owners that change past the pool: by a manager, an import, a handover, a user who is deleted."""

    _inherit = "res.partner"

    @api.model
    def _get_pool_write_context(self):
        # What happened is told by claims; a tracked value and a notice for each would only repeat it.
        return {"tracking_disable": True, "mail_auto_subscribe_no_notify": True}

    def _follow_owners(self):
        """Let the state follow the owner of these customers, or of all when called on none; changes become facts.

        A constant number of queries, whatever their number.
        """
        company_ids, first = self.env["res.company"]._get_pool_companies()
        self.env["res.company"].flush_model(["customer_pool_since"])
        self.flush_model(READ)
        scope = SQL("partner.id = ANY(%s)", list(self.ids)) if self else SQL("TRUE")
        values = {"company_ids": company_ids, "first": first, "scope": scope, "now": fields.Datetime.now()}
        rows = self.env.execute_query(SQL(FOLLOW, **values))
        if not rows:
            return
        self.browse(row[0] for row in rows).invalidate_recordset(FOLLOWED, flush=False)
        for kind in ("released", "handed_over"):
            found = [row for row in rows if self._get_followed_kind(*row[1:]) == kind]
            if found:
                self.env["sales.customer.claim"]._record(
                    kind,
                    self.browse(row[0] for row in found),
                    {self.browse(row[0]): row[2] for row in found},
                    {self.browse(row[0]): row[3] for row in found},
                )

    @api.model
    def _get_followed_kind(self, state, former, owner):
        if not state:
            # Known for the first time: nothing happened to it.
            return None
        if owner:
            return "handed_over"
        return "released" if former or state != "pool" else None

    def _get_followers_of_owner(self):
        """Contacts of these customers that go with them: those with the same owner, or with none where that has none.

        :rtype: res.partner
        """
        self.flush_model(["commercial_partner_id", "user_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT contact.id
                  FROM res_partner customer
                  JOIN res_partner contact ON contact.commercial_partner_id = customer.id AND contact.id != customer.id
                 WHERE customer.id = ANY(%s) AND contact.user_id IS NOT DISTINCT FROM customer.user_id
                """,
                list(self.ids),
            )
        )
        return self.browse(contact_id for (contact_id,) in rows)
