from odoo import models
from odoo.fields import Domain


class SaleOrderLine(models.Model):
    """From which warehouse lines leave that name a route: asked for all of them at once."""

    _inherit = "sale.order.line"

    def _compute_warehouse_id(self):
        """As core, which reads the rules of each line with a route by itself."""
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled")
        routed = self.browse()
        if enabled:
            routed = self.filtered(lambda line: line.route_ids and line.company_id.id in enabled)
        super(SaleOrderLine, self - routed)._compute_warehouse_id()
        if not routed:
            return
        locations = routed.order_id.partner_shipping_id.property_stock_customer
        rules = self.env["stock.rule"].search(
            Domain("route_id", "in", routed.route_ids._origin.ids)
            & Domain("location_dest_id", "in", locations.ids)
            & Domain("action", "!=", "push"),
            order="route_sequence, sequence",
        )
        for line in routed:
            warehouse = line.order_id.warehouse_id
            destination = line.order_id.partner_shipping_id.property_stock_customer
            sources = [
                rule.location_src_id.warehouse_id
                for rule in rules
                if rule.route_id in line.route_ids._origin and rule.location_dest_id == destination
            ]
            # What leaves from the warehouse of the order comes first.
            own = warehouse if warehouse in sources else None
            line.warehouse_id = own or (sources[0] if sources else warehouse)
