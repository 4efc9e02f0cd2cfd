from odoo import api, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class SalesApprovalRequestStep(models.Model):
    """Who is asked by a step, and what they are told."""

    _inherit = "sales.approval.request.step"

    def _tell_asked(self):
        """Ask the people of these steps, and who stands in for them today."""
        self._tell(_lt("Waiting for your approval"), self._get_undecided_users(), kind="approval")

    def _tell_joined(self, people):
        """Ask people who joined these steps since they were opened.

        :param dict[sales.approval.request.step, res.users] people: who joined which step
        """
        if self:
            self._tell(_lt("Waiting for your approval"), people, kind="approval")

    def _tell(self, cause, people, kind="approval_news"):
        """Tell people of the requests of these steps.

        :param cause: lazy translation of why
        :param dict[sales.approval.request.step, res.users] people: who is told of which step
        :param str kind: kind of the notice; that of ``approval`` opens an activity for each of them
        """
        by_request = {}
        for step in self:
            request = step.request_id
            by_request[request] = by_request.get(request, self.env["res.users"]) | people[step]
        requests = self.request_id
        self.env["sales.notice.mixin"]._send_notice(kind, requests, by_request, cause, requests._get_notice_bodies)

    def _get_undecided_users(self):
        """Who of the people of each of these steps is still to decide, and who stands in for them today.

        :rtype: dict[sales.approval.request.step, res.users]
        """
        principals = {
            step: step.user_ids.filtered(lambda user, agreed=step.agreed or {}: str(user.id) not in agreed)
            for step in self
        }
        asked = self.env["res.users"].union(*principals.values())
        delegates = self.env["sales.approval.delegation"]._get_delegates(asked)
        return {
            step: users.union(*(delegates.get(user, users.browse()) for user in users))
            - step.request_id._get_excluded_users()
            for step, users in principals.items()
        }

    @api.model
    def _get_waiting_request_ids(self, user):
        """Requests that a person may decide now, in a number of queries that does not grow with them.

        :rtype: list[int]
        """
        delegators = self.env["sales.approval.delegation"]._get_delegators(user)
        # sudo: who is asked does not depend on what else he may see.
        steps = self.sudo().search(self._get_asked_domain(user | delegators))
        mine = self.union(*steps._get_principals(user, delegators)).request_id
        return mine.filtered(lambda request: user not in request._get_excluded_users()).ids

    @api.model
    def _get_asked_domain(self, users):
        return (
            Domain("state", "=", "open")
            & Domain("request_id.state", "=", "pending")
            & Domain("user_ids", "in", users.ids)
        )
