from bisect import bisect_right
from collections import defaultdict
from fractions import Fraction
from typing import NamedTuple

from odoo import api, models

from odoo.addons.sales_management.tools.promise import PromiseSource, Timeline

UNKNOWN = PromiseSource("unknown")
#: Levels of bills of materials and resupplying warehouses that are looked through.
DEPTH = 10


class Lead(NamedTuple):
    """How long it takes to replenish: ``day`` (ordinal) from when on anything can be had, and what that waits for.

    ``day`` is none where nobody knows: no vendor, no bill of materials, no route.
    """

    day: object
    source: object


class Ware(NamedTuple):
    """Goods as a warehouse comes by them, by the routes that a line names."""

    product: int
    warehouse: int
    routes: tuple = ()


class Plan(NamedTuple):
    """How goods are come by.

    :param object source: what it waits for, none where nobody knows
    :param float prepare: days before it can begin, while what it takes may still come
    :param float days: days that it takes from when all is there
    :param str pace: field of the company that says which days these are, none for days of the calendar
    :param tuple takes: what has to be there when it begins: :class:`Ware`, and how much of it one takes
    """

    source: object
    prepare: float = 0
    days: float = 0
    pace: str = ""
    takes: tuple = ()


class Offer(NamedTuple):
    """By which plan goods are come by, from which quantity on.

    :param tuple plans: with more than one, the first is for what is less than all others are for
    :param tuple starts: for each plan, the least quantity that it is for, in units of the smallest that counts
    """

    plans: tuple = (Plan(None),)
    starts: tuple = (0,)

    def get_plan(self, units):
        return self.plans[max(0, bisect_right(self.starts, units) - 1)]


class Recipe(NamedTuple):
    """All that depends neither on what is there nor on how much is asked for: what goods are made of, and how that is
    come by.

    :param tuple components: :class:`Ware` and how much of it one takes, of what stands in stock; none for services
    :param dict offers: :class:`Offer` by ware, of the components and of all that these take in turn
    :param bool is_to_order: whether it is bought or made for whoever orders it, so that stock does not count
    """

    components: tuple = ()
    offers: dict = {}
    is_to_order: bool = False


NO_OFFER = Offer()


