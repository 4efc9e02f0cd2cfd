from odoo import models
from odoo.exceptions import AccessError, UserError


class SaleOrderLine(models.Model):
    """A slip is answered by a person: the new date is taken with one click, never by itself."""

    _inherit = "sale.order.line"

    # === Actions === #

    def action_take_promised_date(self):
        """Commit to the dates that can be held now. Whoever does it tells the customer.

        :raise AccessError: for who does not sell: a date is promised by who talks to the customer
        :raise UserError: where nobody knows a date
        """
        if not self.env.su and not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(self.env._("Only sales commits to dates. Ask the salesperson of the order to do it."))
        self.check_access("write")
        unknown = self.filtered(lambda line: not line.promise_date)
        if unknown:
            raise UserError(
                self.env._(
                    "Nobody knows when %(lines)s can be delivered. Ask production, or add a vendor or a bill of "
                    "materials.",
                    lines=", ".join(f"{line.order_id.name}, {line.product_id.display_name}" for line in unknown[:10]),
                )
            )
        return self.action_commit_promise()

    def action_open_order(self):
        """Open the order of this line."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "views": [[False, "form"]],
        }
