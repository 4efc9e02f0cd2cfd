from odoo import fields, models
from odoo.tools import SQL


class SalesTaskReport(models.Model):
    """To-dos of deals with a deadline: how many were done by then."""

    _name = "sales.task.report"
    _inherit = ["sales.process.report.mixin"]
    _description = "Deadline Figures"
    _auto = False
    _order = "due_at desc, id desc"

    _depends = {
        "sales.deal.task": [
            "company_id",
            "done_at",
            "due_at",
            "lead_id",
            "name",
            "opened_at",
            "stage_id",
            "state",
            "template_id",
            "user_id",
        ],
        "crm.lead": ["active", "deal_class_id", "deal_number", "team_id", "user_id", "won_status"],
        "sales.deal.class": ["is_repeat"],
    }
    _rates = {"on_time_rate": ("on_time_count", "task_count")}

    name = fields.Char(string="To-Do", readonly=True)
    template_id = fields.Many2one("sales.stage.task", readonly=True)
    stage_id = fields.Many2one("crm.stage", readonly=True)
    responsible_id = fields.Many2one("res.users", readonly=True, help="Who owes the to-do.")
    opened_at = fields.Datetime(string="Opened On", readonly=True)
    due_at = fields.Datetime(string="Due", readonly=True)
    done_at = fields.Datetime(string="Done On", readonly=True)
    state = fields.Selection(
        selection=lambda self: self.env["sales.deal.task"]._fields["state"]._description_selection(self.env),
        string="Progress",
        readonly=True,
    )
    is_late = fields.Boolean(
        string="Late", readonly=True, help="Done after it was due, or due and still open. Never a cancelled one."
    )
    task_count = fields.Integer(
        string="To-Dos", readonly=True, aggregator="sum", help="To-dos due in the period, cancelled ones left out."
    )
    on_time_count = fields.Integer(
        string="Done on Time",
        readonly=True,
        aggregator="sum",
        help="Those of them that were done by when they were due.",
    )
    late_count = fields.Integer(
        string="Late To-Dos", readonly=True, aggregator="sum", help="Done after they were due, or due and still open."
    )
    on_time_rate = fields.Float(
        string="On-Time Rate (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Key actions on time: of the to-dos whose due time falls in the period, cancelled ones left out, the "
        "share that was done by then. The filter Due by Now leaves out those that still have time.",
    )

    # === Query === #

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT task.id, task.lead_id, task.name, task.template_id, task.stage_id, task.user_id AS responsible_id,
                   task.opened_at, task.due_at, task.done_at, task.state, task.company_id, lead.team_id, %(deal)s,
                   %(is_late)s AS is_late,
                   (%(is_counted)s)::int AS task_count,
                   (%(is_on_time)s)::int AS on_time_count,
                   (%(is_late)s)::int AS late_count,
                   CASE WHEN %(is_counted)s THEN 100.0 * (%(is_on_time)s)::int END AS on_time_rate
              FROM sales_deal_task task
                   %(join)s
            """,
            deal=self._select_deal(),
            join=self._join_deal(SQL("task.lead_id")),
            is_counted=SQL("task.state != 'cancelled'"),
            is_on_time=SQL("COALESCE(task.state = 'done' AND task.done_at <= task.due_at, FALSE)"),
            is_late=SQL(
                """
                COALESCE(
                    task.state = 'done' AND task.done_at > task.due_at OR task.state = 'open' AND task.due_at < %s,
                    FALSE
                )
                """,
                self.env.cr.now(),
            ),
        )
