from odoo import api, fields, models


class SalesPromiseQuestion(models.Model):
    """A date that production is asked for, because neither stock nor supply tells one.

    Nobody writes questions: they are asked from the lines of quotations, follow these, and are answered by actions that
    check who answers.
    """

    _name = "sales.promise.question"
    _inherit = ["sales.own.default.mixin", "mail.thread", "mail.activity.mixin", "sales.notice.mixin"]
    _description = "Question to Production"
    _order = "wished_date, id"
    _rec_name = "product_id"
    # Who is asked may ask back.
    _mail_post_access = "read"

    line_id = fields.Many2one(
        "sale.order.line", string="Sales Order Line", required=True, readonly=True, ondelete="cascade", index=True
    )
    order_id = fields.Many2one("sale.order", related="line_id.order_id", store=True, index=True, string="Quotation")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade", index=True)
    quantity = fields.Float(digits="Product Unit", readonly=True, help="In the unit of the product.")
    uom_id = fields.Many2one("uom.uom", related="product_id.uom_id", string="Unit")
    wished_date = fields.Date(readonly=True, help="When the customer wants it.")
    comment = fields.Char(string="Remark", readonly=True, help="What whoever asks adds.")
    deal_class_id = fields.Many2one("sales.deal.class", readonly=True, ondelete="set null")
    customer_name = fields.Char(
        string="Customer", compute="_compute_customer_name", help="Shown to those who may read the quotation."
    )
    planner_id = fields.Many2one(
        "res.users", readonly=True, index=True, tracking=True, ondelete="set null"
    )
    asked_by_id = fields.Many2one(
        "res.users", readonly=True, ondelete="set null", default=lambda self: self.env.user
    )
    state = fields.Selection(
        [
            ("asked", "Asked"),
            ("answered", "Answered"),
            ("declined", "Cannot Say"),
            ("lapsed", "Lapsed"),
            ("withdrawn", "Withdrawn"),
        ],
        string="Status",
        default="asked",
        required=True,
        readonly=True,
        tracking=True,
        index=True,
    )
    answered_date = fields.Datetime(
        string="Answer", readonly=True, tracking=True, help="When all of it can be with the customer."
    )
    answered_at = fields.Datetime(string="Answered On", readonly=True)
    answered_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    lapses_at = fields.Datetime(
        string="Holds Until",
        readonly=True,
        help="From then on the answer no longer counts, unless the order is confirmed.",
    )
    note = fields.Char(string="Note of the Planner", readonly=True)

    _open_uniq = models.UniqueIndex(
        "(line_id) WHERE state = 'asked'", "Production has been asked about this line already."
    )

    # === Computes === #

    @api.depends("product_id", "quantity")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for question in self:
            question.display_name = f"{question._format_quantity()} · {question.product_id.display_name}"

    @api.depends("order_id")
    @api.depends_context("uid")
    def _compute_customer_name(self):
        readable = self.sudo().order_id.with_env(self.env)._filtered_access("read")
        for question in self:
            # sudo: who may read the quotation may read the name of its customer.
            order = question.sudo().order_id
            question.customer_name = order.partner_id.commercial_partner_id.name if order in readable.sudo() else False

    # === Words === #

    def _format_quantity(self):
        self.ensure_one()
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        number = f"{self.quantity:.{digits}f}"
        number = number.rstrip("0").rstrip(".") if digits else number
        return f"{number} {self.uom_id.name}"
