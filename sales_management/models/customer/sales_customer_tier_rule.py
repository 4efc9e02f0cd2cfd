from odoo import fields, models

from .res_partner_value import ABC_CLASSES


class SalesCustomerTier(models.Model):
    """Whom a tier is for by rule: both conditions have to hold, and the upper tier comes first."""

    _inherit = "sales.customer.tier"

    rule_abc_class = fields.Selection(
        ABC_CLASSES,
        string="From ABC Class",
        tracking=True,
        help="Customers of this class or a better one. Empty: of any class.",
    )
    rule_revenue = fields.Float(
        string="From Revenue",
        digits=(16, 2),
        tracking=True,
        help="Customers with at least this revenue to date: posted invoices less credit notes, without tax, in the "
        "currency of the company. Zero: with any.",
    )

    _rule_revenue_positive = models.Constraint(
        "CHECK(rule_revenue IS NULL OR rule_revenue >= 0)",
        "The revenue that a customer tier starts from is not below zero.",
    )
