from odoo import fields, models


class ResCompany(models.Model):
    """What the paper bears that the customers of this company hold."""

    _inherit = "res.company"

    quotation_seal = fields.Image(
        string="Company Seal",
        max_width=1024,
        max_height=1024,
        groups="base.group_system",
        help="Drawn on released quotations only. Nobody but administrators can open the picture itself.",
    )
    quotation_qr = fields.Boolean(
        string="QR Code",
        default=True,
        help="Customers scan the code on their copy, and learn whether it is the valid one.",
    )
    quotation_capitals = fields.Boolean(
        string="Amount in Capitals",
        default=True,
        help="On Chinese copies in yuan, the total with tax is written out as 壹仟贰佰叁拾肆元伍角陆分, too.",
    )
