from odoo import api, fields, models
from odoo.tools import format_date


class SaleOrderLine(models.Model):
    """What the paper says of a line: only what a person committed to, as it was known then."""

    _inherit = "sale.order.line"

    promise_paper = fields.Json(
        string="Promise on Paper",
        compute="_compute_promise_paper",
        store=True,
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Committed date, days until then, and parts, as they were when it was committed. A paper that is printed "
        "twice says the same.",
    )

    # === ORM === #

    def _get_computed_only_fields(self):
        return super()._get_computed_only_fields() | {"promise_paper"}

    # === Computes === #

    @api.depends("promise_committed_date")
    def _compute_promise_paper(self):
        for line in self:
            committed, paper = line.promise_committed_date, line.promise_paper
            if not committed:
                line.promise_paper = False
            elif not paper or paper["committed"] != fields.Datetime.to_string(committed):
                line.promise_paper = line._prepare_promise_paper()
            else:
                # The same date written again is the same promise.
                line.promise_paper = paper

    def _prepare_promise_paper(self):
        """:return: what was committed: the day, days until then from today, and parts, in the unit of the line
        :rtype: dict
        """
        today = self._get_promise_day(fields.Datetime.now())
        return {
            "committed": fields.Datetime.to_string(self.promise_committed_date),
            "quantity": self.product_uom_qty,
            "parts": [
                {"date": fields.Date.to_string(day), "days": (day - today).days, "qty": quantity}
                for day, quantity in self._get_paper_parts()
            ],
        }

    def _get_paper_parts(self):
        """:return: days and quantities that are committed: the parts of the promise, or all on the committed date
        :rtype: list[tuple[datetime.date, float]]
        """
        steps = self._get_promise_schedule()
        last = self._get_local_day(self.promise_committed_date)
        if len(steps) > 1 and all(step["date"] for step in steps):
            days = [self._get_local_day(step["date"]) for step in steps]
            # A date that was typed is kept in whole, unless it is the one that was promised.
            if max(days) == last:
                return list(zip(days, (step["qty"] for step in steps), strict=True))
        return [(last, self.product_uom_qty)]

    # === Words === #

    def _get_promise_paper_text(self):
        """What quotations say of when this line is there, in the language of the paper.

        :return: words; nothing, where the company prints none or nobody committed
        :rtype: str | None
        """
        self.ensure_one()
        # sudo: customers read what is printed, and not the settings of the company.
        line = self.sudo()
        paper = line.promise_paper
        if not paper or line.display_type or not line.order_id.is_promise_used:
            return None
        kind, parts = line.company_id.promise_print, paper["parts"]
        if kind == "nothing" or (kind != "date" and any(part["days"] < 0 for part in parts)):
            return None
        is_split = (
            len(parts) > 1 and line.order_id.picking_policy != "one" and paper["quantity"] == line.product_uom_qty
        )
        if not is_split:
            return line._format_paper_whole(kind, parts[-1])
        words = ", ".join(line._format_paper_part(kind, part) for part in parts)
        return {
            "date": self.env._("Delivery: %(parts)s", parts=words),
            "order": self.env._("Delivery after order: %(parts)s", parts=words),
            "deposit": self.env._("Delivery after deposit: %(parts)s", parts=words),
        }[kind]

    def _format_paper_whole(self, kind, part):
        if kind == "date":
            return self.env._("Delivery: %(date)s", date=self._format_paper_date(part))
        if kind == "order":
            if not part["days"]:
                return self.env._("Delivery on the day of the order")
            return self.env._("Delivery: %(days)s days after order", days=part["days"])
        if not part["days"]:
            return self.env._("Delivery on the day of the deposit")
        return self.env._("Delivery: %(days)s days after deposit", days=part["days"])

    def _format_paper_part(self, kind, part):
        quantity = f"{self._format_promise_quantity(part['qty'])} {self.product_uom_id.name}"
        if kind == "date":
            return self.env._("%(quantity)s on %(date)s", quantity=quantity, date=self._format_paper_date(part))
        return self.env._("%(quantity)s in %(days)s days", quantity=quantity, days=part["days"])

    def _format_paper_date(self, part):
        return format_date(self.env, fields.Date.to_date(part["date"]))
