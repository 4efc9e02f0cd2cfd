"""What `bench_report.py` asks of the reports, written by hand: the limit of what they can reach.

As somebody would write it who knows the tables and what is asked: no rights, no columns that are not asked for.
"""

#: The clock of a company, as the reports have it.
CLOCK = """
      JOIN res_company company ON company.id = {0}.company_id
      JOIN res_partner home ON home.id = company.partner_id
 LEFT JOIN resource_calendar calendar ON calendar.id = company.resource_calendar_id
"""
DAY = "({} AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(home.tz, calendar.tz, 'UTC'))::date"
NOW = "(now() AT TIME ZONE 'UTC')"

# === Rows that the data set lacks === #

#: What an insert of this size would only wait for is dropped; it comes back with the rollback.
LOOSEN = """
    DO $$
    DECLARE found record;
    BEGIN
        FOR found IN SELECT conname, conrelid::regclass AS name FROM pg_constraint
                      WHERE contype = 'f' AND conrelid IN (
                            'sales_deal_task'::regclass, 'sales_forecast_snapshot'::regclass,
                            'sales_promise_fact'::regclass, 'sale_order'::regclass, 'stock_move'::regclass)
        LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.name, found.conname);
        END LOOP;
    END $$;
    ALTER TABLE sales_forecast_snapshot DISABLE TRIGGER USER;
    ALTER TABLE sales_promise_fact DISABLE TRIGGER USER
"""
INSERT_TASKS = """
    INSERT INTO sales_deal_task (lead_id, name, clock, done_when, user_id, company_id, opened_at, due_at, done_at,
                                 state)
    SELECT lead_id, 'Benchmark', 'calendar', 'manual', user_id, company_id, moved_at - interval '4 days',
           moved_at - interval '2 days', moved_at - interval '4 days' + (id % 72) * interval '1 hour',
           CASE id % 4 WHEN 0 THEN 'cancelled' ELSE 'done' END
      FROM sales_stage_move
     WHERE id % 3 = 0;
    ANALYZE sales_deal_task
"""
#: Moves of the data set are history, which nobody skipped: three in five become somebody's.
MOVE_BY_HAND = """
    ALTER TABLE sales_stage_move DISABLE TRIGGER USER;
    UPDATE sales_stage_move SET origin = 'user' WHERE id % 5 < 3;
    ANALYZE sales_stage_move
"""
SEND_QUOTATIONS = """
    UPDATE sale_order SET handed_over_at = create_date + (id % 300) * interval '1 hour' WHERE id % 5 > 0;
    ANALYZE sale_order
"""
#: Twenty-six weeks of forecasts of the open deals; since the last one, a tenth of them slipped by a month.
INSERT_SNAPSHOTS = """
    UPDATE crm_lead SET date_deadline = now()::date + id % 90
     WHERE type = 'opportunity' AND active AND won_status = 'pending';
    INSERT INTO sales_forecast_snapshot (date, company_id, lead_id, team_id, user_id, category, date_closing, amount,
                                         weighted)
    SELECT week::date, COALESCE(lead.company_id, team.company_id, 1), lead.id, lead.team_id, lead.user_id,
           (ARRAY['pipeline', 'best_case', 'commit'])[1 + lead.id % 3],
           CASE WHEN week::date < now()::date - 7 THEN week::date + lead.id % 90
                WHEN lead.id % 10 = 0 THEN (lead.date_deadline - interval '1 month')::date
                ELSE lead.date_deadline END,
           lead.expected_revenue, lead.expected_revenue * 0.4
      FROM crm_lead lead
 LEFT JOIN crm_team team ON team.id = lead.team_id
CROSS JOIN generate_series(now() - interval '182 days', now() - interval '7 days', interval '7 days') week
     WHERE lead.type = 'opportunity' AND lead.active AND lead.won_status = 'pending';
    ANALYZE sales_forecast_snapshot
"""
#: A third of the lines of orders was committed, and what was delivered was delivered about that day.
INSERT_COMMITMENTS = """
    INSERT INTO sales_promise_fact (kind, line_id, order_id, company_id, moment, quantity, committed_date,
                                    effective_date)
    SELECT fact.kind, line.id, line.order_id, line.company_id,
           CASE fact.kind WHEN 'committed' THEN sale.date_order - interval '1 hour' ELSE sale.date_order END,
           line.product_uom_qty, CASE fact.kind WHEN 'committed' THEN sale.date_order + interval '20 days' END,
           CASE fact.kind WHEN 'delivered' THEN sale.date_order + (line.id % 25) * interval '1 day' END
      FROM sale_order_line line
      JOIN sale_order sale ON sale.id = line.order_id AND sale.state = 'sale'
CROSS JOIN (VALUES ('committed'), ('delivered')) fact (kind)
     WHERE line.id % 3 = 0 AND line.display_type IS NULL
       AND (fact.kind = 'committed' OR line.qty_delivered >= line.product_uom_qty)
  ORDER BY fact.kind, line.id;
    ANALYZE sales_promise_fact
"""
#: Receipts of the data set know no day on which they were to come.
PLAN_RECEIPTS = """
    UPDATE stock_move move
       SET date_deadline = move.date - (move.id % 9 - 4) * interval '1 day'
      FROM stock_location location
     WHERE location.id = move.location_id AND location.usage = 'supplier' AND move.state = 'done'
"""

