from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sales_management.exceptions import BlockedError


class SalesStageChange(models.TransientModel):
    """Moves deals on: lists what is missing on each, and takes it in place.

    It decides nothing: the deals are moved as any user moves them, so the server checks each of them again.
    """

    _name = "sales.stage.change"
    _description = "Move Deals On"

    lead_ids = fields.Many2many("crm.lead", string="Deals", required=True)
    stage_id = fields.Many2one("crm.stage", help="Empty: the next stage of each deal.")
    reason = fields.Char(
        help="Kept in the history of the deal. A move back may need one; what blocks a deal is passed with one only."
    )
    seen_stages = fields.Json(
        compute="_compute_seen_stages",
        store=True,
        readonly=False,
        help="Stages in which the deals were when the dialog opened.",
    )
    refresh_count = fields.Integer(help="Counted up by the dialog to look at the deals again.")
    panels = fields.Json(compute="_compute_panels", help="What is missing, by deal.")
    is_blocked = fields.Boolean(compute="_compute_panels")
    is_reason_needed = fields.Boolean(compute="_compute_panels")
    movable_count = fields.Integer(compute="_compute_panels", help="Deals that nothing blocks.")
    can_override = fields.Boolean(compute="_compute_can_override")

    # === Computes === #

    @api.depends("lead_ids")
    def _compute_seen_stages(self):
        for change in self:
            change.seen_stages = change.seen_stages or {
                str(lead.id): lead.stage_id.id for lead in change.lead_ids._origin
            }

    @api.depends_context("uid")
    @api.depends("lead_ids", "stage_id", "refresh_count")
    def _compute_panels(self):
        for change in self:
            leads = change._get_deals()
            panels = list(leads._prepare_stage_panels(change.stage_id).values())
            blocking = [change._is_held_up(panel) for panel in panels]
            change.panels = panels
            change.is_blocked = any(blocking)
            change.movable_count = len(
                [panel for panel, is_held_up in zip(panels, blocking, strict=True) if panel["next"] and not is_held_up]
            )
            change.is_reason_needed = any(
                row["code"] == "back_reason" and row["enforcement"] == "block"
                for panel in panels
                for row in panel["rows"]
            )

    @api.depends_context("uid")
    def _compute_can_override(self):
        for change in self:
            change.can_override = change.lead_ids._may_override()

    # === Actions === #

    def action_move(self):
        """Move all deals; refused as a whole when something blocks one of them.

        :return: action that closes the dialog
        :rtype: dict
        :raise UserError: when something blocks, or somebody else moved a deal meanwhile
        """
        return self._move(self._get_deals())

    def action_move_ready(self):
        """Move the deals that nothing blocks, and leave the others where they are.

        :return: action that closes the dialog
        :rtype: dict
        """
        leads = self._get_deals()
        panels = leads._prepare_stage_panels(self.stage_id)
        return self._move(leads.filtered(lambda lead: panels[lead]["next"] and not self._is_held_up(panels[lead])))

    def action_move_anyway(self):
        """Move all deals past what blocks them, as sales managers may who give the reason.

        :return: action that closes the dialog
        :rtype: dict
        :raise UserError: without a reason, or for anybody else
        """
        if not (self.reason or "").strip():
            raise UserError(self.env._("Give the reason for which these deals move on although something is missing."))
        return self._move(self._get_deals())

    # === Tools === #

    def _get_deals(self):
        self.ensure_one()
        leads = self.lead_ids._origin.filtered(lambda lead: lead.type == "opportunity")
        leads.check_access("read")
        return leads

    def _move(self, leads):
        gone = len(self.seen_stages or {}) - len(self.lead_ids)
        if gone > 0:
            raise UserError(
                self.env._(
                    "%(count)s of these deals were deleted, or given to somebody else, meanwhile. Close this, and "
                    "choose the deals again.",
                    count=gone,
                )
            )
        leads._check_seen_stages({int(lead_id): stage_id for lead_id, stage_id in (self.seen_stages or {}).items()})
        targets = {self.stage_id: leads} if self.stage_id else leads._group_by_next_stage()
        try:
            for stage, deals in targets.items():
                if stage:
                    deals.action_move_stage(stage.id, self.reason)
        except BlockedError as error:
            # The dialog that the refusal offers to open is open.
            raise UserError(str(error)) from error
        return {"type": "ir.actions.act_window_close", "infos": {"is_moved": True}}

    @api.model
    def _is_held_up(self, panel):
        """:return: whether something blocks a deal that is more than the reason, which the dialog asks for itself"""
        return any(
            row["enforcement"] == "block" and not row["is_met"] and row["code"] != "back_reason"
            for row in panel["rows"]
        )
