import math
from collections import defaultdict
from fractions import Fraction

from odoo import api, models

from odoo.addons.sales_management.tools.promise import (
    Need,
    Part,
    PromiseRequest,
    PromiseResult,
    PromiseSource,
    PromiseStep,
    PromiseTerms,
    Timeline,
    consume_of,
    get_earliest_of,
    get_parts_of,
)
from odoo.addons.sales_management.tools.quantity_unit import from_units, to_units

UNKNOWN = PromiseSource("unknown")
NO_STOCK = PromiseSource("none")
ON_HAND = PromiseSource("stock")


class SalesPromiseEngine(models.AbstractModel):
    """When goods can be with the customer: the set-based entry, in short steps that each have a hook."""

    _name = "sales.promise.engine"
    _description = "Promise Engine"

    # === Asking === #

    @api.model
    def _promise(self, requests, terms=None):
        """Answer many questions at once.

        A result does not depend on what else is asked with it, except that requests of one group compete: these are
        served in the order of their ranks, never in that of the list. The number of queries does not grow.

        :param list[PromiseRequest] requests: what is asked; a record instead of an id will do
        :param dict terms: :class:`PromiseTerms` by key of the request, of requests that documents make
        :return: answers in the order of the requests; without a product, a warehouse or a quantity that counts, one
            without a date
        :rtype: list[PromiseResult]
        """
        requests, named = list(requests), terms or {}
        # Whoever asks may use a key twice, so that the place in the list is what counts from here on.
        terms = {place: named[request.key] for place, request in enumerate(requests) if request.key in named}
        cleaned = [self._clean_request(place, request) for place, request in enumerate(requests)]
        engine = self.sudo()  # sudo: whoever may promise need not have rights on stock, and sees no more than dates
        asked = [request for request in cleaned if engine._is_answerable(request)]
        asked = engine._drop_deleted(asked, terms)
        chains = engine._get_chains({request.warehouse for request in asked})
        asks = engine._prepare_asks(asked, terms, chains)
        timelines, holds = engine._get_supplies(asks)
        fences = engine._get_fences(asks, timelines)
        results = {}
        for group in engine._get_groups(asks):
            results |= engine._answer_group(group, timelines, holds, fences, chains)
        results = engine._describe_results(results)
        return [
            results.get(place, PromiseResult(request.key, None, (), "e", UNKNOWN, None))._replace(key=request.key)
            for place, request in enumerate(requests)
        ]

    @api.model
    def _allocate(self, pairs):
        """Say of all confirmed sales lines that still take these products when each can be served.

        All of them are served anew, in the order of their ranks, from what is there and comes. One that can be served
        on the day it is planned for keeps that day, and the date told is the earliest on which it could be: a better
        one is offered, not taken. One that cannot is served on the first day after on which it can, and told that.
        What else takes goods (productions, transfers) is served as planned; quotations come after orders.

        :param Iterable[tuple[int, int]] pairs: product and warehouse
        :return: answers by id of the line
        :rtype: dict[int, PromiseResult]
        """
        engine = self.sudo()  # sudo: as above
        pairs = set(pairs)
        demands = engine._get_joint_demands(pairs)
        if not demands:
            return {}
        events = engine._get_events({(demand.product, demand.warehouse) for demand in demands}, sales=False)
        timelines = {pair: Timeline(events[pair]) for pair in events}
        chains = engine._get_chains({demand.warehouse for demand in demands})
        terms = engine._get_line_terms({demand.line for demand in demands})
        leads = engine._get_demand_leads(demands, terms)
        by_line = defaultdict(list)
        for demand in sorted(demands, key=lambda demand: (demand.rank, demand.line, demand.product)):
            by_line[demand.line].append(demand)
        asked = {demand.line for demand in demands if (demand.product, demand.warehouse) in pairs}
        results = {}
        for line, own in by_line.items():
            result = engine._serve_line(line, own, timelines, leads, chains[own[0].warehouse], terms.get(line))
            if line in asked:
                results[line] = result
        return engine._describe_results(results)

    # === Answering === #

    @api.model
    def _answer_group(self, group, timelines, holds, fences, chains):
        own, own_group = {ask.terms.line for ask in group}, group[0].terms.group
        mine, shared = {}, len(group) > 1
        results = {}
        for ask in group:
            needs = []
            for part, factor in ask.recipe.components:
                pair = part[:2]
                timeline = mine.get(pair) or timelines.get(pair)
                if timeline is not None and pair not in mine and (shared or holds.get(pair)):
                    timeline = mine[pair] = timeline.copy()
                    for hold in holds.get(pair, ()):
                        if hold.line not in own and (not own_group or hold.group != own_group):
                            timeline.consume(hold.quantity, hold.day)
                needs.append(Need(timeline, fences[ask.request.key, part.product].day, factor))
            result, day = self._answer(ask, needs, fences, chains[ask.request.warehouse])
            results[ask.request.key] = result
            # A negative quantity promises nothing: what a customer may send back is not there for others.
            if shared and ask.quantity > 0 and day is not None and not ask.recipe.is_to_order:
                consume_of(needs, ask.quantity, day)
        return results

    @api.model
    def _answer(self, ask, needs, fences, chain):
        """:return: the answer, and the day on which goods are taken, none where nobody knows"""
        leads = [fences[ask.request.key, part.product] for part, _factor in ask.recipe.components]
        if not needs or ask.quantity <= 0:
            parts, sources = [Part(ask.start, ask.quantity)], [(NO_STOCK if not needs else ON_HAND, "a")]
        elif ask.recipe.is_to_order:
            days = [lead.day for lead in leads]
            day = None if None in days else max(ask.start, *days)
            latest = max(leads, key=lambda lead: math.inf if lead.day is None else lead.day)
            parts, sources = [Part(day, ask.quantity)], [(latest.source, "e")]
        else:
            parts = get_parts_of(needs, ask.quantity, ask.start, ask.unit if len(needs) > 1 else 1)
            sources = self._get_part_sources(parts, needs, leads, chain.today)
        day = parts[-1].day
        fence = None if any(lead.day is None for lead in leads) else max([chain.today, *(lead.day for lead in leads)])
        return self._prepare_result(ask.request.key, parts, sources, fence, chain, ask.terms.transit, ask.unit), day

    @api.model
    def _get_part_sources(self, parts, needs, leads, today):
        """What each part waits for, and how sure that is."""
        sources, taken = [], 0
        for part in parts:
            before, taken = taken, taken + part.quantity
            sources.append(self._get_part_source(before, taken, needs, leads, today))
        return sources

    @api.model
    def _get_part_source(self, before, quantity, needs, leads, today):
        """What the last of a part waits for, and how sure the least certain of all that serves it is."""
        found = []
        for need, lead in zip(needs, leads, strict=True):
            # One that is wanted later only waits for all that made it possible.
            served, known = 0, need.get_quantity(before)
            for day, amount in need.timeline.get_parts(need.get_quantity(quantity), today, need.fence):
                served += amount
                if served > known or not amount:
                    found.append(self._get_need_source(need, lead, day, served, today))
        _day, _confidence, source = max(found, key=lambda each: each[:2])
        return source, max(confidence for _day, confidence, _source in found)

    @api.model
    def _get_need_source(self, need, lead, day, quantity, today):
        """:return: day, confidence and source of so much of a component"""
        if day is None:
            return math.inf, "e", lead.source
        if day == need.fence:
            return day, "e", lead.source
        if day == today:
            # What is due today is on its way, and counts where what is there does not do.
            due = need.timeline.get_arrival(day)
            if due is None or need.timeline.get_available(day, need.fence) - due.quantity >= quantity:
                return day, "a", ON_HAND
            return day, due.confidence, due.source
        supply = need.timeline.get_supply(day)
        return (day, "e", lead.source) if supply is None else (day, supply.confidence, supply.source)

    @api.model
    def _prepare_result(self, key, parts, sources, fence, chain, transit, unit):
        def tell(day):
            return None if day is None else chain.to_customer(day, transit)

        steps = tuple(
            PromiseStep(tell(part.day), from_units(part.quantity, unit), source, confidence)
            for part, (source, confidence) in zip(parts, sources, strict=True)
        )
        last = steps[-1]
        confidence = max(step.confidence for step in steps) if len(steps) > 1 else last.confidence
        return PromiseResult(key, last.date, steps, confidence, last.source, tell(fence))

    # === Steps of allocating === #

    @api.model
    def _get_joint_demands(self, pairs):
        """What confirmed lines take of these goods, and of what is sold with them: a kit is served whole or not."""
        demands = self._get_sales_demands(pairs)
        if not demands or "mrp.bom" not in self.env:
            return demands
        lines, taken = self.env["sale.order.line"].browse({demand.line for demand in demands}), defaultdict(set)
        for demand in demands:
            taken[demand.line].add(demand.product)
        kits = lines.filtered(lambda line: taken[line.id] != {line.product_id.id})
        others = {(move.product_id.id, line.warehouse_id.id) for line in kits for move in line.move_ids} - set(pairs)
        return self._get_sales_demands(set(pairs) | others) if others else demands

    @api.model
    def _get_demand_leads(self, demands, terms):
        requests = [
            PromiseRequest(
                (demand.line, demand.product), demand.product, demand.warehouse, self._from_units(demand.quantity)
            )
            for demand in demands
        ]
        return self._get_leads(requests, {request.key: terms.get(request.key[0]) for request in requests})

    @api.model
    def _get_line_terms(self, line_ids):
        """:return: :class:`PromiseTerms` by id of a sales order line
        :rtype: dict[int, PromiseTerms]
        """
        lines = self.env["sale.order.line"].browse(sorted(line_ids))
        return {
            line.id: PromiseTerms(line.id, line.order_id.id, (), tuple(line.route_ids.ids), line.customer_lead)
            for line in lines
        }

    @api.model
    def _serve_line(self, line, demands, timelines, leads, chain, terms):
        needs, own_leads = [], []
        quantity = self._get_served_quantity(line, demands)
        for demand in demands:
            lead = leads[line, demand.product]
            own_leads.append(lead)
            factor = Fraction(demand.quantity, quantity) if quantity else 1
            needs.append(Need(timelines[demand.product, demand.warehouse], lead.day, factor))
        planned = max(chain.today, *(demand.day for demand in demands))
        taken = get_earliest_of(needs, quantity, planned)
        if taken == planned:
            earliest = get_earliest_of(needs, quantity, chain.today)
        else:
            earliest = taken
        parts = [Part(earliest, quantity)]
        sources = self._get_part_sources(parts, needs, own_leads, chain.today)
        consume_of(needs, quantity, planned if taken is None else taken)
        fence = None if any(lead.day is None for lead in own_leads) else max(lead.day for lead in own_leads)
        transit = terms.transit if terms else None
        return self._prepare_result(line, parts, sources, fence, chain, transit, self._get_unit_factor())

    @api.model
    def _get_served_quantity(self, line, demands):
        """What a line takes in the unit of its product: of a kit, not what its components are."""
        line = self.env["sale.order.line"].browse(line)
        if all(demand.product == line.product_id.id for demand in demands):
            return sum(demand.quantity for demand in demands)
        left = line.product_uom_qty - line.qty_delivered
        return self._to_units(line.product_uom_id._compute_quantity(left, line.product_id.uom_id, round=False))

    # === Sources === #

    @api.model
    def _describe_results(self, results):
        """Fill in names and dates of what the results wait for, all at once."""
        plain = {step.source for result in results.values() for step in result.steps if step.source}
        described = self._describe_sources(sorted(plain)) if plain else {}

        if not described:
            return results

        def describe(result):
            steps = tuple(step._replace(source=described.get(step.source, step.source)) for step in result.steps)
            return result._replace(steps=steps, source=described.get(result.source, result.source))

        return {
            key: describe(result) if any(step.source in described for step in result.steps) else result
            for key, result in results.items()
        }

    # === Units === #

    @api.model
    def _get_unit_factor(self):
        return 10 ** self.env["decimal.precision"].precision_get("Product Unit")

    @api.model
    def _to_units(self, quantity):
        """:return: a quantity in units of the smallest that counts, half up"""
        return to_units(quantity, self._get_unit_factor())

    @api.model
    def _from_units(self, quantity):
        """:return: a quantity in the unit of the product"""
        return from_units(quantity, self._get_unit_factor())
