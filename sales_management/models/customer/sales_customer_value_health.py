from json import dumps

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.sales_management.tools.customer_health import (
    CONTACT,
    LATE_DELIVERIES,
    HealthFacts,
    get_health,
)

from .res_partner_health import HEALTH_COLUMNS, get_health_class
from .sales_customer_value import NOTHING

#: Of what costs a customer points, the facts that are kept: a salesperson who may not read invoices reads no amounts.
KEPT = frozenset({"churn_state", "percent", "deliveries", "late_deliveries", "allowed_days"})


class SalesCustomerValue(models.AbstractModel):
    """How customers are, in the same night and the same statement as what they are worth."""

    _inherit = "sales.customer.value"

    @api.model
    def _get_columns(self):
        return super()._get_columns() | HEALTH_COLUMNS

    @api.model
    def _add_values(self, values, invoices, company, today):
        result = super()._add_values(values, invoices, company, today)
        contacts, running = self._read_contacts(company), self._read_running(company)
        deliveries = self._read_deliveries(company, today)
        for partner, own in values.items():
            invoiced = invoices.get(partner, NOTHING)
            delivered, late = deliveries.get(partner, (None, None))
            contact_day, allowed_days = contacts.get(partner, (None, None))
            facts = HealthFacts(
                churn_state=own["churn_state"],
                open_amount=invoiced.owed,
                overdue_amount=invoiced.overdue,
                deliveries=delivered,
                late_deliveries=late,
                contact_days=max((today - contact_day).days, 0) if contact_day else None,
                allowed_days=allowed_days,
                open_deals=running.get(partner, 0),
                revenue=invoiced.year or 0,
                former_revenue=invoiced.former_year,
            )
            own.update(self._prepare_health_values(get_health(facts)))
        return result

    @api.model
    def _prepare_health_values(self, found):
        """:return: values of :data:`HEALTH_COLUMNS`, without words, so that each reader has them in their language
        :rtype: dict
        """
        # What changes by itself each day is read when it is shown, so that a quiet night writes nothing.
        parts = [
            [part.name, part.points, part.max_points, {key: part.reason[key] for key in part.reason.keys() & KEPT}]
            for part in found.get_worst(len(found.components))
        ]
        for name, _points, _most, reason in parts:
            if name in (CONTACT, LATE_DELIVERIES):
                reason.pop("percent", None)
        return {
            "customer_health": get_health_class(found.health),
            "customer_health_score": found.health or 0,
            "customer_health_detail": dumps(parts, sort_keys=True),
        }

    # === Reading === #

    @api.model
    def _read_contacts(self, company):
        """:return: day of the last contact, and days that the tier allows, by customer of a tier that says so
        :rtype: dict[int, tuple]
        """
        self.env["res.partner"].flush_model(["customer_tier_id", "last_contact_at"])
        self.env["sales.customer.tier"].flush_model(["contact_days"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.id,
                       (COALESCE(partner.last_contact_at, partner.create_date)
                        AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date,
                       tier.contact_days
                  FROM res_partner partner
                  JOIN sales_customer_tier tier ON tier.id = partner.customer_tier_id
                 WHERE tier.contact_days > 0 AND partner.id = partner.commercial_partner_id
                """,
                zone=company._get_sales_zone().zone,
            )
        )
        return {partner: row for partner, *row in rows}

    @api.model
    def _read_deliveries(self, company, today):
        """:return: how many deliveries of the last twelve months there were, and how many after their day, by customer
        :rtype: dict[int, tuple[int, int]]
        """
        self.env["stock.picking"].flush_model(
            ["partner_id", "company_id", "state", "date_done", "date_deadline", "picking_type_id"]
        )
        zone = company._get_sales_zone().zone
        local = SQL("AT TIME ZONE 'UTC' AT TIME ZONE %s", zone)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.commercial_partner_id, count(*),
                       count(*) FILTER (WHERE picking.date_done > picking.date_deadline
                                          AND (picking.date_done %(local)s)::date
                                              > (picking.date_deadline %(local)s)::date)
                  FROM stock_picking picking
                  JOIN stock_picking_type type ON type.id = picking.picking_type_id AND type.code = 'outgoing'
                  JOIN res_partner partner ON partner.id = picking.partner_id
                 WHERE picking.company_id = %(company)s AND picking.state = 'done' AND picking.date_done >= %(since)s
              GROUP BY 1
                """,
                local=local,
                company=company.id,
                since=today - relativedelta(years=1),
            )
        )
        return {partner: (count, late) for partner, count, late in rows}

    @api.model
    def _read_running(self, company):
        """:return: how many deals and quotations are open, by customer that has any
        :rtype: dict[int, int]
        """
        self.env["crm.lead"].flush_model(["partner_id", "company_id", "type", "active", "won_status"])
        self.env["sale.order"].flush_model(["partner_id", "company_id", "state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.commercial_partner_id, sum(open.count)::int
                  FROM (SELECT partner_id, count(*)
                          FROM crm_lead
                         WHERE active AND type = 'opportunity' AND won_status = 'pending'
                           AND COALESCE(company_id, %(company)s) = %(company)s
                      GROUP BY 1
                     UNION ALL
                        SELECT partner_id, count(*)
                          FROM sale_order
                         WHERE state IN ('draft', 'sent') AND company_id = %(company)s
                      GROUP BY 1) open
                  JOIN res_partner partner ON partner.id = open.partner_id
              GROUP BY 1
                """,
                company=company.id,
            )
        )
        return dict(rows)
