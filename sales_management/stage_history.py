"""Stage moves of deals that were there before the addon recorded them, from core's tracking."""

from odoo.tools import SQL

#: Stages between two, as ``tools.stage_order`` counts them: those of all teams and of the deal's own.
INSERT_HISTORY = """
       WITH tracked AS (
           SELECT message.res_id AS lead_id, message.date AS moved_at, message.author_id,
                  value.old_value_integer AS from_id, value.old_value_char AS from_name,
                  value.new_value_integer AS to_id, value.new_value_char AS to_name,
                  lag(message.date) OVER (PARTITION BY message.res_id ORDER BY message.date, value.id) AS entered_at
             FROM mail_tracking_value value
             JOIN mail_message message ON message.id = value.mail_message_id
            WHERE value.field_id = %(field_id)s
              AND message.model = 'crm.lead'
       )
       INSERT INTO sales_stage_move (
           lead_id, moved_at, user_id, user_name, team_id, team_name, company_id,
           from_stage_id, from_stage_name, to_stage_id, to_stage_name,
           direction, origin, skipped_count, seconds_in_stage, create_uid, write_uid, create_date, write_date
       )
       SELECT lead.id, tracked.moved_at, person.id, author.name, team.id, team.name->>'en_US', lead.company_id,
              old.id, tracked.from_name, new.id, tracked.to_name,
              CASE WHEN new.is_won THEN 'won'
                   WHEN (old.sequence, old.id) > (new.sequence, new.id) THEN 'back'
                   ELSE 'forward' END,
              'history',
              (SELECT count(*) FROM crm_stage between_
                WHERE (between_.sequence, between_.id) > (old.sequence, old.id)
                  AND (between_.sequence, between_.id) < (new.sequence, new.id)
                  AND (NOT EXISTS (SELECT FROM crm_stage_crm_team_rel r WHERE r.crm_stage_id = between_.id)
                       OR EXISTS (SELECT FROM crm_stage_crm_team_rel r
                                   WHERE r.crm_stage_id = between_.id AND r.crm_team_id = lead.team_id))),
              greatest(0, extract(epoch FROM tracked.moved_at - coalesce(tracked.entered_at, lead.create_date)))::int,
              %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
         FROM tracked
         JOIN crm_lead lead ON lead.id = tracked.lead_id AND lead.type = 'opportunity'
    LEFT JOIN crm_stage old ON old.id = tracked.from_id
    LEFT JOIN crm_stage new ON new.id = tracked.to_id
    LEFT JOIN crm_team team ON team.id = lead.team_id
    LEFT JOIN res_partner author ON author.id = tracked.author_id
    LEFT JOIN LATERAL (
              SELECT id FROM res_users WHERE partner_id = tracked.author_id ORDER BY active DESC, id LIMIT 1
              ) person ON TRUE
        WHERE NOT EXISTS (SELECT FROM sales_stage_move known WHERE known.lead_id = lead.id)
"""


def fill_stage_history(env):
    """Take the stage changes over that core tracked, as facts of the origin ``history``.

    Tracking tells stages, person and time; the direction is that of today's order of stages. Deals whose history is
    there are left out, so that running it again adds nothing.
    """
    env["mail.tracking.value"].flush_model()
    env["crm.lead"].flush_model()
    field = env["ir.model.fields"]._get("crm.lead", "stage_id")
    env.cr.execute(SQL(INSERT_HISTORY, field_id=field.id, uid=env.uid))
