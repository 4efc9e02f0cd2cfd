from odoo import models


class ResCompany(models.Model):
    """What was late before the switch was turned on is told to nobody, and what changed meanwhile is followed."""

    _inherit = "res.company"

    # === ORM === #

    def write(self, vals):
        is_on = vals.get("sales_promise_enabled")
        switched = self.filtered(lambda company: not company.sales_promise_enabled) if is_on else self.browse()
        result = super().write(vals)
        if switched:
            self.env["sales.promise.mark"]._add_all(switched.ids, silent=True)
            self.env["sales.promise.hold"]._catch_up(switched)
        return result
