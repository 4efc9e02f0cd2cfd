from odoo import api, models


class CrmTeam(models.Model):
    _inherit = "crm.team"

    @api.model
    def _get_limited_models(self):
        return [*super()._get_limited_models(), "sales.approval.rule"]
