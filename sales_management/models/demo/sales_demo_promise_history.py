from odoo import api, models


class SalesDemo(models.AbstractModel):
    """A year of dates that customers were told, and of deliveries that held them or did not."""

    _inherit = "sales.demo"

    @api.model
    def _load_promise_history(self, events):
        """Add the facts of the year, and let what was committed stand on the lines."""
        facts, committed, delivered = [], {}, {}
        for event in events:
            for line, goods in self._pair_goods(event.order):
                values = self._prepare_history_values(event, line, goods)
                if event.kind == "delivered":
                    total = self._count_shipped(goods, event.share)
                    values["quantity"] = total - delivered.get(line, 0)
                    delivered[line] = total
                else:
                    committed[line] = event.date
                facts.append(values)
        self.env["sales.promise.fact"]._add_facts(facts)
        columns = {"promise_was_held": True, "promise_state": "ok"}
        rows = {line: {**columns, "promise_committed_date": date} for line, date in committed.items()}
        self._rewrite("sale.order.line", rows)

    @api.model
    def _pair_goods(self, order):
        """:return: the lines of an order that are delivered, with what the plan says of them"""
        lines = order.record.order_line.filtered(lambda line: not line.is_downpayment and not line.display_type)
        pairs = zip(lines.sorted("id"), order.lines, strict=True)
        return [(line, goods) for line, goods in pairs if goods.product["kind"] == "goods"]

    @api.model
    def _prepare_history_values(self, event, line, goods):
        return {
            **line._prepare_promise_fact_values(event.kind),
            "moment": event.moment,
            "user_id": line.order_id.user_id.id,
            "vendor_id": self._id("vendor", goods.product["vendor"]),
            "promise_date": event.order.commitment,
            "committed_date": event.date if event.kind in ("committed", "changed") else False,
            "former_date": event.former,
            "effective_date": event.moment if event.kind == "delivered" else False,
            "confidence": "a",
        }
