from odoo import models
from odoo.fields import Domain


class SalesStageMove(models.Model):
    """What moves do to the to-dos that deals have already."""

    _inherit = "sales.stage.move"

    def _follow_with_tasks(self):
        """Complete and take off the open to-dos that these moves, in their order, leave without a sense.

        Lost, a deal has nothing to do. Won, only what its won stage asks. Moved back, nothing that a stage after the
        one reached asked. Moved on, it keeps what is open, late or not, but for what asks for that very move.
        """
        tasks = self.env["sales.deal.task"]._search_open([("lead_id", "in", self.lead_id.ids)])
        by_lead = tasks.grouped("lead_id")
        done, gone, moves = tasks.browse(), tasks.browse(), {}
        for move in self:
            found = by_lead.get(move.lead_id, tasks.browse())
            left = found.filtered(lambda task, move=move: move._has_passed(task))
            done |= left
            gone |= (found - left).filtered(lambda task, move=move: move._leaves_behind(task))
            moves[move.lead_id] = move
        done._settle(moves)
        (gone - done)._cancel(moves)

    def _has_passed(self, task):
        """Whether this move is what a to-do asks for."""
        if task.done_when != "forward" or self.direction not in ("forward", "won"):
            return False
        return task.stage_id != self.to_stage_id and not self._is_after_reached(task)

    def _leaves_behind(self, task):
        """Whether a to-do has no sense any more after this move."""
        if self.direction == "won":
            return task.stage_id != self.to_stage_id
        return self.direction == "lost" or (self.direction == "back" and self._is_after_reached(task))

    def _is_after_reached(self, task):
        if not task.stage_id or task.stage_id == self.to_stage_id:
            return False
        order = self.env["crm.stage"]._get_stage_order()
        step = order.get_step(self.to_stage_id.id, task.stage_id.id, self.lead_id.team_id.id)
        return step.direction == "forward"

    def _take_tasks_back(self):
        """Undo what the moves that these corrections take back did to to-dos: they are due, and told, as they were."""
        if not self:
            return
        undone = self._get_corrected_moves()
        tasks = self.env["sales.deal.task"]
        tasks._search_open([("opening_move_id", "in", undone.ids)])._cancel()
        closed = Domain("closing_move_id", "in", undone.ids) & Domain("state", "!=", "open")
        tasks.sudo().search(closed)._reopen()  # sudo: as above

    def _get_corrected_moves(self):
        """The moves that these corrections take back: the last of each deal, and a reopening that came with it."""
        domain = Domain("lead_id", "in", self.lead_id.ids) & Domain("id", "<", min(self.ids))
        # sudo: as wherever to-dos follow their deals.
        moves = self.sudo().search(domain & Domain("direction", "!=", "correction"), order="id desc")
        corrected = moves.browse()
        for own in moves.grouped("lead_id").values():
            last, before = own[0], own[1:2]
            corrected |= last
            if before.direction == "reopen" and before.moved_at == last.moved_at:
                corrected |= before
        return corrected
