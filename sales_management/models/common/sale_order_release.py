from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.sales_management.exceptions import BlockedError
from odoo.addons.sales_management.tools.blocker import split_blockers


class SaleOrder(models.Model):
    """May this quotation leave the company, and may it become an order: asked at every way out, answered by whichever
    capability has something against it."""

    _inherit = "sale.order"

    is_released = fields.Boolean(
        string="Released",
        compute="_compute_release",
        search="_search_is_released",
        help="It may go to the customer: it is the current revision, belongs to a deal where that is asked, and is "
        "approved for exactly what it says.",
    )
    release_message = fields.Text(
        string="Not Released Because",
        compute="_compute_release",
        help="What stands between this quotation and its customer.",
    )

    # === Computes === #

    @api.depends(lambda self: self._get_release_dependencies())
    def _compute_release(self):
        blockers = self._get_release_blockers()
        blocking, _warnings = split_blockers(blockers)
        for order in self:
            order.is_released = order not in blocking
            order.release_message = "\n".join(blocker.message for blocker in blockers[order]) or False

    def _search_is_released(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_released_domain()

    # === Hooks === #

    @api.model
    def _get_release_dependencies(self):
        """Paths that the answers of :meth:`_get_release_blockers` depend on. To override: add yours.

        :rtype: list[str]
        """
        return self._get_digest_dependencies()

    @api.model
    def _get_released_domain(self):
        """Released quotations by their stored columns. To override: narrow ``super()``'s.

        :rtype: Domain
        """
        return Domain.TRUE

    def _get_release_blockers(self):
        """What stands between these quotations and their customers.

        To override: add to ``super()``'s, in a number of queries that does not grow with the quotations, and in none
        for companies where your capability is off.

        :return: blockers per quotation, an empty list for one that may go
        :rtype: dict[sale.order, list[Blocker]]
        """
        return {order: [] for order in self}

    def _get_confirmation_blockers(self):
        """What stands between these quotations and being orders: what keeps them in the company, and more.

        To override: as :meth:`_get_release_blockers`.

        :rtype: dict[sale.order, list[Blocker]]
        """
        return self._get_release_blockers()

    @api.model
    def _is_release_asked(self):
        """Whether any company uses a capability that may hold quotations back, so that where none does, the ways out
        cost nothing. To override: say yes when yours is on somewhere.

        :rtype: bool
        """
        return False

    # === Asking === #

    def _filter_released(self):
        """:return: those of these quotations that may go to their customers"""
        if not self._is_release_asked():
            return self
        blocking, _warnings = split_blockers(self._get_release_blockers())
        return self.filtered(lambda order: order not in blocking)

    def _check_released(self):
        """Refuse unless all of these quotations may go to their customers.

        :raise BlockedError: that names everything that stands in the way of each
        """
        if self._is_release_asked():
            self._refuse_blocked(self._get_release_blockers())

    def _check_confirmable(self):
        """Refuse unless all of these quotations may become orders.

        :raise BlockedError: that names everything that stands in the way of each
        """
        if self._is_release_asked():
            self._refuse_blocked(self._get_confirmation_blockers(), is_confirmation=True)

    def _refuse_blocked(self, blockers, is_confirmation=False):
        blocking, _warnings = split_blockers(blockers)
        if not blocking:
            return
        if self.env.user.share:
            # What stands in the way is no matter of the customer's, who signs and pays through code that sees all.
            raise BlockedError(self._format_unavailable(blocking))
        actions = [blocker.action for found in blocking.values() for blocker in found if blocker.action]
        action = actions[0] if actions and len(blocking) == 1 else None
        button = action and action.get("name")
        raise BlockedError(self._format_blocked(blocking, is_confirmation), action, button or self.env._("Open"))

    def _format_blocked(self, blocking, is_confirmation=False):
        """:return: one paragraph per quotation, one line per thing that stands in its way"""
        return "\n\n".join(
            "\n".join([order._format_refusal(is_confirmation), *(f"- {blocker.message}" for blocker in found)])
            for order, found in blocking.items()
        )

    def _format_refusal(self, is_confirmation):
        if is_confirmation:
            return self.env._("%(quotation)s cannot become an order:", quotation=self.display_name)
        return self.env._("%(quotation)s cannot go to the customer:", quotation=self.display_name)

    def _format_unavailable(self, orders):
        return self.env._(
            "%(quotations)s cannot be signed, paid or changed at the moment. Please ask us for the current quotation.",
            quotations=", ".join(order.name for order in orders),
        )
