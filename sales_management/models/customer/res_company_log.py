from odoo import fields, models


class ResCompany(models.Model):
    """What of exports and changes of owners managers hear."""

    _inherit = "res.company"

    customer_owner_log_count = fields.Integer(
        string="Changes of Owners on the Log",
        default=10,
        help="When one person gives at least so many customers, deals or orders to others in one go, by hand, by "
        "import or by a program, it is kept on the log.",
    )
    customer_export_notice = fields.Integer(
        string="Records Exported in a Day",
        help="Sales managers are told when one person exports more customers, deals and orders than this within 24 "
        "hours. 0: they are not told; each export is on the log all the same.",
    )

    _customer_log_check = models.Constraint(
        "CHECK (COALESCE(customer_owner_log_count, 1) >= 1 AND COALESCE(customer_export_notice, 0) >= 0)",
        "Changes of owners are kept from one record on, and exports are counted from 0.",
    )
