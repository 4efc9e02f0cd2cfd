from markupsafe import Markup

from odoo import api, models


class SalesApprovalRequest(models.Model):
    """What the chatter of the document says of a request."""

    _inherit = "sales.approval.request"

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        requests._log_on_documents()
        return requests

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self._log_on_documents()
        return result

    # === Log === #

    def _log_on_documents(self):
        """Say on the documents how it stands with these requests, in one go."""
        bodies = {}
        for request in self.filtered("order_id"):
            texts = {
                "pending": self.env._("Approval was asked for."),
                "approved": self.env._("Approved."),
                "rejected": self.env._("Approval was not given."),
                "recalled": self.env._("The request for approval was recalled."),
                "superseded": self.env._("What it says has changed: the request for approval is over."),
            }
            bodies[request.order_id.id] = Markup("<p>{}</p>").format(texts[request.state])
        if bodies:
            # sudo: an approver need not be allowed to write on the document.
            self.order_id.sudo()._message_log_batch(bodies)
