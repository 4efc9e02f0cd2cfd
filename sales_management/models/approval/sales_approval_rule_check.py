from odoo import api, models
from odoo.exceptions import ValidationError

from odoo.addons.sales_management.models.approval.sales_approval_rule_match import LIMITS

#: From and to, of what can be meant by a limit.
RANGES = {
    "amount_min": (0, 1e15),
    "discount_max": (0, 100),
    "margin_min": (-100, 100),
    "line_margin_min": (-100, 100),
    "payment_days_max": (0, 3650),
    "validity_days_max": (0, 3650),
}


class SalesApprovalRule(models.Model):
    """Rules that can be meant, and what follows when one is changed."""

    _inherit = "sales.approval.rule"

    # === Constraints === #

    @api.constrains(*LIMITS, *(f"has_{name}" for name in LIMITS), "domain", "enforcement", "active", "step_ids")
    def _check_rule(self):
        problems = [problem for rule in self for problem in rule._get_problems()]
        if problems:
            raise ValidationError("\n".join(problems))

    def _get_problems(self):
        """What is wrong with this rule. To override: add to ``super()``'s.

        :return: messages, each naming the rule
        :rtype: list[str]
        """
        self.ensure_one()
        problems = []
        for name in LIMITS:
            low, high = RANGES[name]
            if self[f"has_{name}"] and not low <= self[name] <= high:
                problems.append(
                    self.env._(
                        "%(rule)s: %(limit)s is from %(low)s to %(high)s, not %(value)s.",
                        rule=self.name,
                        limit=self._fields[name]._description_string(self.env),
                        low=low,
                        high=f"{high:.0f}",
                        value=self[name],
                    )
                )
        if self.domain and self._parse_domain(self.domain, self.env["sale.order"]) is None:
            problems.append(
                self.env._(
                    "%(rule)s: the condition cannot be read: %(domain)s. Choose it again.",
                    rule=self.name,
                    domain=self.domain,
                )
            )
        if self.enforcement == "block" and self.active and not self.step_ids:
            problems.append(
                self.env._(
                    "%(rule)s: a rule that blocks needs somebody who may approve. Add a step, or let it warn.",
                    rule=self.name,
                )
            )
        return problems + self.step_ids._get_problems()

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create([self._switch_limits_on(vals) for vals in vals_list])
        rules._after_rules_changed(set())
        return rules

    def write(self, vals):
        company_ids = {rule.company_id.id for rule in self}
        result = super().write(self._switch_limits_on(vals))
        # Another order or name changes no document.
        self._after_rules_changed(company_ids, bool(vals.keys() - {"sequence", "name"}))
        return result

    def unlink(self):
        company_ids = {rule.company_id.id for rule in self}
        result = super().unlink()
        self._after_rules_changed(company_ids)
        return result

    def copy_data(self, default=None):
        return [
            {**vals, "name": self.env._("%(name)s (copy)", name=rule.name), **(default or {})}
            for rule, vals in zip(self, super().copy_data(default), strict=True)
        ]

    @api.model
    def _switch_limits_on(self, vals):
        """Take a limit that is given without its switch as meant: a rule that forgets it would ask for everything."""
        switches = {f"has_{name}": True for name in LIMITS if name in vals and f"has_{name}" not in vals}
        return {**vals, **switches}

    def _after_rules_changed(self, company_ids, is_looked_at=True):
        """Forget what rules were, and have open quotations looked at again.

        :param set company_ids: companies that the rules were of, false for all
        :param bool is_looked_at: whether a quotation may be affected
        """
        self.env.registry.clear_cache()
        if is_looked_at:
            company_ids |= {rule.company_id.id for rule in self.exists()}
            self.env["sale.order"]._refresh_approvals_later(company_ids)

    def _format_lines(self, name):
        return self.step_ids._describe() if name == "step_ids" else super()._format_lines(name)
