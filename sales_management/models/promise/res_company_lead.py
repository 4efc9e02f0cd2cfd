from odoo import fields, models

PACES = [("calendar", "Calendar Days"), ("working", "Working Days")]


class ResCompany(models.Model):
    """How a company counts the days of lead times."""

    _inherit = "res.company"

    promise_vendor_days = fields.Selection(
        PACES,
        string="Vendor Lead Times",
        default="calendar",
        required=True,
        help="Which days count in lead times of vendors, days to purchase included: all, or those that the working "
        "hours of the company say, without holidays.",
    )
    promise_production_days = fields.Selection(
        PACES,
        string="Manufacturing Lead Times",
        default="calendar",
        required=True,
        help="Which days count in lead times of productions, days to prepare included: all, or those that the working "
        "hours of the company say, without holidays.",
    )

    def write(self, vals):
        result = super().write(vals)
        if not {"resource_calendar_id", "security_lead", "partner_id", "days_to_purchase"}.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result
