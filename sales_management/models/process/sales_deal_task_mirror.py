import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

#: The type of activities that mirror to-dos.
ACTIVITY_TYPE = "sales_management.mail_activity_type_deal_task"
#: Core's own key: whoever is assigned to hears by our notices, bundled, and not by a mail for each activity.
QUIETLY = {"mail_activity_quick_update": True}


class SalesDealTask(models.Model):
    """The activity of a to-do, where people look for what they have to do, and the notice that they have it."""

    _inherit = "sales.deal.task"

    # === Activities === #

    @api.model
    def _get_activity_type_id(self):
        return self.env["ir.model.data"]._xmlid_to_res_id(ACTIVITY_TYPE, raise_if_not_found=False)

    def _open_mirrors(self):
        """Give those of these open to-dos that have no activity one."""
        tasks = self.sudo().filtered(lambda task: task.state == "open" and not task.activity_id)  # sudo: as they do
        if not tasks:
            return
        activities = tasks.env["mail.activity"].with_context(**QUIETLY)
        activities = activities.create([task._prepare_mirror_values() for task in tasks])
        for task, activity in zip(tasks, activities, strict=True):
            task.activity_id = activity

    def _drop_mirrors(self):
        """Take the activities of these to-dos away. First the link: an activity of an open to-do comes back."""
        tasks = self.sudo()  # sudo: as they do
        # By their ids, for what is read of one of a field is read with what the field says then.
        activities = tasks.env["mail.activity"].browse(tasks.activity_id.ids)
        tasks.activity_id = False
        activities.unlink()

    def _sync_mirrors(self):
        """Let activities say what their to-dos say, after responsible or deadline changed."""
        by_values = {}
        for task in self.sudo().filtered("activity_id"):  # sudo: whoever caused the change
            values = task._prepare_mirror_step_values()
            key = tuple(values.items())
            by_values[key] = by_values.get(key, self.env["mail.activity"].sudo()) | task.activity_id  # sudo: as above
        for values, activities in by_values.items():
            activities.with_context(**QUIETLY).write(dict(values))
        self._open_mirrors()

    def _prepare_mirror_values(self):
        self.ensure_one()
        return {
            "activity_type_id": self._get_activity_type_id(),
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            "res_id": self.lead_id.id,
            "summary": self.name,
            "automated": True,
            **self._prepare_mirror_step_values(),
        }

    def _prepare_mirror_step_values(self):
        """What of an activity follows its to-do: the date is the responsible person's."""
        due = pytz.utc.localize(self.due_at).astimezone(self._get_zone())
        return {"user_id": self.user_id.id, "date_deadline": due.date(), "note": self._describe_deadline()}

    def _describe_deadline(self):
        task = self.with_context(lang=self.user_id.lang or self.env.lang)
        text = task.env._("Due on %(moment)s", moment=task._format_moment(task.due_at))
        if task.is_calendar_fallback:
            reason = task.env._(
                "The working hours of %(company)s have no time for it, so calendar hours are counted.",
                company=task.company_id.name,
            )
            text = f"{text}. {reason}"
        return text

    def _get_zone(self):
        """The zone in which the to-do's moments are told: the responsible person's, else the company's."""
        name = self.user_id.tz or self.company_id.partner_id.tz
        return pytz.timezone(name if name in pytz.all_timezones_set else "UTC")

    def _format_moment(self, moment):
        return format_datetime(self.env, moment, tz=self._get_zone().zone, dt_format="short")

    # === Notices === #

    def _tell_opened(self):
        """Tell those who are asked: all members of a department, and else the responsible, unless he did it himself."""
        self._tell_people(
            {task: task.department_id.user_ids if task.department_id else task._get_told_responsible() for task in self}
        )

    def _tell_responsible(self):
        """Tell those who have these to-dos now."""
        self._tell_people({task: task._get_told_responsible() for task in self})

    def _get_told_responsible(self):
        return self.user_id.filtered(lambda user: user.id != self.env.uid)

    def _tell_people(self, people):
        """Send a notice of each kind of to-do, which tells of all its deals.

        :param dict[sales.deal.task, res.users] people: who is told of which of these
        """
        told = self.filtered(lambda task: people[task])
        for name, tasks in told.grouped("name").items():
            by_lead = {task.lead_id: task for task in tasks}
            self.env["sales.notice.mixin"]._send_notice(
                "task",
                tasks.lead_id,
                {lead: people[task] for lead, task in by_lead.items()},
                _lt("New to-do: %(task)s", task=name),
                lambda leads, by_lead=by_lead: {lead: by_lead[lead]._get_notice_body(leads.env) for lead in leads},
            )

    def _get_notice_body(self, env):
        task = self.with_context(lang=env.lang)
        return task.env._(
            "%(task)s: due on %(moment)s, responsible: %(user)s",
            task=task.name,
            moment=task._format_moment(task.due_at),
            user=task.user_id.name or task.env._("nobody yet"),
        )

    # === Guarding === #

    def _check_mirror_write(self, vals):
        """Refuse what would let an activity say something else than its to-do, or be done by somebody else.

        :param dict vals: values about to be written on the activities of these to-dos
        :raise AccessError: where the caller may not mark them done, or give them to somebody
        :raise UserError: where they would be due at another time, or on another record
        """
        # sudo: what is about to be written is compared with what the to-do says, not shown.
        tasks = self.sudo()
        if not vals.get("active", True):
            self._check_may_settle()
        if "user_id" in vals and any(task.user_id.id != vals["user_id"] for task in tasks):
            self._check_may_manage()
        changed = tasks.filtered(lambda task: task._is_mirror_changed(vals))
        if changed:
            raise UserError(
                self.env._(
                    "These activities show to-dos with a deadline of the sales process, which stays as it is. Do what "
                    "they ask and mark them done:\n%(tasks)s",
                    tasks=changed._format_tasks(),
                )
            )

    def _is_mirror_changed(self, vals):
        self.ensure_one()
        expected = {
            "date_deadline": self._prepare_mirror_step_values()["date_deadline"],
            "res_id": self.lead_id.id,
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            "activity_type_id": self._get_activity_type_id(),
        }
        written = {name: vals[name] for name in expected if name in vals}
        if "date_deadline" in written:
            written["date_deadline"] = fields.Date.to_date(written["date_deadline"])
        return any(value != expected[name] for name, value in written.items())
