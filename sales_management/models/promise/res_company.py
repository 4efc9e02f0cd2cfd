from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_promise_enabled = fields.Boolean(
        string="Delivery Promises",
        help="Each line of a quotation says when all of it can be delivered, how sure that is, and why. Dates that "
        "people commit to are kept, carried into deliveries, and watched. Off: nothing is computed.",
    )

    # === Switches === #

    @api.model
    def _get_capability_groups(self):
        return super()._get_capability_groups() | {"sales_promise_enabled": "sales_management.group_promise"}

    def _after_switches_written(self, names):
        result = super()._after_switches_written(names)
        off = self.filtered(lambda company: not company.sales_promise_enabled)
        if "sales_promise_enabled" in names and off:
            self.env["sales.promise.question"]._withdraw_all(off)
            self.env["sale.order"]._close_all_slip_activities(off)
        return result