# === Results === #

ORDERED_LINES = f"""
      FROM sale_order sale
      JOIN sale_order_line line ON line.order_id = sale.id
      {CLOCK.format("sale")}
     WHERE sale.state = 'sale' AND line.display_type IS NULL AND line.is_downpayment IS NOT TRUE
"""
ORDERED_ON = DAY.format("sale.date_order")
UNTAXED = "line.price_subtotal::numeric / COALESCE(NULLIF(sale.currency_rate, 0), 1)::numeric"
ORDERED = f"""
    SELECT date_trunc('month', {ORDERED_ON}::timestamp), sale.team_id, sum({UNTAXED}) {ORDERED_LINES} GROUP BY 1, 2
"""
ORDERED_BY_DAY = f"SELECT {ORDERED_ON}, sale.user_id, sum({UNTAXED}) {ORDERED_LINES} GROUP BY 1, 2"
INVOICED = """
    SELECT date_trunc('month', COALESCE(move.sales_counted_on, move.invoice_date)::timestamp), move.team_id,
           sum(-line.balance)
      FROM account_move move
      JOIN account_move_line line ON line.move_id = move.id
     WHERE move.state = 'posted' AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
       AND line.display_type IN ('product', 'rounding')
  GROUP BY 1, 2
"""
MARGIN = "line.margin::numeric / COALESCE(NULLIF(sale.currency_rate, 0), 1)::numeric"
THIS_MONTH = "date_trunc('month', now())"
#: The month before this one, the one before that, and the same a year before.
GROWTH_BY_PRODUCT = f"""
    SELECT product_id, now, before, year, 100 * (now - before) / NULLIF(before, 0), 100 * margin / NULLIF(now, 0)
      FROM (
           SELECT line.product_id,
                  sum({UNTAXED}) FILTER (WHERE {ORDERED_ON} >= {THIS_MONTH} - interval '1 month') AS now,
                  sum({UNTAXED}) FILTER (
                      WHERE {ORDERED_ON} >= {THIS_MONTH} - interval '2 month'
                        AND {ORDERED_ON} < {THIS_MONTH} - interval '1 month'
                  ) AS before,
                  sum({UNTAXED}) FILTER (WHERE {ORDERED_ON} < {THIS_MONTH} - interval '12 month') AS year,
                  sum({MARGIN}) FILTER (WHERE {ORDERED_ON} >= {THIS_MONTH} - interval '1 month') AS margin
                  {ORDERED_LINES}
              AND (
                  {ORDERED_ON} >= {THIS_MONTH} - interval '2 month' AND {ORDERED_ON} < {THIS_MONTH}
                  OR {ORDERED_ON} >= {THIS_MONTH} - interval '13 month'
                 AND {ORDERED_ON} < {THIS_MONTH} - interval '12 month'
              )
         GROUP BY 1
           ) product
"""
GROWTH_BY_MONTH = f"""
    SELECT month, now, before, year, 100 * (now - before) / NULLIF(before, 0), 100 * margin / NULLIF(now, 0)
      FROM (
           SELECT month, now, margin, lag(now) OVER (ORDER BY month) AS before,
                  lag(now, 12) OVER (ORDER BY month) AS year
             FROM (
                  SELECT date_trunc('month', {ORDERED_ON}::timestamp) AS month, sum({UNTAXED}) AS now,
                         sum({MARGIN}) AS margin
                         {ORDERED_LINES} AND sale.date_order >= now() - interval '36 month'
                GROUP BY 1
                  ) sold
           ) compared
"""

