from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain

#: Direction of the moves that a policy looks at.
DIRECTIONS = {"lost_reason": "lost", "back_reason": "back"}


class SalesPolicy(models.Model):
    """Rules of the staged process."""

    _inherit = "sales.policy"

    code = fields.Selection(
        selection_add=[
            ("lost_reason", "Losing a Deal Needs a Reason"),
            ("back_reason", "Moving a Deal Back Needs a Reason"),
            ("kept_value", "What a Passed Stage Required Is Kept"),
        ],
        ondelete={"lost_reason": "cascade", "back_reason": "cascade", "kept_value": "cascade"},
    )

    # === Figures === #

    def _get_would_stop(self):
        figures = super()._get_would_stop()
        # sudo: the figure is that of the whole company, to whoever may see the settings.
        moves = self.env["sales.stage.move"].sudo()
        moves = moves.search_fetch(self._get_would_stop_domain(), ["direction", "lead_id", "reason", "team_id"])
        for policy in self.filtered(lambda policy: policy.code in DIRECTIONS):
            looked_at = moves.filtered(policy._looks_at)
            figures[policy] = (len(looked_at.filtered(policy._would_refuse)), len(looked_at))
        for policy in self.filtered(lambda policy: policy.code == "kept_value"):
            figures[policy] = policy._count_kept_values()
        return figures

    def _looks_at(self, move):
        return (
            move.direction == DIRECTIONS[self.code]
            and (not self.company_id or move.lead_id._get_process_company() == self.company_id)
            and (not self.team_ids or move.team_id in self.team_ids)
        )

    def _would_refuse(self, move):
        """A move back names its reason; a loss names it, or its deal does."""
        return not move.reason and not (move.direction == "lost" and move.lead_id.lost_reason_id)

    def _get_would_stop_domain(self):
        """Losses and moves back of the last 30 days that somebody decided on."""
        return (
            Domain("direction", "in", list(DIRECTIONS.values()))
            & Domain("origin", "in", ("user", "import"))
            & Domain("moved_at", ">=", fields.Datetime.now() - timedelta(days=30))
        )

    def _count_kept_values(self):
        """:return: open deals that lack a field that a passed stage required, and those for which one did
        :rtype: tuple[int, int]
        """
        asked, lacking = Domain.FALSE, Domain.FALSE
        # sudo: as above.
        leads = self.env["crm.lead"].sudo()
        for name, passed in self._get_passed_domains():
            asked |= passed
            lacking |= passed & Domain(name, "=", False)
        deals = self._get_deal_domain() & Domain("won_status", "=", "pending")
        if self.team_ids:
            deals &= Domain("team_id", "in", self.team_ids.ids)
        return leads.search_count(deals & lacking), leads.search_count(deals & asked)

    def _get_passed_domains(self):
        """Yield each field that a stage requires, with the domain of the deals that have passed that stage."""
        order = self.env["crm.stage"]._get_stage_order()
        # sudo: what a stage asks is the same for everybody.
        requirements = self.env["sales.stage.requirement"].sudo()
        for requirement in requirements.search([("kind", "=", "field"), ("field_id", "!=", False)]):
            field = self.env["crm.lead"]._fields.get(requirement.field_id.name)
            if field and field.store:
                scope = requirement._get_scope()
                domain = Domain("stage_id", "in", order.get_later(requirement.stage_id.id))
                if scope.company_id:
                    domain &= self.env["crm.lead"]._get_process_company_domain([scope.company_id])
                if scope.class_ids:
                    domain &= Domain("deal_class_id", "in", list(scope.class_ids))
                if scope.team_ids:
                    domain &= Domain("team_id", "in", list(scope.team_ids))
                yield field.name, domain

    def _get_deal_domain(self):
        """:return: the deals of the companies that the policy is for, and that use the process"""
        company_ids = self.env["res.company"]._get_enabled_company_ids("sales_process_enabled")
        if self.company_id:
            company_ids &= {self.company_id.id}
        deals = self.env["crm.lead"]._get_process_company_domain(list(company_ids))
        return deals & Domain("type", "=", "opportunity")
