from contextlib import contextmanager

from odoo import api, fields, models
from odoo.tools import float_repr

#: What a line says beside its content.
FROZEN_FIELDS = frozenset(
    {"order_id", "purchase_price", "linked_line_id", "is_downpayment", "is_expense", "product_template_id"}
)


class SaleOrderLine(models.Model):
    """Lines of revisions: they know where they came from, and are frozen with their quotation."""

    _inherit = "sale.order.line"

    revision_origin = fields.Integer(
        readonly=True, copy=False, help="Id of the line of the first revision that this line goes back to."
    )

    # === ORM === #

    @api.model
    def _get_computed_only_fields(self):
        return super()._get_computed_only_fields() | {"revision_origin"}

    def _after_document_create(self):
        result = super()._after_document_create()
        # Afterwards, for the quotation may come from the context.
        if self.env["sale.order"]._is_freezing():
            self.order_id._check_not_superseded()
        return result

    def _prepare_document_write_values(self, vals):
        vals = super()._prepare_document_write_values(vals)
        if self.env["sale.order"]._is_freezing() and not self._get_frozen_fields().isdisjoint(vals):
            orders = self.order_id | self.env["sale.order"].browse(filter(None, [vals.get("order_id")]))
            orders._check_not_superseded()
        return vals

    @contextmanager
    def _around_document_unlink(self):
        if self.env["sale.order"]._is_freezing():
            self.order_id._check_not_superseded()
        with super()._around_document_unlink():
            yield

    # === Revisions === #

    @api.model
    def _get_frozen_fields(self):
        return FROZEN_FIELDS.union(self.env["sale.order"]._get_digest_fields()["sale.order.line"])

    def _get_revision_origin(self):
        """:return: id of the line of the first revision that this line goes back to, its own when it began with it"""
        return self.revision_origin or self.id

    def _prepare_revised_line_values(self):
        """What copying leaves out, and a revision keeps. To override: add to ``super()``'s.

        :rtype: dict
        """
        self.ensure_one()
        return {"revision_origin": self._get_revision_origin(), "purchase_price": self.purchase_price}

    # === Words === #

    def _get_line_words(self):
        """What this line says, as text and decimal strings.

        :rtype: dict
        """
        self.ensure_one()
        currency = self.currency_id
        return {
            "id": self.id,
            "origin": self._get_revision_origin(),
            "sequence": self.sequence,
            "type": self.display_type or "product",
            "product_id": self.product_id.id or None,
            "product": self.product_id.display_name or "",
            "name": self.name or "",
            "quantity": "" if self.display_type else self._get_number_words("product_uom_qty", 2),
            "unit": self.product_uom_id.name or "",
            "price": "" if self.display_type else self._get_number_words("price_unit", 2),
            "discount": "" if self.display_type else self._get_number_words("discount", 2),
            "taxes": ", ".join(self.tax_ids.sorted().mapped("name")),
            "optional": "1" if self.is_optional else "",
            "subtotal": "" if self.display_type else float_repr(self.price_subtotal, currency.decimal_places or 0),
        }

    def _get_number_words(self, name, least):
        """:return: a number with all the decimals that it has, and at least so many"""
        field = self._fields[name]
        digits = max(least, (field.get_digits(self.env) or (16, 6))[1])
        whole, _point, decimals = float_repr(self[name], digits).partition(".")
        return f"{whole}.{decimals.rstrip('0').ljust(least, '0')}"
