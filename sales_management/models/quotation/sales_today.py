from odoo import api, models


class SalesToday(models.AbstractModel):
    """Quotations are handed over where they are seen to expire."""

    _inherit = "sales.today"

    @api.model
    def _get_quote_actions(self, order):
        actions = super()._get_quote_actions(order)
        if order.is_hand_over_offered:
            label = self.env._("Hand Over")
            actions.append(self._prepare_method_action("hand_over", label, order, "action_open_hand_over"))
        return actions
