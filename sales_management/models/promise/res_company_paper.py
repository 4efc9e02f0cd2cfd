from odoo import fields, models


class ResCompany(models.Model):
    """What the paper says of when goods are there."""

    _inherit = "res.company"

    promise_print = fields.Selection(
        [
            ("nothing", "Nothing"),
            ("date", "Committed Date"),
            ("order", "Days after Order"),
            ("deposit", "Days after Deposit"),
        ],
        string="Delivery on Quotations",
        default="nothing",
        required=True,
        help="What quotations, as a file and on the portal, say below each line that is committed. Days are calendar "
        "days from the day of the commitment to the committed date: they do not change until another date is "
        "committed. Parts are shown where the line can come in parts and the order is shipped as soon as possible.",
    )
