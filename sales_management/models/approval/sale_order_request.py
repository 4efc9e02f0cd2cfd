from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_list
from odoo.tools.misc import clean_context
from odoo.tools.translate import LazyTranslate

from .sale_order import OPEN_STATES

_lt = LazyTranslate(__name__)


class SaleOrder(models.Model):
    """Asking for the approval of quotations."""

    _inherit = "sale.order"

    # === Actions === #

    def action_request_approval(self, comment=None):
        """Ask for the approval of what these quotations say now.

        Where a step has nobody who may take it, nothing is asked of that quotation: the caller is told, and the sales
        managers get a to-do, which a refusal would take back.

        :param str | None comment: what the approvers should know
        :return: true, or the action that tells of steps that nobody can take
        :rtype: bool | dict
        :raise AccessError: for whoever may not edit them
        :raise UserError: that names every one that needs no approval, or for which it was asked already
        """
        self.check_access("write")
        self._lock_for_approval()
        evaluations = self._evaluate_approval(with_warnings=True)
        evaluations = {order: found._replace(rules=found.get_asking_rules()) for order, found in evaluations.items()}
        self._check_requestable(evaluations)
        plans = {order: order._plan_steps(evaluations[order].rules) for order in self}
        stuck = self.filtered(lambda order: not order._is_plan_possible(evaluations[order].rules, plans[order]))
        asked = self - stuck
        asked._create_requests(evaluations, plans, comment)
        if stuck:
            return stuck._tell_stuck(evaluations, plans)
        return True

    # === Checks === #

    def _lock_for_approval(self):
        """Wait for whoever decides about these quotations now; what he did is seen when the framework tries again."""
        self.flush_recordset()
        # A write, not a mere lock: who waited for it must start anew, for his view of the data is older.
        query = SQL("UPDATE sale_order SET write_date = write_date WHERE id = ANY(%s)", sorted(self.ids))
        self.env.cr.execute(query, log_exceptions=False)

    def _check_requestable(self, evaluations):
        texts = {
            "pending": self.env._("approval was asked for already"),
            "approved": self.env._("it is approved"),
            "grandfathered": self.env._("it was there before approval began"),
            "not_required": self.env._("no rule asks for approval"),
        }
        enabled = self._filter_approval_enabled()
        problems = []
        for order in self:
            state, rules = evaluations[order].state, evaluations[order].rules
            reason = texts.get(state)
            if order not in enabled:
                reason = self.env._("its company does not use approval")
            elif order.state not in OPEN_STATES:
                reason = self.env._("it is no open quotation")
            elif state in ("to_submit", "rejected") and not rules:
                reason = texts["not_required"]
            if reason:
                problems.append(f"{order.display_name}: {reason}")
        if problems:
            raise UserError(self.env._("There is nothing to ask for:\n%(problems)s", problems="\n".join(problems)))

    def _is_plan_possible(self, rules, plan):
        """:return: whether every rule has a step, and every step people enough"""
        return bool(plan) and all(step.is_possible for step in plan) and not rules - self._get_planned_rules(plan)

    def _get_planned_rules(self, plan):
        return self.env["sales.approval.rule"].union(*(step.rule for step in plan))

    # === Asking === #

    def _create_requests(self, evaluations, plans, comment=None):
        """Write down what is asked, of whom, and about what: rules may change while people decide.

        :rtype: sales.approval.request
        """
        digests, contents = self._get_content_digests(), self._get_content()
        # sudo: nobody writes requests; and no context of a caller has a say in them.
        clean = clean_context(self.env.context)
        requests = self.env["sales.approval.request"].sudo().with_context(clean)  # pylint: disable=context-overridden
        # One is pending at a time: those that have ended must be seen to have.
        requests.flush_model(["state"])
        requests = requests.create(
            [
                {
                    "res_model": "sale.order",
                    "res_id": order.id,
                    "order_id": order.id,
                    "company_id": order.company_id.id,
                    "team_id": order.team_id.id,
                    "requester_id": self.env.uid,
                    "comment": comment or False,
                    "kind": "release",
                    "state": "pending",
                    "digest": digests[order],
                    "snapshot": contents[order],
                    "measures": evaluations[order].measures,
                    "rule_ids": [(6, 0, evaluations[order].rules.ids)],
                }
                for order in self
            ]
        )
        requests._create_steps({request: plans[order] for request, order in zip(requests, self, strict=True)})
        return requests

    def _tell_stuck(self, evaluations, plans):
        """Tell the caller and the sales managers of steps that nobody can take.

        :return: action that tells the caller
        :rtype: dict
        """
        texts = {order: order._describe_stuck(evaluations[order].rules, plans[order]) for order in self}
        managers = self.env["sales.approval.step"]._get_sales_managers()
        people = {order: managers._filter_possible_approvers(order) for order in self}
        self.env["sales.notice.mixin"]._send_notice(
            "approval_stuck", self, people, _lt("Nobody can approve this"), texts
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger",
                "sticky": True,
                "title": self.env._("Approval was not asked for"),
                "message": "\n".join(texts.values()),
            },
        }

    def _describe_stuck(self, rules, plan):
        self.ensure_one()
        texts = [
            self.env._("step %(step)s of rule %(rule)s", step=step.label, rule=step.rule.name)
            for step in plan
            if not step.is_possible
        ]
        texts += [
            self.env._("rule %(rule)s has no step", rule=rule.name) for rule in rules - self._get_planned_rules(plan)
        ]
        return self.env._(
            "%(order)s: nobody can take %(steps)s. Whoever asks, owns or edited it does not approve it, nor does who "
            "has left. The sales managers have a to-do to change the rule.",
            order=self.display_name,
            steps=format_list(self.env, texts),
        )
