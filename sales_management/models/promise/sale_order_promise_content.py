from odoo import api, models

#: A line that says the same in these keeps its date in a new revision.
KEPT_WITH = ("product_id", "product_uom_qty", "product_uom_id", "warehouse_id", "route_ids")


class SaleOrder(models.Model):
    """A date that somebody committed to is part of what the customer is told, and of what is approved."""

    _inherit = "sale.order"

    # === Digest === #

    @api.model
    def _get_digest_fields(self):
        names = super()._get_digest_fields()
        return {**names, "sale.order.line": (*names["sale.order.line"], "promise_committed_date")}

    def _get_content(self):
        contents = super()._get_content()
        for content in contents.values():
            lines = content["lines"]
            # Without any, it says what it said before there were such dates.
            if not any(line.get("promise_committed_date") for line in lines):
                content["lines"] = [
                    {name: value for name, value in line.items() if name != "promise_committed_date"} for line in lines
                ]
        return contents

    # === Measures === #

    def _get_orders_before_promise(self):
        """Those, too, of which a line is committed earlier than it can be held."""
        orders = super()._get_orders_before_promise()
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled")
        return orders | self.filtered(
            lambda order: order.company_id.id in enabled and order.promise_state in ("late", "at_risk")
        )

    # === Revisions === #

    def _after_revision_created(self, former):
        result = super()._after_revision_created(former)
        if self.company_id.id in self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled"):
            self._keep_commitments(former)
        return result

    def _keep_commitments(self, former):
        """Lines that ask for the same keep the date that the customer was told."""
        # sudo: a revision keeps all that was said, seen by the user or not.
        revision, former = self.sudo(), former.sudo()
        revision._write_as_it_was({"promise_requested_date": former.promise_requested_date})
        lines = former.order_line.filtered("promise_committed_date")
        known = {line._get_promise_origin(): line for line in lines}
        kept = revision.order_line.browse()
        for line in revision.order_line if known else kept:
            before = known.get(line._get_promise_origin())
            if before and all(before[name] == line[name] for name in KEPT_WITH):
                line._write_as_it_was(
                    {
                        "promise_committed_date": before.promise_committed_date,
                        "promise_was_held": before.promise_was_held,
                    }
                )
                kept |= line
        self.env["sales.promise.hold"]._hold_committed(kept)
