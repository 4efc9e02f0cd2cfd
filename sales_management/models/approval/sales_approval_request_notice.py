from odoo import api, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

#: What the requester is told, by the state that a request came to.
TOLD_STATES = {
    "approved": _lt("Approved"),
    "rejected": _lt("Not approved"),
    "superseded": _lt("Approval is no longer asked for"),
}


class SalesApprovalRequest(models.Model):
    """Who hears of a request: those who are asked, with an activity each, and in the end whoever asked.

    The activities stand on the request and not on the document, which an approver need not be allowed to read.
    """

    _name = "sales.approval.request"
    _inherit = ["sales.approval.request", "mail.thread", "mail.activity.mixin"]
    _systray_view = "kanban"

    # === ORM === #

    def write(self, vals):
        before = {request: request.state for request in self} if "state" in vals else {}
        result = super().write(vals)
        changed = self.filtered(lambda request: request in before and before[request] != request.state)
        if changed:
            changed._sync_approval_activities()
            changed._tell_requesters()
        return result

    # === Telling === #

    def _tell_requesters(self):
        """Tell whoever asked how it ended, unless they ended it themselves."""
        for state, requests in self.grouped("state").items():
            if state in TOLD_STATES:
                requests._tell_requester(TOLD_STATES[state])

    def _tell_requester(self, cause):
        """:param cause: lazy translation of what happened"""
        people = {
            request: (request.requester_id | request.sudo().order_id.user_id).filtered(
                lambda user: user.id != self.env.uid
            )
            for request in self
        }
        self.env["sales.notice.mixin"]._send_notice("approval_result", self, people, cause, self._get_result_bodies)

    @api.model
    def _get_notice_bodies(self, requests):
        return {request: request._get_notice_body() for request in requests}

    @api.model
    def _get_result_bodies(self, requests):
        return {request: request._get_result_body() for request in requests}

    def _get_notice_body(self):
        """Which document it is, and why it needs approval, in the language of the environment."""
        self.ensure_one()
        request = self.sudo()  # sudo: whoever is told may see the request
        return self.env._(
            "%(document)s asks for approval: %(reasons)s",
            document=request._get_full_name(),
            reasons="; ".join(request._get_reasons()) or self.env._("by a rule"),
        )

    def _get_result_body(self):
        """Which document it is, who decided it last, and what he said."""
        self.ensure_one()
        request = self.sudo()  # sudo: as above
        decision = request.decision_ids.sorted("id")[-1:]
        parts = [request._get_full_name(), decision.user_name, decision.comment]
        return " – ".join(filter(None, parts))

    def _get_full_name(self):
        return " · ".join(filter(None, [self.partner_name, self.document_name, self.deal_number]))

    # === Activities === #

    def _sync_approval_activities(self):
        """Take away the activities of those who are not asked any more."""
        activity_type = self.env.ref("sales_management.mail_activity_type_approval", raise_if_not_found=False)
        if not activity_type or not self:
            return
        # sudo: whoever decides ends what others were asked.
        activities = (
            self.env["mail.activity"]
            .sudo()
            .search_fetch(self._get_approval_activity_domain(activity_type), ["res_id", "user_id"])
        )
        asked = {request.id: request._get_asked_users() for request in self.sudo()}  # sudo: as above
        activities.filtered(lambda activity: activity.user_id not in asked[activity.res_id]).unlink()

    def _get_approval_activity_domain(self, activity_type):
        return (
            Domain("res_model", "=", self._name)
            & Domain("res_id", "in", self.ids)
            & Domain("activity_type_id", "=", activity_type.id)
            & Domain("automated", "=", True)
        )

    def _get_asked_users(self):
        """Who is to decide this request now, and who stands in for them today."""
        self.ensure_one()
        people = self._get_open_steps()._get_undecided_users()
        return self.env["res.users"].union(*people.values())
