from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from odoo.addons.sales_management.tools.deadline import MAX_HOURS

#: Who may be made responsible; a to-do keeps it, so that it knows whom it goes to when people change.
RESPONSIBLES = [
    ("salesperson", "Salesperson"),
    ("team_leader", "Team Leader"),
    ("user", "Person"),
    ("department", "Department"),
]
CLOCKS = [("calendar", "Calendar Hours"), ("working", "Working Hours")]
#: What makes a to-do done by itself.
DONE_WHEN = [
    ("manual", "Marked Done"),
    ("contact", "The Customer Was Contacted"),
    ("next_step", "A Next Step Is Planned"),
    ("feedback", "The Customer's Feedback Is Recorded"),
    ("forward", "The Deal Is Moved On"),
]


class TaskScope(NamedTuple):
    """Which deals a template opens a to-do for; cached, so that a move that opens none reads nothing."""

    id: int
    company_id: int
    class_ids: frozenset
    start: str
    team_ids: frozenset = frozenset()


class SalesStageTask(models.Model):
    """Template of a to-do with a deadline, opened when a deal enters a stage."""

    _name = "sales.stage.task"
    _inherit = ["sales.tracked.mixin"]
    _description = "Stage To-Do"
    _order = "stage_id, sequence, id"

    stage_id = fields.Many2one("crm.stage", required=True, ondelete="cascade", index=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", ondelete="cascade", index=True, tracking=True, help="Empty: deals of all companies."
    )
    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    responsible = fields.Selection(RESPONSIBLES, default="salesperson", required=True, tracking=True)
    user_id = fields.Many2one("res.users", string="Person", domain="[('share', '=', False)]", tracking=True)
    department_id = fields.Many2one("sales.department", ondelete="restrict", tracking=True)
    start = fields.Selection(
        [
            ("stage", "Entering the Stage"),
            ("hand_over", "Handing Over the Quotation"),
            ("delivery", "Delivering the Order"),
        ],
        string="Counted From",
        default="stage",
        required=True,
        tracking=True,
        help="What opens the to-do for a deal in this stage, and what its hours are counted from.",
    )
    hours = fields.Float(
        default=24.0, required=True, aggregator=None, tracking=True, help="Hours until the to-do is due."
    )
    clock = fields.Selection(
        CLOCKS,
        default="calendar",
        required=True,
        tracking=True,
        help="Working hours are those of the company's calendar, with its calendar exceptions.",
    )
    done_when = fields.Selection(
        DONE_WHEN,
        default="manual",
        required=True,
        tracking=True,
        help="What completes the to-do by itself. Whoever is responsible may always mark it done.",
    )
    escalation_ids = fields.One2many("sales.stage.escalation", "task_id", copy=True)
    deal_class_ids = fields.Many2many(
        "sales.deal.class", string="Deal Classes", tracking=True, help="Empty: deals of every class."
    )
    team_ids = fields.Many2many("crm.team", string="Sales Teams", tracking=True, help="Empty: deals of all teams.")
    active = fields.Boolean(default=True, tracking=True)

    # === Constraints === #

    @api.constrains("hours", "responsible", "user_id", "department_id", "escalation_ids")
    def _check_deadline(self):
        problems = [problem for task in self for problem in task._get_problems()]
        if problems:
            raise ValidationError("\n".join(problems))

    def _get_problems(self):
        """What is wrong with this template. To override: add to ``super()``'s.

        :return: messages, each naming the template
        :rtype: list[str]
        """
        self.ensure_one()
        names = {"name": self.name, "hours": self.hours, "max": MAX_HOURS}
        problems = []
        if not 0 < self.hours <= MAX_HOURS:
            problems.append(
                self.env._(
                    "%(name)s: a to-do is due after more than 0 and at most %(max)s hours, which is a year; not after "
                    "%(hours)s.",
                    **names,
                )
            )
        if self.responsible == "user" and not self.user_id:
            problems.append(self.env._("%(name)s: choose the person who is responsible.", **names))
        if self.responsible == "department" and not self.department_id:
            problems.append(self.env._("%(name)s: choose the department that is responsible.", **names))
        return problems + self.escalation_ids._get_problems()

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        tasks = super().create(vals_list)
        self.env.registry.clear_cache()
        return tasks

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _format_lines(self, name):
        return self.escalation_ids._describe() if name == "escalation_ids" else super()._format_lines(name)

    # === Asking === #

    @api.model
    @ormcache()
    def _get_scopes(self):
        """Templates by the stage in which they open to-dos.

        :rtype: dict[int, tuple[TaskScope]]
        """
        scopes = {}
        # sudo: what a stage opens is the same for everybody.
        for task in self.sudo().search([("active", "=", True)]):
            classes, teams = frozenset(task.deal_class_ids.ids), frozenset(task.team_ids.ids)
            scope = TaskScope(task.id, task.company_id.id, classes, task.start, teams)
            scopes.setdefault(task.stage_id.id, []).append(scope)
        return {stage_id: tuple(found) for stage_id, found in scopes.items()}
