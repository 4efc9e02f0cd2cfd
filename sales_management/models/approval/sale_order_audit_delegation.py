from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.sales_management.tools.audit import AuditEntry


class SaleOrder(models.Model):
    """Who was given whose part in the approval of a quotation."""

    _inherit = "sale.order"

    # === Audit === #

    def _get_audit_entries(self):
        entries = super()._get_audit_entries()
        return entries + self._get_delegation_entries()

    def _get_delegation_entries(self):
        """Parts in requests that were given away, and delegations by which somebody decided for somebody else."""
        facts = self.env["sales.approval.delegation.fact"]
        given = facts.search([("order_id", "in", self.ids)], order="id")
        entries = [self._prepare_delegation_entry(fact, fact.order_id) for fact in given]
        used = {
            (decision.on_behalf_of_id.id, decision.user_id.id): decision
            for decision in self._get_audit_decisions()
            if decision.on_behalf_of_id and decision.user_id
        }
        standing = facts.search(
            Domain("order_id", "=", False) & Domain("user_id", "in", [absent_id for absent_id, _id in used]), order="id"
        )
        for fact in standing if used else ():
            decision = used.get((fact.user_id.id, fact.delegate_id.id))
            # What came after the last of these decisions is no part of their story.
            if decision and fact.recorded_at <= decision.decided_at:
                entries.append(self._prepare_delegation_entry(fact, decision.order_id))
        return entries

    def _prepare_delegation_entry(self, fact, order):
        titles = {
            "request": self.env._("Approval given to somebody else"),
            "named": self.env._("Delegate named"),
            "changed": self.env._("Delegation changed"),
            "ended": self.env._("Delegation deleted"),
        }
        details = self.env._(
            "%(delegate)s decides in place of %(absent)s.", delegate=fact.delegate_name, absent=fact.user_name
        )
        if fact.date_from and fact.date_to:
            dates = (format_date(self.env, date) for date in (fact.date_from, fact.date_to))
            details = f"{details} {' – '.join(dates)}"
        return AuditEntry(
            fact.recorded_at,
            "delegated",
            order,
            titles.get(fact.kind, fact.kind),
            who=fact.recorder_name,
            details="\n".join(filter(None, [details, fact.comment])),
            digest=fact.request_id.digest or "",
        )
