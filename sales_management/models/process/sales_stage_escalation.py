from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.sales_management.tools.deadline import MAX_HOURS


class SalesStageEscalation(models.Model):
    """Who is told when a to-do is not handled in time."""

    _name = "sales.stage.escalation"
    _description = "Escalation Level"
    _order = "task_id, level, id"
    _rec_name = "level"

    task_id = fields.Many2one("sales.stage.task", string="To-Do", required=True, ondelete="cascade", index=True)
    level = fields.Integer(default=1, required=True)
    hours = fields.Float(
        required=True,
        help="Hours after the clock of the to-do started, on that clock, at which this level is told if it is still "
        "open. A change holds for to-dos that are opened from then on.",
    )
    escalate_to = fields.Selection(
        [
            ("team_leader", "Team Leader"),
            ("department_manager", "Manager of the Department"),
            ("manager", "Sales Managers"),
            ("user", "Person"),
        ],
        default="team_leader",
        required=True,
    )
    user_id = fields.Many2one("res.users", string="Person", domain="[('share', '=', False)]")

    # === Constraints === #

    @api.constrains("task_id", "level", "hours", "escalate_to", "user_id")
    def _check_levels(self):
        problems = self.task_id.escalation_ids._get_problems()
        if problems:
            raise ValidationError("\n".join(problems))

    def _get_problems(self):
        """What is wrong with these levels, and with how they follow each other.

        :return: messages, each naming to-do and level
        :rtype: list[str]
        """
        problems = []
        for task, levels in self.grouped("task_id").items():
            before = self.browse()
            for level in levels.sorted(lambda level: (level.level, level.id)):
                problems += level._get_own_problems()
                names = {"name": task.name, "level": level.level}
                if before and before.level == level.level:
                    problems.append(
                        self.env._("%(name)s, level %(level)s: there is another one. Number them apart.", **names)
                    )
                elif before and before.hours >= level.hours:
                    problems.append(
                        self.env._("%(name)s, level %(level)s: a higher level is told later than a lower one.", **names)
                    )
                before = level
        return problems

    def _get_own_problems(self):
        self.ensure_one()
        names = {"name": self.task_id.name, "level": self.level, "max": MAX_HOURS}
        problems = []
        if self.level < 1:
            problems.append(self.env._("%(name)s, level %(level)s: levels count from 1.", **names))
        if not 0 < self.hours <= MAX_HOURS:
            problems.append(
                self.env._(
                    "%(name)s, level %(level)s: it is told after more than 0 and at most %(max)s hours.", **names
                )
            )
        if self.escalate_to == "user" and not self.user_id:
            problems.append(self.env._("%(name)s, level %(level)s: choose the person who is told.", **names))
        if self.escalate_to == "department_manager" and self.task_id.responsible != "department":
            problems.append(
                self.env._(
                    "%(name)s, level %(level)s: the manager of a department is told only of to-dos of a department.",
                    **names,
                )
            )
        return problems

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        task_ids = {vals["task_id"] for vals in vals_list if vals.get("task_id")}
        self.env["sales.stage.task"].browse(task_ids)._track_lines("escalation_ids")
        return super().create(vals_list)

    def write(self, vals):
        tasks = self.task_id | self.env["sales.stage.task"].browse(vals.get("task_id") or ())
        tasks._track_lines("escalation_ids")
        return super().write(vals)

    def unlink(self):
        self.task_id._track_lines("escalation_ids")
        return super().unlink()

    # === Tools === #

    def _describe(self):
        """:return: who is told when, as one text
        :rtype: str
        """
        targets = dict(self._fields["escalate_to"]._description_selection(self.env))
        return "; ".join(
            self.env._(
                "%(level)s: %(target)s after %(hours)s h",
                level=level.level,
                target=level.user_id.name if level.escalate_to == "user" else targets[level.escalate_to],
                hours=f"{level.hours:g}",
            )
            for level in self.sorted(lambda level: (level.level, level.id))
        )
