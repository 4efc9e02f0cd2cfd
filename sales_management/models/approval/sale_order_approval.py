from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """What of approval stands on the form of a quotation: who may do what now, and the buttons that do it."""

    _inherit = "sale.order"

    can_request_approval = fields.Boolean(compute="_compute_approval_buttons")
    can_decide_approval = fields.Boolean(compute="_compute_approval_buttons")
    can_recall_approval = fields.Boolean(compute="_compute_approval_buttons")
    can_withdraw_approval = fields.Boolean(compute="_compute_approval_buttons")
    approval_request_count = fields.Integer(string="Approvals", compute="_compute_approval_buttons")
    approval_waiting_for = fields.Char(string="Waiting For", compute="_compute_approval_buttons")

    # === Computes === #

    @api.depends_context("uid")
    @api.depends("state", "approval_state", "approval_digest", "handed_over_at", "approval_request_ids.state")
    def _compute_approval_buttons(self):
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_approval_enabled")
        used = self.filtered(lambda order: order.company_id.id in enabled) if enabled else self.browse()
        for order in self:
            order.can_request_approval = order in used and order._is_approval_to_request()
            order.can_decide_approval = order.can_recall_approval = order.can_withdraw_approval = False
            order.approval_request_count = 0
            order.approval_waiting_for = False
        for order in used:
            requests = order.approval_request_ids
            # Not filtered: that would forget that the requests of other quotations are read along with these.
            pending = [request for request in requests if request.state == "pending"]
            order.approval_request_count = len(requests)
            order.can_decide_approval = any(request.is_waiting_for_me for request in pending)
            order.can_recall_approval = any(request.can_recall for request in pending)
            order.can_withdraw_approval = any(request.can_withdraw for request in requests)
            order.approval_waiting_for = pending[0].waiting_for if pending else False

    def _is_approval_to_request(self):
        self.ensure_one()
        return self.state in ("draft", "sent") and self.approval_state in ("to_submit", "rejected")

    # === Actions === #

    def action_open_approval_request(self):
        """:return: dialog that shows which rules apply to these quotations and who would be asked
        :rtype: dict
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Request Approval"),
            "res_model": "sales.approval.ask",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_order_ids": self.ids},
        }

    def action_view_approvals(self):
        """:return: what approval was asked for this quotation
        :rtype: dict
        """
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("sales_management.sales_approval_request_action")
        action |= {"domain": [("order_id", "in", self.ids)], "context": {}}
        if len(self.approval_request_ids) == 1:
            action |= {"views": [(False, "form")], "res_id": self.approval_request_ids.id}
        return action

    def action_approve_now(self):
        """As that of the requests, for those that are this user's to decide."""
        return self._get_pending_approvals().action_approve_now()

    def action_open_reject(self):
        """As that of the requests."""
        return self._get_pending_approvals().action_open_reject()

    def action_open_return(self):
        """As that of the request."""
        return self._get_pending_approvals().action_open_return()

    def action_open_recall(self):
        """As that of the requests."""
        return self._get_pending_approvals().action_open_recall()

    def action_open_delegate(self):
        """As that of the requests."""
        return self._get_pending_approvals().action_open_delegate()

    def action_open_withdraw(self):
        """As that of the requests, for those whose approval holds."""
        return self.approval_request_ids.filtered("can_withdraw").action_open_withdraw()

    # === Tools === #

    def _get_pending_approvals(self):
        """:return: pending requests of these quotations
        :raise UserError: when there is none
        """
        pending = self.approval_request_ids.filtered(lambda request: request.state == "pending")
        if not pending:
            raise UserError(self.env._("Nothing is waiting for approval any more. Load the page again."))
        return pending
