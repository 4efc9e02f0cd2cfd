from odoo import fields, models


class CrmLead(models.Model):
    """Who gets credit for a deal."""

    _inherit = "crm.lead"

    credit_ids = fields.One2many(
        "sales.deal.credit",
        "lead_id",
        string="Shared Credit",
        groups="base.group_user",
        help="Others who get credit for it. Targets count orders, invoices, payments and the win of the deal by these "
        "shares, in the team of the document; the rest is the salesperson's.",
    )
