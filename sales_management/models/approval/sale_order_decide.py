from odoo import models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """Deciding about quotations: what is said of one goes to the request that is pending for it."""

    _inherit = "sale.order"

    # === Actions === #

    def action_approve(self, comment=None):
        """Approve what is asked about these quotations, as :meth:`SalesApprovalRequest.action_approve`."""
        return self._get_pending_requests().action_approve(comment)

    def action_reject(self, comment):
        """Reject it with a reason, as :meth:`SalesApprovalRequest.action_reject`."""
        return self._get_pending_requests().action_reject(comment)

    def action_return_with_price(self, values, comment=None):
        """Name a price that would be accepted, as :meth:`SalesApprovalRequest.action_return_with_price`."""
        return self._get_pending_requests().action_return_with_price(values, comment)

    def action_recall(self):
        """Take back what was asked, as :meth:`SalesApprovalRequest.action_recall`."""
        return self._get_pending_requests().action_recall()

    def action_delegate(self, user_id, comment=None):
        """Give the decision to somebody else, as :meth:`SalesApprovalRequest.action_delegate`."""
        return self._get_pending_requests().action_delegate(user_id, comment)

    def action_withdraw_approval(self, reason):
        """Withdraw an approval, as :meth:`SalesApprovalRequest.action_withdraw_approval`."""
        # sudo: the request checks the caller, who need not see the quotation.
        requests = self.sudo().approval_request_ids.filtered(
            lambda request: (
                request.kind == "release"
                and request.state == "approved"
                and request.digest == request.order_id.approval_digest
            )
        )
        self._check_found(requests, self.env._("no approval of it can be withdrawn"))
        return requests.sudo(False)._get_last().action_withdraw_approval(reason)

    # === Tools === #

    def _get_pending_requests(self):
        """Requests that wait for a decision about these quotations.

        :raise UserError: that names every quotation of which none does
        """
        # sudo: the request checks the caller, who need not see the quotation.
        requests = self.env["sales.approval.request"].sudo()
        found = requests.search([("order_id", "in", self.ids), ("state", "=", "pending")])
        self._check_found(found, self.env._("no approval is asked for"))
        return found.sudo(False)

    def _check_found(self, requests, reason):
        missing = self.filtered(lambda order: order.id not in requests.order_id.ids)
        if missing:
            raise UserError("\n".join(f"{order._get_name_for_caller()}: {reason}" for order in missing))

    def _get_name_for_caller(self):
        """:return: its number for those who may see it, for others what it is
        :rtype: str
        """
        return self.display_name if self.has_access("read") else self.env._("Quotation")
