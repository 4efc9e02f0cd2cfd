from odoo import api, models


class CrmLead(models.Model):
    """Deals of customers who order again what they ordered before."""

    _inherit = "crm.lead"

    @api.model
    def _create_repeat_deals(self, orders):
        """Create a deal for the repeat of each of these orders. To override: begin it where your capability wants it.

        :param sale.order orders: orders that are repeated
        :return: deals, in the order of the orders
        :rtype: crm.lead
        """
        return self.create([self._prepare_repeat_deal_values(order) for order in orders])

    @api.model
    def _prepare_repeat_deal_values(self, order):
        return {
            "name": self.env._("Repeat of %(order)s", order=order.name),
            "type": "opportunity",
            "partner_id": order.partner_id.id,
            "expected_revenue": order.amount_untaxed / (order.currency_rate or 1.0),
            "user_id": self.env.uid,
            "team_id": order.team_id.id,
            "company_id": order.company_id.id,
        }
