from odoo import fields, models
from odoo.fields import Command


class SalesProcessApplyDepartment(models.TransientModel):
    _name = "sales.process.apply.department"
    _description = "Department in the Preview of a Process Template"

    apply_id = fields.Many2one("sales.process.apply", required=True, ondelete="cascade", index=True)
    task_id = fields.Many2one("sales.process.template.task", required=True, ondelete="cascade")
    name = fields.Char(related="task_id.department_name")
    manager_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False)]",
        help="Is told when a to-do of the department is not handled in time.",
    )
    user_ids = fields.Many2many(
        "res.users",
        string="Members",
        relation="sales_process_apply_department_user_rel",
        domain="[('share', '=', False)]",
        help="Are told of a new to-do. It is given to whoever of them has the fewest open ones.",
    )

    def _get_english_name(self):
        return self.task_id._get_english_department()

    def _prepare_department_values(self):
        return {"manager_id": self.manager_id.id, "user_ids": [Command.set(self.user_ids.ids)]}
