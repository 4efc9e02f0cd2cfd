"""Process health: the page over years of stage moves, against the same figures as hand-written SQL.

Core has nothing of the kind: its side gets the same rows in temporary tables, and runs the SQL.
"""

from .harness import benchmark

TASKS_PER_MOVE = 3

#: The tables of the addon, as far as the figures need them; indexed as the addon's are.
TABLES = """
    CREATE TEMP TABLE sales_stage_move (
        id serial PRIMARY KEY, lead_id int, moved_at timestamp, user_id int, team_id int, company_id int,
        from_stage_id int, to_stage_id int, direction varchar, origin varchar, skipped_count int, seconds_in_stage int
    );
    CREATE TEMP TABLE sales_deal_task (
        id serial PRIMARY KEY, lead_id int, name varchar, user_id int, company_id int, opened_at timestamp,
        due_at timestamp, done_at timestamp, state varchar, is_on_time boolean
    );
    CREATE INDEX ON sales_stage_move (moved_at);
    CREATE INDEX ON sales_stage_move (lead_id, moved_at);
    CREATE INDEX ON sales_stage_move (lead_id) WHERE direction = 'correction';
    CREATE INDEX ON sales_deal_task (due_at);
    CREATE TEMP TABLE repeat_deal AS SELECT id FROM crm_lead WHERE id % 7 = 0;
    ALTER TABLE repeat_deal ADD PRIMARY KEY (id);
"""
#: What an insert of this size would only wait for is dropped; it comes back with the rollback, as the old rows do.
CLEAR = """
    ALTER TABLE sales_stage_move DISABLE TRIGGER USER;
    ALTER TABLE sales_stage_move_warned_rel DISABLE TRIGGER USER;
    TRUNCATE sales_stage_move, sales_deal_task CASCADE;
    DO $$
    DECLARE found record;
    BEGIN
        FOR found IN SELECT conname, conrelid::regclass AS name FROM pg_constraint
                      WHERE conrelid IN ('sales_stage_move'::regclass, 'sales_deal_task'::regclass) AND contype = 'f'
        LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.name, found.conname);
        END LOOP;
        FOR found IN SELECT attname FROM pg_attribute
                      WHERE attrelid = 'sales_deal_task'::regclass AND attnotnull AND attnum > 0 AND attname != 'id'
        LOOP EXECUTE format('ALTER TABLE sales_deal_task ALTER COLUMN %I DROP NOT NULL', found.attname);
        END LOOP;
    END $$;
    WITH repeat AS (
        INSERT INTO sales_deal_class (name, sequence, is_repeat, active)
        VALUES (jsonb_build_object('en_US', 'Repeat'), 10, TRUE, TRUE)
        RETURNING id
    )
    UPDATE crm_lead SET deal_class_id = repeat.id FROM repeat WHERE crm_lead.id % 7 = 0
"""
#: Every third move is one forward, one in two hundred is taken back; all within the year that the page shows.
MOVES = """
    WITH deal AS (
        SELECT id, user_id, team_id, company_id, row_number() OVER (ORDER BY id) - 1 AS position
          FROM crm_lead WHERE type = 'opportunity'
    ), stage AS (
        SELECT id, row_number() OVER (ORDER BY sequence, id) - 1 AS position FROM crm_stage WHERE is_won IS NOT TRUE
    ), step AS (
        SELECT number, number %% (SELECT count(*) FROM deal) AS deal,
               hashint4(number) & 2147483647 AS dice, number %% (SELECT count(*) FROM stage) AS target,
               (number / 7) %% (SELECT count(*) FROM stage) AS source
          FROM generate_series(1, %(count)s) AS number
    )
    INSERT INTO sales_stage_move (lead_id, moved_at, user_id, team_id, company_id, from_stage_id, to_stage_id,
                                  direction, origin, skipped_count, seconds_in_stage)
    SELECT deal.id, now() AT TIME ZONE 'UTC' - (dice %% 31449600) * interval '1 second', deal.user_id, deal.team_id,
           deal.company_id, source.id, target.id,
           CASE WHEN number %% 200 = 0 THEN 'correction'
                WHEN source.position < target.position THEN 'forward' ELSE 'back' END,
           (ARRAY['user', 'user', 'user', 'import', 'system'])[1 + dice %% 5],
           greatest(0, target.position - source.position - 1), dice %% 2000000
      FROM step
      JOIN deal ON deal.position = step.deal
      JOIN stage source ON source.position = step.source
      JOIN stage target ON target.position = step.target
"""
TASKS = """
    INSERT INTO sales_deal_task (lead_id, name, user_id, company_id, opened_at, due_at, done_at, state, is_on_time)
    SELECT lead_id, 'Benchmark', user_id, company_id, moved_at - interval '4 days', moved_at - interval '2 days',
           moved_at - interval '4 days' + (id %% 72) * interval '1 hour',
           CASE id %% 4 WHEN 0 THEN 'cancelled' ELSE 'done' END, FALSE
      FROM sales_stage_move
     WHERE id %% %(part)s = 0
"""

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
NOW = "(now() AT TIME ZONE 'UTC')"
YEAR = f"({NOW} - interval '365 days')"
#: What the page shows, a statement each: who skips, the year before, who is late, the year before, where deals stay,
#: losses and old deals, the latest moves.
STATEMENTS = [
    f"""
    SELECT repeat.id IS NOT NULL, lead.user_id, count(DISTINCT move.lead_id),
           count(DISTINCT move.lead_id) FILTER (WHERE move.skipped_count > 0)
      FROM sales_stage_move move
      JOIN crm_lead lead ON lead.id = move.lead_id
 LEFT JOIN repeat_deal repeat ON repeat.id = lead.id
           {UNDONE}
     WHERE move.direction IN ('forward', 'won') AND move.origin IN ('user', 'import') AND move.moved_at >= {YEAR}
       AND undone.id IS NULL
  GROUP BY 1, 2
    """,
    f"""
    SELECT count(DISTINCT move.lead_id), count(DISTINCT move.lead_id) FILTER (WHERE move.skipped_count > 0)
      FROM sales_stage_move move
     WHERE move.direction IN ('forward', 'won') AND move.origin IN ('user', 'import')
       AND move.moved_at BETWEEN {NOW} - interval '730 days' AND {YEAR}
    """,
    f"""
    SELECT repeat.id IS NOT NULL, task.user_id, count(*), count(*) FILTER (WHERE task.done_at <= task.due_at)
      FROM sales_deal_task task
 LEFT JOIN repeat_deal repeat ON repeat.id = task.lead_id
     WHERE task.state != 'cancelled' AND task.due_at BETWEEN {YEAR} AND {NOW}
  GROUP BY 1, 2
    """,
    f"""
    SELECT count(*), count(*) FILTER (WHERE task.done_at <= task.due_at)
      FROM sales_deal_task task
     WHERE task.state != 'cancelled' AND task.due_at BETWEEN {NOW} - interval '730 days' AND {YEAR}
    """,
    f"""
    SELECT stage_id, (SELECT percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY value) FROM unnest(seconds) value),
           regressions
      FROM (
           SELECT move.from_stage_id AS stage_id, array_agg(move.seconds_in_stage) AS seconds,
                  count(*) FILTER (
                      WHERE move.direction = 'back' AND move.origin != 'system' AND undone.id IS NULL
                  ) AS regressions
             FROM sales_stage_move move
        LEFT JOIN repeat_deal repeat ON repeat.id = move.lead_id
                  {UNDONE}
            WHERE move.moved_at >= {YEAR} AND repeat.id IS NULL
         GROUP BY 1
           ) moved
    """,
    f"""
    SELECT count(*), count(*) FILTER (WHERE lead.won_status = 'lost' AND stage.sequence < 3)
      FROM crm_lead lead
      JOIN crm_stage stage ON stage.id = lead.stage_id
     WHERE lead.create_date >= {YEAR} AND (lead.active OR lead.won_status = 'lost')
    """,
    f"""
    SELECT count(*), count(*) FILTER (WHERE create_date < {NOW} - interval '90 days')
      FROM crm_lead
     WHERE active AND type = 'opportunity' AND won_status = 'pending'
    """,
    f"""
    SELECT move.moved_at, lead.name, lead.user_id, move.from_stage_id, move.to_stage_id
      FROM sales_stage_move move
      JOIN crm_lead lead ON lead.id = move.lead_id
     WHERE move.moved_at >= {YEAR} AND move.origin != 'system'
       AND (move.direction = 'back' OR move.direction = 'forward' AND move.skipped_count > 0)
  ORDER BY move.moved_at DESC
     LIMIT 20
    """,
]


def _insert(cr, size):
    cr.execute(MOVES, {"count": size})
    cr.execute(TASKS, {"part": TASKS_PER_MOVE})
    cr.execute("ANALYZE sales_stage_move; ANALYZE sales_deal_task")


# The names of people, teams and stages, and what one may filter by: the same number for any number of moves.
@benchmark("Process health of a year, core: the same as SQL", sizes=(600_000,), more_queries=20)
def read_process_health(env, size):
    if "sales.process.health" in env:
        env.cr.execute(CLEAR)
        _insert(env.cr, size)
        return lambda: env["sales.process.health"].get_process_health(period="year")
    env.cr.execute(TABLES)
    _insert(env.cr, size)

    def run():
        for statement in STATEMENTS:
            env.cr.execute(statement)
            env.cr.fetchall()

    return run
