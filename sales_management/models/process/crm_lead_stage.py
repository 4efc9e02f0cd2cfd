from contextlib import contextmanager
from typing import NamedTuple

from odoo import SUPERUSER_ID, api, fields, models

#: Writes that change the stage of a deal, or whether it is won or lost, for which core looks at both as well. A change
#: of the team comes by the computation of the stage: to look here would compute probabilities write by write.
WATCHED = frozenset({"active", "probability", "stage_id"})
#: Where the cursor keeps which deals are watched, so that a change inside another is recorded once.
WATCHING = "sales_management.stage_watch"
#: Where the cursor keeps what core is doing while it moves deals by itself.
CAUSE = "sales_management.stage_cause"


class StageState(NamedTuple):
    """What of a deal its stage moves tell."""

    stage_id: int
    won_status: str
    entered_at: object


class CrmLead(models.Model):
    """Records stage moves, whatever caused them, by comparing deals before and after."""

    _inherit = "crm.lead"

    stage_move_ids = fields.One2many("sales.stage.move", "lead_id", readonly=True)
    stage_move_reason = fields.Char(
        string="Reason for the Move",
        store=False,
        copy=False,
        help="Written together with the stage: kept with the move, and what a sales manager passes a blocked move "
        "with.",
    )

    # === Computes === #

    @api.depends("team_id", "type")
    def _compute_stage_id(self):
        """Core moves a deal whose team has no such stage; recorded here when no watched write caused it.

        Nothing but the stage is read before core has set it: what depends on it would be computed with the old one.
        """
        watched = self.env.cr.cache.get(WATCHING, frozenset())
        deals = self.filtered(lambda lead: lead.id and lead.id not in watched and lead.type == "opportunity")
        before = {lead: lead.stage_id.id for lead in deals if lead.stage_id}
        result = super()._compute_stage_id()
        moves = []
        for lead, stage_id in before.items():
            if lead.stage_id.id != stage_id:
                state = StageState(stage_id, "pending", lead.date_last_stage_update)
                step = lead._prepare_stage_step_values(state, state._replace(stage_id=lead.stage_id.id))
                moves.append({**lead._prepare_stage_move_common_values("team"), **step})
        if moves:
            self._add_stage_moves(moves)
        return result

    # === ORM === #

    @contextmanager
    def _around_document_write(self, vals):
        with super()._around_document_write(vals):
            if WATCHED.isdisjoint(vals) and vals.get("type") != "opportunity":
                yield
                return
            origin = self._get_stage_move_origin(vals)
            details = self._check_stage_move(vals, origin)
            starting = self.filtered(lambda lead: lead.type == "lead" and vals.get("type") == "opportunity")
            with self._recording_stage_moves(origin, details):
                yield
            if starting:
                starting._after_deal_start(origin)

    def _after_document_create(self):
        result = super()._after_document_create()
        deals = self.filtered(lambda lead: lead.type == "opportunity")
        if deals:
            deals._after_deal_start(self._get_stage_move_origin({}))
        return result

    # === Hooks === #

    def _check_stage_move(self, vals, origin):
        """Refuse a write that may not be, before anything is written; core's own moves come here as well.

        To override: check, and add to what ``super()`` returns.

        :param dict vals: values about to be written; with a new stage, a change of activity or of probability
        :param str origin: one of the origins of ``sales.stage.move``
        :return: values of the moves that are recorded, by deal
        :rtype: dict[crm.lead, dict]
        :raise BlockedError: when something blocks a move
        """
        reason = self._get_written_reason(vals)
        return {lead: {"reason": reason} for lead in self} if reason else {}

    @api.model
    def _get_written_reason(self, vals):
        return str(vals.get("stage_move_reason") or "").strip()

    def _after_stage_moves(self, moves):
        """Follow moves of these deals. To override: issue no query unless your capability is switched on.

        :param sales.stage.move moves: moves that were just recorded, in the order in which they were made
        """

    def _after_deal_start(self, origin):
        """Follow leads into being opportunities, created so or converted. To override: as above.

        :param str origin: one of the origins of ``sales.stage.move``
        """

    # === Merging === #

    def _merge_opportunity(self, user_id=False, team_id=False, auto_unlink=True, max_length=5):
        with self._moving_stages_because("merge"):
            return super()._merge_opportunity(
                user_id=user_id, team_id=team_id, auto_unlink=auto_unlink, max_length=max_length
            )

    def _merge_dependences(self, opportunities):
        """Take over the history of the merged deals, and a move for each that says where it stood."""
        result = super()._merge_dependences(opportunities)
        opportunities.sudo().stage_move_ids._repoint_facts("lead_id", self)  # sudo: what was read as theirs is merged
        self.env["sales.stage.move"]._add_facts(
            [
                {
                    **self._prepare_stage_move_common_values("merge"),
                    "direction": "enter",
                    "to_stage_id": lead.stage_id.id,
                    "merged_from_number": lead.deal_number,
                }
                for lead in opportunities
                if lead.deal_number
            ]
        )
        return result

    # === Recording === #

    @contextmanager
    def _recording_stage_moves(self, origin, details=None):
        """Record how the deals among these leads differ after the ``with`` from before it.

        :param str origin: one of the origins of ``sales.stage.move``
        :param dict[crm.lead, dict] | None details: values that the moves of a deal are recorded with
        """
        cache = self.env.cr.cache
        watched = cache.get(WATCHING, frozenset())
        deals = self.filtered(lambda lead: lead.id not in watched and lead.type == "opportunity")
        before = deals._get_stage_states()
        cache[WATCHING] = watched | set(deals.ids)
        try:
            yield
            after = deals._get_stage_states()
        finally:
            cache[WATCHING] = watched
        details = details or {}
        moves = [
            {**values, **details.get(lead, {})}
            for lead in deals
            if before[lead][:2] != after[lead][:2]
            for values in lead._prepare_stage_move_values(before[lead], after[lead], origin)
        ]
        if moves:
            self._add_stage_moves(moves)

    def _add_stage_moves(self, vals_list):
        moves = self.env["sales.stage.move"]._add_facts(vals_list)
        moves.lead_id._after_stage_moves(moves)

    @contextmanager
    def _moving_stages_because(self, origin):
        """Give the moves inside the ``with`` this origin, whoever writes: core moves these deals by itself."""
        cache = self.env.cr.cache
        outer = cache.get(CAUSE)
        cache[CAUSE] = outer or origin
        try:
            yield
        finally:
            cache[CAUSE] = outer

    def _get_stage_states(self):
        return {lead: StageState(lead.stage_id.id, lead.won_status, lead.date_last_stage_update) for lead in self}

    @api.model
    def _get_stage_move_origin(self, vals):
        """What a write means for the figures. To override: return one of the origins of ``sales.stage.move``.

        :param dict vals: values about to be written
        :rtype: str
        """
        if cause := self.env.cr.cache.get(CAUSE):
            return cause
        if self.env.uid == SUPERUSER_ID:
            return "system"
        return "import" if self._is_importing() else "user"

    def _prepare_stage_move_values(self, before, after, origin):
        """:return: values of the moves between two states, two where a lost deal is won at once
        :rtype: list[dict]
        """
        common = self._prepare_stage_move_common_values(origin)
        moves = []
        if before.won_status == "lost" and after.won_status != "lost":
            moves.append({"direction": "reopen", "from_stage_id": before.stage_id, "to_stage_id": before.stage_id})
        if before.stage_id != after.stage_id:
            moves.append(self._prepare_stage_step_values(before, after))
        elif after.won_status == "won" and before.won_status != "won":
            moves.append({"direction": "won", "from_stage_id": after.stage_id, "to_stage_id": after.stage_id})
        if after.won_status == "lost" and before.won_status != "lost":
            moves.append({"direction": "lost", "from_stage_id": after.stage_id, "to_stage_id": after.stage_id})
        return [{**common, **values} for values in moves]

    def _prepare_stage_move_common_values(self, origin):
        self.ensure_one()
        return {
            "lead_id": self.id,
            "moved_at": self.env.cr.now(),
            "user_id": self.env.uid,
            "team_id": self.team_id.id,
            "company_id": self.company_id.id,
            "origin": origin,
        }

    def _prepare_stage_step_values(self, before, after):
        step = self.env["crm.stage"]._get_stage_order().get_step(before.stage_id, after.stage_id, self.team_id.id)
        entered = before.entered_at or self.create_date
        is_won = after.won_status == "won" and before.won_status != "won"
        return {
            "direction": "won" if is_won else step.direction,
            "from_stage_id": before.stage_id,
            "to_stage_id": after.stage_id,
            "skipped_count": step.skipped_count,
            "seconds_in_stage": max(0, int((self.env.cr.now() - entered).total_seconds())),
        }
