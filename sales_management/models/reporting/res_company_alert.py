from odoo import fields, models


class ResCompany(models.Model):
    """From when on a company is told that a figure is far from the mean of the three months before."""

    _inherit = "res.company"

    sales_alert_enabled = fields.Boolean(
        string="Alerts in Words",
        default=True,
        help="After each month, figures that are far from the mean of the three months before are said in words, to "
        "managers and to the leaders of the teams.",
    )
    sales_alert_threshold = fields.Integer(
        string="Alert From (%)",
        default=30,
        help="A figure is far over or under the mean of the three months before when it differs by at least so many "
        "percent of it.",
    )
    sales_alert_minimum = fields.Monetary(
        string="Smallest Difference",
        default=1000,
        help="Amounts that differ by less from their mean are not worth a word, whatever the percentage. Of new "
        "customers two more or less are.",
    )
    sales_alert_until = fields.Date(
        string="Looked At Until", readonly=True, help="The last day of the month whose figures were told last."
    )

    _sales_alert_threshold_check = models.Constraint(
        "CHECK (COALESCE(sales_alert_threshold, 30) > 0)",
        "Every figure differs by nothing at least. Enter a percentage above zero.",
    )
    _sales_alert_minimum_check = models.Constraint(
        "CHECK (COALESCE(sales_alert_minimum, 0) >= 0)", "A difference is zero or more. Enter such an amount."
    )