# === Process === #

UNDONE = """
    LEFT JOIN (
              SELECT DISTINCT earlier.id
                FROM sales_stage_move correction
                JOIN sales_stage_move earlier
                  ON earlier.lead_id = correction.lead_id AND earlier.id < correction.id
                 AND earlier.moved_at BETWEEN correction.moved_at - interval '10 minutes' AND correction.moved_at
                 AND earlier.user_id = correction.user_id AND earlier.direction != 'correction'
                 AND (earlier.from_stage_id, earlier.to_stage_id) = (correction.to_stage_id, correction.from_stage_id)
               WHERE correction.direction = 'correction'
              ) undone ON undone.id = move.id
"""
DAYS_IN_STAGE = "move.seconds_in_stage / 86400.0::float8"
STAGES = f"""
    SELECT move.from_stage_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY {DAYS_IN_STAGE}),
           percentile_cont(0.9) WITHIN GROUP (ORDER BY {DAYS_IN_STAGE}),
           count(*) FILTER (
               WHERE move.direction = 'back' AND move.origin IN ('user', 'import', 'history') AND undone.id IS NULL
           )
      FROM sales_stage_move move
           {UNDONE}
  GROUP BY 1
"""
IS_FORWARD = "move.direction IN ('forward', 'won') AND move.origin IN ('user', 'import') AND undone.id IS NULL"
#: People who moved no deal forward have none, and are told.
SKIPS = f"""
    SELECT lead.user_id, count(DISTINCT move.lead_id) FILTER (WHERE {IS_FORWARD}),
           count(DISTINCT move.lead_id) FILTER (WHERE {IS_FORWARD} AND move.skipped_count > 0)
      FROM sales_stage_move move
      JOIN crm_lead lead ON lead.id = move.lead_id
           {UNDONE}
  GROUP BY 1
"""
#: Who entered a stage in the last 90 days, and whether they left it forward after that.
CONVERSION = f"""
      WITH kept AS (
           SELECT move.* FROM sales_stage_move move {UNDONE} WHERE undone.id IS NULL
           ),
           entry AS (
           SELECT lead.id AS lead_id, COALESCE(first.from_stage_id, lead.stage_id) AS stage_id,
                  COALESCE(lead.date_conversion, lead.deal_opened_on, lead.create_date) AS entered_at, 0 AS move_id
             FROM crm_lead lead
        LEFT JOIN (
                  SELECT DISTINCT ON (lead_id) lead_id, from_stage_id
                    FROM sales_stage_move
                   WHERE NOT (direction = 'enter' AND origin = 'merge')
                ORDER BY lead_id, moved_at, id
                  ) first ON first.lead_id = lead.id
            WHERE lead.type = 'opportunity'
              AND COALESCE(lead.date_conversion, lead.deal_opened_on, lead.create_date) >= now()::date - 90
        UNION ALL
           SELECT lead_id, to_stage_id, moved_at, id
             FROM kept
            WHERE moved_at >= now()::date - 90 AND direction IN ('enter', 'forward', 'back', 'won')
              AND from_stage_id IS DISTINCT FROM to_stage_id
              AND NOT (direction = 'enter' AND origin = 'merge')
           ),
           way_out AS (
           SELECT lead_id, from_stage_id, max(moved_at) AS moved_at
             FROM kept
            WHERE moved_at >= now()::date - 90 AND direction IN ('forward', 'won')
         GROUP BY 1, 2
           )
    SELECT entry.stage_id, count(DISTINCT entry.lead_id),
           count(DISTINCT entry.lead_id) FILTER (WHERE way_out.moved_at > entry.entered_at)
      FROM entry
      JOIN crm_stage stage ON stage.id = entry.stage_id AND stage.is_won IS NOT TRUE
 LEFT JOIN way_out ON way_out.lead_id = entry.lead_id AND way_out.from_stage_id = entry.stage_id
  GROUP BY 1
"""
DEALS = """
    SELECT team_id, won, lost, 100.0 * won / NULLIF(won + lost, 0), 100.0 * early / NULLIF(counted, 0)
      FROM (
           SELECT lead.team_id, count(*) FILTER (WHERE lead.type = 'opportunity' AND lead.won_status = 'won') AS won,
                  count(*) FILTER (WHERE lead.type = 'opportunity' AND lead.won_status = 'lost') AS lost,
                  count(*) FILTER (
                      WHERE lead.won_status = 'lost' AND (stage.id IS NULL OR stage.sequence < third.sequence)
                  ) AS early,
                  count(*) FILTER (WHERE lead.active OR lead.won_status IN ('won', 'lost')) AS counted
             FROM crm_lead lead
        LEFT JOIN crm_stage stage ON stage.id = lead.stage_id
        LEFT JOIN (SELECT sequence FROM crm_stage ORDER BY sequence, id OFFSET 2 LIMIT 1) third ON TRUE
         GROUP BY 1
           ) team
"""
TASKS = f"""
    SELECT user_id, total, late, 100.0 * on_time / NULLIF(total, 0)
      FROM (
           SELECT user_id, count(*) FILTER (WHERE state != 'cancelled') AS total,
                  count(*) FILTER (
                      WHERE state = 'done' AND done_at > due_at OR state = 'open' AND due_at < {NOW}
                  ) AS late,
                  count(*) FILTER (WHERE state = 'done' AND done_at <= due_at) AS on_time
             FROM sales_deal_task
         GROUP BY 1
           ) person
"""
QUOTATIONS = """
      WITH paper AS (
           SELECT min(id) AS id, min(create_date) AS made_at, min(handed_over_at) AS sent_at,
                  (array_agg(id ORDER BY is_current_revision DESC, id DESC))[1] AS order_id
             FROM sale_order
         GROUP BY COALESCE(-quotation_family_id, id)
           ),
           sent AS (
           SELECT paper.sent_at, last.team_id, last.state, last.date_order, lead.won_status, lead.date_closed,
                  COALESCE(lead.deal_opened_on, lead.create_date, paper.made_at) AS asked_at,
                  lead.id IS NULL OR row_number() OVER (PARTITION BY lead.id ORDER BY paper.sent_at, paper.id) = 1
                  AS is_first
             FROM paper
             JOIN sale_order last ON last.id = paper.order_id
        LEFT JOIN crm_lead lead ON lead.id = last.opportunity_id
            WHERE paper.sent_at IS NOT NULL
           )
    SELECT team_id,
           percentile_cont(0.5) WITHIN GROUP (
               ORDER BY CASE WHEN is_first THEN GREATEST(EXTRACT(EPOCH FROM sent_at - asked_at) / 3600, 0)::float8 END
           ),
           percentile_cont(0.5) WITHIN GROUP (
               ORDER BY CASE WHEN state = 'sale' OR won_status = 'lost'
                        THEN GREATEST(
                            EXTRACT(EPOCH FROM CASE state WHEN 'sale' THEN date_order ELSE date_closed END - sent_at)
                            / 86400, 0
                        )::float8 END
           ),
           100.0 * count(*) FILTER (WHERE state = 'sale')
           / NULLIF(count(*) FILTER (WHERE state IN ('sale', 'cancel') OR won_status = 'lost'), 0)
      FROM sent
  GROUP BY 1
"""

