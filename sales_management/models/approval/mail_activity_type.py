from odoo import fields, models


class MailActivityType(models.Model):
    _inherit = "mail.activity.type"

    category = fields.Selection(
        selection_add=[("sales_approval", "Approval")], ondelete={"sales_approval": "set default"}
    )
