from odoo import api, fields, models
from odoo.exceptions import UserError


class SalesApprovalAsk(models.TransientModel):
    """Shows which rules apply and who would be asked, before anybody is."""

    _name = "sales.approval.ask"
    _description = "Request Approval"

    order_ids = fields.Many2many("sale.order", string="Quotations", required=True)
    comment = fields.Text(string="What the approvers should know")
    preview_html = fields.Html(string="Preview", compute="_compute_preview_html", sanitize=False)
    returned_text = fields.Text(string="Would Be Accepted", compute="_compute_returned_text")
    is_asked = fields.Boolean(compute="_compute_preview_html", help="Some rule asks for approval.")

    # === Computes === #

    @api.depends("order_ids")
    def _compute_preview_html(self):
        for ask in self:
            orders = ask._get_orders()
            rows = [(order, order._get_approval_preview()) for order in orders]
            ask.is_asked = any(preview for _order, preview in rows)
            ask.preview_html = self.env["ir.qweb"]._render(
                "sales_management.approval_preview", {"rows": rows, "is_one": len(rows) == 1}
            )

    @api.depends("order_ids")
    def _compute_returned_text(self):
        for ask in self:
            orders = ask._get_orders()
            ask.returned_text = len(orders) == 1 and orders._describe_returned_price()

    # === Actions === #

    def action_ask(self):
        """Ask for approval of these quotations.

        :return: action that closes the dialog, and tells of steps that nobody can take
        :rtype: dict
        :raise UserError: where it cannot be asked for, or nobody can give it
        """
        orders = self._get_orders()
        if not orders:
            raise UserError(self.env._("These quotations were deleted meanwhile. Close this, and choose again."))
        told = orders.action_request_approval(self.comment or None)
        close = {"type": "ir.actions.act_window_close"}
        if isinstance(told, dict):
            told["params"]["next"] = close
            return told
        return close

    def action_take(self):
        """Take the price that an approver would accept.

        :return: action that closes the dialog
        :rtype: dict
        :raise UserError: where what the quotation says was changed meanwhile
        """
        self._get_orders().action_take_returned_price()
        return {"type": "ir.actions.act_window_close"}

    # === Tools === #

    def _get_orders(self):
        self.ensure_one()
        orders = self.order_ids._origin
        orders.check_access("read")
        return orders