# === Customers === #

RETENTION = f"""
      WITH ordered AS MATERIALIZED (
           SELECT DISTINCT customer.commercial_partner_id AS partner_id, {DAY.format("sale.date_order")} AS day
             FROM sale_order sale
             JOIN res_partner customer ON customer.id = sale.partner_id
             {CLOCK.format("sale")}
            WHERE sale.state = 'sale'
           )
    SELECT date, days, count(*), count(*) FILTER (WHERE is_kept)
      FROM (
           SELECT ending.date, span.days, ordered.partner_id, bool_or(ordered.day > ending.date - span.days) AS is_kept
             FROM (
                  SELECT CASE number WHEN 0 THEN now()::date
                         ELSE (date_trunc('month', now()) - (number - 1) * interval '1 month')::date - 1 END AS date
                    FROM generate_series(0, 24) number
                  ) ending
       CROSS JOIN (VALUES (90), (365)) span (days)
             JOIN ordered ON ordered.day > ending.date - 2 * span.days AND ordered.day <= ending.date
         GROUP BY 1, 2, 3
           HAVING bool_or(ordered.day <= ending.date - span.days)
           ) customer
  GROUP BY 1, 2
"""

# === Forecast === #

#: The clock of a deal: of its company, else of that of its team or person.
OF_DEAL = """
 LEFT JOIN crm_team team ON team.id = lead.team_id
 LEFT JOIN res_users person ON person.id = lead.user_id
 LEFT JOIN res_company company ON company.id = COALESCE(lead.company_id, team.company_id, person.company_id)
 LEFT JOIN res_partner home ON home.id = company.partner_id
 LEFT JOIN resource_calendar calendar ON calendar.id = company.resource_calendar_id
"""
FORECAST = f"""
    SELECT category, date_trunc('month', date::timestamp), sum(revenue), sum(weighted)
      FROM (
           SELECT CASE WHEN lead.won_status = 'won' THEN 'closed'
                       ELSE COALESCE(lead.forecast_override, stage.forecast_category, 'pipeline') END AS category,
                  CASE WHEN lead.won_status = 'won' THEN {DAY.format("lead.date_closed")} ELSE lead.date_deadline END
                  AS date,
                  lead.expected_revenue AS revenue,
                  lead.expected_revenue
                  * CASE lead.won_status WHEN 'won' THEN 1 ELSE lead.probability::numeric / 100 END AS weighted
             FROM crm_lead lead
        LEFT JOIN crm_stage stage ON stage.id = lead.stage_id
             {OF_DEAL}
            WHERE lead.type = 'opportunity'
              AND (lead.won_status = 'won' OR lead.won_status = 'pending' AND lead.active)
           ) deal
  GROUP BY 1, 2
"""
#: The newest forecast that is five days old, against the open deals of today.
CHANGES = """
      WITH old AS (
           SELECT lead_id, category, date_trunc('month', date_closing)::date AS month, team_id,
                  CASE category WHEN 'omitted' THEN 0 ELSE amount END AS amount
             FROM sales_forecast_snapshot
            WHERE date = (SELECT max(date) FROM sales_forecast_snapshot WHERE date <= now()::date - 5)
           ),
           new AS (
           SELECT lead.id AS lead_id, COALESCE(lead.forecast_override, stage.forecast_category, 'pipeline') AS category,
                  date_trunc('month', lead.date_deadline)::date AS month, lead.team_id,
                  COALESCE(lead.expected_revenue, 0) AS amount
             FROM crm_lead lead
        LEFT JOIN crm_stage stage ON stage.id = lead.stage_id
            WHERE lead.type = 'opportunity' AND lead.active AND lead.won_status = 'pending'
           )
    SELECT CASE WHEN old.lead_id IS NULL THEN 'new' WHEN lead.won_status IN ('won', 'lost') THEN lead.won_status
                WHEN new.lead_id IS NULL THEN 'gone'
                WHEN COALESCE(new.month, 'infinity') > COALESCE(old.month, 'infinity') THEN 'slipped'
                WHEN COALESCE(new.month, 'infinity') < COALESCE(old.month, 'infinity') THEN 'pulled_in'
                WHEN old.category != new.category THEN 'reclassed' WHEN new.amount > old.amount THEN 'up'
                WHEN new.amount < old.amount THEN 'down' ELSE 'unchanged' END,
           sum(COALESCE(old.amount, 0)), sum(COALESCE(new.amount, 0)),
           sum(COALESCE(new.amount, 0) - COALESCE(old.amount, 0))
      FROM old
 FULL JOIN new ON new.lead_id = old.lead_id
 LEFT JOIN crm_lead lead ON lead.id = COALESCE(old.lead_id, new.lead_id)
  GROUP BY 1
"""
#: Months that are over, as they were forecast on the first snapshot after their begin and one and two months earlier.
ACCURACY = f"""
      WITH asked AS (
           SELECT DISTINCT date_trunc('month', date_closing)::date AS month FROM sales_forecast_snapshot
            WHERE date_closing < date_trunc('month', now())
           ),
           taken AS (
           SELECT asked.month, horizon.days, min(week.date) AS date
             FROM asked
       CROSS JOIN (VALUES (7), (35)) horizon (days)
             JOIN (SELECT DISTINCT date FROM sales_forecast_snapshot) week
               ON week.date > asked.month - horizon.days AND week.date <= asked.month - horizon.days + 28
         GROUP BY 1, 2
           )
    SELECT month, days, sum(commit), sum(weighted), sum(won)
      FROM (
           SELECT taken.month, taken.days, CASE category WHEN 'commit' THEN amount ELSE 0 END AS commit,
                  CASE category WHEN 'omitted' THEN 0 ELSE weighted END AS weighted, 0 AS won
             FROM taken
             JOIN sales_forecast_snapshot snapshot
               ON snapshot.date = taken.date AND snapshot.date_closing >= taken.month
              AND snapshot.date_closing < taken.month + interval '1 month'
        UNION ALL
           SELECT taken.month, taken.days, 0, 0, won.revenue
             FROM taken
             JOIN (
                  SELECT {DAY.format("lead.date_closed")} AS day, lead.expected_revenue AS revenue
                    FROM crm_lead lead
                    {OF_DEAL}
                   WHERE lead.type = 'opportunity' AND lead.won_status = 'won'
                  ) won ON won.day >= taken.month AND won.day < taken.month + interval '1 month'
           ) row
  GROUP BY 1, 2
"""

