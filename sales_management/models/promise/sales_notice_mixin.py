from odoo import models


class SalesNoticeMixin(models.AbstractModel):
    """Of a delivery at risk, who sells it is asked to act; the leader only knows of it."""

    _inherit = "sales.notice.mixin"

    def _open_notice_activities(self, kind, vals_list):
        if kind.code == "promise" and vals_list and vals_list[0]["res_model"] == "sale.order":
            # sudo: who is responsible for an order is asked, whoever may read it.
            orders = self.env["sale.order"].sudo().browse({vals["res_id"] for vals in vals_list})
            owners = {order.id: order.user_id.id for order in orders}
            vals_list = [vals for vals in vals_list if vals["user_id"] and vals["user_id"] == owners[vals["res_id"]]]
        return super()._open_notice_activities(kind, vals_list)
