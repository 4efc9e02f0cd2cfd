from odoo import api, models
from odoo.tools.misc import format_datetime

#: After what is due, before what is quiet.
APPROVALS = 25


class SalesToday(models.AbstractModel):
    """What waits for this user's approval, decided from its row."""

    _inherit = "sales.today"

    @api.model
    def _get_today_sections(self):
        sections = super()._get_today_sections()
        if not self.env["res.company"]._get_enabled_company_ids("sales_approval_enabled"):
            return sections
        requests = self.env["sales.approval.request"]
        waiting, count = self._search_counted(requests._name, requests._get_waiting_domain(), "id")
        return [
            *sections,
            self._prepare_section(
                "approvals",
                APPROVALS,
                self.env._("Approvals"),
                self.env._("1 approval") if count == 1 else self.env._("%(count)s approvals", count=count),
                count,
                [self._prepare_approval_row(request) for request in waiting],
                "info",
            ),
        ]

    @api.model
    def _prepare_approval_row(self, request):
        return {
            **self._prepare_row(
                "approval",
                request,
                request._get_summary(),
                self.env["crm.lead"],
                when=request.due_text or "",
                tone="danger" if request.is_late else "info",
                moment=request.due_at and format_datetime(self.env, request.due_at, dt_format="short"),
                actions=[
                    self._prepare_method_action("approve", self.env._("Approve"), request, "action_approve_now"),
                    self._prepare_method_action("reject", self.env._("Reject"), request, "action_open_reject"),
                    self._prepare_method_action("decide", self.env._("Open"), request, "action_open_decision"),
                ],
            ),
            "note": request.reason_text or "",
        }
