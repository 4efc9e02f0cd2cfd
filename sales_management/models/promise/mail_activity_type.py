from odoo import fields, models


class MailActivityType(models.Model):
    _inherit = "mail.activity.type"

    category = fields.Selection(
        selection_add=[("sales_question", "Question to Production")], ondelete={"sales_question": "set default"}
    )
