from odoo import api, models

#: Code of the stage in which a repeat begins: what comes before has been found out the first time.
REPEAT_STAGE = "negotiation"


class CrmLead(models.Model):
    """Repeat orders begin late, and are asked nothing of what came before."""

    _inherit = "crm.lead"

    @api.model
    def _create_repeat_deals(self, orders):
        # The system begins them there, whoever clicks: what earlier stages ask was met by the order that is repeated.
        with self._moving_stages_because("system"):
            return super()._create_repeat_deals(orders)

    @api.model
    def _prepare_repeat_deal_values(self, order):
        values = super()._prepare_repeat_deal_values(order)
        if order.company_id.id not in self.env["res.company"]._get_enabled_company_ids("sales_process_enabled"):
            return values
        stage = self._get_repeat_stage(order.team_id)
        return {**values, "stage_id": stage.id} if stage else values

    @api.model
    def _get_repeat_stage(self, team):
        """The stage *Negotiation* of a team, or else the last one before its deals are won.

        :rtype: crm.stage
        """
        stages = self.env["crm.stage"].search(
            ["|", ("team_ids", "=", False), ("team_ids", "in", team.ids), ("is_won", "=", False), ("fold", "=", False)]
        )
        return stages.filtered(lambda stage: stage.sales_code == REPEAT_STAGE)[:1] or stages[-1:]
