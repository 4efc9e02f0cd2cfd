from odoo import api, fields, models


class SalesProcessApplyStage(models.TransientModel):
    _name = "sales.process.apply.stage"
    _description = "Stage in the Preview of a Process Template"
    _order = "sequence, id"

    apply_id = fields.Many2one("sales.process.apply", required=True, ondelete="cascade", index=True)
    template_stage_id = fields.Many2one("sales.process.template.stage", required=True, ondelete="cascade")
    name = fields.Char(related="template_stage_id.name", string="Stage of the Template")
    sequence = fields.Integer(related="template_stage_id.sequence", store=True)
    is_won = fields.Boolean(related="template_stage_id.is_won")
    stage_id = fields.Many2one("crm.stage", string="Existing Stage", ondelete="cascade", help="Empty: it is created.")
    is_renamed = fields.Boolean(
        string="Rename", help="The existing stage takes the name and the guidance of the template, in every language."
    )
    outcome = fields.Char(
        string="What Happens",
        compute="_compute_outcome",
        help="Whether the stage is created, and for whom, or how many open deals stay in it.",
    )
    additions = fields.Text(
        string="Will Be Added",
        compute="_compute_additions",
        help="Requirements and to-dos that the stage gets. What is there already stays as it is.",
    )

    @api.depends("stage_id", "apply_id.team_id")
    def _compute_outcome(self):
        # sudo: the figure is that of all deals, as all stay.
        Lead = self.env["crm.lead"].sudo()
        domain = [
            ("type", "=", "opportunity"),
            ("won_status", "=", "pending"),
            ("stage_id", "in", self.stage_id.ids),
        ]
        counts = {stage.id: count for stage, count in Lead._read_group(domain, ["stage_id"], ["__count"])}
        for line in self:
            team, count = line.apply_id.team_id, counts.get(line.stage_id.id, 0)
            if line.stage_id:
                line.outcome = self.env._("%(count)s open deals stay", count=count) if count else self.env._("Stays")
            elif team and not line.is_won and line != line.apply_id.line_ids[:1]:
                line.outcome = self.env._("Is created for %(team)s", team=team.name)
            else:
                line.outcome = self.env._("Is created")

    @api.depends("stage_id", "template_stage_id", "apply_id.company_id")
    def _compute_additions(self):
        for line in self:
            company, stage = line.apply_id.company_id, line.stage_id
            template = line.template_stage_id
            fresh = template.requirement_ids.filtered(
                lambda asked, stage=stage, company=company: (
                    asked._is_usable() and not asked._find_requirements(stage, company)
                )
            ).mapped("name")
            fresh += template.task_ids.filtered(
                lambda task, stage=stage, company=company: not task._find_tasks(stage, company)
            ).mapped("name")
            line.additions = "\n".join(fresh)
