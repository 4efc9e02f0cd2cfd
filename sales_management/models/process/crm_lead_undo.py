from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.sales_management.models.process.crm_lead_gate import DECIDED

#: How long after a move whoever made it may take it back.
UNDO_TIME = timedelta(minutes=10)
#: Where the cursor keeps that a move is being taken back.
CORRECTING = "sales_management.stage_correction"


class CrmLead(models.Model):
    """Taking back a move that was made by mistake."""

    _inherit = "crm.lead"

    can_undo_stage_move = fields.Boolean(
        compute="_compute_can_undo_stage_move", help="You moved this deal less than ten minutes ago."
    )

    # === Computes === #

    @api.depends_context("uid")
    @api.depends("stage_move_ids")
    def _compute_can_undo_stage_move(self):
        undoable = self._get_undoable_moves()
        for lead in self:
            lead.can_undo_stage_move = lead in undoable

    # === Actions === #

    def action_undo_stage_move(self):
        """Take back the last move of these deals, made by the same person in the last ten minutes.

        It is recorded as a correction, and counts neither as passed over stages nor as a regression. A deal that was
        lost and won at once is open again, in the stage that it was won from.

        :return: whether it was taken back
        :rtype: bool
        :raise UserError: when one of them was moved by somebody else, or too long ago
        """
        undoable = self._get_undoable_moves()
        if others := self - self.browse(lead.id for lead in undoable):
            raise UserError(
                self.env._(
                    "Only whoever moved a deal can take that back, within ten minutes. Move it by hand:\n%(deals)s",
                    deals=others._format_deals(),
                )
            )
        with self._correcting_stage_move():
            for lead, move in undoable.items():
                lead._undo_stage_move(move)
        return True

    # === Taking back === #

    def _get_undoable_moves(self):
        """:return: the last move of each of these deals that this user may take back
        :rtype: dict[crm.lead, sales.stage.move]
        """
        deals = self.filtered("id")._filter_process_enabled()
        if not deals:
            return {}
        # sudo: whoever may see a deal may see when it was moved.
        moves = (
            self.env["sales.stage.move"]
            .sudo()
            .search(
                Domain("lead_id", "in", deals.ids) & Domain("moved_at", ">=", fields.Datetime.now() - UNDO_TIME),
                order="moved_at desc, id desc",
            )
        )
        last = {}
        for move in moves:
            last.setdefault(move.lead_id.id, move)
        return {lead: last[lead.id] for lead in deals if lead.id in last and lead._may_undo_stage_move(last[lead.id])}

    def _may_undo_stage_move(self, move):
        if move.user_id != self.env.user or move.origin not in DECIDED:
            return False
        if move.direction == "lost":
            return self.won_status == "lost"
        # A stage that is gone cannot be gone back to.
        moved = move.from_stage_id and move.from_stage_id != move.to_stage_id and self.stage_id == move.to_stage_id
        return move.direction in ("forward", "back", "won") and moved

    def _undo_stage_move(self, move):
        if move.direction == "lost":
            self.action_restore()
            return
        self.write({"stage_id": move.from_stage_id.id})
        if move.direction == "won":
            self.action_set_automated_probability()

    @contextmanager
    def _correcting_stage_move(self):
        cache = self.env.cr.cache
        cache[CORRECTING] = True
        try:
            yield
        finally:
            cache[CORRECTING] = False

    # === Hooks === #

    @api.model
    def _is_gated(self, origin):
        return super()._is_gated(origin) and not self.env.cr.cache.get(CORRECTING)

    def _prepare_stage_move_values(self, before, after, origin):
        values = super()._prepare_stage_move_values(before, after, origin)
        if self.env.cr.cache.get(CORRECTING):
            return [{**move, "direction": "correction", "skipped_count": 0} for move in values[-1:]]
        return values
