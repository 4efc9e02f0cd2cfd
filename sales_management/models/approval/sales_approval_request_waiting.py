from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.sales_management.tools.day import get_span


class SalesApprovalRequest(models.Model):
    """Who is to decide a request now, and until when."""

    _inherit = "sales.approval.request"

    is_waiting_for_me = fields.Boolean(
        compute="_compute_is_waiting_for_me",
        search="_search_is_waiting_for_me",
        help="You are asked to decide it now, or stand in today for somebody who is.",
    )
    due_at = fields.Datetime(
        string="Due", compute="_compute_due", compute_sudo=True, help="When the first of the open steps is due."
    )
    due_text = fields.Char(string="Due In", compute="_compute_due", compute_sudo=True)
    is_late = fields.Boolean(compute="_compute_due", compute_sudo=True)
    waiting_for = fields.Char(compute="_compute_waiting_for", compute_sudo=True)

    # === Computes === #

    @api.depends_context("uid")
    @api.depends("state", "step_ids.state", "step_ids.user_ids", "decision_ids")
    def _compute_is_waiting_for_me(self):
        waiting = self._filter_waiting()
        for request in self:
            request.is_waiting_for_me = request in waiting

    def _search_is_waiting_for_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_waiting_domain()

    @api.depends_context("lang")
    @api.depends("state", "step_ids.state", "step_ids.deadline_at")
    def _compute_due(self):
        now = fields.Datetime.now()
        for request in self:
            moments = request._get_open_steps().filtered("deadline_at").mapped("deadline_at")
            request.due_at = min(moments, default=False)
            request.is_late = bool(request.due_at) and request.due_at < now
            request.due_text = request._describe_due(now) if request.due_at else False

    @api.depends("state", "step_ids.state", "step_ids.user_ids")
    def _compute_waiting_for(self):
        for request in self:
            request.waiting_for = ", ".join(request._get_open_steps().user_ids.mapped("name")) or False

    # === Waiting === #

    def _get_open_steps(self):
        """:return: steps of this request that people are asked to decide now"""
        self.ensure_one()
        if self.state != "pending":
            return self.env["sales.approval.request.step"]
        return self.step_ids.filtered(lambda step: step.state == "open")

    def _filter_waiting(self):
        """Those of these requests that this user is asked to decide now.

        :rtype: sales.approval.request
        """
        pending = self.filtered(lambda request: request.state == "pending")
        if not pending:
            return pending
        ids = set(self.env["sales.approval.request.step"]._get_waiting_request_ids(self.env.user))
        return pending.filtered(lambda request: (request.id or request._origin.id) in ids)

    @api.model
    def _get_waiting_domain(self):
        """Requests that this user may decide now, by himself or for those for whom he stands in today."""
        ids = self.env["sales.approval.request.step"]._get_waiting_request_ids(self.env.user)
        return Domain("state", "=", "pending") & Domain("id", "in", ids)

    def _get_excluded_users(self):
        """:return: who decides nothing about the document of this request, being its author
        :rtype: res.users
        """
        self.ensure_one()
        order = self.sudo().order_id  # sudo: who wrote it is nobody's to read
        return order._get_excluded_approvers(self.requester_id) if order else self.requester_id

    # === Due === #

    def _describe_due(self, now):
        count, unit = get_span((self.due_at - now).total_seconds())
        if self.is_late:
            texts = {
                "minute": self.env._("%(count)s min late", count=count),
                "hour": self.env._("%(count)s h late", count=count),
                "day": self.env._("%(count)s d late", count=count),
            }
        else:
            texts = {
                "minute": self.env._("due in %(count)s min", count=count),
                "hour": self.env._("due in %(count)s h", count=count),
                "day": self.env._("due in %(count)s d", count=count),
            }
        return texts[unit]
