"""Installation into a database with data, and removal from it.

Columns of big tables are created and filled by SQL before the ORM sees them, which would compute them record by record.
"""

from odoo.fields import Command
from odoo.tools import SQL
from odoo.tools.sql import column_exists, table_exists

from .const import DEAL_SEQUENCE_CODE, DEAL_SEQUENCE_PADDING, DEAL_SEQUENCE_PREFIX, MOVE_DEAL_TABLE
from .customer_columns import add_customer_columns
from .models.common.sales_fact_mixin import drop_fact_guards
from .process_columns import add_process_columns
from .promise_columns import add_promise_columns
from .quotation_columns import add_quotation_columns
from .stage_history import fill_stage_history
from .target_columns import add_target_columns
from .tools.deal_number import SEPARATOR

COLUMNS = [
    ("crm_lead", "deal_number"),
    ("sale_order", "deal_number"),
    ("stock_picking", "deal_number"),
    ("account_move", "deal_numbers"),
]

#: Models of ours that files hang on, the document of core that the files are about, and the field that names it.
FILE_HOLDERS = [
    ("sales.deal.document", "crm.lead", "lead_id"),
    ("sales.quotation.copy", "sale.order", "order_id"),
]


def pre_init_hook(env):
    """Number the deals that exist, in the order of their creation, and carry the numbers to their documents."""
    _create_move_deal_table(env)
    _fill_column(env, "crm_lead", "deal_number", _select_deals())
    _fill_column(env, "sale_order", "deal_number", _select_orders())
    _fill_column(env, "stock_picking", "deal_number", _select_pickings())
    _relate_invoices(env)
    _fill_column(env, "account_move", "deal_numbers", _select_invoices())
    add_process_columns(env)
    add_quotation_columns(env)
    add_promise_columns(env)
    add_customer_columns(env)
    add_target_columns(env)


def post_init_hook(env):
    """Let the sequence go on where the numbers of existing deals end, and take their history over."""
    fill_stage_history(env)
    [(numbered,)] = env.execute_query(SQL("SELECT count(*) FROM crm_lead WHERE deal_number IS NOT NULL"))
    if numbered:
        env.ref("sales_management.sequence_deal").number_next_actual = numbered + 1


def uninstall_hook(env):
    """Leave people, numbers and tables as core knows them.

    Whoever has the team level, archived or by another group, keeps the access to their own documents that it implied;
    sequences that administrators added are ours as well. Tables and columns go with the models.
    """
    drop_fact_guards(env)
    _switch_off(env)
    # They go with their table; one by one, what requires or is of such a type would refuse it.
    types = [("module", "=", "sales_management"), ("model", "=", "sales.document.type")]
    env["ir.model.data"].search(types).unlink()
    env = env(context=dict(env.context, active_test=False))
    _keep_task_activities(env)
    _keep_files(env)
    team_group = env.ref("sales_management.group_team", raise_if_not_found=False)
    own_documents = [Command.link(env.ref("sales_team.group_sale_salesman").id)]
    if team_group:
        team_group.user_ids.write({"group_ids": own_documents})
        team_group.implied_by_ids.write({"implied_ids": own_documents})
    ours = env.ref("sales_management.sequence_deal", raise_if_not_found=False)
    sequences = env["ir.sequence"].search([("code", "=", DEAL_SEQUENCE_CODE)])
    if ours:
        (sequences - ours).unlink()


def _switch_off(env):
    """Let no capability look after what is about to go, table by table and column by column.

    By SQL, for to switch one off in the settings takes away what people have to do.
    """
    env["res.company"].flush_model()
    switches = ["won_on_confirm", *env["res.company"]._get_capability_groups()]
    assignments = SQL(", ").join(SQL("%s = FALSE", SQL.identifier(switch)) for switch in switches)
    env.cr.execute(SQL("UPDATE res_company SET %s", assignments))
    env["res.company"].invalidate_model(switches)
    env.registry.clear_cache()


def _keep_task_activities(env):
    """Leave what people have to do as to-dos of core: the type of our activities goes, unless one has it still."""
    ours = env.ref("sales_management.mail_activity_type_deal_task", raise_if_not_found=False)
    if ours:
        activities = env["mail.activity"].search([("activity_type_id", "=", ours.id)])
        activities.activity_type_id = env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)


def _keep_files(env):
    """Leave files with the documents that they are about: nobody may read one that hangs on a model that is gone."""
    env["ir.attachment"].flush_model()
    for model in ("sales.customer.certificate", *(model for model, _document, _link in FILE_HOLDERS)):
        env[model].flush_model()
    for model, document, link in FILE_HOLDERS:
        env.cr.execute(
            SQL(
                """
                UPDATE ir_attachment file
                   SET res_model = %(document)s, res_id = holder.%(link)s
                  FROM %(holder)s holder
                 WHERE holder.attachment_id = file.id
                """,
                document=document,
                link=SQL.identifier(link),
                holder=SQL.identifier(env[model]._table),
            )
        )
    # What a field keeps is called by the field, and hangs on it.
    env.cr.execute(
        SQL(
            """
            UPDATE ir_attachment file
               SET res_model = 'res.partner', res_id = holder.partner_id, res_field = NULL,
                   name = COALESCE(holder.file_name, file.name)
              FROM sales_customer_certificate holder
             WHERE file.res_model = 'sales.customer.certificate' AND file.res_field = 'file'
               AND file.res_id = holder.id
            """
        )
    )
    env["ir.attachment"].invalidate_model(["res_model", "res_id", "res_field", "name"])


