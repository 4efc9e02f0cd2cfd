from odoo import models
from odoo.exceptions import AccessError


class SaleOrder(models.Model):
    """Whether the decisions about quotations are those that were made."""

    _inherit = "sale.order"

    # === Actions === #

    def action_verify_chain(self):
        """Check that no decision about these quotations was changed, moved or taken out.

        :return: action that says what was found
        :rtype: dict
        :raise AccessError: for anybody but sales managers
        """
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only a sales manager verifies decisions. Ask one of them."))
        self.check_access("read")
        found = self._verify_chain()
        texts = [f"{order.display_name}: {'; '.join(problems)}" for order, problems in found.items() if problems]
        count = self.env["sales.approval.decision"].sudo().search_count([("order_id", "in", self.ids)])
        message = self.env._(
            "%(count)s decisions about %(orders)s quotations are as they were made.", count=count, orders=len(self)
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if texts else "success",
                "sticky": bool(texts),
                "title": self.env._("Decisions were tampered with") if texts else self.env._("All is well"),
                "message": "\n".join(texts) or message,
            },
        }

    # === Verification === #

    def _verify_chain(self):
        """What is wrong with the decisions about these quotations, in a number of queries that does not grow with them.

        :return: problems in words per quotation, none where all is well
        :rtype: dict[sale.order, list[str]]
        """
        # What was changed by SQL is read anew.
        self.env["sales.approval.decision"].invalidate_model()
        # sudo: the chain is one, whoever may see which part of it.
        decisions = self.env["sales.approval.decision"].sudo().search([("order_id", "in", self.ids)], order="id")
        requests = self.env["sales.approval.request"].sudo().search([("order_id", "in", self.ids)])
        by_order = decisions.grouped("order_id")
        asked = requests.grouped("order_id")
        result = {}
        for order in self:
            record = order.sudo()
            problems = [
                order._describe_chain_problem(*found)
                for found in by_order.get(record, decisions.browse())._find_chain_problems()
            ]
            problems += [
                self.env._("a request of %(date)s was decided, but no decision is left", date=request.requested_at)
                for request in asked.get(record, requests.browse())
                if request.state in ("approved", "rejected") and not request.decision_ids
            ]
            result[order] = problems
        return result

    def _describe_chain_problem(self, decision, kind):
        names = {"user": decision.user_name or "–", "date": decision.decided_at}
        if kind == "link":
            return self.env._("before the decision of %(user)s on %(date)s, one is missing or was moved", **names)
        if kind == "texts":
            return self.env._("names or comment of the decision of %(user)s on %(date)s were changed", **names)
        return self.env._("the decision of %(user)s on %(date)s was changed", **names)
