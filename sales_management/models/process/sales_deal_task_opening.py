from collections import Counter
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import clean_context

from odoo.addons.sales_management.tools.deadline import get_deadline, get_next_moment, get_plan


class WantedTask(NamedTuple):
    """A to-do that a deal is to have."""

    lead: Any
    template: Any
    started_at: Any
    move: Any = None


class SalesDealTask(models.Model):
    """How to-dos are opened: for which deals, for whom, and until when."""

    _inherit = "sales.deal.task"

    # === Opening === #

    @api.model
    def _open(self, wanted, again=True):
        """Open to-dos, in a number of queries that does not grow with the deals.

        A deal that has a to-do of the template still open gets no second one. What is there already when it would be
        asked for is recorded as done.

        :param list[WantedTask] wanted: what is to be opened
        :param bool again: whether what was done once on a deal is asked anew
        :return: the to-dos that were opened
        :rtype: sales.deal.task
        """
        wanted = self._leave_out_known(wanted, again)
        if not wanted:
            return self.browse()
        met = self._get_met(wanted)
        users = self._get_responsible_users(
            [(one.lead, one.template.responsible, one.template, one.template.department_id, None) for one in wanted]
        )
        clocks = self._get_clocks((one.lead._get_process_company(), one.template.clock) for one in wanted)
        vals_list = [
            {
                **self._prepare_task_values(one, user),
                **self._prepare_deadline_values(one, clocks[one.lead._get_process_company(), one.template.clock]),
            }
            for one, user in zip(wanted, users, strict=True)
        ]
        for one, vals in zip(wanted, vals_list, strict=True):
            if one in met:
                vals.update(self._prepare_done_values())
        # sudo: nobody may write to-dos; a move of a deal opens them, whoever makes it. What the form of a deal fills in
        # by default is not meant for them.
        env = self.env(su=True, context=clean_context(self.env.context))
        tasks = self.with_env(env).create(vals_list)
        opened = tasks.filtered(lambda task: task.state == "open")
        opened._open_mirrors()
        opened._tell_opened()
        return tasks

    @api.model
    def _leave_out_known(self, wanted, again):
        if not wanted:
            return []
        domain = (
            Domain("lead_id", "in", [one.lead.id for one in wanted])
            & Domain("template_id", "in", [one.template.id for one in wanted])
            & Domain("state", "in", ["open"] if again else ["open", "done"])
        )
        # sudo: as above.
        rows = self.sudo().search_fetch(domain, ["lead_id", "template_id"])
        known = {(task.lead_id.id, task.template_id.id) for task in rows}
        return [one for one in wanted if (one.lead.id, one.template.id) not in known]

    @api.model
    def _get_met(self, wanted):
        """Those of the wanted to-dos that ask for what is there already.

        :rtype: set[WantedTask]
        """
        met = set()
        for done_when in {one.template.done_when for one in wanted}:
            asked = [one for one in wanted if one.template.done_when == done_when]
            leads = self.env["crm.lead"].union(*(one.lead for one in asked))
            since = {one.lead: one.started_at for one in asked if one.template.start != "stage"}
            found = leads._filter_task_met(done_when, since)
            met.update(one for one in asked if one.lead in found)
        return met

    @api.model
    def _prepare_task_values(self, wanted, user):
        template = wanted.template
        return {
            "lead_id": wanted.lead.id,
            "template_id": template.id,
            "stage_id": template.stage_id.id,
            # In the language of whoever reads it, rather than of whoever moved the deal.
            "name": template.with_context(lang=user.lang or self.env.lang).name,
            "responsible": template.responsible,
            "user_id": user.id,
            "department_id": template.department_id.id if template.responsible == "department" else False,
            "company_id": wanted.lead._get_process_company().id,
            "done_when": template.done_when,
            "opening_move_id": wanted.move.id if wanted.move else False,
        }

    @api.model
    def _prepare_done_values(self):
        return {
            "state": "done",
            "done_at": fields.Datetime.now(),
            "done_by_id": self.env.uid,
            "next_escalation_at": False,
        }

    # === Deadlines === #

    @api.model
    def _get_clocks(self, pairs):
        """What counts the hours of to-dos.

        :param Iterable[tuple] pairs: company and clock
        :return: working time, none for calendar hours, by company and clock
        :rtype: dict[tuple, WorkingTime | None]
        """
        pairs = set(pairs)
        # sudo: deadlines count in the company's calendar, whoever moves the deal.
        calendars = {company: company.sudo().resource_calendar_id for company, clock in pairs if clock == "working"}
        times = (
            self.env["resource.calendar"]._get_working_times(
                [(calendar, company) for company, calendar in calendars.items()]
            )
            if calendars
            else {}
        )
        return {
            (company, clock): times[calendars[company], company] if clock == "working" else None
            for company, clock in pairs
        }

    @api.model
    def _prepare_deadline_values(self, wanted, working_time):
        """The deadline of a wanted to-do. One that would be over before it is opened counts from now."""
        template, start, now = wanted.template, wanted.started_at, fields.Datetime.now()
        due, is_fallback = get_deadline(start, template.hours, working_time)
        if due <= now and start < now:
            start = now
            due, is_fallback = get_deadline(start, template.hours, working_time)
        levels = [(level.id, level.level, level.hours) for level in template.escalation_ids]
        plan = get_plan(start, levels, working_time)
        return {
            "opened_at": start,
            "due_at": due,
            "hours": template.hours,
            "clock": template.clock,
            "is_calendar_fallback": is_fallback,
            "escalation_plan": plan,
            "next_escalation_at": get_next_moment(plan, 0) or False,
        }

    # === Responsible === #

    @api.model
    def _get_responsible_users(self, asked):
        """Whom to-dos are given to: the first who is there, of those who come into question.

        :param list[tuple] asked: deal, whom it is asked of, its template, its department, and who has it now
        :return: a user for each, none where nobody is left
        :rtype: list[res.users]
        """
        # sudo: whoever moves a deal need not know the others.
        departments = self.env["sales.department"].union(*(row[3] for row in asked)).sudo()
        loads = self._count_open_tasks(departments.user_ids) if departments else Counter()
        users = []
        for lead, responsible, template, department, current in asked:
            company = lead._get_process_company().sudo()
            candidates = self._get_candidates(lead.sudo(), responsible, template.sudo(), department.sudo())
            there = [user for user in candidates if user.active and (not company or company in user.company_ids)]
            members = department.sudo().user_ids & self.env["res.users"].union(*there) if there else ()
            if current and current in (members or ()):
                user = current.sudo()
            elif members:
                user = min(members, key=lambda member: (loads[member.id], member.id))
            else:
                user = there[0] if there else self.env["res.users"]
            loads[user.id] += 1
            users.append(user)
        return users

    @api.model
    def _get_candidates(self, lead, responsible, template, department):
        """Who comes into question, in order; when all of them have left, nobody.

        :return: users, archived ones among them
        :rtype: list[res.users]
        """
        leader, salesperson = lead.team_id.user_id, lead.user_id
        chain = {
            "salesperson": [salesperson, leader],
            "team_leader": [leader, salesperson],
            "user": [template.user_id, leader, salesperson],
            "department": [*department.user_ids, department.manager_id, leader, salesperson],
        }
        return [user for user in chain[responsible or "salesperson"] if user]

    @api.model
    def _count_open_tasks(self, users):
        rows = self.sudo()._read_group(  # sudo: open to-dos count, whoever's deals they are of
            [("user_id", "in", users.ids), ("state", "=", "open")], ["user_id"], ["__count"]
        )
        return Counter({user.id: count for user, count in rows})
