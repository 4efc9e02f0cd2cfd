from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class SalesCustomerValue(models.AbstractModel):
    """Tiers by rule, right after the figures that the rules ask for."""

    _inherit = "sales.customer.value"

    @api.model
    def _after_values_stored(self, partner_ids, company):
        """Give each customer the first tier whose rule fits it.

        Whom no rule fits gets the tier for everybody else, if it has no tier, or one that it once got by rule. A tier
        chosen by hand stays. Contacts share the tier of their company.

        :param list partner_ids: customers that have figures
        :param res.company company: whose figures they are
        """
        super()._after_values_stored(partner_ids, company)
        # sudo: the tiers of the company decide, whoever asks
        tiers = self.env["sales.customer.tier"].sudo()
        ruled = Domain("rule_abc_class", "!=", False) | Domain("rule_revenue", ">", 0)
        tiers = tiers.search(
            Domain("company_id", "in", [False, company.id]) & (ruled | Domain("is_default", "=", True))
        )
        rules = tiers.filtered(lambda tier: tier.rule_abc_class or tier.rule_revenue)
        if not rules or not partner_ids:
            return
        defaults = (tiers - rules).sorted(lambda tier: not tier.company_id)
        partners = self.env["res.partner"]
        names = ["customer_tier_id", "customer_tier_locked", "abc_class", "customer_revenue"]
        partners.flush_model([*names, "commercial_partner_id", "company_id"])
        rows = self.env.execute_query(self._get_tier_statement(partner_ids, company, rules, defaults[:1]))
        changed = partners.browse(row[0] for row in rows)
        changed.invalidate_recordset(["customer_tier_id"], flush=False)
        changed.modified(["customer_tier_id"])

    @api.model
    def _get_tier_statement(self, partner_ids, company, rules, default):
        chosen = SQL(" ").join(
            SQL(
                "WHEN COALESCE(partner.abc_class, 'z') <= %s AND COALESCE(partner.customer_revenue, 0) >= %s THEN %s",
                rule.rule_abc_class or "z",
                rule.rule_revenue,
                rule.id,
            )
            for rule in rules
        )
        return SQL(
            """
            UPDATE res_partner member
               SET customer_tier_id = new.tier_id
              FROM (SELECT partner.id,
                           CASE %(chosen)s
                                WHEN COALESCE(partner.customer_tier_id = ANY(%(rules)s), TRUE) THEN %(default)s
                           END::int AS tier_id
                      FROM res_partner partner
                     WHERE partner.id = ANY(%(ids)s)
                       AND partner.customer_tier_locked IS NOT TRUE
                       AND COALESCE(partner.company_id, %(first)s) = %(company)s) new
             WHERE member.commercial_partner_id = new.id
               AND new.tier_id IS NOT NULL
               AND member.customer_tier_id IS DISTINCT FROM new.tier_id
         RETURNING member.id
            """,
            chosen=chosen,
            rules=rules.ids,
            default=default.id or None,
            ids=partner_ids,
            first=self._get_first_company_id(company),
            company=company.id,
        )
