import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_list
from odoo.tools.translate import LazyTranslate

from odoo.addons.sales_management.tools.deadline import get_deadline

_lt = LazyTranslate(__name__)
_logger = logging.getLogger(__name__)

#: Steps of one transaction: what a crash in between loses is done again, and told once.
BATCH = 100
#: The leaders of those who were asked, then the sales managers.
LEADERS, MANAGERS = 1, 2


class SalesApprovalRequestStep(models.Model):
    """Nothing is approved by silence: who does not decide in time is reminded, then others are asked as well."""

    _inherit = "sales.approval.request.step"

    company_id = fields.Many2one(related="request_id.company_id", store=True, index=True)

    # === Cron === #

    @api.model
    def _cron_follow_up(self):
        """Remind, escalate, and find others for who has left. Every 15 minutes; safe on several workers at once.

        What was told, and that it was, is committed together. A step that another worker holds is left to it, one that
        fails is logged, left as it is and tried again the next time, and holds up no other.
        """
        domain = self._get_follow_up_domain()
        if domain.is_false():
            return
        # Archived people are what is looked for.
        steps = self.with_context(active_test=False)
        seen, remaining = [], steps.search_count(domain)
        while batch := steps.search(domain & Domain("id", "not in", seen), limit=BATCH, order="deadline_at, id"):
            seen += batch.ids
            batch.with_env(self.env)._follow_up_isolated()
            remaining = max(remaining - len(batch), 0)
            if not self.env["ir.cron"]._commit_progress(len(batch), remaining=remaining):
                break

    @api.model
    def _get_follow_up_domain(self):
        """Open steps of which something is to be done now, in companies that use approval."""
        company_ids = self.env["res.company"]._get_enabled_company_ids("sales_approval_enabled")
        now = fields.Datetime.now()
        is_due = Domain("remind_at", "<=", now) | Domain("escalate_at", "<=", now)
        return (
            Domain("state", "=", "open")
            & Domain("request_id.state", "=", "pending")
            & Domain("company_id", "in", list(company_ids))
            & (is_due | self._get_left_domain())
        ).optimize(self)

    @api.model
    def _get_left_domain(self):
        """Steps with people who have left, and those that nobody can take and no manager knows of yet."""
        return Domain("user_ids.active", "=", False) | Domain("user_ids", "=", False) & Domain(
            "escalation_level", "<", MANAGERS
        )

    def _follow_up_isolated(self):
        """Follow these steps up together, or each by itself where that fails."""
        try:
            with self.env.cr.savepoint():
                self._follow_up()
            return
        except Exception:
            _logger.info("Following %s approvals up together failed, trying each by itself", len(self), exc_info=True)
        for step in self:
            try:
                with self.env.cr.savepoint():
                    step._follow_up()
            except Exception:
                _logger.exception("Approval step %s could not be followed up; it is tried again later", step.id)

    def _follow_up(self):
        """Do what is due of these steps, once. Those that others hold are left out."""
        steps = self.try_lock_for_update(allow_referencing=True)
        steps.invalidate_recordset()
        steps = steps.with_context(active_test=False).filtered_domain(self._get_follow_up_domain()).with_env(self.env)
        now = fields.Datetime.now()
        steps._replace_left()
        late = steps.filtered(lambda step: step.escalate_at and step.escalate_at <= now)
        late._escalate()
        (steps - late).filtered(lambda step: step.remind_at and step.remind_at <= now)._remind()

    # === Reminding === #

    def _remind(self):
        self.write({"remind_at": False, "reminded_at": fields.Datetime.now()})
        self._tell(_lt("Still waiting for your approval"), self._get_undecided_users())
        self._log(lambda env, people: env._("Reminded: %(people)s", people=people), self._get_undecided_users())

    # === Escalating === #

    def _escalate(self):
        """Ask the next level as well: who was asked before may still decide."""
        clocks = self._get_clocks()
        added = {}
        for step in self:
            level, people = step._get_next_level()
            next_at = get_deadline(fields.Datetime.now(), step.deadline_hours, clocks[step])[0]
            step.write(
                {
                    "escalation_level": level,
                    "escalated_at": fields.Datetime.now(),
                    "escalate_at": next_at if level < MANAGERS and step.deadline_hours > 0 else False,
                    "remind_at": False,
                    "user_ids": [fields.Command.link(user.id) for user in people],
                }
            )
            added[step] = people
        self._log(lambda env, people: env._("Not decided in time. Asked as well: %(people)s", people=people), added)

    def _get_next_level(self):
        """:return: the level that is asked as well now, and who that is beside those who are asked already"""
        self.ensure_one()
        if self.escalation_level < LEADERS and (leaders := self._filter_possible(self._get_leaders())):
            return LEADERS, leaders
        return MANAGERS, self._filter_possible(self._get_managers())

    def _get_leaders(self):
        """Leaders of the sales teams of those who are asked; where they are in none, of the document's.

        To override: return others.

        :rtype: res.users
        """
        self.ensure_one()
        members = (
            self.env["crm.team.member"].sudo().search_fetch([("user_id", "in", self.user_ids.ids)], ["crm_team_id"])
        )
        return (members.crm_team_id or self.request_id.team_id).user_id

    def _get_managers(self):
        return self.env["sales.approval.step"]._get_sales_managers()

    def _filter_possible(self, users):
        """Those who may decide this step and are not asked yet: inside the company, and no part of the document."""
        self.ensure_one()
        return users._filter_possible_approvers(self) - self.user_ids - self.request_id._get_excluded_users()

    # === People who left === #

    def _replace_left(self):
        """Take those who have left out of these steps, and ask others where too few remain to decide."""
        added, unattended = {}, self.browse()
        for step in self:
            everybody = step.with_context(active_test=False).user_ids
            left = everybody.filtered(lambda user: not user.active)
            if not left and everybody:
                continue
            missing = step.required_count - len(step.user_ids)
            people = self.env["res.users"]
            for candidates in step._get_next_candidates():
                if missing > len(people):
                    people |= step._filter_possible(candidates)
            commands = [fields.Command.unlink(user.id) for user in left]
            commands += [fields.Command.link(user.id) for user in people]
            # Whoever is archived is seen, and taken out, in this context alone.
            step.with_context(active_test=False).write({"user_ids": commands})
            added[step] = people
            if missing > len(people):
                unattended |= step
        replaced = self.browse([step.id for step in added])
        replaced._log(
            lambda env, people: env._("Somebody who was asked has left. Asked now: %(people)s", people=people), added
        )
        unattended._call_for_managers()

    def _get_next_candidates(self):
        """Who takes the place of people who left: the first of these groups in which there is somebody.

        To override: return others.

        :rtype: list[res.users]
        """
        self.ensure_one()
        return [self._get_resolved_approvers(), self._get_leaders(), self._get_managers()]

    def _get_resolved_approvers(self):
        """:return: whom the rule would ask now
        :rtype: res.users
        """
        self.ensure_one()
        order = self.request_id.order_id
        if not self.step_id or not order:
            return self.env["res.users"]
        return self.step_id._get_approvers(order, self.request_id._get_excluded_users())

    def _call_for_managers(self):
        """Leave a to-do where nobody may decide: it stays pending, for managers to see to."""
        self.escalation_level = MANAGERS
        managers = self._get_managers()
        self.env["sales.notice.mixin"]._send_notice(
            "approval_stuck",
            self.request_id,
            managers,
            _lt("Nobody can approve this"),
            lambda requests: {request: request._get_notice_body() for request in requests},
        )

    # === Telling === #

    def _log(self, get_note, people):
        """Note in the chatter of the requests who was reminded or asked.

        :param Callable get_note: text, of an environment and of names
        """
        bodies = {}
        for step in self:
            translated = self.with_context(lang=step.company_id.partner_id.lang or self.env.lang)
            names = (
                format_list(translated.env, people[step].mapped("name")) if people[step] else translated.env._("nobody")
            )
            body = Markup("<p>{}</p>").format(get_note(translated.env, names))
            bodies[step.request_id.id] = bodies.get(step.request_id.id, Markup()) + body
        self.request_id._message_log_batch(bodies)
