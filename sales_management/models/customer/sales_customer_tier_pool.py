from odoo import fields, models


class SalesCustomerTier(models.Model):
    _inherit = "sales.customer.tier"

    contact_days = fields.Integer(
        string="In Touch Every (Days)",
        tracking=True,
        help="A customer without a contact for so many days is listed as one that somebody has to call. 0: none is.",
    )
    pool_never = fields.Boolean(
        string="Never Return to the Pool", tracking=True, help="These customers stay with their owner."
    )
    pool_days = fields.Integer(
        string="Days Without Contact",
        tracking=True,
        help="After so many days without a contact they return to the pool. 0: as their owner's team says, else the "
        "settings.",
    )
    pool_warning_days = fields.Integer(
        string="Days of Warning",
        tracking=True,
        help="So many days before, at the least, the owner is warned. 0: as in the settings.",
    )
    pool_protection_days = fields.Integer(
        string="Days of Protection",
        tracking=True,
        help="For so many days after it was claimed a customer does not return to the pool by itself. 0: as in the "
        "settings.",
    )

    _pool_days_check = models.Constraint(
        "CHECK (LEAST(contact_days, pool_days, pool_warning_days, pool_protection_days) >= 0 "
        "AND GREATEST(contact_days, pool_days, pool_warning_days, pool_protection_days) <= 3650)",
        "Days of a tier are numbers from 0, and no more than ten years.",
    )
