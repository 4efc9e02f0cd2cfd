from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError

#: Where the cursor keeps the quotations that are only tried out: no request ends by it.
TRYING = "sales_management.orders_being_tried"


class SaleOrder(models.Model):
    """Changes of what a quotation says: a request for something else than it says now is over at once."""

    _inherit = "sale.order"

    # === ORM === #

    def _after_document_create(self):
        result = super()._after_document_create()
        self._note_content_editor()
        return result

    @contextmanager
    def _around_document_write(self, vals):
        touches = self._is_content_touched(vals)
        if touches and "state" not in vals:
            self._check_not_cancelled()
        with super()._around_document_write(vals):
            yield
        if touches or "state" in vals:
            self._follow_content(touches)

    @contextmanager
    def _around_document_unlink(self):
        self._check_undecided()
        with super()._around_document_unlink():
            yield

    # === Content === #

    @api.model
    def _is_content_touched(self, vals):
        return "order_line" in vals or not vals.keys().isdisjoint(self._get_digest_fields()["sale.order"])

    def _follow_content(self, is_edited=True):
        """Let requests follow what these quotations say now.

        :param bool is_edited: whether the caller changed what they say
        """
        orders = self._filter_approval_enabled()
        if not orders or orders._is_tried():
            return
        if is_edited:
            orders._note_content_editor()
        # sudo: whoever edits a quotation ends the request for what it said, whether or not he may see it. They are read
        # of the quotations, of which they are known already.
        ended = orders._origin.sudo().approval_request_ids.filtered(
            lambda request: request.kind == "release"
            and (request.state == "pending" or (request.state == "rejected" and request.returned_digest))
        )
        if not ended:
            return
        digests = ended.order_id._get_content_digests()
        pending = ended.filtered(lambda request: request.state == "pending")
        pending.filtered(
            lambda request: (
                request.digest != digests[request.order_id] or request.order_id.state not in ("draft", "sent")
            )
        )._supersede()
        returned = ended - pending
        returned.filtered(
            lambda request: request.returned_digest == digests[request.order_id] and request._is_last()
        )._take_returned()

    def _note_content_editor(self):
        """Remember who wrote what these quotations say: he does not approve it."""
        uid = self.env.uid
        # sudo: nobody writes by hand who edited what.
        for order in self._filter_approval_enabled().sudo():
            editors = order.approval_editor_ids or []
            if uid not in editors:
                order.approval_editor_ids = sorted([*editors, uid])

    def _check_not_cancelled(self):
        """Refuse to change what cancelled quotations say: customers may see them, and nobody would be asked.

        :raise UserError: that names them
        """
        cancelled = self._filter_approval_enabled().filtered(lambda order: order.state == "cancel")
        if cancelled and not self.env.su:
            raise UserError(
                self.env._(
                    "%(orders)s: what was cancelled stays as it is. Set it back to a quotation to change it.",
                    orders=", ".join(cancelled.mapped("name")),
                )
            )

    def _check_undecided(self):
        """Refuse to delete quotations on which somebody decided: decisions are kept.

        :raise UserError: that names them
        """
        orders = self._filter_approval_enabled()
        if not orders or self.env.su:
            return
        # sudo: decisions are kept, whoever may see them.
        decisions = self.env["sales.approval.decision"].sudo().search([("order_id", "in", orders.ids)])
        if decisions:
            names = ", ".join(decisions.order_id.mapped("name"))
            raise UserError(
                self.env._("Somebody decided on %(orders)s, and decisions are kept. Cancel instead.", orders=names)
            )

    # === Trying === #

    def _is_tried(self):
        return bool(set(self._ids) & self.env.cr.cache.get(TRYING, frozenset()))

    @contextmanager
    def _trying_content(self):
        """Let no request follow what is changed on these quotations inside the ``with``."""
        cache = self.env.cr.cache
        outer = cache.get(TRYING, frozenset())
        cache[TRYING] = outer | set(self._ids)
        try:
            yield
        finally:
            cache[TRYING] = outer
