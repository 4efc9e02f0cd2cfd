from odoo import models
from odoo.fields import Domain

from odoo.addons.sales_management.tools.deadline import get_deadline, get_levels, get_next_moment, get_plan


class SalesDealTask(models.Model):
    """How to-dos follow their deals, people and calendars. All of it runs for whoever caused it, without his rights."""

    _inherit = "sales.deal.task"

    # === Settling === #

    def _complete(self, moves=None):
        """Record these to-dos as done by this user, now. Those that are not open stay as they are.

        :param dict[crm.lead, sales.stage.move] | None moves: moves that complete them
        :return: those that were open
        :rtype: sales.deal.task
        """
        open_tasks = self.sudo().filtered(lambda task: task.state == "open")  # sudo: nobody may write to-dos
        if open_tasks:
            open_tasks.write(self._prepare_done_values())
            open_tasks._set_closing_moves(moves)
        return open_tasks

    def _settle(self, moves=None):
        """Complete these to-dos, and put their activities away without a word in the chatter."""
        self._complete(moves).activity_id.filtered("active").active = False

    def _cancel(self, moves=None):
        """Take these to-dos off their deals, with their activities. Those that are not open stay as they are.

        :param dict[crm.lead, sales.stage.move] | None moves: moves that take them off
        """
        open_tasks = self.sudo().filtered(lambda task: task.state == "open")  # sudo: nobody may write to-dos
        if open_tasks:
            open_tasks.write({"state": "cancelled", "next_escalation_at": False})
            open_tasks._set_closing_moves(moves)
            open_tasks._drop_mirrors()

    def _set_closing_moves(self, moves):
        for task in self if moves else ():
            task.closing_move_id = moves.get(task.lead_id, task.closing_move_id)

    def _reopen(self):
        """Open these to-dos again as they were: due at the same moment, told to the same level."""
        tasks = self.sudo()  # sudo: nobody may write to-dos
        tasks.write({"state": "open", "done_at": False, "done_by_id": False, "closing_move_id": False})
        for task in tasks:
            task.next_escalation_at = get_next_moment(task.escalation_plan, task.escalation_level) or False
        tasks.activity_id = False
        tasks._open_mirrors()

    # === Following === #

    def _reassign(self):
        """Give these open to-dos to whoever is responsible today, activities included. Who still is, keeps his."""
        tasks = self.sudo().filtered(lambda task: task.state == "open")  # sudo: nobody may write to-dos
        if not tasks:
            return
        users = self._get_responsible_users(
            [(task.lead_id, task.responsible, task.template_id, task.department_id, task.user_id) for task in tasks]
        )
        changed = tasks.browse()
        for task, user in zip(tasks, users, strict=True):
            if task.user_id != user:
                task.user_id = user
                changed |= task
        changed._sync_mirrors()
        (tasks - changed)._open_mirrors()
        changed._tell_responsible()

    def _refresh_deadlines(self):
        """Count the hours of these open to-dos anew, after their calendar changed."""
        tasks = self.sudo().filtered(lambda task: task.state == "open")  # sudo: nobody may write to-dos
        clocks = self._get_clocks((task.company_id, task.clock) for task in tasks)
        changed = tasks.browse()
        for task in tasks:
            working_time = clocks[task.company_id, task.clock]
            due, is_fallback = get_deadline(task.opened_at, task.hours, working_time)
            plan = get_plan(task.opened_at, get_levels(task.escalation_plan), working_time)
            if (due, plan) != (task.due_at, task.escalation_plan or []):
                task.write(
                    {
                        "due_at": due,
                        "is_calendar_fallback": is_fallback,
                        "escalation_plan": plan,
                        "next_escalation_at": get_next_moment(plan, task.escalation_level) or False,
                    }
                )
                changed |= task
        changed._sync_mirrors()

    # === Finding === #

    def _search_open(self, domain):
        """Open to-dos, whoever may read them.

        :rtype: sales.deal.task
        """
        # sudo: they follow whatever happens, and whoever does it.
        return self.sudo().search(Domain("state", "=", "open") & Domain(domain))

    # === Merging === #

    def _move_to_deal(self, lead):
        """Hang these to-dos on another deal. Of open ones of the same template the one that is due first stays."""
        tasks = self.sudo()  # sudo: a merge takes over what it may not read
        tasks.write({"lead_id": lead.id})
        tasks.filtered(lambda task: task.state == "open").activity_id.res_id = lead.id
        first, twice = {}, tasks.browse()
        for task in self._search_open([("lead_id", "=", lead.id)]).sorted(lambda task: (task.due_at, task.id)):
            if task.template_id and first.setdefault(task.template_id, task) != task:
                twice |= task
        twice._cancel()
