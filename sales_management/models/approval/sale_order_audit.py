from odoo import models

from odoo.addons.sales_management.tools.audit import AuditEntry


class SaleOrder(models.Model):
    """What requests and decisions tell of a quotation."""

    _inherit = "sale.order"

    # === Audit === #

    def _get_audit_entries(self):
        entries = super()._get_audit_entries()
        entries += self._get_request_entries()
        return entries + self._get_decision_entries()

    def _get_audit_checks(self):
        checks = super()._get_audit_checks()
        if not hasattr(self, "_verify_chain") or not self._get_audit_decisions():
            return checks
        problems = [
            f"{order.name}: {'; '.join(map(str, found))}" for order, found in self._verify_chain().items() if found
        ]
        if not problems:
            return [*checks, (True, self.env._("The chain of decisions is intact: none was changed or taken away."))]
        text = self.env._("The chain of decisions is broken: %(problems)s", problems="; ".join(problems))
        return [*checks, (False, text)]

    def _get_audit_decisions(self):
        return self.env["sales.approval.decision"].search([("order_id", "in", self.ids)], order="id")

    def _get_request_entries(self):
        titles = {
            "release": self.env._("Approval requested"),
            "change": self.env._("Approval of a change requested"),
        }
        requests = self.env["sales.approval.request"].search([("order_id", "in", self.ids)], order="id")
        entries = []
        for request in requests:
            rules = ", ".join(request.rule_ids.mapped("name"))
            entries.append(
                AuditEntry(
                    request.requested_at,
                    "request",
                    request.order_id,
                    titles.get(request.kind, request.kind),
                    who=request.requester_id.name,
                    details="\n".join(filter(None, [rules, request.comment])),
                    digest=request.digest,
                )
            )
        return entries

    def _get_decision_entries(self):
        titles = {
            "approved": self.env._("Approved"),
            "rejected": self.env._("Rejected"),
            "returned": self.env._("Returned with a price"),
            "carried": self.env._("Approval carried over"),
            "withdrawn": self.env._("Approval withdrawn"),
        }
        return [
            AuditEntry(
                decision.decided_at,
                decision.outcome,
                decision.order_id,
                titles.get(decision.outcome, decision.outcome),
                who=self._get_decider(decision),
                details="\n".join(filter(None, [decision.step_name, decision.comment])),
                digest=decision.digest,
            )
            for decision in self._get_audit_decisions()
        ]

    def _get_decider(self, decision):
        if not decision.on_behalf_of_name:
            return decision.user_name
        return self.env._(
            "%(name)s on behalf of %(absent)s", name=decision.user_name, absent=decision.on_behalf_of_name
        )
