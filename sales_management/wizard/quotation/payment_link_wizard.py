from odoo import models


class PaymentLinkWizard(models.TransientModel):
    """The dialog that makes a link to pay a quotation."""

    _inherit = "payment.link.wizard"

    def _compute_warning_message(self):
        """Say why there is no link to what is held back."""
        held = self._filter_held_back()
        result = super(PaymentLinkWizard, self - held)._compute_warning_message()
        for wizard in held:
            wizard.warning_message = wizard._get_order().release_message
        return result

    def _compute_link(self):
        held = self._filter_held_back()
        result = super(PaymentLinkWizard, self - held)._compute_link()
        held.link = False
        return result

    def _filter_held_back(self):
        """:return: those of these dialogs that are about a quotation that is held back"""
        wizards = self.filtered(lambda wizard: wizard.res_model == "sale.order")
        held = wizards.env["sale.order"].browse(wizards.mapped("res_id"))._filter_held_back()
        return wizards.filtered(lambda wizard: wizard.res_id in held._ids)

    def _get_order(self):
        return self.env["sale.order"].browse(self.res_id)
