from odoo import api, models
from odoo.tools import SQL


class SalesResult(models.Model):
    """What was won, and what was done for it."""

    _inherit = "sales.result"

    @api.model
    def _prepare_won_deals(self, span):
        """Deals that are won, by the day of the win; one without a company is of its salesperson's."""
        one = self._share(SQL("1"))
        company = SQL("COALESCE(deal.company_id, team.company_id, person.company_id)")
        return {
            "id": SQL("deal.id"),
            "values": {
                "date": self._select_day(SQL("deal.date_closed")),
                "company_id": company,
                "team_id": SQL("deal.team_id"),
                "user_id": self._credit(SQL("deal.user_id")),
                "partner_id": SQL("partner.commercial_partner_id"),
                "lead_id": SQL("deal.id"),
                "amount_untaxed": one,
                "amount_total": one,
            },
            "source": SQL(
                """
              FROM crm_lead deal
         LEFT JOIN crm_team team ON team.id = deal.team_id
         LEFT JOIN res_users person ON person.id = deal.user_id
         LEFT JOIN res_partner partner ON partner.id = deal.partner_id
              %(zone)s
              %(credit)s
             WHERE deal.type = 'opportunity' AND deal.won_status = 'won' AND %(within)s
                """,
                within=self._select_within(SQL("deal.date_closed"), span),
                zone=self._join_zone(company),
                credit=self._join_credit(SQL("deal.id")),
            ),
        }

    @api.model
    def _prepare_activities(self, span):
        """Activities that were marked done on deals, orders and customers, by who did them."""
        company = SQL("COALESCE(deal.company_id, team.company_id, sale.company_id, person.company_id)")
        return {
            "id": SQL("message.id"),
            "is_shared": False,
            "values": {
                "date": self._select_day(SQL("message.date")),
                "company_id": company,
                "team_id": SQL("COALESCE(deal.team_id, sale.team_id)"),
                "user_id": SQL("person.id"),
                "partner_id": SQL("partner.commercial_partner_id"),
                "lead_id": SQL("COALESCE(deal.id, sale.opportunity_id)"),
                "order_id": SQL("sale.id"),
                "amount_untaxed": SQL("1::numeric"),
                "amount_total": SQL("1::numeric"),
            },
            "source": SQL(
                """
              FROM mail_message message
              JOIN (
                   SELECT DISTINCT ON (partner_id) partner_id, id, company_id
                     FROM res_users
                 ORDER BY partner_id, active DESC, id
                   ) person ON person.partner_id = message.author_id
         LEFT JOIN crm_lead deal ON message.model = 'crm.lead' AND deal.id = message.res_id
         LEFT JOIN crm_team team ON team.id = deal.team_id
         LEFT JOIN sale_order sale ON message.model = 'sale.order' AND sale.id = message.res_id
         LEFT JOIN res_partner partner ON partner.id = CASE
                       WHEN message.model = 'res.partner' THEN message.res_id
                       ELSE COALESCE(deal.partner_id, sale.partner_id) END
              %(zone)s
             WHERE message.mail_activity_type_id IS NOT NULL
               AND message.model IN ('crm.lead', 'sale.order', 'res.partner') AND %(within)s
                """,
                within=self._select_within(SQL("message.date"), span),
                zone=self._join_zone(company),
            ),
        }
