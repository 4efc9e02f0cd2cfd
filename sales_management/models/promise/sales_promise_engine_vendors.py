import math
from fractions import Fraction

from odoo import api, fields, models

from odoo.addons.sales_management.tools.promise import PromiseSource

from .sales_promise_engine_lead import Offer, Plan

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
        """:param dict[Ware, Way] ways: of what is bought
        :rtype: dict[Ware, Offer]
        """
        products = self.env["product.product"].browse({ware.product for ware in ways})
        sellers, offers = products.product_tmpl_id.seller_ids, {}
        sellers.fetch(SELLER_FIELDS)
        sellers.partner_id.fetch(["active", "complete_name"])
        for ware, way in ways.items():
            company = self.env["res.company"].browse(way.company)
            product = products.browse(ware.product)
            possible = self._filter_sellers(product, company)
            if possible:
                starts = self._get_starts(possible, product)
                chosen = [
                    self._choose_seller(possible, product, self._from_units(start), company) for start in starts
                ]
                plans = tuple(self._prepare_purchase_plan(seller, company, way) for seller in chosen)
                offers[ware] = Offer(plans, starts)
        return offers

    @api.model
    def _prepare_purchase_plan(self, seller, company, way):
        source = PromiseSource("vendor", seller.partner_id.complete_name, id=seller.partner_id.id)
        return Plan(source, days=seller.delay + company.days_to_purchase + way.days, pace="promise_vendor_days")

    @api.model
    def _get_bought(self, templates):
        """:return: ids of the products that some vendor sells"""
        if "purchase.order.line" not in self.env:
            return set()
        return {template.id for template in templates if template.seller_ids}

    @api.model
    def _filter_sellers(self, product, company):
        """:return: prices of the vendors that may sell a product to a company, in the order that Odoo tries them in"""
        possible = [
            seller
            for seller in product.product_tmpl_id.seller_ids
            if (not seller.product_id or seller.product_id == product)
            and (not seller.company_id or seller.company_id == company)
            and seller.partner_id.active
        ]
        return sorted(possible, key=lambda seller: (seller.sequence, -seller.min_qty, seller.price, seller.id))

    @api.model
    def _get_starts(self, possible, product):
        """:return: quantities from which on another of these vendors may sell, ascending from 0, in units that count"""
        if len(possible) < 2:
            return (0,)
        leasts = {self._get_least(seller, product) for seller in possible}
        return (0, *sorted(least for least in leasts if least > 0))

    @api.model
    def _get_least(self, seller, product):
        """:return: the least that a vendor sells, in units of the product that count"""
        least, unit, own = self._to_units(seller.min_qty), seller.product_uom_id, product.uom_id
        if not unit or unit == own or not least:
            return least
        # What does not fill a unit of the vendor is rounded up to the next.
        ratio = Fraction(repr(own.factor)) / Fraction(repr(unit.factor))
        return math.floor((least - 1) / ratio) + 1

    @api.model
    def _choose_seller(self, possible, product, quantity, company):
        """The vendor that Odoo would order from; where none sells so little, the one that it falls back on.

        :param list possible: as :meth:`_filter_sellers` gives them
        """
        if len(possible) < 2:
            return possible[0]
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
