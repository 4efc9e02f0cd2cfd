from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.sales_management.tools.deal_number import join_numbers

#: Transfers that bring goods to the customer; the second is of core's drop shipping.
DELIVERING = ("outgoing", "dropship")


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["sales.deal.number.mixin", "stock.picking"]

    deal_number = fields.Char(
        compute="_compute_deal_number",
        store=True,
        index="trigram",
        help="Number of the deal that is delivered, of several when the transfer serves orders of several deals.",
    )

    @api.depends("sale_id.deal_number", "move_ids.sale_line_id.order_id.deal_number")
    def _compute_deal_number(self):
        for picking in self:
            orders = picking.sale_id | picking.move_ids.sale_line_id.order_id
            picking.deal_number = join_numbers(orders.mapped("deal_number"))

    def _compute_sale_id(self):
        result = super()._compute_sale_id()
        # Computed now, the number shares the UPDATE of the order; core flushes that one early for a backorder.
        self.mapped("deal_number")
        return result

    @api.model
    def _get_computed_only_fields(self):
        return super()._get_computed_only_fields() | {"deal_number"}

    # === Delivery === #

    def _action_done(self):
        result = super()._action_done()
        self._after_delivery()
        return result

    def action_cancel(self):
        result = super().action_cancel()
        # What was left of a delivery is not asked for any more; what was done after it, is not asked anew.
        self._after_delivery(again=False)
        return result

    def _after_delivery(self, again=True):
        """Follow the delivery of what deals sold: what counts from it, opens once no delivery is left. To override.

        :param bool again: whether what was done once on a deal is asked anew
        """
        if self.env["res.company"]._get_enabled_company_ids("sales_process_enabled"):
            # sudo: whoever delivers need not see the deal.
            deliveries = self.sudo().filtered(lambda picking: picking.picking_type_id.code in DELIVERING)
            deals = deliveries.sale_id.opportunity_id
            if deals:
                deals._open_tasks_from("delivery", again)

    @api.model
    def _get_delivery_moments(self, leads, now):
        """When the last delivery of deals was done, of which none is left.

        :param crm.lead leads: deals
        :param datetime now: for those of which nobody knows when
        :return: moment by id of the deal
        :rtype: dict[int, datetime]
        """
        domain = (
            Domain("sale_id.opportunity_id", "in", leads.ids)
            & Domain("picking_type_id.code", "in", DELIVERING)
            & Domain("state", "!=", "cancel")
        )
        moments, waiting = {}, set()
        # sudo: what was delivered counts, whoever may read it.
        for picking in self.sudo().search(domain):
            lead_id = picking.sale_id.opportunity_id.id
            if picking.state == "done":
                moments[lead_id] = max(moments.get(lead_id, picking.date_done or now), picking.date_done or now)
            else:
                waiting.add(lead_id)
        return {lead_id: moment for lead_id, moment in moments.items() if lead_id not in waiting}
