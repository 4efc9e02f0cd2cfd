import json

from odoo import api, fields, models

CONFIDENCES = [
    ("a", "On Hand"),
    ("b", "Acknowledged Receipt"),
    ("c", "Unacknowledged, Overdue or Return"),
    ("d", "Draft Supply"),
    ("e", "Lead Time Only"),
]
#: Where the cursor keeps the orders that are committed to together, for these compete with each other.
TOGETHER = "sales_management.orders_committed_together"
#: What is stored of an answer.
PROMISE_FIELDS = ("promise_date", "promise_confidence", "promise_detail", "promise_computed_at")
STATES = [("none", "Not Committed"), ("ok", "On Time"), ("late", "Late"), ("at_risk", "At Risk")]


class SaleOrderLine(models.Model):
    """When a line can be delivered, and when somebody said it would be."""

    _inherit = "sale.order.line"

    promise_date = fields.Datetime(
        compute="_compute_promise",
        store=True,
        readonly=True,
        copy=False,
        help="Earliest date on which the full quantity can be with the customer, as last computed.",
    )
    promise_confidence = fields.Selection(
        CONFIDENCES,
        compute="_compute_promise",
        store=True,
        readonly=True,
        copy=False,
        help="How sure the date is: of all parts, the least.",
    )
    # Text, for a field of JSON copies all of it whenever it is read, and forms read it of every line at every key.
    promise_detail = fields.Text(
        compute="_compute_promise", store=True, readonly=True, copy=False, help="The answer as JSON, in no language."
    )
    promise_computed_at = fields.Datetime(
        string="Promise Computed On", compute="_compute_promise", store=True, readonly=True, copy=False
    )
    promise_schedule = fields.Json(
        compute="_compute_promise_schedule",
        help="Parts in which it can be delivered: date, quantity in the unit of the line, source and confidence.",
    )
    promise_source = fields.Char(compute="_compute_promise_source", help="What the date waits for.")
    promise_committed_date = fields.Datetime(
        string="Committed Date",
        copy=False,
        index="btree_not_null",
        help="Date that a person confirmed to the customer. It changes only when a person changes it.",
    )
    promise_was_held = fields.Boolean(
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Whether the committed date could be held when it was committed.",
    )
    promise_state = fields.Selection(
        STATES,
        compute="_compute_promise_state",
        store=True,
        readonly=True,
        copy=False,
        default="none",
        groups="base.group_user",
        help="Late: committed earlier than could be held. At risk: it could be held when it was committed, and can no "
        "longer.",
    )

    # === Computes === #

    @api.depends(
        "product_id", "product_uom_qty", "product_uom_id", "warehouse_id", "route_ids", "customer_lead", "state"
    )
    def _compute_promise(self):
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled")
        lines = self.filtered(lambda line: line.company_id.id in enabled) if enabled else self.browse()
        others = self - lines
        others.promise_date = others.promise_confidence = others.promise_detail = others.promise_computed_at = False
        # Fields are computed for a thousand lines at once, but each line of an order may depend on all of it.
        orders = lines.order_id | lines.order_id.browse(self.env.cr.cache.get(TOGETHER, ()))
        pending = self.env.records_to_compute(self._fields["promise_date"]) & orders.order_line
        lines |= pending
        with self.env.protecting([self._fields[name] for name in PROMISE_FIELDS], pending):
            lines._set_promises()

    def _set_promises(self):
        """Ask the engine anew for these lines."""
        with self._knowing_rivals():
            promises = self._get_line_promises()
            asked = self._get_promise_prints() if promises else {}
        now = fields.Datetime.now()
        for line in self:
            result = promises.get(line)
            line.promise_date = result.date if result else False
            line.promise_confidence = result.confidence if result else False
            line.promise_detail = (
                json.dumps({"asked": asked.get(line), **line._prepare_promise_detail(result, now)}) if result else False
            )
            line.promise_computed_at = now if result else False

    def _get_line_promises(self):
        """When these lines can be delivered, in a number of queries that does not grow with them.

        To override: replace answers of ``super()``'s by what you know better.

        :return: answers by line; a line that needs none is left out
        :rtype: dict[sale.order.line, PromiseResult]
        """
        lines = self._filter_promised()
        confirmed = lines.filtered(lambda line: line.state == "sale")
        return confirmed._get_order_promises() | (lines - confirmed)._get_quotation_promises()

    @staticmethod
    def _prepare_promise_detail(result, now):
        """:return: an answer as JSON holds it, in no language"""
        return {
            "at": fields.Datetime.to_string(now),
            "fence": result.fence and fields.Datetime.to_string(result.fence),
            "source": result.source and result.source._asdict(),
            "steps": [
                {
                    "date": step.date and fields.Datetime.to_string(step.date),
                    "qty": step.qty,
                    "confidence": step.confidence,
                    "source": step.source and step.source._asdict(),
                }
                for step in result.steps
            ],
        }

    def _get_promise_detail(self):
        """:return: the answer as :meth:`_prepare_promise_detail` gives it, with the print of what was ``asked``; empty
        without one
        :rtype: dict
        """
        return json.loads(self.promise_detail) if self.promise_detail else {}

    @api.depends("promise_date", "promise_confidence", "promise_committed_date", "promise_was_held")
    def _compute_promise_state(self):
        committed = self.filtered("promise_committed_date")
        (self - committed).promise_state = "none"
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled") if committed else ()
        for line in committed:
            if line.company_id.id not in enabled:
                line.promise_state = "none"
            elif line._can_be_held():
                line.promise_state = "ok"
            else:
                line.promise_state = "at_risk" if line.promise_was_held else "late"

    def _can_be_held(self):
        """Whether the committed date, by the day of the warehouse, is none that is known to be missed. What nobody
        knows a date for cannot be held; what needs none, because it is delivered or a service, can."""
        self.ensure_one()
        if not self.promise_date:
            return not self.promise_confidence
        return self._get_promise_day(self.promise_committed_date) >= self._get_promise_day(self.promise_date)

    # === Facts === #

    def _prepare_promise_fact_values(self, kind):
        """Values of a fact about this line, whatever its kind."""
        self.ensure_one()
        return {
            "kind": kind,
            "line_id": self.id,
            "order_id": self.order_id.id,
            "order_name": self.order_id.name,
            "company_id": self.company_id.id,
            "product_id": self.product_id.id,
            "partner_id": self.order_id.partner_id.commercial_partner_id.id,
            "warehouse_id": self.warehouse_id.id,
            "team_id": self.order_id.team_id.id,
            "user_id": self.env.uid,
            "quantity": self.product_uom_id._compute_quantity(self.product_uom_qty, self.product_id.uom_id),
            "promise_date": self.promise_date,
            "committed_date": self.promise_committed_date,
            "confidence": self.promise_confidence,
        }
