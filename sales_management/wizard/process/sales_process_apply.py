from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_list

from odoo.addons.sales_management.tools.stage_placing import find_order_conflict


class SalesProcessApply(models.TransientModel):
    """Preview of a process template: which stages it creates, which it finds, what each asks from then on."""

    _name = "sales.process.apply"
    _description = "Apply a Process Template"

    template_id = fields.Many2one(
        "sales.process.template",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env["sales.process.template"].search([("active", "=", True)], limit=1),
    )
    description = fields.Text(related="template_id.description")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Only for Team",
        domain="[('company_id', 'in', (False, company_id))]",
        help="The first and the won stage stay those of all teams; the stages between them are created for this team, "
        "and requirements hold for its deals alone. Empty: all teams.",
    )
    line_ids = fields.One2many(
        "sales.process.apply.stage",
        "apply_id",
        string="Stages",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
    )
    department_ids = fields.One2many(
        "sales.process.apply.department",
        "apply_id",
        string="Departments",
        compute="_compute_department_ids",
        store=True,
        readonly=False,
        precompute=True,
    )
    other_stages = fields.Char(
        compute="_compute_other_stages", help="Stages that the template does not speak of. They stay as they are."
    )

    # === Computes === #

    @api.depends("template_id", "team_id", "company_id")
    def _compute_line_ids(self):
        is_offered = self.env["sales.process.template"]._is_offered()
        for wizard in self:
            matches = wizard.template_id._prepare_matches(wizard.team_id) if wizard.template_id else {}
            wizard.line_ids = [Command.clear()] + [
                Command.create(
                    {
                        "template_stage_id": line.id,
                        "stage_id": stage.id,
                        "is_renamed": is_offered and bool(stage - line.applied_ids),
                    }
                )
                for line, stage in matches.items()
            ]

    @api.depends("template_id", "company_id")
    def _compute_department_ids(self):
        for wizard in self:
            tasks = wizard.template_id.stage_ids.task_ids.filtered(lambda task: task.responsible == "department")
            missing = tasks.filtered(
                lambda task, company=wizard.company_id: not task._find_department(company)
            ).grouped("department_name")
            wizard.department_ids = [Command.clear()] + [
                Command.create({"task_id": tasks[0].id}) for tasks in missing.values()
            ]

    @api.depends("line_ids.stage_id", "team_id")
    def _compute_other_stages(self):
        stages = self.env["crm.stage"].search([("id", "!=", False)])
        for wizard in self:
            others = (
                stages.filtered(lambda stage, wizard=wizard: not stage.team_ids or wizard.team_id in stage.team_ids)
                - wizard.line_ids.stage_id
            )
            wizard.other_stages = format_list(self.env, others.mapped("name")) if others else False

    # === Actions === #

    def action_apply(self):
        """Apply the template as the preview says, and come back to where it was chosen.

        :return: action that loads the page anew, with the menus of the process
        :rtype: dict
        :raise UserError: when the stages chosen cannot be those of the template
        """
        self.ensure_one()
        # The process of a company is switched on without rights on it: by who works there.
        self.company_id.check_access("read")
        problems = self._get_problems()
        if problems:
            raise UserError("\n".join(problems))
        self.template_id._apply(
            self.company_id,
            {line.template_stage_id: line.stage_id for line in self.line_ids},
            self.team_id,
            self.line_ids.filtered("is_renamed").stage_id,
            {line._get_english_name(): line._prepare_department_values() for line in self.department_ids},
        )
        return {"type": "ir.actions.client", "tag": "reload"}

    # === Checks === #

    def _get_problems(self):
        """:return: what speaks against the stages that were chosen, all of it
        :rtype: list[str]
        """
        problems = [
            *self._get_missing_problems(),
            *self._get_double_problems(),
            *self._get_won_problems(),
            *self._get_team_problems(),
        ]
        return problems or [*self._get_order_problems()]

    def _get_missing_problems(self):
        missing = self.template_id.stage_ids - self.line_ids.template_stage_id
        if missing:
            names = format_list(self.env, missing.mapped("name"))
            yield self.env._("Choose the template again: the preview lacks the stages %(stages)s.", stages=names)

    def _get_double_problems(self):
        for stage, lines in self.line_ids.filtered("stage_id").grouped("stage_id").items():
            if len(lines) > 1:
                names = format_list(self.env, lines.template_stage_id.mapped("name"))
                yield self.env._(
                    "%(stage)s cannot be %(stages)s at once. Choose it for one of them, and leave the other empty.",
                    stage=stage.name,
                    stages=names,
                )

    def _get_won_problems(self):
        for line in self.line_ids.filtered(lambda line: line.stage_id and line.stage_id.is_won != line.is_won):
            names = {"name": line.name, "stage": line.stage_id.name}
            if line.is_won:
                yield self.env._("%(name)s is where deals are won, and %(stage)s is no won stage. Choose one.", **names)
            else:
                yield self.env._(
                    "Deals are won in %(stage)s, so that it cannot be %(name)s. Choose another stage.", **names
                )

    def _get_team_problems(self):
        """The first and the won stage are those of all teams: core scores no deals without."""
        ends = self.line_ids[:1] | self.line_ids.filtered("is_won")
        for line in ends.filtered("stage_id.team_ids"):
            yield self.env._(
                "%(stage)s belongs to a team, and %(name)s must be a stage of all teams. Choose another one, or leave "
                "it empty.",
                stage=line.stage_id.name,
                name=line.name,
            )
        shared = self.env["crm.stage"].search_count([("team_ids", "=", False)], limit=1)
        for line in ends.filtered(lambda line: self.team_id and shared and not line.stage_id):
            yield self.env._(
                "%(name)s would be a new stage of all teams, although the template is for one. Choose an existing one.",
                name=line.name,
            )

    def _get_order_problems(self):
        stages = self.env["crm.stage"].search([("id", "!=", False)]).sorted(lambda stage: (stage.sequence, stage.id))
        conflict = find_order_conflict(stages.ids, self.line_ids.stage_id.ids)
        if conflict:
            one, other = self.env["crm.stage"].browse(conflict)
            yield self.env._(
                "%(one)s stands behind %(other)s, and in the template before it. Move one of them in the pipeline, "
                "or choose other stages.",
                one=one.name,
                other=other.name,
            )
