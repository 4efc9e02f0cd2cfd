from odoo import models
from odoo.tools import format_list

from odoo.addons.sales_management.tools.blocker import Blocker

RELEASED_STATES = ("not_required", "approved", "grandfathered")


class SaleOrder(models.Model):
    """What approval has against a quotation that is about to leave."""

    _inherit = "sale.order"

    def _get_release_blockers(self):
        """The truth at the gate: what the quotation says is looked at anew, so that what changed unseen is caught."""
        blockers = super()._get_release_blockers()
        followed = self._filter_approval_followed()
        evaluations = followed._evaluate_approval(with_all_measures=False) if followed else {}
        for order, evaluation in evaluations.items():
            if evaluation.state not in RELEASED_STATES:
                blockers[order].append(order._prepare_approval_blocker(evaluation))
        for order in self._filter_approval_enabled() - followed:
            # sudo: whether it may leave depends on nobody's rights.
            if order._origin.sudo().approval_state not in (*RELEASED_STATES, False):
                message = self.env._("It is not approved. Set it back to a quotation and ask for approval.")
                blockers[order].append(Blocker(code="approval", record=order, message=message))
        return blockers

    def _prepare_approval_blocker(self, evaluation):
        return Blocker(
            code="approval",
            record=self,
            message=self._describe_approval(evaluation),
            action=None if evaluation.state == "pending" else self._prepare_approval_action(evaluation),
            source=evaluation.rules[:1] or evaluation.request,
        )

    def _describe_approval(self, evaluation):
        """:return: what is missing before it is approved, in words"""
        if evaluation.state == "pending":
            # Not filtered: that would forget that the steps of other requests are read along with these.
            people = self.env["res.users"].union(
                *(step.user_ids for step in evaluation.request.step_ids if step.state == "open")
            )
            return self.env._(
                "It waits for the approval of %(people)s.", people=format_list(self.env, people.mapped("name"), "or")
            )
        if evaluation.state == "rejected":
            return self._describe_rejection(evaluation.request)
        return self.env._(
            "It needs approval: %(rules)s. Ask for approval.",
            rules=format_list(self.env, self._name_rules(evaluation)),
        )

    def _describe_rejection(self, request):
        decision = request.decision_ids.sorted("id")[-1:]
        names = {
            "user": decision.user_name or self.env._("an approver"),
            # It ends the sentence itself.
            "reason": (decision.comment or "–").strip().rstrip(".。"),
        }
        if decision.outcome == "withdrawn":
            return self.env._(
                "%(user)s has withdrawn the approval: %(reason)s. Change it, or ask for approval again.", **names
            )
        if decision.outcome == "returned":
            return self.env._(
                "%(user)s has returned it with another price: %(reason)s. Take that price, or ask for approval again.",
                **names,
            )
        return self.env._("%(user)s has rejected it: %(reason)s. Change it, or ask for approval again.", **names)

    def _name_rules(self, evaluation):
        """:return: each rule that asks by its name, with the reason"""
        result = []
        for rule in evaluation.rules:
            reason = self._describe_rule(rule, evaluation.measures)
            result.append(rule.name if reason == rule.name else f"{rule.name} ({reason})")
        return result

    def _describe_rule(self, rule, measures):
        """:return: why a rule asks for approval of this quotation, in words"""
        # sudo: whoever is refused hears why.
        rule = rule.sudo()
        return rule._get_reasons(self, measures)[rule]

    def _prepare_approval_action(self, evaluation):
        """:return: action of the button that a refusal offers: what would be asked, and a price that is offered instead
        :rtype: dict
        """
        action = self.action_open_approval_request()
        if evaluation.state == "rejected" and evaluation.request.returned_digest:
            action["name"] = self.env._("Take That Price")
        return action

    def _get_approval_blocked(self):
        """:return: those of these quotations that approval keeps in the company
        :rtype: sale.order
        """
        followed = self._filter_approval_followed()
        evaluations = followed._evaluate_approval(with_all_measures=False) if followed else {}
        return followed.filtered(lambda order: evaluations[order].state not in RELEASED_STATES)
