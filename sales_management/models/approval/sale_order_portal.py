from odoo import models


class SaleOrder(models.Model):
    """What a customer may change of what was approved."""

    _inherit = "sale.order"

    def _can_be_edited_on_portal(self):
        """Quantities that somebody approved are not the customer's to change: others would have to be approved anew."""
        return super()._can_be_edited_on_portal() and self.approval_state != "approved"
