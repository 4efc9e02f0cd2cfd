import ast

from odoo import models
from odoo.fields import Domain


class SalesDealConditionMixin(models.AbstractModel):
    """Settings with a condition on deals, kept as a text in ``domain``."""

    _name = "sales.deal.condition.mixin"
    _description = "Condition on Deals"

    def _get_deal_domain(self):
        """:return: the condition, none when it cannot be read or names a field that is gone
        :rtype: Domain | None
        """
        self.ensure_one()
        try:
            domain = Domain(ast.literal_eval(self.domain or "[]"))
            domain.validate(self.env["crm.lead"])
        except (KeyError, SyntaxError, TypeError, ValueError):
            return None
        return domain
