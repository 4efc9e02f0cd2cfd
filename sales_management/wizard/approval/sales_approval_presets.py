from markupsafe import Markup

from odoo import api, fields, models


class SalesApprovalPresets(models.TransientModel):
    """Preview of the rules that come ready: what each asks, whom, and what it would have stopped."""

    _name = "sales.approval.presets"
    _description = "Approval Presets"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
    )
    preview = fields.Html(compute="_compute_preview", sanitize=False)
    has_rules = fields.Boolean(compute="_compute_preview")

    # === Computes === #

    @api.depends("company_id")
    def _compute_preview(self):
        Rule = self.env["sales.approval.rule"]
        for wizard in self:
            company = wizard.company_id or self.env.company
            presets = self.env["sales.setup"].with_company(company)._prepare_approval_presets()
            rules = [Rule.with_company(company).new(values) for values in presets]
            stopped, total = Rule._count_would_stop([rule._get_scope() for rule in rules], company)
            wizard.preview = Markup().join(
                wizard._format_preset(rule, count, total) for rule, count in zip(rules, stopped, strict=True)
            )
            wizard.has_rules = bool(Rule.search_count([("company_id", "in", (False, company.id))], limit=1))

    @api.model
    def _format_preset(self, rule, stopped, total):
        texts = {
            "name": rule.name,
            "steps": ", ".join(step._get_label() for step in rule.step_ids),
            "figure": self.env._("%(count)s of %(total)s quotations in 30 days", count=stopped, total=total),
        }
        return (
            Markup(
                '<div class="border rounded p-2 mb-2"><div class="d-flex justify-content-between flex-wrap">'
                '<strong>%(name)s</strong><span>%(figure)s</span></div><div class="text-muted">%(steps)s</div></div>'
            )
            % texts
        )

    # === Actions === #

    def action_apply(self):
        """Create the rules, in warn, and switch approval on; a company that has rules keeps these alone.

        :return: action that shows the rules
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("write")
        if not self.has_rules:
            presets = self.env["sales.setup"].with_company(self.company_id)._prepare_approval_presets()
            self.env["sales.approval.rule"].create(presets)
        if not self.company_id.sales_approval_enabled:
            # sudo: the button is the switch for whoever may edit rules, though settings are the administrator's.
            self.company_id.sudo().sales_approval_enabled = True
        return self.env["ir.actions.actions"]._for_xml_id("sales_management.sales_approval_rule_action")
