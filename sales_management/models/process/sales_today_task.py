from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date, format_datetime

from .sales_today import DUE, LATE


class SalesToday(models.AbstractModel):
    """What is late and what is due: to-dos of deals, activities, and next steps."""

    _inherit = "sales.today"

    # === Sections === #

    @api.model
    def _get_today_sections(self):
        late, due = self._get_due_rows(is_late=True), self._get_due_rows(is_late=False)
        return [
            *super()._get_today_sections(),
            self._prepare_section(
                "late",
                LATE,
                self.env._("Late"),
                self.env._("%(count)s late", count=late[1]),
                late[1],
                late[0],
                "danger",
            ),
            self._prepare_section(
                "due", DUE, self.env._("Due"), self.env._("%(count)s due", count=due[1]), due[1], due[0], "warning"
            ),
        ]

    @api.model
    def _get_due_rows(self, is_late):
        """:return: rows of what is late or due, the most urgent first, and how many there are"""
        own = Domain("user_id", "=", self.env.uid)
        in_department = Domain("user_id", "=", False) & Domain("department_id.user_ids", "in", self.env.uid)
        tasks, task_count = self._search_counted(
            "sales.deal.task", self._get_task_domain(is_late) & (own | in_department), "due_at, id"
        )
        activities, activity_count = self._search_counted(
            "mail.activity", self._get_activity_domain(is_late) & own, "date_deadline, id"
        )
        deals, deal_count = self._search_counted(
            "crm.lead", self._get_next_step_domain(is_late) & own, "deal_next_step_date, id"
        )
        leads = self.env["crm.lead"].browse(activities.mapped("res_id"))
        rows = [(task.due_at, self._prepare_task_row(task, is_late)) for task in tasks]
        for activity, lead in zip(activities, leads, strict=True):
            rows.append(
                (self._get_day(activity.date_deadline).end, self._prepare_activity_row(activity, lead, is_late))
            )
        rows += [
            (self._get_day(lead.deal_next_step_date).end, self._prepare_next_step_row(lead, is_late)) for lead in deals
        ]
        rows.sort(key=lambda row: row[0])
        return [row for _moment, row in rows][: self._get_row_limit()], task_count + activity_count + deal_count

    # === Rows === #

    @api.model
    def _prepare_task_row(self, task, is_late):
        return self._prepare_row(
            "task",
            task,
            task._get_label(),
            task.lead_id,
            when=self._describe_moment(task.due_at),
            tone="danger" if is_late else "warning",
            moment=format_datetime(self.env, task.due_at, dt_format="short"),
            actions=[
                self._prepare_method_action("done", self.env._("Done"), task, "action_done"),
                self._prepare_call_action(),
                *self._prepare_move_actions(task.lead_id),
            ],
        )

    @api.model
    def _prepare_activity_row(self, activity, lead, is_late):
        return self._prepare_row(
            "activity",
            activity,
            activity.summary or activity.activity_type_id.name or self.env._("Activity"),
            lead,
            when=self._describe_date(activity.date_deadline),
            tone="danger" if is_late else "warning",
            moment=format_date(self.env, activity.date_deadline),
            actions=[
                self._prepare_method_action("done", self.env._("Done"), activity, "action_feedback"),
                self._prepare_call_action(),
                *self._prepare_move_actions(lead),
            ],
        )

    @api.model
    def _prepare_next_step_row(self, lead, is_late):
        emptied = {"deal_next_step": False, "deal_next_step_date": False}
        return self._prepare_row(
            "next_step",
            lead,
            lead.deal_next_step or self.env._("Next step"),
            lead,
            when=self._describe_date(lead.deal_next_step_date),
            tone="danger" if is_late else "warning",
            moment=format_date(self.env, lead.deal_next_step_date),
            actions=[
                self._prepare_method_action("done", self.env._("Done"), lead, "write", vals=emptied),
                self._prepare_call_action(),
                *self._prepare_move_actions(lead),
            ],
        )

    # === Domains === #

    @api.model
    def _get_task_domain(self, is_late):
        now = fields.Datetime.now()
        domain = self._get_open_task_domain()
        if is_late:
            return domain & Domain("due_at", "<", now)
        return domain & Domain("due_at", ">=", now) & Domain("due_at", "<", self._get_horizon())

    @api.model
    def _get_activity_domain(self, is_late):
        operator = "<" if is_late else "="
        return self._get_deal_activity_domain() & Domain("date_deadline", operator, self._get_day().date)

    @api.model
    def _get_open_task_domain(self):
        return Domain("state", "=", "open") & Domain("lead_id", "in", self._get_lead_query())

    @api.model
    def _get_deal_activity_domain(self):
        """Activities of deals but those that mirror a to-do: that one stands for both, with its hour."""
        # sudo: an activity is a mirror, whoever may see what it mirrors.
        mirrored = self.env["sales.deal.task"].sudo()._search([("activity_id", "!=", False)])
        return (
            Domain("res_model", "=", "crm.lead")
            & Domain("res_id", "in", self._get_lead_query())
            & Domain("id", "not in", mirrored.subselect("activity_id"))
        )

    @api.model
    def _get_next_step_domain(self, is_late):
        leads = self.env["crm.lead"]
        return (
            leads._get_open_deal_domain()
            & leads._get_process_domain()
            & Domain("deal_next_step_date", "<" if is_late else "=", self._get_day().date)
        )

    @api.model
    def _get_lead_query(self):
        """Leads and deals that this user may see in the companies that are chosen, won ones included."""
        leads = self.env["crm.lead"]
        return leads._search(leads._get_process_domain())
