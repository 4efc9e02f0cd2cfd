import math

from odoo import models
from odoo.exceptions import UserError

#: What an approver may name, of lines.
RETURNED_LINE_FIELDS = ("price_unit", "discount")


class _Undone(Exception):
    """Takes back what was tried."""


class SalesApprovalRequest(models.Model):
    """Prices that an approver would accept instead."""

    _inherit = "sales.approval.request"

    # === Actions === #

    def action_return_with_price(self, values, comment=None):
        """Send a request back with the prices that the caller would accept.

        :param dict values: ``price_unit`` and ``discount`` by id of the line, and ``payment_term_id``
        :raise UserError: where they are no prices of these lines, and as :meth:`action_approve`
        """
        if len(self) != 1:
            raise UserError(self.env._("Return one quotation at a time: each has prices of its own."))
        request, turns = self._begin_decision()
        if request.kind != "release":
            raise UserError(self.env._("Only a quotation is returned with a price. Approve or reject this change."))
        returned = request._check_returned_values(values)
        digest = request._try_returned_values(returned)
        if digest == request.digest:
            raise UserError(self.env._("These are the prices it has. Approve it, or name others."))
        request.write({"returned_values": returned, "returned_digest": digest})
        request._add_decisions("returned", turns, (comment or "").strip() or False)
        request._end("rejected")
        return True

    # === Checks === #

    def _check_returned_values(self, values):
        """:return: the values as they are kept: lines by their id as text, and the payment term
        :rtype: dict
        """
        self.ensure_one()
        wrong = UserError(self.env._("Name a price or a discount for lines of this quotation, as numbers."))
        if not isinstance(values, dict):
            raise wrong
        rest = dict(values)
        result = {"lines": {}}
        if "payment_term_id" in rest:
            term = self.env["account.payment.term"].sudo().browse(rest.pop("payment_term_id") or ()).exists()
            result["payment_term_id"] = term.id
        lines = {str(line.id): line for line in self.order_id._get_digest_lines() if not line.display_type}
        for line_id, named in rest.items():
            if str(line_id) not in lines or not isinstance(named, dict) or not named:
                raise wrong
            if set(named) - set(RETURNED_LINE_FIELDS) or not all(map(self._is_number, named.values())):
                raise wrong
            result["lines"][str(line_id)] = named
        if not result["lines"] and "payment_term_id" not in result:
            raise wrong
        return result

    @staticmethod
    def _is_number(value):
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0

    def _try_returned_values(self, returned):
        """:return: digest of the quotation with these prices, which it does not get yet"""
        self.ensure_one()
        order = self.order_id.with_context(tracking_disable=True)
        digest = None
        try:
            with self.env.cr.savepoint(), order._trying_content():
                order.write(order._get_returned_write_values(returned))
                order.flush_recordset()
                digest = order._get_content_digests()[order]
                raise _Undone
        except _Undone:
            self.env.invalidate_all(flush=False)
        return digest

    # === Taking === #

    def _take_returned(self):
        """Go on with quotations whose owners took the price that an approver named: it has his approval, and what else
        is needed for it is asked."""
        for request in self:
            order = request.order_id
            evaluation = order._evaluate_approval()[order]
            if evaluation.state != "to_submit":
                continue
            plan = order._plan_steps(evaluation.rules)
            if not order._is_plan_possible(evaluation.rules, plan):
                continue
            order._create_requests({order: evaluation}, {order: plan})._agree_as_returned(request)

    def _agree_as_returned(self, former):
        """Let who named the price agree to his steps of this request.

        :param sales.approval.request former: the request that he returned
        """
        self.ensure_one()
        returned = former.decision_ids.filtered(lambda decision: decision.outcome == "returned").sorted("id")[-1:]
        user, absent = returned.user_id, returned.on_behalf_of_id
        principals = self.step_ids._get_principals(user, absent)
        if not principals:
            return
        comment = self.env._("The price that was named has been taken.")
        self._add_decisions("approved", {self: principals}, comment, user=user)
        self.step_ids._agree(principals, user)
        self._go_on()
