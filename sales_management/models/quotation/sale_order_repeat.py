from odoo import models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """Order again what was ordered before."""

    _inherit = "sale.order"

    def action_repeat_order(self):
        """Make a quotation of what this order sold, at its prices and terms, with a deal of its own.

        :return: action that opens the quotation, ready to be confirmed
        :rtype: dict
        :raise UserError: unless it is one confirmed order whose products are still sold
        """
        self.ensure_one()
        self.check_access("read")
        self._check_repeatable()
        quotation = self.copy(self._prepare_repeat_values())
        quotation.order_line.filtered(lambda line: not line.display_type and not line.product_uom_qty).unlink()
        # sudo: nobody writes by hand which order a quotation repeats.
        quotation.sudo().repeat_of_id = self
        quotation._after_repeat_created()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": quotation.id,
            "views": [(False, "form")],
        }

    def _prepare_repeat_values(self):
        """:return: values in which the repeat differs from a copy of this order"""
        return {
            "opportunity_id": self.env["crm.lead"]._create_repeat_deals(self).id,
            "user_id": self.env.uid,
            "origin": self.name,
            "client_order_ref": False,
        }

    def _check_repeatable(self):
        if self.state != "sale":
            raise UserError(
                self.env._(
                    "%(order)s is not confirmed, so there is nothing to repeat. Choose an order of the customer, or "
                    "duplicate this quotation.",
                    order=self.name,
                )
            )
        gone = self.order_line.product_id.filtered(lambda product: not product.active or not product.sale_ok)
        if gone:
            raise UserError(
                self.env._(
                    "%(order)s cannot be repeated as it is, for these are no longer sold: %(products)s. Duplicate it "
                    "and replace them.",
                    order=self.name,
                    products=", ".join(gone.mapped("display_name")),
                )
            )
