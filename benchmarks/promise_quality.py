"""How good dates are: how many break an earlier commitment or depend on what they are read with, by core and by us.

What the engine says is held against core's own methods, and against brute force over the same events.
"""

from collections import defaultdict

#: Days from today on which people ask for something, and pieces, by turns.
WISHES = ((3, 0), (6, 3), (2, 7), (12, 14), (4, 1), (9, 21))
CORE, OURS = "Core", "Ours"


def count_broken(events, wishes):
    """Promise one after the other, and count the dates by which what is there falls short of what was promised before.

    Supply is what is in the events; there is no fence, as neither way would break a commitment beyond it.

    :param list[Event] events: of one product in one warehouse
    :param list[tuple[int, int]] wishes: quantity and day, in the order in which people ask
    :return: dates told and dates that broke a commitment, by way of asking
    :rtype: dict[str, tuple[int, int]]
    """
    return {"balance": _count(events, wishes, _find_by_balance), "promise": _count(events, wishes, _find_by_promise)}


def _find_by_balance(timeline, days, quantity, start):
    return next((day for day in [start, *days] if day >= start and timeline.get_balance(day) >= quantity), None)


def _find_by_promise(timeline, _days, quantity, start):
    return timeline.get_earliest(quantity, start)


def _count(events, wishes, find):
    from odoo.addons.sales_management.tools.promise import Timeline

    timeline, days = Timeline(events), sorted({event[0] for event in events})
    told = broken = 0
    for quantity, start in wishes:
        day = find(timeline, days, quantity, start)
        if day is None:
            continue
        told += 1
        # Short of what was promised: on a day from then on there is less than is taken.
        later = [day, *(each for each in days if each > day)]
        left = [timeline.get_balance(each) for each in later]
        broken += any(balance < quantity for balance in left)
        # A date that breaks another is counted once and not kept, so that each is judged on the same books.
        if all(balance >= quantity for balance in left):
            timeline.consume(quantity, day)
            days = sorted({*days, day})
    return told, broken


def count_broken_of(env, products, warehouse):
    """Ask for each of these products some times, and add up :func:`count_broken`.

    :rtype: dict[str, tuple[int, int]]
    """
    engine = env["sales.promise.engine"].sudo()
    today = engine._get_chains({warehouse.id})[warehouse.id].today
    events = engine._get_events({(product.id, warehouse.id) for product in products})
    totals = {CORE: [0, 0], OURS: [0, 0]}
    for own in events.values():
        wishes = [(engine._to_units(quantity), today + days) for quantity, days in WISHES]
        counts = count_broken(own, wishes)
        for name, way in ((CORE, "balance"), (OURS, "promise")):
            totals[name] = [total + more for total, more in zip(totals[name], counts[way], strict=True)]
    return {name: tuple(total) for name, total in totals.items()}


def count_readings(lines):
    """Count lines that say something else when they are read with the others than alone.

    :return: lines that do, and lines, by who is asked
    :rtype: dict[str, tuple[int, int]]
    """
    env = lines.env
    env.flush_all()

    def read_core(some):
        # As a list or a reader over RPC has them computed: all that are read at once.
        some._compute_qty_at_date()
        return {line.id: (line.free_qty_today, line.virtual_available_at_date) for line in some}

    def read_ours(some):
        return {line.id: result.date for line, result in some._get_line_promises().items()}

    counts = {}
    for name, read in ((CORE, read_core), (OURS, read_ours)):
        env.invalidate_all()
        together, alone = read(lines), {}
        for line_id in lines.ids:
            env.invalidate_all()
            alone |= read(lines.browse(line_id))
        counts[name] = (sum(alone.get(key) != together.get(key) for key in lines.ids), len(lines))
    return counts


def compare_leads(env, products, warehouse, leads, quantity):
    """Products whose lead time is not core's, without a reason.

    Core does not look whether components are there, or when they come: what is made may come later than it says.

    :param dict leads: :class:`Lead` by id of the product
    :return: product, our days, core's
    :rtype: list[tuple]
    """
    chain = env["sales.promise.engine"].sudo()._get_chains({warehouse.id})[warehouse.id]
    wrong = []
    for product in products:
        rules = product._get_rules_from_location(warehouse.lot_stock_id)
        seller = product._select_seller(quantity=quantity)
        delays, _texts = rules._get_lead_days(product, supplierinfo=seller)
        day = max(chain.today, chain.now_day + int(delays["total_delay"]))
        own = leads[product.id].day
        is_made = "manufacture" in rules.mapped("action")
        if own != day and not (is_made and own is not None and own > day):
            wrong.append((product.default_code, own and own - chain.now_day, delays["total_delay"]))
    return wrong


def allocate_by_hand(env, pairs):
    """Serve all sales lines of these pairs day by day: what ``_allocate`` says, without its timelines.

    :return: moment at which each line is with its customer, by id
    :rtype: dict[int, datetime]
    """
    engine = env["sales.promise.engine"].sudo()
    demands = sorted(engine._get_sales_demands(pairs), key=lambda demand: (demand.rank, demand.line))
    changes = defaultdict(lambda: defaultdict(int))
    for pair, events in engine._get_events(pairs, sales=False).items():
        for event in events:
            changes[pair][event.day] += event.quantity
    terms = engine._get_line_terms({demand.line for demand in demands})
    leads = engine._get_demand_leads(demands, terms)
    chains = engine._get_chains({warehouse for _product, warehouse in pairs})
    moments = {}
    for demand in demands:
        chain, own = chains[demand.warehouse], changes[demand.product, demand.warehouse]
        fence = leads[demand.line, demand.product].day
        planned = max(chain.today, demand.day)
        taken = _find_day(own, demand.quantity, planned, fence)
        day = _find_day(own, demand.quantity, chain.today, fence) if taken == planned else taken
        moments[demand.line] = chain.to_customer(day, terms[demand.line].transit)
        own[taken] -= demand.quantity
    return moments


def _find_day(changes, quantity, start, fence):
    """The first day on which so much is there, and is not missing on any day from then to the fence."""
    last = max([start, *changes])
    day = start
    while fence is None or day < fence:
        days = range(day, (last if fence is None else min(last, fence - 1)) + 1) or [day]
        if all(sum(change for each, change in changes.items() if each <= other) >= quantity for other in days):
            return day
        day += 1
        if fence is None and day > last:
            return None
    return max(start, fence)
