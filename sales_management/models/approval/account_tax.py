from odoo import models


class AccountTax(models.Model):
    _inherit = "account.tax"

    def _get_untaxing_divisor(self):
        """What a price is divided by to take out the tax that it includes.

        :return: one when it includes none; none when it takes more than a division, and core is to be asked
        :rtype: float | None
        """
        taxes = self.flatten_taxes_hierarchy()
        if not any(taxes.mapped("price_include")):
            return 1.0
        is_plain = all(
            tax.amount_type == "percent" and tax.price_include and not tax.include_base_amount for tax in taxes
        )
        if not is_plain:
            return None
        # sudo: how a tax is posted is the same for everybody.
        reversed_ = self.env["account.tax.repartition.line"].sudo()
        if reversed_.search_count([("tax_id", "in", taxes.ids), ("factor_percent", "<", 0)], limit=1):
            return None
        return 1 + sum(taxes.mapped("amount")) / 100
