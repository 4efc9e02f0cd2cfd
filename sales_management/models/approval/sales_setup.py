from functools import partial

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import format_date

from odoo.addons.sales_management.models.common.sales_setup import SetupState, SetupStep


class SalesSetup(models.AbstractModel):
    _inherit = "sales.setup"

    @api.model
    def _get_setup_steps(self):
        return [
            *super()._get_setup_steps(),
            SetupStep(
                "approval_presets",
                40,
                self.env._("Approval Presets"),
                self.env._(
                    "Three rules that only warn: discount, margin, payment days. See what they would have stopped."
                ),
            ),
        ]

    @api.model
    def _get_approval_presets_setup_state(self):
        company = self.env.company
        rules = self._get_company_approval_rules()
        if not company.sales_approval_enabled or not rules:
            text = self.env._("Switched off.") if rules else self.env._("Nothing is asked yet.")
            action = partial(self._prepare_setup_action, "sales_management.sales_approval_presets_action")
            return SetupState("off", text, self.env._("Look at the Presets"), action)
        level = "block" if "block" in rules.mapped("enforcement") else "warn"
        action = partial(self._prepare_setup_action, "sales_management.sales_approval_rule_action")
        return SetupState(level, self._format_approval_state(rules, level), self.env._("Look at the Rules"), action)

    @api.model
    def _get_company_approval_rules(self):
        domain = Domain("company_id", "in", [False, *self.env.company.parent_ids.ids])
        return self.env["sales.approval.rule"].search(domain)

    @api.model
    def _format_approval_state(self, rules, level):
        strictest = rules.filtered(lambda rule: rule.enforcement == level)
        stopped, total = self._count_stopped_quotations(strictest)
        return self.env._(
            "%(level)s since %(date)s · would have stopped %(stopped)s of %(total)s in 30 days",
            level=dict(rules._fields["enforcement"]._description_selection(self.env))[level],
            date=format_date(self.env, min(strictest.mapped("active_from"))),
            stopped=stopped,
            total=total,
        )

    @api.model
    def _count_stopped_quotations(self, rules):
        """:return: quotations of the last 30 days that any of these rules applies to, and all of them
        :rtype: tuple[int, int]
        """
        orders = rules._get_counted_orders(self.env.company)
        found = rules._match_scopes([rule._get_scope() for rule in rules], orders)
        return len(orders.browse().union(*(stopped for _scope, stopped in found))), len(orders)

    # === Presets === #

    @api.model
    def _prepare_approval_presets(self):
        """Values of the rules that come ready, in the language of the user, for the company at hand.

        :rtype: list[dict]
        """
        leader = {"sequence": 10, "approver_kind": "team_leader"}
        managers = self.env.ref("sales_team.group_sale_manager")
        manager = {"sequence": 20, "approver_kind": "group", "group_id": managers.id}
        presets = [
            ({"name": self.env._("Discount over 10 %"), "has_discount_max": True, "discount_max": 10}, [leader]),
            ({"name": self.env._("Margin under 15 %"), "has_margin_min": True, "margin_min": 15}, [leader, manager]),
            (
                {"name": self.env._("Payment after 60 days"), "has_payment_days_max": True, "payment_days_max": 60},
                [leader],
            ),
        ]
        return [
            {
                **conditions,
                "sequence": position * 10,
                "company_id": self.env.company.id,
                "enforcement": "warn",
                "active_from": fields.Date.to_string(self.env["sales.policy"]._get_today(self.env.company.id)),
                "step_ids": [Command.create(step) for step in steps],
            }
            for position, (conditions, steps) in enumerate(presets, start=1)
        ]
