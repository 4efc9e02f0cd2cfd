from odoo import models


class PortalShare(models.TransientModel):
    """The dialog that mails a link to a quotation."""

    _inherit = "portal.share"

    def action_send_mail(self):
        """:raise BlockedError: when the quotation is held back"""
        ids = [wizard.res_id for wizard in self if wizard.res_model == "sale.order"]
        self.env["sale.order"].browse(ids)._check_leaving()
        return super().action_send_mail()
