from odoo import models

from odoo.addons.sales_management.tools.carrying import get_worse_measures

#: Measures that each condition looks at.
MEASURES = {
    "has_amount_min": ("amount",),
    "has_discount_max": ("discount", "line_discount"),
    "has_margin_min": ("margin",),
    "has_line_margin_min": ("line_margin",),
    "has_payment_days_max": ("payment_days",),
    "has_validity_days_max": ("validity_days",),
    "below_floor_price": ("floor_count",),
    "category_ids": ("category_ids",),
    "is_customer_overdue": ("overdue",),
    "is_before_promise": ("is_before_promise",),
    "has_changed_terms": ("changed_terms", "terms_digest"),
}


#: What nobody may make worse unasked, whichever rule asked: the price, and when it is paid.
ALWAYS = frozenset(
    {"discount", "line_discount", "margin", "line_margin", "floor_count", "payment_days", "validity_days"}
)


class SalesApprovalRule(models.Model):
    """What of a rule's conditions must not become worse for an approval to hold."""

    _inherit = "sales.approval.rule"

    def _get_tested_measures(self):
        """Measures that must not become worse: those that these rules look at, and prices and payment in any case.

        A rule that looks at none of them asks of every document alike, so that the amount may not grow either. To
        override: add those of your conditions.

        :rtype: set[str]
        """
        names = set(ALWAYS) if self else set()
        for rule in self:
            tested = {name for condition, measured in MEASURES.items() if rule[condition] for name in measured}
            names |= tested or {"amount"}
        return names

    def _get_worse_measures(self, before, after, company):
        """Which of the measures that these rules look at became worse.

        :param dict before: what was approved
        :param dict after: what is to be now
        :param res.company company: says by how much a validity may grow
        :rtype: set[str]
        """
        return get_worse_measures(self._get_tested_measures(), before, after, company.approval_validity_days)
