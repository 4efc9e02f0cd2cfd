from odoo import api, fields, models
from odoo.tools import float_repr

from odoo.addons.sales_management.tools.digest import get_digest

#: What the customer is offered, beside the lines. Nothing that changes by itself: a receipt, a cost or a promise must
#: not void what was approved.
ORDER_FIELDS = (
    "partner_id",
    "partner_invoice_id",
    "partner_shipping_id",
    "company_id",
    "currency_id",
    "pricelist_id",
    "payment_term_id",
    "fiscal_position_id",
    "validity_date",
    "incoterm",
    "incoterm_location",
    "commitment_date",
    "require_signature",
    "require_payment",
    "prepayment_percent",
    "note",
)
LINE_FIELDS = (
    "sequence",
    "display_type",
    "is_optional",
    "product_id",
    "combo_item_id",
    "name",
    "product_uom_qty",
    "product_uom_id",
    "price_unit",
    "discount",
    "tax_ids",
    "collapse_prices",
    "collapse_composition",
)
#: Version of the format. A later one verifies what an earlier one signed by the earlier one's rules.
DIGEST_VERSION = 1


def read_content(records, names):
    """What records say in some fields, as values that JSON can hold. Read field by field, which takes a third of the
    time that reading record by record does.

    :param records: of one model
    :param names: names of fields; those that this database does not have are left out
    :return: values by name, per record
    :rtype: list[dict]
    """
    names = [name for name in names if name in records._fields]
    each = list(records)
    columns = [get_content_reader(records, name)(each) for name in names]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)] if columns else []


def get_content_reader(model, name):
    """:return: function that takes a list of records, and returns the value of each"""
    field = model._fields[name]
    get = field.__get__
    if field.type == "many2one":
        return lambda each: [get(record).id or None for record in each]
    if field.type in ("many2many", "one2many"):
        return lambda each: [sorted(get(record).ids) for record in each]
    if field.type in ("float", "monetary"):
        digits = (field.get_digits(model.env) or (16, 6))[1] if field.type == "float" else 6
        # Adding zero makes nothing of a negative zero.
        return lambda each: [f"{round(get(record), digits) + 0.0:.{digits}f}" for record in each]
    if field.type == "date":
        return lambda each: [fields.Date.to_string(get(record)) or None for record in each]
    if field.type == "datetime":
        return lambda each: [fields.Datetime.to_string(get(record)) or None for record in each]
    if field.type in ("integer", "boolean"):
        return lambda each: [get(record) for record in each]
    return lambda each: [str(get(record) or "") or None for record in each]


class SaleOrder(models.Model):
    """What a quotation says to its customer, as one value: approved, archived and printed copies are told by it."""

    _inherit = "sale.order"

    # === Hooks === #

    @api.model
    def _get_digest_fields(self):
        """Fields that make up what the customer is offered.

        To override: add names of your fields to ``super()``'s. A field that changes by itself voids every approval.

        :return: names by model, of orders and of their lines
        :rtype: dict[str, tuple[str]]
        """
        return {"sale.order": ORDER_FIELDS, "sale.order.line": LINE_FIELDS}

    def _get_digest_lines(self):
        """Lines that the customer is offered: not those that core adds by itself later on, which nobody approves.

        :rtype: sale.order.line
        """
        lines = self.order_line.filtered(lambda line: not line._is_outside_digest())
        # Which filtering forgets: what lines hold is read for all quotations at once.
        return lines.with_prefetch(self.order_line._prefetch_ids)

    # === Digest === #

    @api.model
    def _get_digest_dependencies(self):
        """:return: paths on which a field depends that is computed from the content
        :rtype: list[str]
        """
        names = self._get_digest_fields()
        lines = [*names["sale.order.line"], "price_subtotal", "price_total", "is_downpayment", "is_expense"]
        return [*names["sale.order"], "order_line", *(f"order_line.{name}" for name in lines)]

    def _get_content(self):
        """What these quotations say, as values that JSON can hold: ids, decimal strings at the precision of the field,
        dates in ISO format.

        :return: content per quotation
        :rtype: dict[sale.order, dict]
        """
        names = self._get_digest_fields()
        result = {}
        # sudo: the digest is of the whole content, whoever asks for it.
        lines = self.sudo().order_line
        for name in names["sale.order.line"]:
            if name in lines._fields and lines._fields[name].type in ("many2many", "one2many"):
                # Of all quotations together: a part of their lines forgets the others.
                lines.mapped(name)
        orders = self.sudo()
        # All lines are of one quotation, which need not be compared with itself.
        order_within = ", ".join(part for part in lines._order.split(", ") if part != "order_id") or None
        for order, record, said in zip(self, orders, read_content(orders, names["sale.order"]), strict=True):
            lines = record._get_digest_lines()
            outside = record.order_line - lines
            currency = record.currency_id
            amounts = {
                "untaxed": record.amount_untaxed - sum(outside.mapped("price_subtotal")),
                "total": record.amount_total - sum(outside.mapped("price_total")),
            }
            result[order] = {
                "v": DIGEST_VERSION,
                "order": said,
                "lines": read_content(lines.sorted(order_within), names["sale.order.line"]),
                "amounts": {
                    name: float_repr(currency.round(amount) + 0.0, currency.decimal_places or 0)
                    for name, amount in amounts.items()
                },
            }
        return result

    def _get_content_digests(self):
        """SHA-256 of what these quotations say, in a number of queries that does not grow with them.

        :return: 64 hexadecimal digits per quotation
        :rtype: dict[sale.order, str]
        """
        return {order: get_digest(content) for order, content in self._get_content().items()}
