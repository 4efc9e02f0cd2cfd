from odoo import api, fields, models

from odoo.addons.sales_management.tools.stage_placing import place_stages


class SalesProcessTemplate(models.Model):
    """A sales process to begin with: stages, what they ask and open, and classes of deals.

    A template is data and nothing of it is written in Python, so that another one is a file of records.
    """

    _name = "sales.process.template"
    _description = "Process Template"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    description = fields.Text(translate=True, help="For whom it is, in a sentence.")
    sequence = fields.Integer(default=10, help="The first template is proposed.")
    won_on_confirm = fields.Boolean(
        string="Win Deals by Their Orders", help="Applied, confirming an order sets its deal won."
    )
    stage_ids = fields.One2many("sales.process.template.stage", "template_id", string="Stages")
    class_ids = fields.One2many("sales.process.template.class", "template_id", string="Deal Classes")
    active = fields.Boolean(default=True)

    # === Applying === #

    def _apply(self, company, matches, team=None, renamed=(), departments=None, is_enabling=True):
        """Make this template the process of a company, without starting a clock or telling anybody.

        What it became before is found again and stays as it is.

        :param res.company company: company whose requirements, to-dos, classes and departments these are
        :param dict matches: existing ``crm.stage`` by ``sales.process.template.stage``, an empty one to create it
        :param crm.team | None team: the only team that it is for, none for all
        :param renamed: those of the existing stages that take name and guidance of the template
        :param dict | None departments: values of the departments that are created, by their English name
        :param bool is_enabling: switch the staged process of the company on
        :return: the stage that each stage of the template became
        :rtype: dict[sales.process.template.stage, crm.stage]
        """
        self.ensure_one()
        team = team or self.env["crm.team"]
        stages = self._apply_stages(matches, team, renamed)
        classes = {line: line._apply_class(company) for line in self.class_ids}
        for line, stage in stages.items():
            line.requirement_ids._apply_requirements(stage, company, team, classes)
            line.task_ids._apply_tasks(stage, company, team, classes, departments or {})
        if self.won_on_confirm:
            company.sudo().won_on_confirm = True  # sudo: as in _enable
        if is_enabling:
            self._enable(company)
        return stages

    def _apply_stages(self, matches, team, renamed):
        """Create the stages that are not matched, in their places, and mark those that are."""
        lines = self.stage_ids
        existing = self.env["crm.stage"].search([("id", "!=", False)]).sorted(lambda stage: (stage.sequence, stage.id))
        sequences, moved = place_stages(
            [(stage.id, stage.sequence) for stage in existing], [matches[line].id or None for line in lines]
        )
        for stage in existing.filtered(lambda stage: stage.id in moved):
            stage.sequence = moved[stage.id]
        sequences = iter(sequences)
        stages = {}
        for line in lines:
            if matches[line]:
                line._mark_stage(matches[line], matches[line] in renamed)
                stages[line] = matches[line]
            else:
                is_shared = line in (lines[0], lines[-1]) or line.is_won
                teams = self.env["crm.team"] if is_shared else team
                stages[line] = line._create_applied(line._prepare_stage_values(next(sequences), teams))
        return stages

    @api.model
    def _enable(self, company):
        """Switch the process on, and let the rules propose a class for the deals that are open."""
        # sudo: a sales manager decides on the process and need not be allowed to edit companies.
        company.sudo().sales_process_enabled = True
        # sudo: the rules look at every deal. Nothing is tracked, for nobody changed these deals.
        Lead = self.env["crm.lead"].sudo().with_context(tracking_disable=True)
        domain = [
            ("type", "=", "opportunity"),
            ("won_status", "=", "pending"),
            ("deal_class_id", "=", False),
            ("company_id", "in", (False, company.id)),
        ]
        deals = Lead.search(domain)
        self.env.add_to_compute(Lead._fields["deal_class_id"], deals)
        deals.flush_recordset(["deal_class_id"])

    # === Translations === #

    @api.model
    def _translate_all_applied(self):
        for model in ("stage", "requirement", "task", "class"):
            self.env[f"sales.process.template.{model}"]._translate_all_applied()

    # === Asking === #

    @api.model
    def _is_offered(self):
        """:return: whether this database has no opportunity yet, so that a template may be applied as it is"""
        # sudo: whether there is one, whosever it is.
        return (
            not self.env["crm.lead"]
            .sudo()
            .with_context(active_test=False)
            .search_count([("type", "=", "opportunity")], limit=1)
        )

    def _prepare_matches(self, team=None):
        """The stage that each stage of this template is proposed to be, each at most once.

        :rtype: dict[sales.process.template.stage, crm.stage]
        """
        taken = self.env["crm.stage"]
        matches = {}
        for line in self.stage_ids:
            matches[line] = line._propose_stage(team or self.env["crm.team"], taken)
            taken |= matches[line]
        return matches
