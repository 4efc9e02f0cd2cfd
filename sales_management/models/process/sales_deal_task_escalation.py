import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_list
from odoo.tools.translate import LazyTranslate

from odoo.addons.sales_management.tools.deadline import get_next_moment, get_reached_level

_lt = LazyTranslate(__name__)
_logger = logging.getLogger(__name__)

#: To-dos of one transaction: what a crash in between loses is done again, and told once.
BATCH = 100


class SalesDealTask(models.Model):
    """Who is told when to-dos are not handled in time."""

    _inherit = "sales.deal.task"

    # === Cron === #

    @api.model
    def _cron_escalate(self):
        """Tell the levels that to-dos have reached. Every 15 minutes; safe to run on several workers at once.

        What was told, and that it was, is committed together. A to-do that another worker holds is left to it, one that
        fails is logged, left as it is and tried again the next time, and holds up no other.
        """
        domain = self._get_escalation_domain()
        if domain.is_false():
            return
        seen, remaining = [], self.search_count(domain)
        while tasks := self.search(domain & Domain("id", "not in", seen), limit=BATCH, order="next_escalation_at, id"):
            seen += tasks.ids
            tasks._escalate_isolated()
            remaining = max(remaining - len(tasks), 0)
            if not self.env["ir.cron"]._commit_progress(len(tasks), remaining=remaining):
                break

    @api.model
    def _get_escalation_domain(self):
        """To-dos that have a level to be told now: those of companies that use the process, and of deals at work."""
        company_ids = self.env["res.company"]._get_enabled_company_ids("sales_process_enabled")
        return (
            Domain("state", "=", "open")
            & Domain("next_escalation_at", "<=", fields.Datetime.now())
            & Domain("company_id", "in", list(company_ids))
            & Domain("lead_id.active", "=", True)
        ).optimize(self)

    def _escalate_isolated(self):
        """Escalate these to-dos together, or each by itself where that fails."""
        try:
            with self.env.cr.savepoint():
                self._escalate()
            return
        except Exception:
            _logger.info("Escalating %s to-dos together failed, trying each by itself", len(self), exc_info=True)
        for task in self:
            try:
                with self.env.cr.savepoint():
                    task._escalate()
            except Exception:
                _logger.exception("To-do %s could not be escalated; it is tried again the next time", task.id)

    # === Escalating === #

    def _escalate(self):
        """Tell the highest level that each of these to-dos has reached, once. Those that others hold are left out."""
        tasks = self.try_lock_for_update(allow_referencing=True)
        tasks.invalidate_recordset()
        tasks = tasks.filtered_domain(self._get_escalation_domain())
        now = fields.Datetime.now()
        by_level = {}
        for task in tasks:
            reached = get_reached_level(task.escalation_plan, task.escalation_level, now)
            level_id, task.escalation_level = reached or (None, task.escalation_level)
            task.next_escalation_at = get_next_moment(task.escalation_plan, task.escalation_level) or False
            if level_id:
                by_level.setdefault(level_id, []).append(task.id)
        levels = self.env["sales.stage.escalation"].browse(by_level).exists()
        for level in levels:
            self.browse(by_level[level.id])._tell_level(level)

    def _tell_level(self, level):
        """Tell those whom a level names of these to-dos, and the chatter of the deals that they were told."""
        managers = self._get_sales_managers()
        people = {task: task._get_level_people(level, managers) for task in self}
        for name, tasks in self.grouped("name").items():
            by_lead = {task.lead_id: task for task in tasks}
            self.env["sales.notice.mixin"]._send_notice(
                "escalation",
                tasks.lead_id,
                {lead: people[task] for lead, task in by_lead.items()},
                _lt("Not handled in time: %(task)s", task=name),
                lambda leads, by_lead=by_lead: {lead: by_lead[lead]._get_escalation_body(leads.env) for lead in leads},
            )
        bodies = {}
        for task in self:
            translated = self.with_context(lang=task.company_id.partner_id.lang or self.env.lang)
            body = task._get_escalation_note(translated.env, people[task])
            bodies[task.lead_id.id] = bodies.get(task.lead_id.id, Markup()) + Markup("<p>{}</p>").format(body)
        self.lead_id._message_log_batch(bodies)

    def _get_escalation_body(self, env):
        task = self.with_context(lang=env.lang)
        return task.env._(
            "%(task)s: not handled since %(opened)s, due on %(moment)s, responsible: %(user)s",
            task=task.name,
            opened=task._format_moment(task.opened_at),
            moment=task._format_moment(task.due_at),
            user=task.user_id.name or task.env._("nobody"),
        )

    def _get_escalation_note(self, env, people):
        body = self._get_escalation_body(env)
        if not people:
            return env._("%(late)s. There is nobody to be told.", late=body)
        return env._("%(late)s. Told: %(people)s", late=body, people=format_list(env, people.mapped("name")))

    # === Receivers === #

    def _get_level_people(self, level, managers):
        """Whom a level tells of this to-do; where they have left, the team leader, else the sales managers.

        To override: return others.

        :param sales.stage.escalation level: level that is reached
        :param res.users managers: the sales managers
        :rtype: res.users
        """
        self.ensure_one()
        leader = self.lead_id.team_id.user_id
        chain = {
            "team_leader": [leader],
            "department_manager": [self.department_id.manager_id, leader],
            "manager": [],
            "user": [level.user_id, leader],
        }[level.escalate_to]
        for users in [*chain, managers]:
            if there := users.filtered(lambda user: user.active and self.company_id in user.company_ids):
                return there
        return self.env["res.users"]

    def _get_sales_managers(self):
        group = self.env.ref("sales_team.group_sale_manager", raise_if_not_found=False)
        return group.all_user_ids if group else self.env["res.users"]
