from odoo import api, models

from odoo.addons.sales_management.tools.price_book import ListedRule, PriceBook

#: What core reads of a rule to tell a price.
RULE_FIELDS = (
    "pricelist_id",
    "applied_on",
    "product_tmpl_id",
    "product_id",
    "categ_id",
    "min_quantity",
    "date_start",
    "date_end",
    "compute_price",
    "fixed_price",
    "percent_price",
    "base",
    "base_pricelist_id",
    "price_discount",
    "price_markup",
    "price_round",
    "price_surcharge",
    "price_min_margin",
    "price_max_margin",
    "currency_id",
)


class ProductPricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    @api.model
    def _get_price_book(self, lines):
        """What the list prices of order lines are made of, read in a number of queries that does not grow with them.

        :param sale.order.line lines: lines of any orders
        :rtype: PriceBook
        """
        orders, products = lines.order_id, lines.product_id
        rules, bases = self._get_listed_rules(orders.pricelist_id, products.product_tmpl_id)
        companies = orders.company_id
        currencies = orders.currency_id | companies.currency_id | products.currency_id | bases.currency_id
        if any(
            item.base == "standard_price" for item in self.browse(rule.id for each in rules.values() for rule in each)
        ):
            currencies |= products.cost_currency_id
        rates = self.env["res.currency"]._get_rate_history(currencies, companies) if len(currencies) > 1 else {}
        return PriceBook(rules, rates)

    @api.model
    def _get_listed_rules(self, pricelists, templates):
        """:return: rules of price lists, and of those that they are based on, in the order of core, and the latter
        :rtype: tuple[dict[int, list[ListedRule]], product.pricelist]
        """
        listed, bases = {}, pricelists.browse()
        asked = pricelists._origin or pricelists
        while asked:
            listed |= {pricelist.id: [] for pricelist in asked}
            # sudo: whoever may see a quotation need not read the price list that it was made with.
            items = self.sudo().search_fetch(
                [("pricelist_id", "in", asked.ids), ("product_tmpl_id", "in", [False, *templates.ids])], RULE_FIELDS
            )
            for item in items:
                listed[item.pricelist_id.id].append(
                    ListedRule(
                        item.id,
                        item.product_tmpl_id.id or None,
                        item.product_id.id or None,
                        item.date_start,
                        item.date_end,
                        item.min_quantity,
                    )
                )
            bases |= items.base_pricelist_id
            asked = items.base_pricelist_id - self.env["product.pricelist"].browse(listed)
        return listed, bases
