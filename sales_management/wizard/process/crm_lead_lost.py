from odoo import api, fields, models


class CrmLeadLost(models.TransientModel):
    """Core's question why a deal is lost asks as well to whom, and when to try again."""

    _inherit = "crm.lead.lost"

    lost_competitor = fields.Char(string="Lost to", help="Who won this deal instead of us.")
    lost_retry_date = fields.Date(string="Try Again On", help="On this day a to-do for the salesperson is due.")
    is_reason_required = fields.Boolean(compute="_compute_is_reason_required")
    is_process_used = fields.Boolean(compute="_compute_is_reason_required")

    # === Computes === #

    @api.depends("lead_ids")
    def _compute_is_reason_required(self):
        policies = self.env["sales.policy"]
        for wizard in self:
            deals = wizard.lead_ids._filter_process_enabled()
            wizard.is_process_used = bool(deals)
            wizard.is_reason_required = any(
                policies._get_level("lost_reason", lead._get_process_company(), lead.team_id) == "block"
                for lead in deals
            )

    # === Actions === #

    def action_lost_reason_apply(self):
        """Write what core's method does not know before it loses the deals, so that their to-dos find the day."""
        asked = {"lost_competitor": self.lost_competitor, "lost_retry_date": self.lost_retry_date}
        if given := {name: value for name, value in asked.items() if value}:
            self.lead_ids._filter_process_enabled().write(given)
        return super().action_lost_reason_apply()
