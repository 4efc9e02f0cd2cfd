from odoo import api, fields, models

from odoo.addons.sales_management.tools.deadline import get_deadline

#: Share of its time after which who has not decided is reminded, once.
REMINDED_AFTER = 0.5


class SalesApprovalRequestStep(models.Model):
    """The clock of a step: it runs in the working hours of the company, from the moment at which people are asked."""

    _inherit = "sales.approval.request.step"

    remind_at = fields.Datetime(readonly=True, index="btree_not_null", help="When who has not decided is reminded.")
    escalate_at = fields.Datetime(
        readonly=True, index="btree_not_null", help="When the next level is asked as well, none after the last."
    )
    escalation_level = fields.Integer(string="Escalated", readonly=True, help="How many levels were asked as well.")

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        if opened := steps.filtered(lambda step: step.state == "open"):
            opened._after_opened()
        return steps

    def write(self, vals):
        before = {step: step.state for step in self} if "state" in vals else {}
        asked = {step: step.user_ids for step in self} if "user_ids" in vals else {}
        result = super().write(vals)
        changed = self.filtered(lambda step: step in before and before[step] != step.state)
        if opened := changed.filtered(lambda step: step.state == "open"):
            opened._after_opened()
        if closed := changed.filtered(lambda step: before[step] == "open"):
            closed._after_closed()
        if "agreed" in vals or asked:
            self.request_id._sync_approval_activities()
        joined = {step: step.user_ids - users for step, users in asked.items() if step.state == "open"}
        self.browse([step.id for step, users in joined.items() if users])._tell_joined(joined)
        return result

    # === Hooks === #

    def _after_opened(self):
        """Follow these steps when their people are asked. To override: begin with ``super()``'s."""
        self._start_clock()
        self._tell_asked()

    def _after_closed(self):
        """Follow these steps when nobody is asked any more. To override: begin with ``super()``'s."""
        self.write({"remind_at": False, "escalate_at": False})
        self.request_id._sync_approval_activities()

    # === Clock === #

    def _start_clock(self):
        """Set when these steps are due, when their people are reminded, and when the next level is asked."""
        for step, working_time in self._get_clocks().items():
            opened_at = step.opened_at or fields.Datetime.now()
            vals = {"opened_at": opened_at}
            if step.deadline_hours > 0:
                due_at, _is_calendar = get_deadline(opened_at, step.deadline_hours, working_time)
                half, _is_calendar = get_deadline(opened_at, step.deadline_hours * REMINDED_AFTER, working_time)
                vals |= {"deadline_at": due_at, "remind_at": half, "escalate_at": due_at}
            step.write(vals)

    def _get_clocks(self):
        """Working time that counts for each of these steps: that of its company.

        :rtype: dict[sales.approval.request.step, WorkingTime]
        """
        pairs = {step: (step.company_id.resource_calendar_id, step.company_id) for step in self}
        times = self.env["resource.calendar"]._get_working_times(set(pairs.values()))
        return {step: times[pair] for step, pair in pairs.items()}