class SalesPromiseEngine(models.AbstractModel):
    """How long things take: vendors, productions, the way through the warehouse and to the customer."""

    _inherit = "sales.promise.engine"

    @api.model
    def _get_kits(self, pairs):
        """Components of what is sold as a kit, exploded to what stands in stock.

        :param Iterable[tuple[int, int]] pairs: product and warehouse
        :return: component and quantity per unit of the kit, by pair; what is no kit is left out
        :rtype: dict[tuple[int, int], list[tuple[int, float]]]
        """
        return self._explode_kits(set(pairs)) if pairs else {}

    @api.model
    def _get_stockless(self, pairs):
        """Pairs that need no stock: services, goods that are not tracked.

        :rtype: set[tuple[int, int]]
        """
        products = self.env["product.product"].browse({product for product, _warehouse in pairs})
        tracked = set(products.filtered("is_storable").ids)
        return {pair for pair in pairs if pair[0] not in tracked}

    @api.model
    def _get_leads(self, requests, terms=None):
        """From when on anything can be had: the fence of each request, by quantity.

        :param list[PromiseRequest] requests: of products that stand in stock
        :param dict terms: as for :meth:`_promise`
        :return: :class:`Lead` by key
        :rtype: dict[object, Lead]
        """
        wishes = {request.key: (self._prepare_ware(request, terms), request.quantity) for request in requests}
        offers = self._get_offers({ware for ware, _quantity in wishes.values()})
        supplied = self._get_taken(offers)
        events = self._get_events(supplied) if supplied else {}
        return self._reckon_leads(wishes, offers, {pair: Timeline(own) for pair, own in events.items()})

    # === Planning === #

    @api.model
    def _prepare_ware(self, request, terms):
        own = (terms or {}).get(request.key)
        return Ware(request.product, request.warehouse, tuple(own.routes) if own else ())

    @api.model
    def _get_recipes(self, wares):
        """What goods are made of, and how that is come by.

        :param set[Ware] wares: whatever is sold
        :rtype: dict[Ware, Recipe]
        """
        made_of, to_order = self._get_components_of(wares), self._filter_to_order(wares)
        offers = self._get_offers({part for components in made_of.values() for part, _factor in components})
        return {
            ware: Recipe(
                made_of[ware], self._pick_offers(offers, [part for part, _factor in made_of[ware]]), ware in to_order
            )
            for ware in wares
        }

    @api.model
    def _get_components_of(self, wares):
        """:return: what stands in stock of what goods are made of, and how much of it one takes
        :rtype: dict[Ware, tuple[tuple[Ware, int | Fraction], ...]]
        """
        pairs = {ware[:2] for ware in wares}
        # A kit needs its components, whether it stands in stock itself or not.
        kits = self._get_kits(pairs)
        stockless = self._get_stockless(pairs - kits.keys())
        parts = {(component, pair[1]) for pair, components in kits.items() for component, _factor in components}
        stockless |= self._get_stockless(parts) if parts else set()
        made_of = {}
        for ware in wares:
            factors = defaultdict(int)
            for product, factor in kits.get(ware[:2], [(ware.product, 1)]):
                # One that is in the kit twice is needed twice.
                if (product, ware.warehouse) not in stockless:
                    factors[product] += factor if factor == 1 else Fraction(factor).limit_denominator(10**6)
            made_of[ware] = tuple((ware._replace(product=product), factor) for product, factor in factors.items())
        return made_of

    @api.model
    def _get_offers(self, wares):
        """How goods are come by, and what that takes in turn, level by level.

        :rtype: dict[Ware, Offer]
        """
        offers, level = {}, set(wares)
        for _depth in range(DEPTH):
            if not level:
                break
            offers |= self._get_level(level)
            level = {take for ware in level for plan in offers[ware].plans for take, _factor in plan.takes}
            level -= offers.keys()
        return offers

    @api.model
    def _pick_offers(self, offers, wares):
        """:return: those of the offers that these goods lead to"""
        picked, left = {}, list(wares)
        while left:
            ware = left.pop()
            if ware in offers and ware not in picked:
                picked[ware] = offers[ware]
                left.extend(take for plan in offers[ware].plans for take, _factor in plan.takes)
        return picked

    @api.model
    def _get_taken(self, offers):
        """:return: products and warehouses of what offers take"""
        return {take[:2] for offer in offers.values() for plan in offer.plans for take, _factor in plan.takes}

    @api.model
    def _get_level(self, wares):
        ways = self._get_ways(wares)
        by_action = {}
        for ware in wares:
            by_action.setdefault(ways[ware].action, {})[ware] = ways[ware]
        offers = dict.fromkeys(wares, Offer())
        if "buy" in by_action:
            offers |= self._plan_purchases(by_action["buy"])
        if "manufacture" in by_action:
            offers |= self._plan_productions(by_action["manufacture"])
        for ware, way in by_action.get("move", {}).items():
            take = Ware(ware.product, way.warehouse)
            plan = Plan(PromiseSource("transit", id=way.warehouse), days=way.days, takes=((take, 1),))
            offers[ware] = Offer((plan,))
        return offers

    # === Reckoning === #

    @api.model
    def _reckon_leads(self, wishes, offers, timelines):
        """From when on so much can be had.

        :param dict[object, tuple[Ware, float]] wishes: goods and quantity, by any key
        :param dict[Ware, Offer] offers: of all of them, and of what they take
        :param dict timelines: by product and warehouse, of what the offers take
        :return: :class:`Lead` by key
        """
        chains, known = self._get_chains({ware.warehouse for ware in offers}), {}
        return {key: self._get_lead(*wish, offers, timelines, chains, known)[0] for key, wish in wishes.items()}

    @api.model
    def _get_lead(self, ware, quantity, offers, timelines, chains, known, path=()):
        """From when on so much can be had, what it takes considered.

        :return: the lead, and whether a cycle of bills of materials cut it short: then it holds on this path only
        :rtype: tuple[Lead, bool]
        """
        if (ware, quantity) in known:
            return known[ware, quantity], False
        offer, place = offers.get(ware, NO_OFFER), ware[:2]
        plan = offer.get_plan(self._to_units(quantity)) if len(offer.plans) > 1 else offer.plans[0]
        if place in path or not plan.source:
            return Lead(None, UNKNOWN), place in path
        chain = chains[ware.warehouse]
        begin, is_cut = None, False
        for take, factor in plan.takes:
            needed = factor * quantity
            lead, cut = self._get_lead(take, needed, offers, timelines, chains, known, (*path, place))
            is_cut |= cut
            timeline = timelines[take[:2]]
            there = timeline.get_earliest(self._to_units(needed), chains[take.warehouse].today, lead.day)
            if there is None:
                result = Lead(None, lead.source)
                break
            begin = there if begin is None else max(begin, there)
        else:
            result = Lead(self._get_lead_day(ware.warehouse, chain, plan, begin), plan.source)
        if not is_cut or not path:
            known[ware, quantity] = result
        return result, is_cut

    @api.model
    def _get_lead_day(self, warehouse, chain, plan, begin):
        """:param begin: day from when on all is there that the plan takes, none where it takes nothing"""
        company = self.env["res.company"].browse(self._get_chain_terms(warehouse).company)
        day = self._add_lead_days(company, chain.now_day, plan.prepare + plan.days, plan.pace)
        if begin is not None and begin > chain.now_day:
            day = max(day, self._add_lead_days(company, begin, plan.days, plan.pace))
        return max(day, chain.today)
