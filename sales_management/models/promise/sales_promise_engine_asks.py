import math
from collections import defaultdict
from typing import NamedTuple

from odoo import api, models

from odoo.addons.sales_management.tools.promise import PromiseRequest, PromiseTerms, Timeline
from odoo.addons.sales_management.tools.quantity_unit import to_units

from .sales_promise_engine_lead import Recipe

#: Beyond it, a quantity is a slip of the keyboard, and no arithmetic of floats is exact.
MOST = 10**12
NO_TERMS = PromiseTerms()


class Ask(NamedTuple):
    """A request as the kernel takes it.

    :param int quantity: in units of the smallest that counts, of which ``unit`` are one
    :param int start: ordinal of the day from which on it is wanted
    :param Recipe recipe: what it is made of, and how that is come by
    """

    request: PromiseRequest
    terms: PromiseTerms
    quantity: int
    start: int
    recipe: Recipe
    unit: int


class SalesPromiseEngine(models.AbstractModel):
    """What is asked, made ready for the kernel: what it is made of, what comes and goes of that, what competes."""

    _inherit = "sales.promise.engine"

    # === Steps === #

    @api.model
    def _clean_request(self, key, request):
        return PromiseRequest(
            key, int(request.product or 0), int(request.warehouse or 0), request.quantity or 0, request.requested
        )

    @api.model
    def _is_answerable(self, request):
        is_number = math.isfinite(request.quantity) and abs(request.quantity) <= MOST
        return request.product and request.warehouse and is_number

    @api.model
    def _prepare_asks(self, requests, terms, chains):
        """:rtype: list[Ask]"""
        wares = {request.key: self._prepare_ware(request, terms) for request in requests}
        recipes, unit, asks = self._get_recipes(set(wares.values())), self._get_unit_factor(), []
        for request in requests:
            own, chain = terms.get(request.key) or NO_TERMS, chains[request.warehouse]
            start = chain.today
            if request.requested:
                start = max(start, chain.to_shelf(request.requested, own.transit))
            quantity = to_units(request.quantity, unit)
            asks.append(Ask(request, own, quantity, start, recipes[wares[request.key]], unit))
        return asks

    @api.model
    def _get_supplies(self, asks):
        """What comes and goes of all that is asked for, and of what has to be bought or made for it.

        :return: timeline and holds by product and warehouse
        """
        pairs, taken = set(), set()
        for ask in asks:
            taken |= self._get_taken(ask.recipe.offers)
            if not ask.recipe.is_to_order:
                pairs.update(part[:2] for part, _factor in ask.recipe.components)
        events = self._get_events(pairs | taken) if pairs or taken else {}
        holds = defaultdict(list)
        for hold in self._get_hold_demands(pairs):
            holds[hold.product, hold.warehouse].append(hold)
        return {pair: Timeline(own) for pair, own in events.items()}, holds

    @api.model
    def _get_fences(self, asks, timelines):
        """:return: :class:`Lead` by key of the request and component
        :rtype: dict[tuple, Lead]
        """
        wishes, offers = {}, {}
        for ask in asks:
            offers.update(ask.recipe.offers)
            for part, factor in ask.recipe.components:
                wishes[ask.request.key, part.product] = part, float(ask.request.quantity * factor)
        return self._reckon_leads(wishes, offers, timelines)

    @api.model
    def _get_groups(self, asks):
        """:return: requests that compete with each other, each by rank; those of no document with nobody"""
        groups = defaultdict(list)
        for position, ask in enumerate(asks):
            groups[ask.terms.group or ("alone", position)].append(ask)
        return [sorted(group, key=lambda ask: (ask.terms.rank, ask.terms.line)) for group in groups.values()]
