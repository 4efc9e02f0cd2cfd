from odoo import fields, models


class SalesScorecardReopen(models.TransientModel):
    """Why published scorecards are opened again."""

    _name = "sales.scorecard.reopen"
    _description = "Reopen Scorecards"

    scorecard_ids = fields.Many2many("sales.scorecard", required=True)
    reason = fields.Char(required=True, help="It stands in the chatter of each scorecard.")

    def action_apply(self):
        """Open them again, with the reason.

        :return: action that closes the dialog
        :rtype: dict
        """
        self.ensure_one()
        self.scorecard_ids._reopen(self.reason)
        return {"type": "ir.actions.act_window_close"}
