from odoo import models


class SaleOrder(models.Model):
    """Messages on the quotation of a deal are contacts of the deal."""

    _inherit = "sale.order"

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if self.env["res.company"]._get_enabled_company_ids("sales_process_enabled") and self.opportunity_id:
            # sudo: a message to the customer counts, whoever of us wrote it.
            self.opportunity_id.sudo()._follow_message(self, message, msg_values)
        return result
