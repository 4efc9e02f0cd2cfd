from odoo import fields, models


class SalesCustomerRelease(models.TransientModel):
    """Asks why a customer is given back."""

    _name = "sales.customer.release"
    _description = "Back to the Pool"

    partner_ids = fields.Many2many("res.partner", string="Customers", required=True)
    reason = fields.Char(required=True, help="Whoever claims the customer next reads it.")

    # === Actions === #

    def action_release(self):
        """Give the customers back to the pool. See :meth:`res.partner.action_release_to_pool`."""
        self.ensure_one()
        self.partner_ids.action_release_to_pool(self.reason)
        if self.partner_ids._filtered_access("read") != self.partner_ids:
            # Hidden until it is claimed: the form it came from cannot be shown any more.
            return self.env["ir.actions.actions"]._for_xml_id("sales_management.res_partner_action_mine")
        return {"type": "ir.actions.act_window_close"}
