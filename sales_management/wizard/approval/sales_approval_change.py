import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.json import json_default


class SalesApprovalChange(models.TransientModel):
    """Asks approval of a change of a confirmed order."""

    _name = "sales.approval.change"
    _description = "Change of an Order"

    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    proposed_values = fields.Json(readonly=True)
    difference = fields.Text(
        string="What Changes", compute="_compute_difference", help="What the order would say after the change."
    )
    comment = fields.Text(string="Why", required=True, help="What the approvers should know.")

    # === Computes === #

    @api.depends("order_id", "proposed_values")
    def _compute_difference(self):
        for change in self:
            change.difference = "\n".join(change.order_id._describe_change_of(change._get_clean_values()))

    # === Actions === #

    def action_submit(self):
        """Ask for the approval.

        :return: action that closes the dialog
        :rtype: dict
        """
        self.ensure_one()
        self.order_id._request_change(self._get_clean_values(), self.comment)
        return {"type": "ir.actions.act_window_close", "infos": {"is_requested": True}}

    # === Values === #

    def _get_clean_values(self):
        """Only what is offered to the customer is changed in this way, whatever a client proposes."""
        return self._clean_values(self.proposed_values or {})

    @api.model
    def _clean_values(self, vals):
        """Values of an order as JSON, without those that are no part of what is offered.

        :param dict vals: values as ``write`` takes them
        :rtype: dict
        """
        names = self.env["sale.order"]._get_digest_fields()
        clean = {name: value for name, value in vals.items() if name in names["sale.order"]}
        commands = [self._clean_command(command, names["sale.order.line"]) for command in vals.get("order_line") or []]
        if commands:
            clean["order_line"] = [command for command in commands if command]
        try:
            return json.loads(json.dumps(clean, default=json_default))
        except TypeError as error:
            raise UserError(self.env._("This change cannot be requested: make it in the form of the order.")) from error

    @api.model
    def _clean_command(self, command, names):
        """:return: a command that creates, updates or deletes a line, none for any other"""
        operation, line_id = command[0], command[1] if len(command) > 1 else 0
        if operation in (0, 1):
            return [operation, line_id, {name: value for name, value in command[2].items() if name in names}]
        return [operation, line_id, 0] if operation == 2 else None
