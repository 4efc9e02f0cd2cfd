from odoo import fields, models
from odoo.exceptions import UserError


class SalesCustomerRelease(models.TransientModel):
    """Asks why customers or leads are given back."""

    _name = "sales.customer.release"
    _description = "Back to the Pool"

    partner_ids = fields.Many2many("res.partner", string="Customers")
    lead_ids = fields.Many2many("crm.lead", string="Leads")
    reason = fields.Char(required=True, help="Whoever claims it next reads it.")

    # === Actions === #

    def action_release(self):
        """Give the customers and leads back to the pool. See :meth:`res.partner.action_release_to_pool`."""
        self.ensure_one()
        if not self.partner_ids and not self.lead_ids:
            raise UserError(self.env._("Choose what goes back to the pool."))
        if leads := self.lead_ids:
            leads.action_release_to_pool(self.reason)
            if not self.partner_ids:
                if leads._filtered_access("read") != leads:
                    return self.env["ir.actions.actions"]._for_xml_id("sales_management.sales_customer_pool_action")
                return {"type": "ir.actions.act_window_close"}
        self.partner_ids.action_release_to_pool(self.reason)
        if self.partner_ids._filtered_access("read") != self.partner_ids:
            # Hidden until it is claimed: the form it came from cannot be shown any more.
            return self.env["ir.actions.actions"]._for_xml_id("sales_management.res_partner_action_mine")
        return {"type": "ir.actions.act_window_close"}
