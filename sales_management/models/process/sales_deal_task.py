from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .sales_stage_task import CLOCKS, DONE_WHEN, RESPONSIBLES

#: To-dos that a refusal names; a longer one is read by nobody.
SHOWN = 20


class SalesDealTask(models.Model):
    """A to-do of a deal with a deadline in hours. Core's activities know days only: one mirrors it.

    Nobody has the right to write it: it is opened, done and cancelled by methods that check who may, and follows its
    deal.
    """

    _name = "sales.deal.task"
    _description = "Deal To-Do"
    _order = "due_at, id"

    lead_id = fields.Many2one("crm.lead", string="Deal", required=True, ondelete="cascade", index=True, readonly=True)
    deal_number = fields.Char(related="lead_id.deal_number")
    team_id = fields.Many2one(related="lead_id.team_id")
    template_id = fields.Many2one(
        "sales.stage.task", ondelete="set null", index="btree_not_null", readonly=True, help="What opened it."
    )
    stage_id = fields.Many2one("crm.stage", ondelete="set null", index="btree_not_null", readonly=True)
    name = fields.Char(required=True, readonly=True)
    responsible = fields.Selection(
        RESPONSIBLES, string="Asked Of", readonly=True, help="Whom it goes to when people or teams change."
    )
    user_id = fields.Many2one("res.users", string="Responsible", ondelete="set null", index=True, readonly=True)
    department_id = fields.Many2one("sales.department", ondelete="set null", index="btree_not_null", readonly=True)
    company_id = fields.Many2one("res.company", ondelete="set null", index="btree_not_null", readonly=True)
    clock = fields.Selection(CLOCKS, default="calendar", required=True, readonly=True)
    hours = fields.Float(readonly=True, help="Hours from when its clock started until it is due.")
    is_calendar_fallback = fields.Boolean(
        string="No Working Time",
        readonly=True,
        help="The company's calendar has not as much working time, so calendar hours are counted.",
    )
    opened_at = fields.Datetime(
        string="Opened On", required=True, readonly=True, help="When its clock started: what its hours count from."
    )
    due_at = fields.Datetime(string="Due", required=True, readonly=True, index=True)
    done_when = fields.Selection(DONE_WHEN, default="manual", required=True, readonly=True)
    done_at = fields.Datetime(string="Done On", readonly=True)
    done_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    state = fields.Selection(
        [("open", "Open"), ("done", "Done"), ("cancelled", "Cancelled")], default="open", required=True, readonly=True
    )
    is_on_time = fields.Boolean(
        string="On Time",
        compute="_compute_is_on_time",
        store=True,
        precompute=True,
        help="Done by when it was due, to the second.",
    )
    is_late = fields.Boolean(string="Late", compute="_compute_is_late", help="Open although it was due.")
    may_settle = fields.Boolean(compute="_compute_may_settle", help="You may mark it done.")
    may_manage = fields.Boolean(compute="_compute_may_settle", help="You may cancel it, open it again or reassign it.")
    escalation_level = fields.Integer(
        default=0, readonly=True, aggregator="max", help="The highest level that was told."
    )
    escalation_plan = fields.Json(readonly=True, help="When each level of its escalation is told.")
    next_escalation_at = fields.Datetime(readonly=True, help="When the next level is told if it is still open.")
    activity_id = fields.Many2one("mail.activity", ondelete="set null", index="btree_not_null", readonly=True)
    opening_move_id = fields.Many2one(
        "sales.stage.move", ondelete="set null", index="btree_not_null", readonly=True, help="The move that opened it."
    )
    closing_move_id = fields.Many2one(
        "sales.stage.move",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        help="The move of the deal that completed or cancelled it.",
    )

    # What the cron reads: of all to-dos, the few open ones that have a level to come.
    _next_escalation_idx = models.Index("(next_escalation_at) WHERE state = 'open' AND next_escalation_at IS NOT NULL")
    _open_lead_idx = models.Index("(lead_id, due_at) WHERE state = 'open'")

    # === Computes === #

    @api.depends("state", "done_at", "due_at")
    def _compute_is_on_time(self):
        for task in self:
            task.is_on_time = task.state == "done" and task.done_at <= task.due_at

    @api.depends("state", "due_at")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for task in self:
            task.is_late = task.state == "open" and task.due_at < now

    @api.depends_context("uid")
    @api.depends("user_id", "department_id", "lead_id")
    def _compute_may_settle(self):
        manageable = self._filter_manageable()
        settleable = manageable | self._filter_settleable()
        for task in self:
            task.may_manage = task in manageable
            task.may_settle = task in settleable

    # === Actions === #

    def action_done(self, feedback=None):
        """Mark these to-dos done, with their activities.

        :param str | None feedback: said in the chatter of the deal
        :return: ``True``
        :rtype: bool
        :raise AccessError: where somebody else is responsible
        :raise UserError: where one of them is not open
        """
        self._check_may_settle()
        self._check_state("open")
        activities = self.sudo().activity_id  # sudo: whoever may mark the to-do done, may its mirror
        self._complete()
        if activities:
            activities._action_done(feedback=feedback or False)
        return True

    def action_cancel(self, reason):
        """Take these to-dos off their deals, for a reason that the chatter keeps.

        :param str reason: why they are no longer asked
        :return: ``True``
        :rtype: bool
        :raise AccessError: where the caller neither leads the team nor manages sales
        :raise UserError: without a reason, or where one of them is not open
        """
        self._check_may_manage()
        self._check_state("open")
        reason = str(reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why these to-dos are cancelled:\n%(tasks)s", tasks=self._format_tasks()))
        self._cancel()
        self._log_on_deals(lambda task: task.env._("To-do cancelled: %(task)s", task=task.name), reason)
        return True

    def action_reopen(self):
        """Open to-dos again that were marked done or cancelled by mistake. They are due when they were.

        :return: ``True``
        :rtype: bool
        :raise AccessError: where the caller neither leads the team nor manages sales
        :raise UserError: where one of them is open, or its deal is won or lost
        """
        self._check_may_manage()
        self._check_state("done", "cancelled")
        closed = self.filtered(lambda task: task.sudo().lead_id.won_status == "lost")  # sudo: as in _filter_manageable
        if closed:
            raise UserError(
                self.env._(
                    "The deals of these to-dos are lost. Restore them first:\n%(tasks)s", tasks=closed._format_tasks()
                )
            )
        self._reopen()
        self._log_on_deals(lambda task: task.env._("To-do opened again: %(task)s", task=task.name))
        return True

    def action_open_deal(self):
        """Open the deal of this to-do.

        :return: action
        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.lead_id.id,
            "views": [[False, "form"]],
            "target": "current",
        }

    # === Rights === #

    def _filter_settleable(self):
        """Those that this user may mark done, besides those that he may manage: his own, and those of his department.

        :rtype: sales.deal.task
        """
        user = self.env.user
        # sudo: who is asked, decides; not what he may read.
        return self.filtered(
            lambda task: (
                user == task.sudo().user_id
                or user in task.sudo().department_id.user_ids | task.sudo().department_id.manager_id
            )
        )

    def _filter_manageable(self):
        """Those that this user may cancel and reassign: as leader of the deal's team, or manager of sales.

        :rtype: sales.deal.task
        """
        if self.env.su or self.env.user.has_group("sales_team.group_sale_manager"):
            return self._filtered_access("read")
        # sudo: a team leader is asked as such, whatever he may read.
        return self.filtered(lambda task: task.sudo().lead_id.team_id.user_id == self.env.user)

    def _check_may_settle(self):
        if others := self - self._filter_manageable() - self._filter_settleable():
            # Who may not see them is told no names.
            others.check_access("read")
            raise AccessError(
                self.env._(
                    "These to-dos are asked of somebody else. Only who is responsible, the department, the team leader "
                    "and sales managers may mark them done:\n%(tasks)s",
                    tasks=others._format_tasks(),
                )
            )

    def _check_may_manage(self):
        if others := self - self._filter_manageable():
            # Who may not see them is told no names.
            others.check_access("read")
            raise AccessError(
                self.env._(
                    "Only the team leader and sales managers may cancel, reassign and open again these to-dos. Ask one "
                    "of them:\n%(tasks)s",
                    tasks=others._format_tasks(),
                )
            )

    def _check_state(self, *states):
        if wrong := self.filtered(lambda task: task.sudo().state not in states):  # sudo: who may, was checked
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "Somebody has been here before. Reload the page; these to-dos are now:\n%(tasks)s",
                    tasks="\n".join(
                        f"- {task.sudo().display_name}: {labels[task.sudo().state]}" for task in wrong[:SHOWN]
                    ),
                )
            )

    # === Tools === #

    def _get_label(self):
        """What a to-do is called, in the language of the reader where its template says it.

        :rtype: str
        """
        # sudo: whoever may see the to-do may read what it is called.
        return self.sudo().template_id.name or self.name

    def _get_urgency(self, now):
        """:return: how soon this open to-do is due: ``late``, ``today`` or ``planned``"""
        self.ensure_one()
        if self.due_at < now:
            return "late"
        return "today" if self.due_at < now + timedelta(days=1) else "planned"

    def _format_tasks(self):
        # sudo: a refusal names what was asked for.
        return "\n".join(
            f"- {task.name} · {task.lead_id.deal_number or task.lead_id.name}" for task in self.sudo()[:SHOWN]
        )

    def _log_on_deals(self, get_text, reason=""):
        for task in self.sudo():  # sudo: said for whoever may manage it
            text = get_text(task)
            body = self.env._("%(text)s (%(reason)s)", text=text, reason=reason) if reason else text
            task.lead_id._message_log(body=body, author_id=self.env.user.partner_id.id)