def _fill_column(env, table, column, numbers):
    """Add a column and fill it by rewriting the table once.

    An UPDATE writes every row anew into each index of the table, trigrams included: measured on 100,000 opportunities,
    16 seconds instead of 3, and it leaves as many dead rows behind.

    :param SQL numbers: query that gives ``id`` and ``number`` of the rows that get one
    """
    names = {"table": SQL.identifier(table), "column": SQL.identifier(column)}
    if not column_exists(env.cr, table, column):
        env.cr.execute(SQL("ALTER TABLE %(table)s ADD COLUMN %(column)s varchar", **names))
    env.cr.execute(SQL("CREATE TEMPORARY TABLE sales_number ON COMMIT DROP AS %s", numbers))
    if env.cr.rowcount:
        env.cr.execute(
            SQL(
                """
                ALTER TABLE sales_number ADD PRIMARY KEY (id);
                CREATE FUNCTION pg_temp.sales_number_of(integer) RETURNS varchar LANGUAGE sql STABLE
                    AS 'SELECT number FROM sales_number WHERE id = $1';
                ALTER TABLE %(table)s ALTER COLUMN %(column)s TYPE varchar USING pg_temp.sales_number_of(id);
                DROP FUNCTION pg_temp.sales_number_of;
                """,
                **names,
            )
        )
    env.cr.execute(SQL("DROP TABLE sales_number"))


def _select_deals():
    """Number opportunities. The year is that of the creation in the zone of the company's partner, else in UTC.

    Zones are compared with those that PostgreSQL knows, for a zone that it does not know would stop the installation.
    """
    return SQL(
        """
        WITH zone AS (
            SELECT company.id AS company_id, partner.tz
              FROM res_company company
              JOIN res_partner partner ON partner.id = company.partner_id
              JOIN pg_timezone_names known ON known.name = partner.tz
        ), deal AS (
            SELECT lead.id,
                   to_char(
                       COALESCE(lead.create_date AT TIME ZONE 'UTC', now()) AT TIME ZONE COALESCE(zone.tz, 'UTC'),
                       'YYYY'
                   ) AS year,
                   (row_number() OVER (ORDER BY lead.create_date, lead.id))::text AS counter
              FROM crm_lead lead
         LEFT JOIN zone ON zone.company_id = lead.company_id
             WHERE lead.type = 'opportunity'
        )
        SELECT deal.id,
               replace(%(prefix)s, '%%(year)s', deal.year)
               || lpad(deal.counter, greatest(%(padding)s, length(deal.counter)), '0') AS number
          FROM deal
        """,
        prefix=DEAL_SEQUENCE_PREFIX,
        padding=DEAL_SEQUENCE_PADDING,
    )


def _select_orders():
    return SQL(
        """
        SELECT sale.id, lead.deal_number AS number
          FROM sale_order sale
          JOIN crm_lead lead ON lead.id = sale.opportunity_id
         WHERE lead.deal_number IS NOT NULL
        """
    )


def _select_pickings():
    return SQL(
        """
        WITH delivered AS (
            SELECT id AS picking_id, sale_id AS order_id FROM stock_picking WHERE sale_id IS NOT NULL
             UNION
            SELECT move.picking_id, line.order_id
              FROM stock_move move
              JOIN sale_order_line line ON line.id = move.sale_line_id
             WHERE move.picking_id IS NOT NULL
        )
        SELECT delivered.picking_id AS id,
               string_agg(DISTINCT sale.deal_number, %(separator)s ORDER BY sale.deal_number) AS number
          FROM delivered
          JOIN (SELECT id, deal_number COLLATE "C" AS deal_number FROM sale_order) sale ON sale.id = delivered.order_id
         WHERE sale.deal_number IS NOT NULL
      GROUP BY delivered.picking_id
        """,
        separator=SEPARATOR,
    )


def _select_invoices():
    return SQL(
        """
        SELECT related.move_id AS id,
               string_agg(DISTINCT lead.deal_number, %(separator)s ORDER BY lead.deal_number) AS number
          FROM %(table)s related
          JOIN (SELECT id, deal_number COLLATE "C" AS deal_number FROM crm_lead) lead ON lead.id = related.lead_id
      GROUP BY related.move_id
        """,
        table=SQL.identifier(MOVE_DEAL_TABLE),
        separator=SEPARATOR,
    )


def _create_move_deal_table(env):
    """Create the relation as the ORM would, which recomputes every invoice where it has to create it itself."""
    if table_exists(env.cr, MOVE_DEAL_TABLE):
        return
    env.cr.execute(
        SQL(
            """
            CREATE TABLE %(table)s (
                move_id integer NOT NULL REFERENCES account_move ON DELETE CASCADE,
                lead_id integer NOT NULL REFERENCES crm_lead ON DELETE CASCADE,
                PRIMARY KEY (move_id, lead_id)
            );
            COMMENT ON TABLE %(table)s IS 'RELATION BETWEEN account_move AND crm_lead';
            CREATE INDEX ON %(table)s (lead_id, move_id);
            """,
            table=SQL.identifier(MOVE_DEAL_TABLE),
        )
    )


def _relate_invoices(env):
    env.cr.execute(
        SQL(
            """
            INSERT INTO %(table)s (move_id, lead_id)
            SELECT DISTINCT move.id, sale.opportunity_id
              FROM sale_order_line_invoice_rel invoiced
              JOIN account_move_line move_line ON move_line.id = invoiced.invoice_line_id
              JOIN account_move move ON move.id = move_line.move_id
              JOIN sale_order_line line ON line.id = invoiced.order_line_id
              JOIN sale_order sale ON sale.id = line.order_id
             WHERE sale.opportunity_id IS NOT NULL
               AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
       ON CONFLICT DO NOTHING
            """,
            table=SQL.identifier(MOVE_DEAL_TABLE),
        )
    )