# === Deliveries === #

#: Commitments of the data stood when their orders were confirmed, and were never changed.
DELIVERIES = """
    SELECT team_id, count(*), 100.0 * count(*) FILTER (WHERE full_at <= committed_on) / count(*)
      FROM (
           SELECT sale.team_id, (committed.date AT TIME ZONE 'UTC' AT TIME ZONE zone.tz)::date AS committed_on,
                  (delivered.at AT TIME ZONE 'UTC' AT TIME ZONE zone.tz)::date AS full_at,
                  (now() AT TIME ZONE zone.tz)::date AS today,
                  line.qty_delivered >= line.product_uom_qty AS was_delivered
             FROM (
                  SELECT line_id, min(committed_date) AS date
                    FROM sales_promise_fact WHERE kind IN ('committed', 'changed') GROUP BY 1
                  ) committed
             JOIN sale_order_line line ON line.id = committed.line_id AND line.product_uom_qty > 0
             JOIN sale_order sale ON sale.id = line.order_id AND sale.state = 'sale'
        LEFT JOIN (
                  SELECT line_id, min(effective_date) AS at
                    FROM (
                         SELECT line_id, effective_date,
                                sum(quantity) OVER (PARTITION BY line_id ORDER BY id) AS running
                           FROM sales_promise_fact WHERE kind = 'delivered'
                         ) part
                    JOIN sale_order_line line ON line.id = part.line_id
                    JOIN product_product product ON product.id = line.product_id
                    JOIN product_template template ON template.id = product.product_tmpl_id
                    JOIN uom_uom line_uom ON line_uom.id = line.product_uom_id
                    JOIN uom_uom uom ON uom.id = template.uom_id
                   WHERE part.running >= ROUND((line.product_uom_qty * line_uom.factor / uom.factor)::numeric, 2)
                GROUP BY 1
                  ) delivered ON delivered.line_id = line.id
        LEFT JOIN stock_warehouse warehouse ON warehouse.id = line.warehouse_id
        LEFT JOIN res_partner address ON address.id = warehouse.partner_id
             JOIN res_company company ON company.id = line.company_id
             JOIN res_partner office ON office.id = company.partner_id
       CROSS JOIN LATERAL (SELECT COALESCE(address.tz, office.tz, 'UTC') AS tz) zone
           ) line
     WHERE full_at IS NOT NULL OR NOT was_delivered AND committed_on < today
  GROUP BY 1
"""
VENDORS = """
    SELECT vendor_id, count(*), 100.0 * count(*) FILTER (WHERE days > 0) / count(*),
           percentile_cont(0.9) WITHIN GROUP (ORDER BY days)
      FROM (
           SELECT partner.commercial_partner_id AS vendor_id,
                  (move.date AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(office.tz, 'UTC'))::date
                  - (move.date_deadline AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(office.tz, 'UTC'))::date AS days
             FROM stock_move move
             JOIN stock_location location ON location.id = move.location_id AND location.usage = 'supplier'
             JOIN stock_picking picking ON picking.id = move.picking_id
             JOIN res_partner partner ON partner.id = picking.partner_id
             JOIN res_company company ON company.id = move.company_id
             JOIN res_partner office ON office.id = company.partner_id
            WHERE move.state = 'done' AND move.date_deadline IS NOT NULL
           ) receipt
  GROUP BY 1
"""
