from functools import partial

from odoo import api, models
from odoo.fields import Domain

#: Whoever has one of these sees all: documents of all salespeople, invoices, or suppliers, who are partners as well.
UNLIMITED = (
    "sales_team.group_sale_salesman_all_leads",
    "account.group_account_readonly",
    "account.group_account_invoice",
    "purchase.group_purchase_user",
    "stock.group_stock_user",
    "base.group_erp_manager",
)


def _select_visible(level, user_id, company_ids, partners, alias, query):
    """SQL of the rule. It is kept with the rules of a user, beyond the transaction, so it holds no record."""
    return partners._get_visible_customer_condition(alias, level, user_id, company_ids)


class ResUsers(models.Model):
    """Which customers somebody sees."""

    _inherit = "res.users"

    @api.model
    def _get_unlimited_customer_groups(self):
        """External ids of groups whose members see all customers. To override: add yours; one that is not there counts
        for nobody.

        :rtype: list[str]
        """
        return list(UNLIMITED)

    def _get_customer_visibility(self):
        """Which customers this user sees: all, those of the team, or the own ones.

        :rtype: str
        """
        self.ensure_one()
        limited = self.env["res.company"]._get_limited_company_ids()
        if not limited or not limited.intersection(self._get_company_ids()):
            return "all"
        if not self.has_group("sales_team.group_sale_salesman"):
            # Those who do not work in sales: the rules of others are theirs.
            return "all"
        if any(self.has_group(group) for group in self._get_unlimited_customer_groups()):
            return "all"
        return "team" if self.has_group("sales_management.group_team") else "own"

    def _get_visible_customer_domain(self):
        """What the rule of customers says for this user.

        :rtype: Domain
        """
        level = self._get_customer_visibility()
        if level == "all":
            return Domain.TRUE
        to_sql = partial(_select_visible, level, self.id, list(self._get_company_ids()))
        return Domain.custom(to_sql=to_sql)
