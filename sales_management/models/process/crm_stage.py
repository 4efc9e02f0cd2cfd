from contextlib import contextmanager

from odoo import api, models
from odoo.tools import ormcache

from odoo.addons.sales_management.tools.stage_order import StageOrder


class CrmStage(models.Model):
    _inherit = "crm.stage"

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        stages = super().create(vals_list)
        self.env.registry.clear_cache()
        return stages

    def write(self, vals):
        with self._recording_won_deals(vals):
            result = super().write(vals)
        if not {"sequence", "team_ids"}.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # === Tools === #

    @contextmanager
    def _recording_won_deals(self, vals):
        """Core makes the deals of a stage won, or no longer won, with the stage: recorded as caused by it."""
        if "is_won" not in vals:
            yield
            return
        # sudo: the moves of all deals of the stage are recorded, also of those that its editor does not see.
        deals = self.env["crm.lead"].sudo().with_context(active_test=False).search([("stage_id", "in", self.ids)])
        with deals._moving_stages_because("stage_setting"), deals._recording_stage_moves("stage_setting"):
            yield

    @api.model
    @ormcache()
    def _get_stage_order(self):
        """:return: the order of all stages, cached, so that a move reads none of them
        :rtype: StageOrder
        """
        # sudo: the order is the same for everybody.
        stages = self.sudo().search_fetch([("id", "!=", False)], ["sequence", "team_ids"])
        return StageOrder((stage.sequence, stage.id, stage.team_ids.ids) for stage in stages)
