from odoo import models

from odoo.addons.sales_management.tools.price_book import PriceBook


class ProductPricelist(models.Model):
    """Price lists that are read once for many lines."""

    _inherit = "product.pricelist"

    def _get_applicable_rules(self, products, date, **kwargs):
        """Take the rules from the price book at hand, which no client can put into a context: it is no JSON."""
        book = self.env.context.get("sales_price_book")
        if isinstance(book, PriceBook) and len(products) == 1:
            is_template = products._name == "product.template"
            template = products if is_template else products.product_tmpl_id
            rule_ids = book.get_rules(self.id, template.id, None if is_template else products.id, date)
            if rule_ids is not None:
                return self.env["product.pricelist.item"].browse(rule_ids)
        return super()._get_applicable_rules(products, date, **kwargs)
