from odoo import fields, models
from odoo.tools import float_repr, html2plaintext

#: Version of the words. What was archived is read by the rules of its own version.
SNAPSHOT_VERSION = 1


class SaleOrder(models.Model):
    """What a quotation says, in words: so that it can be read and compared when nothing of it is left."""

    _inherit = "sale.order"

    # === Words === #

    def _get_snapshots(self):
        """What these quotations say: the content that the digest is of, and the same in words, decimal strings and the
        language of the customer.

        :return: values that JSON can hold, by quotation
        :rtype: dict[sale.order, dict]
        """
        contents = self._get_content()
        return {order: {"v": SNAPSHOT_VERSION, "content": contents[order], **order._get_words()} for order in self}

    def _get_words(self):
        # sudo: the words are of the whole content, whoever archives it; as it says to the customer.
        order = self.sudo().with_context(lang=self.sudo()._get_lang())
        currency = order.currency_id
        return {
            "name": order.name,
            "revision": order.quotation_revision,
            "state": order.state,
            "currency": {
                "name": currency.name,
                "symbol": currency.symbol,
                "position": currency.position,
                "digits": currency.decimal_places,
            },
            "terms": order._get_term_words(),
            "lines": [line._get_line_words() for line in order._get_digest_lines().sorted()],
            "totals": {
                name: float_repr(order[name], currency.decimal_places or 0)
                for name in ("amount_untaxed", "amount_tax", "amount_total")
            },
        }

    def _get_term_words(self):
        """:return: what stands beside the lines, as text by name of the field"""
        names = [name for name in self._get_digest_fields()["sale.order"] if name in self._fields]
        return {name: self._get_word(name) for name in [*names, "client_order_ref", "user_id", "team_id"]}

    def _get_word(self, name):
        field, value = self._fields[name], self[name]
        if field.relational:
            return ", ".join(value.mapped("display_name"))
        if field.type == "boolean":
            return "1" if value else ""
        if field.type == "html":
            return html2plaintext(value or "").strip()
        if field.type == "date":
            return fields.Date.to_string(value) or ""
        if field.type == "datetime":
            return fields.Datetime.to_string(value) or ""
        if field.type == "float":
            digits = (field.get_digits(self.env) or (16, 4))[1]
            return float_repr(value, digits)
        return str(value or "")

    # === Margins === #

    def _get_margin_snapshots(self):
        """Cost and margin of these quotations, apart from their words: not everybody who may read these may see them.

        :return: values that JSON can hold, by quotation
        :rtype: dict[sale.order, dict]
        """
        result = {}
        # sudo: kept whoever archives; read only by those who may see cost.
        for order, record in zip(self, self.sudo(), strict=True):
            digits = record.currency_id.decimal_places or 0
            result[order] = {
                "margin": float_repr(record.margin, digits),
                "margin_percent": float_repr(100 * record.margin_percent, 2),
                "lines": {
                    str(line.id): {
                        "cost": float_repr(line.purchase_price, 4),
                        "margin": float_repr(line.margin, digits),
                        "margin_percent": float_repr(100 * line.margin_percent, 2),
                    }
                    for line in record._get_digest_lines()
                    if not line.display_type
                },
            }
        return result

    def _may_see_margins(self):
        """Whether the user may see cost and margin of lines: as the fields of core say, whose groups may be narrowed.

        :rtype: bool
        """
        lines = self.env["sale.order.line"]
        return all(lines._has_field_access(lines._fields[name], "read") for name in ("purchase_price", "margin"))
