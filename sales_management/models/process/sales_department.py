from odoo import fields, models


class SalesDepartment(models.Model):
    """Those who work on deals beside sales, such as engineering: whom a to-do of a stage may be given to."""

    _name = "sales.department"
    _description = "Department"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    manager_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False)]",
        help="Is told when the department has not handled a to-do in time.",
    )
    user_ids = fields.Many2many(
        "res.users",
        string="Members",
        domain="[('share', '=', False)]",
        help="All of them are told of a new to-do. It is given to whoever of them has the fewest open ones.",
    )
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company, ondelete="cascade", index=True)
    active = fields.Boolean(default=True)
