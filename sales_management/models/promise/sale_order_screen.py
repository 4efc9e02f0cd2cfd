from odoo import api, fields, models

#: Lines that the answer to a wish names; the others stand below it, each with its date.
MOST_NAMED = 2


class SaleOrder(models.Model):
    """What the quotation says of its promises, and answers to the wish of the customer."""

    _inherit = "sale.order"

    is_promise_used = fields.Boolean(compute="_compute_is_promise_used")
    promise_answer = fields.Char(
        string="Answer",
        compute="_compute_promise_answer",
        groups="base.group_user",
        help="Whether everything can be with the customer on the requested date, and when otherwise.",
    )
    promise_answer_level = fields.Selection(
        [("possible", "Possible"), ("impossible", "Not Possible"), ("unknown", "Nobody Knows")],
        compute="_compute_promise_answer",
        groups="base.group_user",
    )

    # === Computes === #

    @api.depends("company_id")
    def _compute_is_promise_used(self):
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled")
        for order in self:
            order.is_promise_used = order.company_id.id in enabled

    @api.depends("promise_requested_date", "promise_date", "order_line.promise_date", "order_line.promise_detail")
    @api.depends_context("lang")
    def _compute_promise_answer(self):
        for order in self:
            wished = order.is_promise_used and order.promise_requested_date
            order.promise_answer_level, order.promise_answer = (
                order._get_promise_answer(wished) if wished else (False, False)
            )

    def _get_promise_answer(self, wished):
        """Whether everything can be with the customer on a day, and when otherwise.

        :param datetime.date wished: day that the customer asked for
        :return: level and words; false, where no line needs an answer
        :rtype: tuple[str | bool, str | bool]
        """
        lines = self.order_line.filtered("promise_detail")
        if not lines:
            return False, False
        unknown = lines.filtered(lambda line: not line.promise_date)
        if unknown:
            names = ", ".join(dict.fromkeys(unknown.product_id.mapped("display_name")))
            return "unknown", self.env._("Nobody knows when there will be %(products)s.", products=names)
        day = max(line._get_promise_day(line.promise_date) for line in lines)
        if day <= wished:
            return "possible", self.env._("Possible: everything can be there by then.")
        late = lines.filtered(lambda line: line._get_promise_day(line.promise_date) > wished)
        return "impossible", self.env._(
            "Not possible: everything on %(date)s. By then without %(products)s.",
            date=self.env["sales.promise.engine"]._format_promise_day(day),
            products=self._describe_promise_late(late, wished),
        )

    def _describe_promise_late(self, late, wished):
        words = ", ".join(line._describe_promise_missing(wished) for line in late[:MOST_NAMED])
        if len(late) <= MOST_NAMED:
            return words
        return self.env._("%(products)s and %(count)s more", products=words, count=len(late) - MOST_NAMED)

    # === Paper === #

    def _is_delivery_in_days(self):
        """Whether the paper says days after order or deposit, so that no date may stand beside them."""
        self.ensure_one()
        # sudo: customers read what is printed, and not the settings of the company.
        printed = self.company_id.sudo().promise_print
        return self.is_promise_used and self.state in ("draft", "sent") and printed in ("order", "deposit")
