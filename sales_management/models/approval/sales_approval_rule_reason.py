from odoo import models
from odoo.tools import format_amount, formatLang

from odoo.addons.sales_management.tools.approval_condition import CONDITIONS


class SalesApprovalRule(models.Model):
    """Why a rule asks, in words and figures."""

    _inherit = "sales.approval.rule"

    def _get_reasons(self, document, measures):
        """Why these rules ask for the approval of a document.

        :param document: to which they apply
        :param dict measures: what was measured of it, by name
        :return: text per rule, such as "Effective discount 18 % > 10 % · Margin 8 % < 15 %"
        :rtype: dict[sales.approval.rule, str]
        """
        return {rule: rule._get_reason(document, measures) for rule in self}

    def _get_reason(self, document, measures):
        self.ensure_one()
        limits = self.sudo()._get_scope().limits  # sudo: what a rule asks for is the same for everybody
        texts = []
        for name, limit in limits.items():
            if all(measure in measures for measure in CONDITIONS[name].measures):
                texts.append(getattr(self, f"_format_{name}")(limit, measures, document))
        if texts:
            return " · ".join(texts)
        return self.env._("Every quotation in its scope")

    # === Texts === #

    def _format_amount_min(self, limit, measures, document):
        currency = document.company_id.currency_id
        least = format_amount(self.env, limit, currency)
        if measures["amount"] is None:
            return self.env._(
                "Amount in %(currency)s not known, for %(foreign)s has no rate; asked from %(limit)s on",
                currency=currency.name,
                foreign=document.currency_id.name,
                limit=least,
            )
        amount = format_amount(self.env, measures["amount"], currency)
        return self.env._("Amount %(amount)s ≥ %(limit)s", amount=amount, limit=least)

    def _format_discount_max(self, limit, measures, document):
        figures = {"limit": self._format_percent(limit)}
        if measures["discount"] > limit:
            figures["discount"] = self._format_percent(measures["discount"])
            return self.env._("Effective discount %(discount)s > %(limit)s", **figures)
        figures["discount"] = self._format_percent(measures["line_discount"])
        return self.env._("Effective discount of a line %(discount)s > %(limit)s", **figures)

    def _format_margin_min(self, limit, measures, document):
        figures = {"margin": self._format_percent(measures["margin"]), "limit": self._format_percent(limit)}
        return self.env._("Margin %(margin)s < %(limit)s", **figures)

    def _format_line_margin_min(self, limit, measures, document):
        figures = {"margin": self._format_percent(measures["line_margin"] or 0), "limit": self._format_percent(limit)}
        return self.env._("Margin of a line %(margin)s < %(limit)s", **figures)

    def _format_payment_days_max(self, limit, measures, document):
        return self.env._("Payment days %(days)s > %(limit)s", days=measures["payment_days"], limit=limit)

    def _format_validity_days_max(self, limit, measures, document):
        if measures["validity_days"] is None:
            return self.env._("Valid without end, asked over %(limit)s days", limit=limit)
        return self.env._("Valid for %(days)s days > %(limit)s", days=measures["validity_days"], limit=limit)

    def _format_below_floor_price(self, _limit, measures, document):
        return self.env._("Lines under the floor price: %(count)s", count=measures["floor_count"])

    def _format_category_ids(self, limit, measures, document):
        # sudo: names of categories are no secret to whoever sees the products.
        categories = self.sudo().category_ids.filtered(lambda category: category.id in measures["category_ids"])
        return self.env._("Product category: %(names)s", names=", ".join(categories.mapped("name")))

    def _format_is_customer_overdue(self, _limit, measures, document):
        amount = format_amount(self.env, measures["overdue"], document.company_id.currency_id)
        return self.env._("The customer owes %(amount)s past due", amount=amount)

    def _format_is_before_promise(self, _limit, measures, document):
        return self.env._("Delivery earlier than can be promised")

    def _format_has_changed_terms(self, _limit, measures, document):
        changed = measures["changed_terms"] or []
        names = [document._fields[name]._description_string(self.env) for name in changed if name in document._fields]
        return self.env._("Changed terms: %(names)s", names=", ".join(names))

    def _format_percent(self, value):
        digits = 0 if value == int(value) else 2 if round(value, 1) != round(value, 2) else 1
        return self.env._("%(value)s %%", value=formatLang(self.env, value, digits=digits))
