from odoo import api, fields, models

from odoo.addons.sales_management.tools.discount import OfferedLine, get_line_discount


class SaleOrderLine(models.Model):
    """What a line costs less than the price list asks, however that came about."""

    _inherit = "sale.order.line"

    effective_discount = fields.Float(
        string="Effective Disc. (%)",
        compute="_compute_effective_discount",
        digits="Discount",
        groups="base.group_user",
        help="One minus the net price over the net price of the price list for this customer, quantity, unit, currency "
        "and date; both without tax. Whether the discount, the unit price or the taxes were changed makes no "
        "difference. Less than zero: sold over the price list. Zero for what has no price in the list.",
    )

    # === Computes === #

    @api.depends(
        "product_id",
        "product_uom_id",
        "product_uom_qty",
        "price_unit",
        "discount",
        "tax_ids",
        "display_type",
        "product_no_variant_attribute_value_ids",
        "order_id.pricelist_id",
        "order_id.date_order",
        "order_id.fiscal_position_id",
        "order_id.currency_id",
        "order_id.company_id",
    )
    def _compute_effective_discount(self):
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_approval_enabled")
        asked = self.filtered(lambda line: line.order_id.company_id.id in enabled) if enabled else self.browse()
        (self - asked).effective_discount = 0.0
        offered = asked._get_offered_lines()
        for line in asked:
            line.effective_discount = get_line_discount(offered[line][1]) if line in offered else 0.0

    # === Prices === #

    def _get_offered_lines(self):
        """What these lines cost and what the price list asks, without tax, in the currency of the order and not
        rounded, in a number of queries that does not grow with them. Sections, notes and what is no part of the offer
        are left out.

        :return: quantity and prices per line; a line without a quantity, which the customer may add, has the prices of
            one
        :rtype: dict[sale.order.line, tuple[float, OfferedLine]]
        """
        lines = self._filter_offered()
        return lines._price_offered_lines() if lines else {}

    def _filter_offered(self):
        """:return: lines that have a price, and are part of what is offered"""
        return self.filtered(lambda line: not line.display_type and not line._is_outside_digest())

    def _price_offered_lines(self):
        # sudo: what the price list asks is no secret to whoever may see what was offered.
        lines = self.sudo()
        book = self.env["product.pricelist.item"]._get_price_book(lines)
        # Read at once, rather than those of the lines, then those of the products.
        (lines.tax_ids | lines.product_id.taxes_id).mapped("amount")
        owns = set(lines._filter_own_list_prices()._ids)
        terms = {order._ids: order._get_price_terms(book) for order in lines.order_id}
        taxes, prices, result = {}, {}, {}
        # What is read of a line is what costs: the price of the same product on the same terms is told once.
        for asked, line in zip(self, lines, strict=True):
            quantity = line.product_uom_qty
            step = quantity if book.is_by_quantity else None
            is_own = line._ids[0] in owns
            if is_own:
                key = line._ids
            else:
                key = (terms[line.order_id._ids], line.product_id._ids, line.product_uom_id._ids, step)
            if key not in prices:
                priced = line.with_company(line.order_id.company_id).with_context(sales_price_book=book)
                prices[key] = priced._get_listed_unit_price(book, taxes, is_own)
            price = line.price_unit * (1 - line.discount / 100)
            net = line._get_untaxed_amount(line.tax_ids, price, quantity or 1.0, taxes)
            listed_price, listed_taxes = prices[key]
            listed = line._get_untaxed_amount(listed_taxes, listed_price, quantity or 1.0, taxes)
            result[asked] = (quantity, OfferedLine(net, listed))
        return result

    def _filter_own_list_prices(self):
        """Lines whose list price depends on more than product, unit, quantity and terms of the order. To override: add
        what your addon prices by itself to ``super()``'s.

        :rtype: sale.order.line
        """
        own = self.filtered(lambda line: line._is_delivery())
        for name in ("product_no_variant_attribute_value_ids", "combo_item_id"):
            # Most quotations have none, which is told at once.
            if self[name]:
                own |= self.filtered(name)
        return own

    def _get_listed_unit_price(self, book, taxes, is_own):
        """What core would ask for one unit if nobody touched this line, and the taxes that it may include.

        :rtype: tuple[float, account.tax]
        """
        none = self.env["account.tax"]
        if not self.product_id or not self.product_uom_id or self.product_type == "combo":
            return 0.0, none
        if self._is_delivery():
            # What a delivery costs is told by its carrier: it has no price in the list.
            return 0.0, none
        product_taxes, order_taxes = self._get_reference_taxes(taxes)
        # As core does when it proposes the unit price.
        price = self.product_id._get_tax_included_unit_price_from_price(
            self._get_listed_price(is_own),
            product_taxes=product_taxes,
            fiscal_position=self.order_id.fiscal_position_id,
            product_taxes_after_fp=order_taxes,
        )
        return price, order_taxes

    def _get_listed_price(self, is_own=True):
        """:return: the price of the price list for one unit, as core proposes it before taxes are adapted"""
        if self.combo_item_id:
            combo = self._get_linked_line()
            shown = combo._get_display_price_ignore_combo() if combo else 0.0
            # The share of a combo is told by its shown price, which may be one before a discount of the price list.
            factor = combo._get_listed_price() / shown if shown else 1.0
            return self._get_combo_item_display_price() * factor if combo else 0.0
        kwargs = self._get_pricelist_kwargs()
        kwargs["date"] = self.order_id._get_price_moment()
        kwargs["currency"] = kwargs["currency"] or self.order_id.company_id.currency_id
        product = self.product_id.with_context(**self._get_product_price_context()) if is_own else self.product_id
        return self.order_id.pricelist_id._get_product_price(product, **kwargs)

    # === Taxes === #

    def _get_reference_taxes(self, known):
        """Taxes of the product, and what the fiscal position makes of them: whoever changes those of the line changes
        its price, not the reference.

        :param dict known: what was found before
        :rtype: tuple[account.tax, account.tax]
        """
        company, position = self.order_id.company_id, self.order_id.fiscal_position_id
        key = (company.id, position.id, self.product_id.taxes_id._ids)
        if key not in known:
            taxes = self.product_id.taxes_id._filter_taxes_by_company(company)
            known[key] = (taxes, position.map_tax(taxes) if taxes else taxes)
        return known[key]

    def _get_untaxed_amount(self, taxes, price_unit, quantity, known):
        """:return: an amount without the tax that its price includes, not rounded"""
        if not taxes:
            return price_unit * quantity
        key = taxes._ids
        if key not in known:
            known[key] = taxes._get_untaxing_divisor()
        if known[key]:
            return price_unit * quantity / known[key]
        details = taxes._get_tax_details(
            price_unit, quantity, rounding_method="round_globally", product=self.product_id
        )
        return details["total_excluded"]
