from odoo import api, fields, models


class SaleOrder(models.Model):
    """What was promised to the customer of an order, and what came of it."""

    _inherit = "sale.order"

    promise_fact_count = fields.Integer(compute="_compute_promise_fact_count")

    # === Computes === #

    @api.depends_context("uid")
    def _compute_promise_fact_count(self):
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled")
        orders = self.filtered(lambda order: order.company_id.id in enabled) if enabled else self.browse()
        facts = self.env["sales.promise.fact"]
        # Who sees an order need not see what was promised on it: an accountant, for one.
        counts = (
            dict(facts._read_group([("order_id", "in", orders.ids)], ["order_id"], ["__count"]))
            if orders and facts.has_access("read")
            else {}
        )
        for order in self:
            order.promise_fact_count = counts.get(order._origin, 0)

    # === Actions === #

    def action_view_promise_history(self):
        """:return: what was promised, committed and delivered on these orders
        :rtype: dict
        """
        action = self.env["ir.actions.actions"]._for_xml_id("sales_management.sales_promise_fact_action")
        return action | {"domain": [("order_id", "in", self.ids)], "context": {}}

    # === Facts === #

    def _after_hand_over(self):
        result = super()._after_hand_over()
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled")
        if enabled:
            lines = self.filtered(lambda order: order.company_id.id in enabled).order_line
            lines.filtered("promise_date")._record_promised()
        return result
