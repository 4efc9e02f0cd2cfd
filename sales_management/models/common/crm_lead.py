from odoo import models


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["sales.document.mixin", "crm.lead"]
