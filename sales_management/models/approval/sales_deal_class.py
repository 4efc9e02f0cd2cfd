from odoo import models


class SalesDealClass(models.Model):
    """A class that is deleted takes the rules for it alone along: without a class, they would hold for all."""

    _inherit = "sales.deal.class"

    def unlink(self):
        # sudo: a class of all companies is deleted for all of them.
        rules = self.env["sales.approval.rule"].sudo().search([("deal_class_ids", "in", self.ids)])
        rules.filtered(lambda rule: rule.with_context(active_test=False).deal_class_ids <= self).write(
            {"active": False}
        )
        return super().unlink()
