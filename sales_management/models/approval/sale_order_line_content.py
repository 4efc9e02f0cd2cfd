from contextlib import contextmanager

from odoo import api, models

#: Columns that core computes and rules measure by, as those of quotations.
MEASURED_COLUMNS = frozenset({"price_subtotal", "price_tax", "price_total", "margin", "margin_percent"})


class SaleOrderLine(models.Model):
    """Changes of lines are changes of what their quotations say."""

    _inherit = "sale.order.line"

    # === ORM === #

    @api.model
    def _get_computed_only_fields(self):
        return super()._get_computed_only_fields() | (MEASURED_COLUMNS if self._is_approval_used() else frozenset())

    def _after_document_create(self):
        result = super()._after_document_create()
        if self._is_approval_used():
            self.order_id._check_not_cancelled()
            self.order_id._follow_content()
        return result

    @contextmanager
    def _around_document_write(self, vals):
        is_used = self._is_approval_used() and (
            "order_id" in vals or not vals.keys().isdisjoint(self.env["sale.order"]._get_digest_fields()[self._name])
        )
        orders = self.order_id if is_used else self.env["sale.order"]
        orders._check_not_cancelled()
        with super()._around_document_write(vals):
            yield
        if is_used:
            (orders | self.order_id)._follow_content()

    @contextmanager
    def _around_document_unlink(self):
        orders = self.order_id if self._is_approval_used() else self.env["sale.order"]
        with super()._around_document_unlink():
            yield
        orders._follow_content()

    def _is_approval_used(self):
        return bool(self.env["res.company"]._get_enabled_company_ids("sales_approval_enabled"))
