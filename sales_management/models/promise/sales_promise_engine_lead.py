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


class Wish(NamedTuple):
    """So much of a product that a warehouse has to come by, by the routes that a line names."""

    product: int
    warehouse: int
    quantity: float
    routes: tuple = ()


class Plan(NamedTuple):
    """How a wish is fulfilled.

    :param object source: what it waits for
    :param float prepare: days before it can begin, while what it takes may still come
    :param float days: days that it takes from when all is there
    :param str pace: field of the company that says which days these are, none for days of the calendar
    :param list[Wish] takes: what has to be there when it begins
    """

    source: object
    prepare: float = 0
    days: float = 0
    pace: str = ""
    takes: tuple = ()


class Recipe(NamedTuple):
    """All that does not depend on what is there: what a wish is made of, and how that is come by.

    :param tuple components: product and how much of it one takes, of what stands in stock; none for services
    :param tuple wishes: for each component, so much as all of it takes
    :param dict plans: :class:`Plan` by wish, of the components and of all that these take in turn
    :param bool is_to_order: whether it is bought or made for whoever orders it, so that stock does not count
    """

    components: tuple = ()
    wishes: tuple = ()
    plans: dict = {}
    is_to_order: bool = False


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
        return self._explode_kits(set(pairs))

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
        wishes = {request.key: self._prepare_wish(request, terms) for request in requests}
        plans = self._get_plans(set(wishes.values()))
        supplied = {(take.product, take.warehouse) for plan in plans.values() for take in plan.takes}
        events = self._get_events(supplied) if supplied else {}
        return self._reckon_leads(wishes, plans, {pair: Timeline(own) for pair, own in events.items()})

    # === Planning === #

    @api.model
    def _prepare_wish(self, request, terms):
        own = (terms or {}).get(request.key)
        return Wish(request.product, request.warehouse, request.quantity, tuple(own.routes) if own else ())

    @api.model
    def _get_recipes(self, wishes):
        """What wishes are made of, and how that is come by.

        :param set[Wish] wishes: of whatever is sold
        :rtype: dict[Wish, Recipe]
        """
        made_of, to_order = self._get_wished_components(wishes), self._filter_to_order(wishes)
        parts = {
            wish: tuple(
                wish._replace(product=product, quantity=float(wish.quantity * factor)) for product, factor in components
            )
            for wish, components in made_of.items()
        }
        plans = self._get_plans({part for own in parts.values() for part in own})
        return {
            wish: Recipe(made_of[wish], parts[wish], self._pick_plans(plans, parts[wish]), wish in to_order)
            for wish in wishes
        }

    @api.model
    def _get_wished_components(self, wishes):
        """:return: what stands in stock of what each wish is made of, and how much of it one takes
        :rtype: dict[Wish, tuple[tuple[int, int | Fraction], ...]]
        """
        pairs = {(wish.product, wish.warehouse) for wish in wishes}
        # A kit needs its components, whether it stands in stock itself or not.
        kits = self._get_kits(pairs)
        stockless = self._get_stockless(pairs - kits.keys())
        parts = {(component, pair[1]) for pair, components in kits.items() for component, _factor in components}
        stockless |= self._get_stockless(parts) if parts else set()
        made_of = {}
        for wish in wishes:
            factors = defaultdict(int)
            for product, factor in kits.get((wish.product, wish.warehouse), [(wish.product, 1)]):
                # One that is in the kit twice is needed twice.
                if (product, wish.warehouse) not in stockless:
                    factors[product] += factor if factor == 1 else Fraction(factor).limit_denominator(10**6)
            made_of[wish] = tuple(factors.items())
        return made_of

    @api.model
    def _pick_plans(self, plans, wishes):
        """:return: those of the plans that these wishes lead to"""
        picked, left = {}, list(wishes)
        while left:
            wish = left.pop()
            if wish in plans and wish not in picked:
                picked[wish] = plans[wish]
                left.extend(plans[wish].takes)
        return picked

    @api.model
    def _get_plans(self, wishes):
        """How wishes are fulfilled, and what these take in turn, level by level.

        :rtype: dict[Wish, Plan]
        """
        plans, level = {}, set(wishes)
        for _depth in range(DEPTH):
            if not level:
                break
            plans |= self._plan_level(level)
            level = {take for wish in level for take in plans[wish].takes} - plans.keys()
        return plans

    @api.model
    def _plan_level(self, wishes):
        ways = self._get_ways({(wish.product, wish.warehouse, wish.routes) for wish in wishes})
        by_action = {}
        for wish in wishes:
            way = ways[wish.product, wish.warehouse, wish.routes]
            by_action.setdefault(way.action, {})[wish] = way
        plans = {wish: Plan(None) for wish in wishes}
        if "buy" in by_action:
            plans |= self._plan_purchases(by_action["buy"])
        if "manufacture" in by_action:
            plans |= self._plan_productions(by_action["manufacture"])
        for wish, way in by_action.get("move", {}).items():
            take = Wish(wish.product, way.warehouse, wish.quantity)
            plans[wish] = Plan(PromiseSource("transit", id=way.warehouse), days=way.days, takes=(take,))
        return plans

    # === Reckoning === #

    @api.model
    def _reckon_leads(self, wishes, plans, timelines):
        """From when on wishes can be fulfilled.

        :param dict[object, Wish] wishes: by any key
        :param dict[Wish, Plan] plans: of all of them, and of what they take
        :param dict timelines: by product and warehouse, of what the plans take
        :return: :class:`Lead` by key
        """
        warehouses = {wish.warehouse for wish in wishes.values()}
        warehouses |= {take.warehouse for plan in plans.values() for take in plan.takes}
        chains, known = self._get_chains(warehouses), {}
        return {key: self._get_lead(wish, plans, timelines, chains, known)[0] for key, wish in wishes.items()}

    @api.model
    def _get_lead(self, wish, plans, timelines, chains, known, path=()):
        """From when on a wish can be fulfilled, what it takes considered.

        :return: the lead, and whether a cycle of bills of materials cut it short: then it holds on this path only
        :rtype: tuple[Lead, bool]
        """
        if wish in known:
            return known[wish], False
        place, plan = (wish.product, wish.warehouse), plans.get(wish)
        if place in path or not plan or not plan.source:
            return Lead(None, UNKNOWN), place in path
        chain = chains[wish.warehouse]
        company = self.env["res.company"].browse(self._get_chain_terms(wish.warehouse).company)
        begin, is_cut = None, False
        for take in plan.takes:
            lead, cut = self._get_lead(take, plans, timelines, chains, known, (*path, place))
            is_cut |= cut
            timeline = timelines[take.product, take.warehouse]
            there = timeline.get_earliest(self._to_units(take.quantity), chains[take.warehouse].today, lead.day)
            if there is None:
                result = Lead(None, lead.source)
                break
            begin = there if begin is None else max(begin, there)
        else:
            day = self._add_lead_days(company, chain.now_day, plan.prepare + plan.days, plan.pace)
            if begin is not None and begin > chain.now_day:
                day = max(day, self._add_lead_days(company, begin, plan.days, plan.pace))
            result = Lead(max(day, chain.today), plan.source)
        if not is_cut or not path:
            known[wish] = result
        return result, is_cut
