from odoo import models


class SaleOrder(models.Model):
    """Orders that win their deals."""

    _inherit = "sale.order"

    def _action_confirm(self):
        result = super()._action_confirm()
        self._win_deals()
        return result

    def _win_deals(self):
        """Win the deals of these orders, where their company has it so. Several orders of a deal win it once.

        Cancelling an order later leaves its deal won: what then becomes of the deal is for people to say.
        """
        company_ids = self.env["res.company"]._get_enabled_company_ids("won_on_confirm")
        orders = self.filtered(lambda order: order.company_id.id in company_ids) if company_ids else self.browse()
        # sudo: whoever confirms an order, customers included, wins its deal without rights on it.
        orders.opportunity_id.sudo()._win_by_order()
