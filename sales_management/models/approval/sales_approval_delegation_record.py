from odoo import api, models


class SalesApprovalDelegation(models.Model):
    """Delegations are edited and deleted; what they were stays as facts."""

    _inherit = "sales.approval.delegation"

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        delegations = super().create(vals_list)
        delegations._record("named")
        return delegations

    def write(self, vals):
        result = super().write(vals)
        if not {"user_id", "delegate_id", "date_from", "date_to"}.isdisjoint(vals):
            self._record("changed")
        return result

    def unlink(self):
        self._record("ended")
        return super().unlink()

    # === Facts === #

    def _record(self, kind):
        """Keep what these delegations are now, and whose doing that is.

        :param str kind: one of ``sales.approval.delegation.fact.kind``
        """
        self.env["sales.approval.delegation.fact"]._add_facts(
            [
                {
                    "kind": kind,
                    "user_id": delegation.user_id.id,
                    "delegate_id": delegation.delegate_id.id,
                    "recorder_id": self.env.uid,
                    "date_from": delegation.date_from,
                    "date_to": delegation.date_to,
                }
                for delegation in self
            ]
        )
