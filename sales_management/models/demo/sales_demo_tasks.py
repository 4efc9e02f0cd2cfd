from datetime import datetime, timedelta

from odoo import api, fields, models

from odoo.addons.sales_management.tools.deadline import get_next_moment, get_plan


class SalesDemo(models.AbstractModel):
    """The to-dos of the demo company: most done in time, some late, some open."""

    _inherit = "sales.demo"

    @api.model
    def _load_tasks(self, deals, classes):
        stages = self._find_stages()
        templates = self._get_own("sales.stage.task").grouped("stage_id")
        values = []
        for deal in deals:
            prompt = iter(deal.story.is_prompt)
            entered = {"lead": deal.created, **dict(deal.moves)}
            for code, moment in entered.items():
                for template in templates.get(stages[code], self.env["sales.stage.task"]):
                    opened = self._get_clock_start(deal, template, moment)
                    if opened and self._is_asked(template, classes[deal.number]):
                        is_current = code == deal.stage and (deal.outcome == "open" or code == "won")
                        values.append(self._prepare_task_values(deal, template, opened, next(prompt, True), is_current))
        tasks = self.env["sales.deal.task"].create(values)
        self._rewrite("sales.deal.task", {task: {"create_date": task.opened_at} for task in tasks})
        tasks._open_mirrors()

    @api.model
    def _get_clock_start(self, deal, template, entered):
        """:return: the moment from which a to-do counts, none when it has not come"""
        if template.start == "hand_over":
            return next((order.created for order in deal.orders if order.state != "draft"), None)
        if template.start == "delivery":
            return next((order.shipped[-1][0] for order in deal.orders if order.shipped), None)
        return entered

    @api.model
    def _prepare_task_values(self, deal, template, opened, is_prompt, is_current):
        due = opened + timedelta(hours=template.hours)
        plan = get_plan(opened, [(level.id, level.level, level.hours) for level in template.escalation_ids])
        user = template.department_id.user_ids[:1] or deal.record.user_id
        values = {
            "lead_id": deal.record.id,
            "template_id": template.id,
            "stage_id": template.stage_id.id,
            "name": template.name,
            "responsible": template.responsible,
            "user_id": user.id,
            "department_id": template.department_id.id,
            "company_id": deal.record.company_id.id,
            "opened_at": opened,
            "due_at": due,
            "hours": template.hours,
            "clock": template.clock,
            "done_when": template.done_when,
            "escalation_plan": plan,
        }
        return {**values, **self._prepare_outcome_values(values, user, is_prompt, is_current)}

    @api.model
    def _prepare_outcome_values(self, values, user, is_prompt, is_current):
        """How a to-do ended: most in time; of a deal that stands still, late or not yet."""
        now = fields.Datetime.now()
        opened, due = values["opened_at"], values["due_at"]
        done = opened + (due - opened) * (0.4 if is_prompt else 1.7)
        is_waiting = is_current and due > now
        if done < now - timedelta(hours=1) and (is_prompt or not is_current) and not is_waiting:
            return {"state": "done", "done_at": done, "done_by_id": user.id}
        # Levels that are over were told then, and are not told now.
        reached = [row[1] for row in values["escalation_plan"] if datetime.fromisoformat(row[3]) <= now]
        told = max(reached, default=0)
        return {
            "state": "open",
            "escalation_level": told,
            "next_escalation_at": get_next_moment(values["escalation_plan"], told) or False,
        }
