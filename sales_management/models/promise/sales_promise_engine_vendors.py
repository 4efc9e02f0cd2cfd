from odoo import api, fields, models

from odoo.addons.sales_management.tools.promise import PromiseSource

from .sales_promise_engine_lead import Plan

SELLER_FIELDS = [
    "company_id",
    "currency_id",
    "date_end",
    "date_start",
    "delay",
    "discount",
    "min_qty",
    "partner_id",
    "price",
    "product_id",
    "product_tmpl_id",
    "product_uom_id",
    "sequence",
]


class SalesPromiseEngine(models.AbstractModel):
    """What is bought: of the vendor that Odoo would order so much from, in its time."""

    _inherit = "sales.promise.engine"

    @api.model
    def _plan_purchases(self, ways):
        """:param dict[Wish, Way] ways: of what is bought
        :rtype: dict[Wish, Plan]
        """
        products = self.env["product.product"].browse({wish.product for wish in ways})
        sellers, plans = products.product_tmpl_id.seller_ids, {}
        sellers.fetch(SELLER_FIELDS)
        sellers.partner_id.fetch(["active", "complete_name"])
        for wish, way in ways.items():
            company = self.env["res.company"].browse(way.company)
            product = products.browse(wish.product)
            seller = self._choose_seller(product.product_tmpl_id.seller_ids, product, wish.quantity, company)
            if seller:
                source = PromiseSource("vendor", seller.partner_id.complete_name, id=seller.partner_id.id)
                days = seller.delay + company.days_to_purchase + way.days
                plans[wish] = Plan(source, days=days, pace="promise_vendor_days")
        return plans

    @api.model
    def _get_bought(self, templates):
        """:return: ids of the products that some vendor sells"""
        if "purchase.order.line" not in self.env:
            return set()
        return {template.id for template in templates if template.seller_ids}

    @api.model
    def _choose_seller(self, sellers, product, quantity, company):
        """The vendor that Odoo would order from; where none sells so little, the one that it falls back on."""
        possible = [
            seller
            for seller in sellers
            if (not seller.product_id or seller.product_id == product)
            and (not seller.company_id or seller.company_id == company)
            and seller.partner_id.active
        ]
        if len(possible) < 2:
            return possible[0] if possible else None
        possible.sort(key=lambda seller: (seller.sequence, -seller.min_qty, seller.price, seller.id))
        today = fields.Date.context_today(self)
        fitting = [seller for seller in possible if self._sells(seller, product, quantity, today)]
        own = [seller for seller in fitting if seller.partner_id == fitting[0].partner_id]
        if len({seller.currency_id for seller in own}) > 1:
            product = product.with_company(company)
            return product._select_seller(quantity=quantity, date=today, uom_id=product.uom_id)
        return min(own, key=lambda seller: (seller.price_discounted, seller.sequence, seller.id), default=possible[0])

    @api.model
    def _sells(self, seller, product, quantity, today):
        """Whether a vendor sells so much of a product at this time."""
        unit = seller.product_uom_id
        if quantity and unit and unit != product.uom_id:
            quantity = product.uom_id._compute_quantity(quantity, unit)
        return (
            (not seller.date_start or seller.date_start <= today)
            and (not seller.date_end or seller.date_end >= today)
            and self._to_units(quantity) >= self._to_units(seller.min_qty)
        )
