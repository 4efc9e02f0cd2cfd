from contextlib import contextmanager
from typing import NamedTuple

from odoo import api, models

from odoo.addons.sales_management.exceptions import BlockedError
from odoo.addons.sales_management.tools.digest import get_digest

#: Where the cursor keeps the orders whose lines are written with them: they are looked at once, when all is written.
WRITING = "sales_management.orders_being_written"
#: Where the cursor keeps the orders that an approved change is being applied to, or tried on.
CHANGING = "sales_management.orders_being_changed"


class Baseline(NamedTuple):
    """What a confirmed order is before somebody edits it."""

    digest: str
    measures: dict
    rules: models.Model
    #: To whom, by whom and in which currency, in the format of the digest.
    offer: dict


class SaleOrder(models.Model):
    """Confirmed orders: an edit to which a rule applies is refused at save, unless it makes nothing worse; it can be
    requested, and its approval applies it."""

    _inherit = "sale.order"

    # === ORM === #

    @contextmanager
    def _around_document_write(self, vals):
        orders = self._get_change_guarded() if self._touches_content(vals) else self.browse()
        before = orders._get_change_baselines()
        with self._writing_together(), super()._around_document_write(vals):
            yield
        orders._check_change(before, vals)
        if "company_id" in vals:
            # Confirmed where nobody asked: all of it is new to the company that does.
            nothing = Baseline("", {}, self.env["sales.approval.rule"], {})
            moved = self._get_change_guarded() - orders
            moved._check_change(dict.fromkeys(moved, nothing), vals)
        if self._touches_content(vals):
            self._carry_edited()

    def _follow_content(self, is_edited=True):
        result = super()._follow_content(is_edited)
        written = self.env.cr.cache.get(WRITING, frozenset())
        # Lines that come with their quotation are looked at together, when all of them are written.
        if is_edited and not self._is_tried() and not written & set(self._ids):
            self._carry_edited()
        return result

    @api.model
    def _touches_content(self, vals):
        """:return: whether a write may change what was offered"""
        return "order_line" in vals or not vals.keys().isdisjoint(self._get_digest_fields()["sale.order"])

    @contextmanager
    def _writing_together(self):
        """Let lines that are written inside the ``with`` leave it to these orders to be looked at."""
        cache = self.env.cr.cache
        outer = cache.get(WRITING, frozenset())
        cache[WRITING] = outer | set(self._ids)
        try:
            yield
        finally:
            cache[WRITING] = outer

    # === Checking === #

    def _get_change_guarded(self):
        """:return: confirmed orders among these whose edits approval looks at"""
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_approval_enabled")
        if not enabled:
            return self.browse()
        written = self.env.cr.cache.get(WRITING, frozenset())
        return self.filtered(
            lambda order: order.state == "sale" and order.id not in written and order.company_id.id in enabled
        )

    def _get_change_baselines(self):
        """What these orders are before they are edited, in a number of queries that does not grow with them.

        :rtype: dict[sale.order, Baseline]
        """
        if not self:
            return {}
        contents, measures = self._get_content(), self._get_approval_measures()
        rules = self.env["sales.approval.rule"]._get_matching_rules(self, measures)
        return {
            order: Baseline(get_digest(content), measures[order], rules[order], content["order"])
            for order, content in contents.items()
        }

    def _check_change(self, before, vals):
        """Refuse edits to which a rule applies, and go on the former approval where nothing became worse.

        :param dict[sale.order, Baseline] before: by order
        :param dict vals: what was written on these orders
        :raise BlockedError: that offers to request the change
        """
        digests = self._get_content_digests() if self else {}
        changed = self.filtered(lambda order: digests[order] != before[order].digest)
        if not changed:
            return
        applied = self.env.cr.cache.get(CHANGING, frozenset())
        measures = changed._get_approval_measures()
        matching = self.env["sales.approval.rule"]._get_matching_rules(changed, measures)
        rules = {
            order: matching[order].filtered(lambda rule: rule.enforcement == "block") for order in changed
        }
        refused = {
            order: rules[order]
            for order in changed
            if order.id not in applied and order._is_worse(before[order], rules[order], measures[order])
        }
        if refused:
            raise changed._prepare_change_refusal(refused, vals)
        for order in changed.filtered(lambda order: order.id not in applied):
            order._keep_approval(digests[order], rules[order])

    def _keep_approval(self, digest, rules):
        """Let the approval of this order hold for what it says after an edit that made nothing worse."""
        self.ensure_one()
        former = self._get_former_approvals().get(self)
        if rules and former:
            self._add_carried_decision(former, digest, self.env._("Edited after confirmation: unchanged or better."))
        # sudo: nobody writes by hand what is approved, nor requests; those of changes were about what it said before.
        order = self.sudo()
        if order.approval_digest:
            order.approval_digest = digest
        order.approval_request_ids.filtered(
            lambda request: request.kind == "change" and request.state == "pending"
        )._supersede()

    def _is_worse(self, before, rules, measures):
        """:return: whether a rule applies that did not, or what rules look at became worse, or is offered to another"""
        if not rules:
            return False
        is_other = bool(rules - before.rules) or not self._is_same_offer(before.offer)
        return is_other or bool(rules._get_worse_measures(before.measures, measures, self.company_id))

    @api.model
    def _prepare_change_refusal(self, refused, vals):
        """:return: the refusal, with the way to request what was edited when it is one order
        :rtype: BlockedError
        """
        message = "\n".join(
            self.env._(
                "%(order)s is confirmed, and this change needs approval: %(rules)s. Request the change: when it is "
                "approved it is made as you entered it.",
                order=order.name,
                rules=", ".join(rules.mapped("name")),
            )
            for order, rules in refused.items()
        )
        if len(refused) > 1:
            return BlockedError(message)
        (order,) = refused
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Request a Change"),
            "res_model": "sales.approval.change",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_order_id": order.id,
                "default_proposed_values": self.env["sales.approval.change"]._clean_values(vals),
            },
        }
        return BlockedError(message, action, self.env._("Request a Change"))

    # === Changing === #

    @contextmanager
    def _applying_change(self):
        """Let an approved change of these orders pass inside the ``with``, or one that is only tried."""
        cache = self.env.cr.cache
        outer = cache.get(CHANGING, frozenset())
        cache[CHANGING] = outer | set(self._ids)
        try:
            yield
        finally:
            cache[CHANGING] = outer
