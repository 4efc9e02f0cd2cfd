from odoo import fields, models
from odoo.fields import Command


class SalesProcessTemplateTask(models.Model):
    _name = "sales.process.template.task"
    _inherit = ["sales.process.template.line"]
    _description = "To-Do of a Process Template"

    stage_id = fields.Many2one("sales.process.template.stage", required=True, ondelete="cascade", index=True)
    responsible = fields.Selection(
        selection=lambda self: self.env["sales.stage.task"]._fields["responsible"].selection,
        default="salesperson",
        required=True,
    )
    department_name = fields.Char(
        string="Department",
        translate=True,
        help="Name of the department that does it. It is created where the company has none of this name.",
    )
    start = fields.Selection(
        selection=lambda self: self.env["sales.stage.task"]._fields["start"].selection, default="stage", required=True
    )
    hours = fields.Float(default=24.0, required=True)
    clock = fields.Selection(
        selection=lambda self: self.env["sales.stage.task"]._fields["clock"].selection,
        default="calendar",
        required=True,
    )
    done_when = fields.Selection(
        selection=lambda self: self.env["sales.stage.task"]._fields["done_when"].selection,
        default="manual",
        required=True,
    )
    escalation_hours = fields.Float(
        help="Hours after the to-do was opened, on its clock, at which somebody else is told. Zero: nobody is."
    )
    escalate_to = fields.Selection(
        selection=lambda self: self.env["sales.stage.escalation"]._fields["escalate_to"].selection,
        default="team_leader",
    )
    class_ids = fields.Many2many(
        "sales.process.template.class",
        relation="sales_process_template_task_class_rel",
        string="Deal Classes",
        help="Empty: deals of every class.",
    )
    applied_ids = fields.Many2many("sales.stage.task", relation="sales_process_template_task_rel", string="Became")

    # === Applying === #

    def _apply_tasks(self, stage, company, team, classes, departments):
        """Let entering a stage open what these lines open, where it does not do so yet.

        :param crm.stage stage: stage that these lines' one became
        :param res.company company: company whose deals these are
        :param crm.team team: the only team whose deals these are, none for all
        :param dict classes: deal class by line of the template
        :param dict departments: values of the departments that are created, by their English name
        """
        for line in self:
            present = line._find_tasks(stage, company)
            if not present:
                line._create_applied(line._prepare_task_values(stage, company, team, classes, departments))
            elif present.team_ids:
                present.team_ids = [Command.link(team.id)] if team else [Command.clear()]

    def _find_tasks(self, stage, company):
        return self._find_applied(company).filtered(lambda task: task.stage_id == stage)[:1]

    def _prepare_task_values(self, stage, company, team, classes, departments):
        self.ensure_one()
        levels = [{"level": 1, "hours": self.escalation_hours, "escalate_to": self.escalate_to}]
        return {
            "stage_id": stage.id,
            "company_id": company.id,
            "team_ids": [Command.set(team.ids)],
            "sequence": self.sequence,
            "responsible": self.responsible,
            "department_id": self._apply_department(company, departments).id,
            "start": self.start,
            "hours": self.hours,
            "clock": self.clock,
            "done_when": self.done_when,
            "escalation_ids": [Command.create(level) for level in levels if self.escalation_hours],
            "deal_class_ids": [Command.set([classes[line].id for line in self.class_ids])],
        }

    def _translate(self, record, names=None):
        """Translate the department with the to-do."""
        result = super()._translate(record, names)
        if record._name == self.applied_ids._name and record.department_id:
            super()._translate(record.department_id, {"department_name": "name"})
        return result

    # === Departments === #

    def _get_english_department(self):
        return self.with_context(lang="en_US").department_name

    def _find_department(self, company):
        """The department of this line's name in a company, whichever language it is called so in.

        :rtype: sales.department
        """
        names = set((self._fields["department_name"]._get_stored_translations(self) or {}).values())
        departments = self.env["sales.department"].search([("company_id", "in", (False, company.id))])
        stored = departments._fields["name"]._get_stored_translations
        return departments.filtered(lambda department: names & set(stored(department).values()))[:1]

    def _apply_department(self, company, departments):
        department = self._find_department(company)
        if self.responsible != "department" or not self.department_name or department:
            return department if self.responsible == "department" else department.browse()
        name = self._get_english_department()
        values = {**departments.get(name, {}), "name": name, "company_id": company.id}
        department = self.env["sales.department"].with_context(lang="en_US").create(values)
        self._translate(department, {"department_name": "name"})
        return department.with_env(self.env)
