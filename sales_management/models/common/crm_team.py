from odoo import api, models


class CrmTeam(models.Model):
    """A team that is deleted takes what was set for it alone along: without a team, a setting holds for all."""

    _inherit = "crm.team"

    def unlink(self):
        for name in self._get_limited_models():
            # sudo: whoever deletes a team deletes it for all companies.
            settings = self.env[name].sudo().search([("team_ids", "in", self.ids)])
            alone = settings.filtered(lambda setting: setting.with_context(active_test=False).team_ids <= self)
            alone.write({"active": False})
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    def _get_limited_models(self):
        """:return: models whose ``team_ids`` say for whom a setting holds, empty for all. To override: add yours.
        :rtype: list[str]
        """
        return ["sales.notice.channel", "sales.policy"]
