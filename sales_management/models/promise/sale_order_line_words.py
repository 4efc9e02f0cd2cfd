from odoo import api, models
from odoo.exceptions import UserError


class SaleOrderLine(models.Model):
    """What an answer says, in words, for a line that need not be saved: asked for by a click on its date."""

    _inherit = "sale.order.line"

    @api.model
    @api.readonly
    def describe_promise(self, detail, quantity, product_id, unit_id=False, warehouse_id=False):
        """Say what an answer waits for, its parts and what would make it earlier, in the language of the user.

        :param str detail: the answer, as ``promise_detail`` of a line holds it
        :param float quantity: of the line, in its unit
        :param int product_id: product of the line
        :param int unit_id: unit of the line, that of the product by default
        :param int warehouse_id: whose days the dates are told in
        :return: ``source`` (str), ``schedule`` (list of dict: ``date``, ``qty``, ``source``, ``confidence``) and
            ``hints`` (list of str)
        :rtype: dict
        :raise AccessError: unless the user may read order lines and the product
        :raise UserError: when the answer is none
        """
        self.check_access("read")
        product = self.env["product.product"].browse(product_id)
        product.check_access("read")
        line = self.new(
            {
                "product_id": product.id,
                "product_uom_id": unit_id or product.uom_id.id,
                "product_uom_qty": quantity,
                "warehouse_id": warehouse_id,
            }
        )
        try:
            line.promise_detail = detail
            return {"source": line.promise_source, "schedule": line.promise_schedule, "hints": line.promise_hints}
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise UserError(
                self.env._(
                    "This is no answer on when %(product)s can be delivered. Refresh the dates of the quotation.",
                    product=product.display_name,
                )
            ) from error
