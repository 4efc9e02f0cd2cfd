from odoo import fields, models


class SalesTargetReopen(models.TransientModel):
    """Why closed targets are opened again."""

    _name = "sales.target.reopen"
    _description = "Reopen Targets"

    target_ids = fields.Many2many("sales.target", required=True)
    reason = fields.Char(required=True, help="It stands in the chatter of each target.")

    def action_apply(self):
        """Open them again, with the reason.

        :return: action that closes the dialog
        :rtype: dict
        """
        self.ensure_one()
        self.target_ids._reopen(self.reason)
        return {"type": "ir.actions.act_window_close"}
