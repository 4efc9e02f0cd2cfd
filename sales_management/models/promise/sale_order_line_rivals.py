import zlib
from collections import Counter, defaultdict
from contextlib import contextmanager

from odoo import models

#: Where the cursor keeps who competes with whom, while dates are asked for.
RIVALS = "sales_management.rivals_of_lines"


class SaleOrderLine(models.Model):
    """Lines of one quotation that take the same goods: what one of them asks for decides the dates of the others."""

    _inherit = "sale.order.line"

    def _get_competitors(self):
        """Other lines of the same quotations that take the same goods, also by way of others: the date of a line is
        the same, whatever it is read with."""
        others = self.order_id.order_line - self
        if others and not self._are_kits_sold():
            # Where nothing is taken apart, only the same goods compete, and few lines need a closer look.
            products = self.product_id
            others = others.filtered(lambda line: line.product_id in products)
        others = others._filter_promised()
        if not others:
            return others
        rivals = (self | others)._get_rivals()
        groups = {id(rivals[line]): rivals[line] for line in self}
        found = {rival for group in groups.values() for rival in group}
        return others.filtered(found.__contains__)

    def _are_kits_sold(self):
        known = self.env.cr.cache.get(RIVALS)
        if known is None or None not in known:
            # sudo: what is a kit, whoever may see it.
            is_sold = self.env["sales.promise.engine"].sudo()._has_kits()
            if known is None:
                return is_sold
            known[None] = is_sold
        return known[None]

    def _get_rivals(self):
        """Which of these lines compete with each other, directly or by way of others, each with itself.

        :rtype: dict[sale.order.line, tuple[sale.order.line, ...]]
        """
        known, key = self.env.cr.cache.get(RIVALS), frozenset(self._ids)
        if known is not None and key in known:
            return known[key]
        rivals = self._find_rivals()
        if known is not None:
            known[key] = rivals
        return rivals

    @contextmanager
    def _knowing_rivals(self):
        """Look up but once who competes with whom: kits have to be taken apart for it."""
        cache = self.env.cr.cache
        outer = cache.get(RIVALS)
        cache[RIVALS] = {} if outer is None else outer
        try:
            yield
        finally:
            cache[RIVALS] = outer

    def _find_rivals(self):
        goods = self._get_goods()
        takers = defaultdict(list)
        for line, pairs in goods.items():
            for pair in pairs:
                takers[line.order_id, pair].append(line)
        rivals = {}
        for line in self:
            if line in rivals:
                continue
            found, left = {line: None}, [line]
            while left:
                taker = left.pop()
                for pair in goods[taker]:
                    for other in takers.pop((taker.order_id, pair), ()):
                        if other not in found:
                            found[other] = None
                            left.append(other)
            group = tuple(found)
            rivals |= dict.fromkeys(group, group)
        return rivals

    # === What was asked === #

    def _get_promise_prints(self):
        """What the dates of these lines of quotations depend on, of the quotation: an answer with the same print need
        not be asked anew as long as supply is the same.

        :rtype: dict[sale.order.line, int]
        """
        lines = self.filtered(lambda line: line.state in ("draft", "sent"))._filter_promised()
        lines |= lines._get_competitors()
        ranks, rivals, prints = lines._get_promise_ranks(), lines._get_rivals(), {}
        for line in self:
            if line in rivals and line not in prints:
                text = "\n".join(sorted(rival._describe_ask(ranks[rival]) for rival in rivals[line]))
                prints |= dict.fromkeys(rivals[line], zlib.crc32(text.encode()))
        return {line: prints[line] for line in self if line in prints}

    def _describe_ask(self, rank):
        self.ensure_one()
        request = self._prepare_promise_request()
        return repr((*request[1:], tuple(self.route_ids._origin.ids), self.customer_lead, rank))

    def _filter_confirmed(self):
        return self.filtered(lambda line: line.state == "sale")

    def _filter_sharing(self):
        """Those of these lines in a form that may take the same goods as another one, or did before it was edited."""
        if self._are_kits_sold():
            return self
        takers = Counter(line.product_id.id for line in self)
        former = Counter(line.product_id.id for line in self.order_id._origin.order_line)

        def is_sharing(line):
            product = line.product_id.id
            return takers[product] > 1 or former[product] > (line._origin.product_id.id == product)

        return self.filtered(is_sharing)

    def _ask_outdated(self):
        """Ask anew for those of these lines in a form whose date was asked for something else."""
        with self._knowing_rivals():
            self._filter_outdated()._set_promises()

    def _filter_outdated(self):
        """Those of these lines in a form whose date was asked for something else than the form says by now."""
        prints = self._get_promise_prints()
        return self.filtered(lambda line: line._is_outdated(prints.get(line)))

    def _is_outdated(self, asked):
        self.ensure_one()
        detail, saved = self.promise_detail, self._origin
        if not detail or asked is None:
            return bool(detail) != (asked is not None)
        # What was asked stands at the beginning, so that not all of every line has to be read.
        known = detail.startswith(f'{{"asked": {asked},')
        # A form that shows the date alone may hold that of an answer which was given up again.
        is_given_up = saved and self.promise_date != saved.promise_date and detail == saved.promise_detail
        return not known or bool(is_given_up)
