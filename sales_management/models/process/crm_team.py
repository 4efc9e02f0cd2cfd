from odoo import api, models


class CrmTeam(models.Model):
    """A new leader takes over the to-dos of the former one."""

    _inherit = "crm.team"

    def write(self, vals):
        company_ids = self.env["res.company"]._get_enabled_company_ids("sales_process_enabled")
        if "user_id" not in vals or not company_ids:
            return super().write(vals)
        before = {team: team.user_id for team in self}
        result = super().write(vals)
        tasks = self.env["sales.deal.task"]._search_open([("lead_id.team_id", "in", self.ids)])
        tasks.filtered(lambda task: not task.user_id or task.user_id in before[task.lead_id.team_id])._reassign()
        return result

    @api.model
    def _get_limited_models(self):
        return [*super()._get_limited_models(), "sales.deal.class", "sales.stage.requirement", "sales.stage.task"]
