from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount, formatLang

from odoo.addons.sales_management.tools.approval_changes import get_changes


class SalesApprovalRequest(models.Model):
    """What an approver sees of a request, so that it is decided without opening the document.

    It says what was asked, from the snapshot and the measures of that moment; an approver need not be allowed to read
    the document, nor what it refers to.
    """

    _inherit = "sales.approval.request"

    document_name = fields.Char(string="Number", compute="_compute_document", compute_sudo=True)
    partner_name = fields.Char(string="Customer", compute="_compute_document", compute_sudo=True)
    deal_number = fields.Char(compute="_compute_document", compute_sudo=True)
    currency_id = fields.Many2one("res.currency", compute="_compute_amount", compute_sudo=True)
    amount_untaxed = fields.Monetary(
        string="Amount Excl. Tax",
        compute="_compute_amount",
        compute_sudo=True,
        help="Total without tax of the content that approval is asked for, in the currency of the document.",
    )
    effective_discount = fields.Float(
        string="Eff. Discount (%)",
        digits=(5, 2),
        compute="_compute_figures",
        help="One minus the net price over the net price of the pricelist, of the whole document, when it was asked.",
    )
    margin = fields.Float(
        string="Margin (%)",
        digits=(5, 2),
        compute="_compute_figures",
        help="Margin of the whole document over its total without tax, when it was asked. For those who are asked to "
        "approve it, and those who may see the margin of quotations.",
    )
    is_margin_shown = fields.Boolean(compute="_compute_figures")
    is_margin_low = fields.Boolean(
        string="Margin Under the Floor",
        compute="_compute_figures",
        help="The margin of the document, or of a line, is under the floor of one of the rules that ask for approval.",
    )
    reason_text = fields.Text(string="Asks Because", compute="_compute_reason_text", compute_sudo=True)
    change_text = fields.Text(
        string="What Changed",
        compute="_compute_change_text",
        compute_sudo=True,
        help="Since the version of this document that approval was asked for before.",
    )

    # === Computes === #

    @api.depends("document_name")
    def _compute_display_name(self):
        for request in self:
            request.display_name = request.document_name or self.env._("Approval Request")

    @api.depends("res_model", "res_id", "order_id")
    def _compute_document(self):
        for request in self:
            order = request.order_id
            request.document_name = order.name
            request.partner_name = order.partner_id.display_name
            request.deal_number = order.deal_number

    @api.depends("snapshot", "order_id")
    def _compute_amount(self):
        for request in self:
            content = request._get_asked_content()
            currency_id = content.get("order", {}).get("currency_id")
            request.currency_id = currency_id or request.order_id.currency_id or request.company_id.currency_id
            amount = content.get("amounts", {}).get("untaxed")
            request.amount_untaxed = request.order_id.amount_untaxed if amount is None else float(amount)

    @api.depends_context("uid")
    @api.depends("measures", "rule_ids", "step_ids.user_ids")
    def _compute_figures(self):
        shown = self._filter_margin_shown()
        for request in self:
            # sudo: what was measured is evidence for whoever may see the request; the margin is held back below.
            measures = request.sudo().measures or {}
            rules = request.sudo().with_context(active_test=False).rule_ids  # sudo: as above
            request.effective_discount = measures.get("discount") or 0.0
            request.is_margin_shown = request in shown and measures.get("margin") is not None
            request.margin = measures["margin"] if request.is_margin_shown else 0.0
            request.is_margin_low = any(rule._is_under_margin_floor(measures) for rule in rules)

    @api.depends_context("lang")
    @api.depends("measures", "rule_ids")
    def _compute_reason_text(self):
        for request in self:
            request.reason_text = "\n".join(request._get_reasons()) or False

    @api.depends_context("lang")
    @api.depends("snapshot", "order_id")
    def _compute_change_text(self):
        former = self._get_former_requests()
        for request in self:
            request.change_text = "\n".join(request._describe_changes(former.get(request))) or False

    # === Evidence === #

    def _get_asked_content(self):
        """:return: what the document says, in the format of its digest; empty for a request without a snapshot
        :rtype: dict
        """
        self.ensure_one()
        return self.snapshot or {}

    def _filter_margin_shown(self):
        """Requests whose margin this user may see: whoever decides sees what it is decided by."""
        if self.env.su or self._may_see_margins():
            return self
        delegators = self.env["sales.approval.delegation"]._get_delegators(self.env.user)
        people = self.env.user | delegators
        # sudo: what he may see depends on whether he is asked.
        steps = self.sudo().step_ids
        return self.filtered(
            lambda request: any(step.request_id.id == request._origin.id and step.user_ids & people for step in steps)
        )

    @api.model
    def _may_see_margins(self):
        orders = self.env["sale.order"]
        return orders.has_access("read") and orders._has_field_access(orders._fields["margin"], "read")

    def _get_reasons(self):
        """Why it needs approval, one text per rule, with the figures."""
        self.ensure_one()
        # Why it was asked stays true when the rule is no more used.
        rules = self.with_context(active_test=False).rule_ids
        return list(rules._get_reasons(self.order_id, self.measures or {}).values())

    # === What changed === #

    def _get_former_requests(self):
        """The request before each of these, for the same document or for a version that it replaced.

        :rtype: dict[sales.approval.request, sales.approval.request]
        """
        versions = self.order_id._get_versions()
        orders = self.env["sale.order"].union(*versions.values())
        # sudo: what changed is evidence, whoever may read the former version.
        rows = self.sudo().search_fetch(
            Domain("order_id", "in", orders.ids) & Domain("state", "!=", "recalled"), ["order_id", "snapshot"]
        )
        result = {}
        for request in self:
            own = versions.get(request.order_id, request.order_id)
            # The newest first: the first one that is older than this is the one before it.
            older = (row for row in rows if row.order_id.id in own.ids and row.id < (request.id or request._origin.id))
            if former := next(older, None):
                result[request] = former
        return result

    def _describe_changes(self, former):
        """What changed since another request, in words, a text for each line that changed."""
        self.ensure_one()
        return self._describe_changes_since(former._get_asked_content()) if former else []

    def _describe_changes_since(self, before):
        """What changed since another content, as :meth:`_describe_changes`.

        :param dict before: in the format of the digest
        """
        after = self._get_asked_content()
        changes = get_changes(before.get("lines", []), after.get("lines", []))
        texts = [self._describe_change(line, what) for line, what in changes]
        texts += self._describe_term_changes(before.get("order", {}), after.get("order", {}))
        totals = [content.get("amounts", {}).get("untaxed") for content in (before, after)]
        if texts and None not in totals and totals[0] != totals[1]:
            old, new = (format_amount(self.env, float(total), self.currency_id) for total in totals)
            texts.append(self.env._("total excl. tax %(old)s → %(new)s", old=old, new=new))
        return texts

    def _describe_change(self, line, what):
        name = self._get_line_name(line)
        if what == "added":
            quantity = self._format_figure(line.get("product_uom_qty"))
            price = self._format_figure(line.get("price_unit"))
            return self.env._(
                "new: %(product)s, %(quantity)s at %(price)s", product=name, quantity=quantity, price=price
            )
        if what == "removed":
            return self.env._("removed: %(product)s", product=name)
        parts = []
        for field, (old, new) in what.items():
            values = {"old": self._format_figure(old), "new": self._format_figure(new)}
            if field == "price_unit":
                parts.append(self.env._("price %(old)s → %(new)s", **values))
            elif field == "product_uom_qty":
                parts.append(self.env._("quantity %(old)s → %(new)s", **values))
            elif field != "discount":
                parts.append(self._describe_value_change(self.env["sale.order.line"], field, old, new))
            else:
                parts.append(self.env._("discount %(old)s %% → %(new)s %%", **values))
        return self.env._("%(product)s: %(changes)s", product=name, changes=", ".join(parts))

    @api.model
    def _get_line_name(self, line):
        """:return: the first line of what a line says, which is the product as the customer reads it"""
        return (line.get("name") or "").partition("\n")[0] or self.env._("Line")

    @api.model
    def _format_figure(self, value):
        """A decimal string in the language of the reader, without zeros that say nothing."""
        _whole, _point, decimals = str(value or "0").partition(".")
        decimals = decimals.rstrip("0")
        return formatLang(self.env, float(value or 0), digits=max(len(decimals), 2) if decimals else 0)
