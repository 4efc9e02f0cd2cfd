from odoo import models


class ResCompany(models.Model):
    """Switching safe quotations on or off asks open quotations for their deals, or no longer."""

    _inherit = "res.company"

    # === Switches === #

    def _after_switches_written(self, names):
        result = super()._after_switches_written(names)
        if "sales_quotation_enabled" in names:
            self.env["sale.order"]._reevaluate_deal_missing()
        return result
