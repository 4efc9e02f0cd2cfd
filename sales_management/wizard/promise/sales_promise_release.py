from odoo import fields, models


class SalesPromiseRelease(models.TransientModel):
    """Asks why held quantities are released. It releases nothing itself: the action of the holds checks the caller."""

    _name = "sales.promise.release"
    _description = "Release Held Quantities"

    hold_ids = fields.Many2many("sales.promise.hold", string="Held Quantities", required=True)
    reason = fields.Char(required=True)

    # === Actions === #

    def action_apply(self):
        """Release what was chosen.

        :return: action that closes the dialog
        :rtype: dict
        """
        self.ensure_one()
        self.hold_ids.action_release(self.reason)
        return {"type": "ir.actions.act_window_close"}
