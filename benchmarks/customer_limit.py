"""The value of all customers as one would write it in SQL by hand: the same figures, written to the same columns."""

from itertools import product

from odoo.addons.sales_management.tools.customer_health import WEIGHTS, split_points

#: Figures of invoices, of fifths, of cumulative revenue, of days between orders. The planner takes each step for a row,
#: so that with loops, and as one statement with what is written, it takes many times as long.
FACTS = """
CREATE TEMP TABLE customer_fact ON COMMIT DROP AS
WITH invoiced AS MATERIALIZED (
    SELECT commercial_partner_id AS id,
           COALESCE(sum(amount_untaxed_signed) FILTER (WHERE invoice_date <= current_date), 0) AS to_date,
           COALESCE(sum(amount_untaxed_signed) FILTER (WHERE invoice_date <= current_date
                                                         AND invoice_date > current_date - 1095), 0) AS recent,
           min(invoice_date) FILTER (WHERE invoice_date <= current_date) AS first,
           count(*) FILTER (WHERE lately AND move_type = 'out_invoice') AS count,
           COALESCE(sum(amount_untaxed_signed) FILTER (WHERE lately), 0) AS amount,
           max(invoice_date) FILTER (WHERE lately AND move_type = 'out_invoice') AS last,
           COALESCE(sum(amount_untaxed_signed) FILTER (WHERE invoice_date > current_date - interval '1 year'
                                                AND invoice_date <= current_date), 0) AS year,
           sum(amount_untaxed_signed) FILTER (WHERE invoice_date > current_date - interval '2 years'
                                                AND invoice_date <= current_date - interval '1 year') AS former,
           COALESCE(sum(amount_residual_signed) FILTER (WHERE unpaid), 0) AS owed,
           GREATEST(COALESCE(sum(amount_residual_signed)
                             FILTER (WHERE unpaid AND invoice_date_due < current_date), 0), 0) AS overdue
      FROM account_move,
           LATERAL (SELECT invoice_date > current_date - interval '24 months'
                           AND invoice_date <= current_date AS lately,
                           payment_state IN ('not_paid', 'partial') AS unpaid) flags
     WHERE company_id = %(company)s AND state = 'posted' AND move_type IN ('out_invoice', 'out_refund')
       AND commercial_partner_id IS NOT NULL AND invoice_date IS NOT NULL
  GROUP BY 1
), buyers AS (
    SELECT id,
           rank() OVER (ORDER BY last) - 1 AS r_worse, count(*) OVER (PARTITION BY last) AS r_same,
           rank() OVER (ORDER BY count) - 1 AS f_worse, count(*) OVER (PARTITION BY count) AS f_same,
           rank() OVER (PARTITION BY amount > 0 ORDER BY amount) - 1 AS m_worse,
           count(*) OVER (PARTITION BY amount > 0, amount) AS m_same, count(*) OVER (PARTITION BY amount > 0) AS m_all,
           count(*) OVER () AS all, amount > 0 AS brought
      FROM invoiced
     WHERE last IS NOT NULL
), scores AS (
    SELECT id,
           CASE WHEN "all" = r_same THEN 3 ELSE LEAST(1 + 5 * r_worse / ("all" - r_same), 5) END::int AS recency,
           CASE WHEN "all" = f_same THEN 3 ELSE LEAST(1 + 5 * f_worse / ("all" - f_same), 5) END::int AS frequency,
           CASE WHEN NOT brought THEN 1 WHEN m_all = m_same THEN 3
                ELSE LEAST(1 + 5 * m_worse / (m_all - m_same), 5) END::int AS monetary
      FROM buyers
), places AS (
    SELECT id,
           CASE WHEN amount <= 0 THEN 'c'
                WHEN (upto - same) * 100 < 80 * total THEN 'a'
                WHEN (upto - same) * 100 < 95 * total THEN 'b' ELSE 'c' END AS abc_class
      FROM (SELECT id, amount,
                   sum(GREATEST(amount, 0)) OVER (ORDER BY amount DESC) AS upto,
                   sum(GREATEST(amount, 0)) OVER (PARTITION BY amount) AS same,
                   sum(GREATEST(amount, 0)) OVER () AS total
              FROM invoiced) ranked
), days AS (
    SELECT DISTINCT partner.commercial_partner_id AS id, sale.date_order::date AS day
      FROM sale_order sale
      JOIN res_partner partner ON partner.id = sale.partner_id
     WHERE sale.company_id = %(company)s AND sale.state = 'sale'
), rhythms AS (
    SELECT id, max(day) AS last, current_date - max(day) AS silent,
           CASE WHEN count(*) >= 3 THEN (percentile_cont(0.5) WITHIN GROUP (ORDER BY gap))::numeric END AS cycle
      FROM (SELECT id, day, day - lag(day) OVER (PARTITION BY id ORDER BY day) AS gap FROM days) gaps
     WHERE day <= current_date
  GROUP BY 1
), states AS (
    SELECT *,
           CASE WHEN cycle IS NULL THEN NULL WHEN silent >= ceil(4 * cycle) THEN 'lost'
                WHEN silent >= ceil(2 * cycle) THEN 'at_risk' WHEN silent >= ceil(1.5 * cycle) THEN 'slowing'
                ELSE 'active' END AS state
      FROM rhythms
), running AS (
    SELECT partner.commercial_partner_id AS id, count(*) AS count
      FROM (SELECT partner_id
              FROM crm_lead
             WHERE active AND type = 'opportunity' AND won_status = 'pending'
               AND COALESCE(company_id, %(company)s) = %(company)s
         UNION ALL
            SELECT partner_id FROM sale_order WHERE state IN ('draft', 'sent') AND company_id = %(company)s) open
      JOIN res_partner partner ON partner.id = open.partner_id
  GROUP BY 1
), deliveries AS (
    SELECT partner.commercial_partner_id AS id, count(*) AS count,
           count(*) FILTER (WHERE picking.date_done::date > picking.date_deadline::date) AS late
      FROM stock_picking picking
      JOIN stock_picking_type type ON type.id = picking.picking_type_id AND type.code = 'outgoing'
      JOIN res_partner partner ON partner.id = picking.partner_id
     WHERE picking.company_id = %(company)s AND picking.state = 'done'
       AND picking.date_done >= current_date - interval '1 year'
  GROUP BY 1
)
    SELECT COALESCE(invoiced.id, states.id) AS id, scores.recency, scores.frequency, scores.monetary,
       places.abc_class, states.state, states.cycle, states.last,
       COALESCE(invoiced.to_date, 0) AS to_date, COALESCE(invoiced.recent, 0) AS recent, invoiced.first,
       COALESCE(running.count, 0) AS running, deliveries.count AS deliveries, deliveries.late,
       tier.contact_days AS allowed,
       current_date - COALESCE(partner.last_contact_at, partner.create_date)::date AS contact,
       COALESCE(invoiced.overdue * 100 / NULLIF(GREATEST(invoiced.owed, invoiced.overdue), 0), 0) AS overdue,
       CASE WHEN invoiced.former > 0 THEN (invoiced.year - invoiced.former) * 100 / invoiced.former END AS change,
       invoiced.former IS NOT NULL AND (invoiced.former > 0 OR invoiced.year > 0) AS has_trend
  FROM invoiced
 FULL JOIN states ON states.id = invoiced.id
 LEFT JOIN scores ON scores.id = invoiced.id
 LEFT JOIN places ON places.id = invoiced.id
 LEFT JOIN running ON running.id = COALESCE(invoiced.id, states.id)
 LEFT JOIN deliveries ON deliveries.id = COALESCE(invoiced.id, states.id)
 LEFT JOIN res_partner partner ON partner.id = COALESCE(invoiced.id, states.id)
 LEFT JOIN sales_customer_tier tier ON tier.id = partner.customer_tier_id AND tier.contact_days > 0
"""
#: The points of each component, and what is written.
WRITE = """
WITH healths AS MATERIALIZED (
    SELECT facts.id, sum(part.points) AS points,
           COALESCE(jsonb_agg(jsonb_build_array(part.name, part.points, part.most, part.reason)
                              ORDER BY part.most - part.points DESC, part.place)
                    FILTER (WHERE part.most > part.points), '[]') AS detail
      FROM customer_fact facts
      JOIN (VALUES %(maxima)s) maximum (has_churn, has_deliveries, has_contact, has_trend, most)
        ON maximum.has_churn = (facts.state IS NOT NULL) AND maximum.has_deliveries = (facts.deliveries IS NOT NULL)
       AND maximum.has_contact = (facts.allowed IS NOT NULL) AND maximum.has_trend = facts.has_trend
CROSS JOIN LATERAL (
            SELECT place, name, most, floor(share * most + 0.5)::int AS points, reason
              FROM (VALUES
                    (1, 'churn', maximum.most[1], CASE facts.state WHEN 'active' THEN 1 WHEN 'slowing' THEN 0.6
                                                                 WHEN 'at_risk' THEN 0.2 ELSE 0 END,
                     jsonb_build_object('churn_state', facts.state)),
                    (2, 'overdue', maximum.most[2], 1 - LEAST(facts.overdue / 50, 1),
                     jsonb_build_object('percent', round(facts.overdue, 1))),
                    (3, 'late_deliveries', maximum.most[3],
                     1 - LEAST(facts.late * 100.0 / facts.deliveries / 50, 1),
                     jsonb_build_object('deliveries', facts.deliveries, 'late_deliveries', facts.late)),
                    (4, 'contact', maximum.most[4],
                     1 - LEAST(GREATEST(facts.contact * 100.0 / facts.allowed - 100, 0) / 100, 1),
                     jsonb_build_object('allowed_days', facts.allowed)),
                    (5, 'deals', maximum.most[5], LEAST(facts.running, 1), jsonb_build_object()),
                    (6, 'trend', maximum.most[6], 1 - LEAST(GREATEST(-COALESCE(facts.change, 0) / 50, 0), 1),
                     CASE WHEN facts.change IS NULL THEN '{}'
                          ELSE jsonb_build_object('percent', round(facts.change, 1)) END)
                   ) own (place, name, most, share, reason)
             WHERE most > 0
           ) part
  GROUP BY 1
)
UPDATE res_partner partner
   SET rfm_recency = COALESCE(facts.recency, 0), rfm_frequency = COALESCE(facts.frequency, 0),
       rfm_monetary = COALESCE(facts.monetary, 0),
       rfm_segment = CASE WHEN facts.recency IS NULL THEN NULL
                          WHEN facts.frequency = 1 AND facts.recency = 5 THEN 'new'
                          WHEN facts.frequency = 1 AND facts.recency = 4 THEN 'promising'
                          ELSE (%(segments)s::varchar[])[
                               facts.recency * 5 - 5 + (facts.frequency + facts.monetary + 1) / 2]
                     END,
       abc_class = facts.abc_class, churn_state = facts.state, usual_cycle_days = COALESCE(round(facts.cycle), 0),
       last_order_date = facts.last, customer_revenue = round(facts.to_date, 2),
       customer_expected_value = round(facts.to_date, 2) + round(
           GREATEST(facts.recent, 0) * 365
           * CASE facts.state WHEN 'active' THEN 28 WHEN 'at_risk' THEN 3 WHEN 'lost' THEN 0 ELSE 10.5 END
           / (GREATEST(LEAST(COALESCE(current_date - facts.first, 0) + 1, 1095), 365) * 7), 2),
       customer_health = CASE WHEN healths.points >= 75 THEN 'good' WHEN healths.points >= 50 THEN 'fair'
                              ELSE 'poor' END,
       customer_health_score = healths.points, customer_health_detail = healths.detail, rfm_computed_at = now()
  FROM customer_fact facts
  JOIN healths ON healths.id = facts.id
 WHERE partner.id = facts.id AND COALESCE(partner.company_id, %(company)s) = %(company)s
"""

STATEMENTS = (
    "SET LOCAL jit = off",
    "SET LOCAL enable_nestloop = off",
    FACTS,
    "SET LOCAL enable_nestloop = on",
    "ANALYZE customer_fact",
    WRITE,
)


def get_maxima():
    """Return what each component of health counts for, by which of those are known that need not be.

    :return: rows of SQL
    :rtype: str
    """
    rows = []
    for known in product((True, False), repeat=4):
        given = dict(zip(("churn", "late_deliveries", "contact", "trend"), known, strict=True))
        found = split_points({name: weight for name, weight in WEIGHTS.items() if given.get(name, True)})
        most = ", ".join(str(found.get(name, 0)) for name in WEIGHTS)
        rows.append(f"({', '.join(str(is_known) for is_known in known)}, ARRAY[{most}])")
    return ", ".join(rows)
