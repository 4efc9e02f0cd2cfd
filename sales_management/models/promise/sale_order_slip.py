from functools import partial

from odoo import api, models
from odoo.fields import Domain
from odoo.tools.misc import format_date
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

#: Orders of one cause that a person is told by name; of more it is said how many.
LISTED = 20
#: Products that are named for an order.
NAMED = 3


class SaleOrder(models.Model):
    """Who hears of committed dates that can no longer be held: the salesperson and the leader, once for a cause."""

    _inherit = "sale.order"

    # === Telling === #

    def _tell_slips(self, lines):
        """Tell of lines of these orders that slipped.

        What one cause hits is one message for each receiver; the number of calls grows with the causes of a single
        order only.

        :param sale.order.line lines: lines at risk, with their causes
        """
        by_order = {order: own.grouped("promise_cause") for order, own in lines.grouped("order_id").items()}
        for position in range(max(map(len, by_order.values()), default=0)):
            hit = {
                order: list(by_cause.items())[position]
                for order, by_cause in by_order.items()
                if position < len(by_cause)
            }
            self._tell_causes(hit)

    def _tell_causes(self, hit):
        """:param dict hit: the cause and the lines that it makes late, by order"""
        told, others = self._get_slip_receivers({order: cause for order, (cause, _lines) in hit.items()})
        causes = {order: self._describe_slip_cause(cause) for order, (cause, _lines) in hit.items()}
        lines = {order.id: order_lines for order, (_cause, order_lines) in hit.items()}

        def describe(orders):
            return {order: order._describe_slip(lines[order.id].with_env(order.env)) for order in orders}

        notices = self.env["sales.notice.mixin"]
        notices._send_notice("promise", self.browse(order.id for order in hit if told[order]), told, causes, describe)
        # Whom one order stands for the rest, is its salesperson or its leader: two at most.
        for position in range(max(map(len, others.values()), default=0)):
            rest = {order: by_user[position] for order, by_user in others.items() if position < len(by_user)}
            notices._send_notice(
                "promise",
                self.browse(order.id for order in rest),
                {order: user for order, (user, _count) in rest.items()},
                causes,
                partial(self._describe_rest, {order.id: count for order, (_user, count) in rest.items()}),
            )

    @staticmethod
    def _describe_rest(counts, orders):
        return {
            order: order.env._("This one and %(count)s more: Deliveries lists them all.", count=counts[order.id] - 1)
            for order in orders
        }

    def _get_slip_receivers(self, causes):
        """Who is told of which order by name, and who of how many more.

        :param dict causes: cause by order
        :return: users by order; and, by the order that stands for the rest, users with how many these are
        :rtype: tuple[dict[sale.order, res.users], dict[sale.order, list[tuple[res.users, int]]]]
        """
        told, rest, counts, readable = {}, {}, {}, self._get_slip_readable(causes)
        for order in sorted(causes, key=lambda order: (order.commitment_date or order.date_order, order.id)):
            told[order] = self.env["res.users"]
            for user in order.user_id | order.team_id.user_id:
                if order.id not in readable[user]:
                    continue
                key = (user, causes[order])
                counts[key] = counts.get(key, 0) + 1
                if counts[key] <= LISTED:
                    told[order] |= user
                else:
                    rest.setdefault(key, order)
        others = {}
        for (user, cause), order in rest.items():
            others.setdefault(order, []).append((user, counts[user, cause] - LISTED))
        return told, others

    @staticmethod
    def _get_slip_readable(orders):
        """Who heads a team, or sold something once, need not be allowed to read its orders, in a company that is not
        his for one.

        :param Iterable[sale.order] orders: at risk
        :return: ids of the orders that each may read, one query for each
        :rtype: dict[res.users, set[int]]
        """
        by_user = {}
        for order in orders:
            for user in order.user_id | order.team_id.user_id:
                by_user.setdefault(user, []).append(order.id)
        readable = {}
        for user, ids in by_user.items():
            # sudo: the companies of somebody else.
            own = user.with_context(allowed_company_ids=user.sudo().company_ids.ids)
            readable[user] = set(own.env["sale.order"].with_user(user).browse(ids)._filtered_access("read")._ids)
        return readable

    @staticmethod
    def _describe_slip_cause(cause):
        """:return: why, to be said in the language of each receiver: what notices are grouped by"""
        if cause:
            return _lt("Committed deliveries at risk: %(cause)s changed", cause=cause)
        return _lt("Committed deliveries at risk")

    def _describe_slip(self, lines):
        """:return: what is said of an order, in the language of the environment"""
        self.ensure_one()
        worst = max(lines, key=lambda line: (not line.promise_date, line.promise_date or line.promise_committed_date))
        names = [line.product_id.display_name for line in lines[:NAMED]]
        if len(lines) > NAMED:
            names.append(self.env._("%(count)s more", count=len(lines) - NAMED))
        values = {
            "customer": self.partner_id.commercial_partner_id.name or self.partner_id.name,
            "products": self.env._(", ").join(names),
            "old": format_date(self.env, worst.promise_committed_date),
            "new": worst.promise_date and format_date(self.env, worst.promise_date),
        }
        if worst.promise_date:
            return self.env._("%(customer)s: %(products)s, committed %(old)s, now %(new)s", **values)
        return self.env._("%(customer)s: %(products)s, committed %(old)s, no new date known", **values)

    # === Activities === #

    def _close_slip_activities(self):
        """Take away what was asked because of a slip, of orders of which nothing is at risk any more."""
        at_risk = self.order_line.filtered(lambda line: line.promise_state == "at_risk").order_id
        (self - at_risk)._drop_slip_activities()

    @api.model
    def _close_all_slip_activities(self, companies):
        """Take away what was asked because of slips in these companies.

        :param res.company companies: that switched promises off
        """
        domain = [("company_id", "in", companies.ids), ("order_line.promise_told_date", "!=", False)]
        # sudo: whoever switches promises off need not see all orders.
        self.sudo().search(domain)._drop_slip_activities()

    def _drop_slip_activities(self):
        kind = self.env["sales.notice.kind"].sudo()._get_by_code("promise")
        if not kind.activity_type_id or not self:
            return
        # sudo: the activity belongs to the salesperson, whom the job does for.
        self.env["mail.activity"].sudo().search(self._get_slip_activity_domain(kind)).unlink()

    def _get_slip_activity_domain(self, kind):
        return (
            Domain("res_model", "=", self._name)
            & Domain("res_id", "in", self.ids)
            & Domain("activity_type_id", "=", kind.activity_type_id.id)
            & Domain("automated", "=", True)
        )
