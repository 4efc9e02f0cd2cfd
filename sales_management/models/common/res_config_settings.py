from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The settings of all capabilities, in one place as the settings page is one."""

    _inherit = "res.config.settings"

    deal_number_on_documents = fields.Boolean(related="company_id.deal_number_on_documents", readonly=False)
