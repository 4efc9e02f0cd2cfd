from odoo import api, fields, models
from odoo.tools import float_repr, float_round, formatLang

from odoo.addons.sales_management.tools.promise import PromiseSource

#: What people see of how sure a date is: three words instead of five letters.
CERTAINTIES = [("in_stock", "in stock"), ("on_way", "on the way"), ("to_confirm", "to be confirmed")]
CERTAINTY_BY_CONFIDENCE = {
    "a": "in_stock",
    "b": "on_way",
    "c": "on_way",
    "d": "to_confirm",
    "e": "to_confirm",
}


class SaleOrderLine(models.Model):
    """Promises in words. Customers read none of it: where goods come from is nothing of theirs."""

    _inherit = "sale.order.line"

    promise_date = fields.Datetime(groups="base.group_user")
    promise_confidence = fields.Selection(groups="base.group_user")
    promise_detail = fields.Text(groups="base.group_user")
    promise_computed_at = fields.Datetime(groups="base.group_user")
    promise_schedule = fields.Json(groups="base.group_user")
    promise_source = fields.Char(groups="base.group_user")
    promise_certainty = fields.Selection(
        CERTAINTIES,
        string="Certainty",
        compute="_compute_promise_certainty",
        groups="base.group_user",
        help="In stock: it is here. On the way: a receipt or a production that is confirmed brings it. To be "
        "confirmed: nothing more than a request for quotation or a lead time stands behind the date.",
    )
    promise_hints = fields.Json(
        string="Earlier",
        compute="_compute_promise_hints",
        groups="base.group_user",
        help="What would make it earlier, or surer.",
    )

    # === Computes === #

    @api.depends("promise_confidence")
    def _compute_promise_certainty(self):
        for line in self:
            line.promise_certainty = CERTAINTY_BY_CONFIDENCE.get(line.promise_confidence, False)

    @api.depends("promise_detail")
    @api.depends_context("lang")
    def _compute_promise_source(self):
        engine = self.env["sales.promise.engine"]
        for line in self:
            line.promise_source = engine._format_source(line._get_promise_detail().get("source")) or False

    @api.depends("promise_detail", "product_uom_qty", "product_uom_id")
    @api.depends_context("lang")
    def _compute_promise_schedule(self):
        for line in self:
            line.promise_schedule = line._get_promise_schedule()

    @api.depends("promise_schedule")
    @api.depends_context("lang")
    def _compute_promise_hints(self):
        for line in self:
            line.promise_hints = line._get_promise_hints() if line.promise_detail else []

    # === Schedule === #

    def _get_promise_schedule(self):
        """The parts in which this line can be delivered, in its own unit.

        :return: ``date``, ``qty``, ``source`` in words and ``confidence`` of each; quantities sum to that of the line
        :rtype: list[dict]
        """
        steps = self._get_promise_detail().get("steps") or []
        engine = self.env["sales.promise.engine"]
        return [
            {
                "date": step["date"],
                "qty": quantity,
                "source": engine._format_source(step["source"]),
                "confidence": step["confidence"],
            }
            for step, quantity in zip(steps, self._split_promised_quantity(steps), strict=True)
        ]

    def _split_promised_quantity(self, steps):
        """Quantities of steps in the unit of the line. Sums are converted and rounded, not parts, so that nothing is
        lost between them.

        :rtype: list[float]
        """
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        if len(steps) == 1:
            return [float_round(self.product_uom_qty, precision_digits=digits)]
        product_unit, unit = self.product_id.uom_id, self.product_uom_id or self.product_id.uom_id
        whole = unit._compute_quantity(self.product_uom_qty, product_unit)
        quantities, total, before = [], 0.0, 0.0
        for step in steps:
            total += step["qty"]
            after = product_unit._compute_quantity(total, unit, round=False)
            if round(total - whole, digits) == 0:
                # The unit of the product may not hold exactly what was typed.
                after = self.product_uom_qty
            after = float_round(after, precision_digits=digits)
            quantities.append(float_round(after - before, precision_digits=digits))
            before = after
        return quantities

    # === Hints === #

    def _get_promise_hints(self):
        """What would make the date of this line earlier, or surer, in words. To override: add yours to ``super()``'s.

        :rtype: list[str]
        """
        self.ensure_one()
        return [*self._get_split_hints(), *self._get_source_hints()]

    def _get_split_hints(self):
        schedule = self.promise_schedule or []
        if len(schedule) < 2 or not schedule[0]["date"]:
            return []
        return [
            self.env._(
                "%(quantity)s %(unit)s can be there on %(date)s: split the line.",
                quantity=self._format_promise_quantity(schedule[0]["qty"]),
                unit=self.product_uom_id.name,
                date=self._format_promise_moment(schedule[0]["date"]),
            )
        ]

    def _get_source_hints(self):
        found = self._get_promise_detail().get("source")
        if not found:
            return []
        source = PromiseSource(**found)
        name = source.name
        if source.kind == "draft":
            return [self.env._("Surer once the request for quotation %(name)s is confirmed.", name=name)]
        if source.kind == "unknown":
            return [self.env._("Enter a vendor or a bill of materials of the product, or ask production.")]
        if source.flag == "unacknowledged":
            return [self.env._("Surer once the vendor acknowledges %(name)s.", name=name)]
        if source.flag == "overdue":
            return [self.env._("%(name)s is overdue: ask for its new date.", name=name)]
        if source.kind in ("vendor", "make"):
            return [
                self.env._("Nothing is ordered yet: ordering now starts the lead time. Production may know better.")
            ]
        return []

    # === Tools === #

    def _format_promise_quantity(self, quantity):
        """:return: a quantity in the words of the user, without decimals that say nothing
        :rtype: str
        """
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        text = float_repr(quantity, digits)
        decimals = len(text.rstrip("0").partition(".")[2]) if digits else 0
        return formatLang(self.env, quantity, digits=decimals)

    def _format_promise_moment(self, moment):
        """:return: the day of a moment, naive in UTC or as text, in the zone of the warehouse and the words of the user
        :rtype: str
        """
        return self.env["sales.promise.engine"]._format_promise_day(self._get_local_day(moment))

    def _get_local_day(self, moment):
        return self._get_promise_day(fields.Datetime.to_datetime(moment))

    def _describe_promise_missing(self, day):
        """:return: what is missing of this line on a day, in words: *300 of 800 Bracket*, *Bracket* for all of it
        :rtype: str
        """
        missing = sum(
            step["qty"] for step in self.promise_schedule if not step["date"] or self._get_local_day(step["date"]) > day
        )
        if missing in (0, self.product_uom_qty):
            return self.product_id.display_name
        return self.env._(
            "%(missing)s of %(quantity)s %(product)s",
            missing=self._format_promise_quantity(missing),
            quantity=self._format_promise_quantity(self.product_uom_qty),
            product=self.product_id.display_name,
        )
