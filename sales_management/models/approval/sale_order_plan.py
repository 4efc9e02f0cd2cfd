from typing import NamedTuple

from odoo import models


class PlannedStep(NamedTuple):
    """A step that a request would have, and who would be asked."""

    rule: models.Model
    step: models.Model
    users: models.Model
    required: int

    @property
    def is_possible(self):
        return bool(self.users) and len(self.users) >= self.required

    @property
    def name(self):
        return self.step.name or ", ".join(self.users.mapped("name")) or self.label

    @property
    def label(self):
        """What a step is called that may have nobody."""
        step = self.step
        return step.name or dict(step._fields["approver_kind"]._description_selection(step.env))[step.approver_kind]


class SaleOrder(models.Model):
    """Which rules ask for the approval of a quotation, and who would be asked."""

    _inherit = "sale.order"

    def _get_approval_preview(self):
        """Which rules ask for approval of this quotation as it is now, and who would be asked.

        :return: dictionaries with ``rule``, ``reason`` and ``steps``, the latter with ``name``, ``users`` and
            ``required``
        :rtype: list[dict]
        """
        self.ensure_one()
        evaluation = self._evaluate_approval(with_warnings=True)[self]
        planned = self._plan_steps(evaluation.rules)
        return [
            {
                "rule": rule,
                "reason": self._describe_rule(rule, evaluation.measures),
                "steps": [
                    {"name": step.name, "users": step.users, "required": step.required}
                    for step in planned
                    if step.rule == rule
                ],
            }
            for rule in evaluation.rules
        ]

    def _plan_steps(self, rules):
        """Steps that a request by the caller would have: those of all rules, lower sequences first.

        :rtype: list[PlannedStep]
        """
        self.ensure_one()
        excluded = self._get_excluded_approvers(self.env.user)
        planned = []
        for step in rules.step_ids.sorted(lambda step: (step.sequence, step.rule_id.sequence, step.id)):
            users = step._get_approvers(self, excluded)
            planned.append(PlannedStep(step.rule_id, step, users, step._get_required_count(users)))
        return planned

    def _get_excluded_approvers(self, requester):
        """Four eyes: who asks, who owns a quotation and who wrote what it says decides nothing about it.

        :rtype: res.users
        """
        self.ensure_one()
        # sudo: who edited it is nobody's to read.
        order = self.sudo()
        editors = order.approval_editor_ids
        if editors is None:
            # It was written before approval began.
            lines = order.order_line
            editors = (order.create_uid | order.write_uid | lines.create_uid | lines.write_uid).ids
        return requester | order.user_id | self.env["res.users"].browse(editors)
