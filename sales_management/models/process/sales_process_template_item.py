from odoo import fields, models


class SalesProcessTemplateItem(models.Model):
    _name = "sales.process.template.item"
    _inherit = ["sales.process.template.line"]
    _description = "Checklist Line of a Process Template"

    requirement_id = fields.Many2one(
        "sales.process.template.requirement", required=True, ondelete="cascade", index=True
    )
