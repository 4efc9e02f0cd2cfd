from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class SalesApprovalAnswer(models.TransientModel):
    """What is said with a decision: a reason, a price that would be accepted, or who decides instead.

    It decides nothing: it calls the actions of the requests, which check the caller again.
    """

    _name = "sales.approval.answer"
    _description = "Answer to an Approval Request"

    mode = fields.Selection(
        [
            ("approve", "Approve"),
            ("reject", "Reject"),
            ("return", "Return With Price"),
            ("recall", "Recall"),
            ("withdraw", "Withdraw"),
            ("delegate", "Give to Somebody Else"),
        ],
        default="approve",
        required=True,
    )
    request_ids = fields.Many2many("sales.approval.request", string="Requests", required=True)
    comment = fields.Text()
    user_id = fields.Many2one("res.users", string="Decides Instead", domain=[("share", "=", False)])
    summary = fields.Text(compute="_compute_summary")
    is_margin_low = fields.Boolean(compute="_compute_summary")
    line_ids = fields.One2many(
        "sales.approval.answer.line",
        "answer_id",
        string="Lines",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_summary")
    amount_asked = fields.Monetary(string="Asked Excl. Tax", compute="_compute_result")
    amount_untaxed = fields.Monetary(
        string="Result Excl. Tax", compute="_compute_result", help="Total without tax at the prices that you name."
    )
    effective_discount = fields.Float(
        string="Eff. Discount (%)",
        digits=(5, 2),
        compute="_compute_result",
        help="One minus the result over the total at the prices of the pricelist.",
    )
    margin = fields.Float(
        string="Margin (%)",
        digits=(5, 2),
        compute="_compute_result",
        help="Result less the cost as it is now, over the result.",
    )

    # === Computes === #

    @api.depends("request_ids")
    def _compute_summary(self):
        for answer in self:
            requests = answer._get_requests()
            answer.summary = "\n".join(request._get_summary() for request in requests)
            answer.is_margin_low = any(requests.mapped("is_margin_low"))
            answer.currency_id = requests[:1].currency_id or self.env.company.currency_id

    @api.depends("mode", "request_ids")
    def _compute_line_ids(self):
        for answer in self:
            requests = answer._get_requests()
            if answer.mode != "return" or len(requests) != 1 or answer.line_ids:
                continue
            # sudo: who is asked to decide sees what is decided on; anybody else is shown no line.
            lines = requests._filter_waiting().sudo().order_id._get_digest_lines()
            answer.line_ids = [
                Command.create(answer.line_ids._prepare_line_values(line)) for line in lines if not line.display_type
            ]

    @api.depends("line_ids.wanted_price", "line_ids.wanted_discount")
    def _compute_result(self):
        for answer in self:
            lines = answer.line_ids
            total = sum(lines.mapped("subtotal"))
            listed = sum(lines.mapped("list_subtotal"))
            answer.amount_asked = sum(lines.mapped("asked_subtotal"))
            answer.amount_untaxed = total
            answer.effective_discount = 100 * (1 - total / listed) if listed else 0.0
            answer.margin = 100 * (total - sum(lines.mapped("cost"))) / total if total else 0.0

    # === Actions === #

    def action_apply(self):
        """Give the answer.

        :return: action that closes the dialog; after an approval, it offers to withdraw it
        :rtype: dict
        :raise UserError: where a reason, a price or a person is missing, or the requests are not this user's to answer
        """
        requests, comment = self._get_requests(), (self.comment or "").strip() or None
        if self.mode in ("reject", "withdraw") and not comment:
            raise UserError(self.env._("Give the reason: whoever asked needs to know what to change."))
        if self.mode == "approve":
            requests.action_approve(comment)
            return requests._prepare_approved_action()
        if self.mode == "reject":
            requests.action_reject(comment)
        elif self.mode == "return":
            requests.action_return_with_price(self._prepare_returned_values(), comment)
        elif self.mode == "recall":
            requests.action_recall()
        elif self.mode == "withdraw":
            requests.action_withdraw_approval(comment)
        elif self.mode == "delegate":
            if not self.user_id:
                raise UserError(self.env._("Choose who decides instead of you."))
            requests.action_delegate(self.user_id.id, comment)
        return {"type": "ir.actions.act_window_close"}

    # === Tools === #

    def _get_requests(self):
        self.ensure_one()
        requests = self.request_ids._origin
        requests.check_access("read")
        return requests

    def _prepare_returned_values(self):
        """Prices that would be accepted, of the lines where they differ.

        :raise UserError: when nothing differs: that is an approval
        """
        changed = self.line_ids.filtered("is_changed")
        if not changed:
            raise UserError(
                self.env._("Change a price or a discount to what you would accept, or approve it as it is.")
            )
        return {
            str(line.order_line_ref): {"price_unit": line.wanted_price, "discount": line.wanted_discount}
            for line in changed
        }
