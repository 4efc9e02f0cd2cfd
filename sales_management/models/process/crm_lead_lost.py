from contextlib import contextmanager

from odoo import api, fields, models

from odoo.addons.sales_management.tools.blocker import BLOCK, Blocker

#: What losing a deal asks for, written before the deal is archived.
LOST_FIELDS = frozenset({"lost_reason_id", "lost_competitor", "lost_retry_date"})


class CrmLead(models.Model):
    """Losing a deal: why, to whom, and when to try again."""

    _inherit = "crm.lead"

    lost_competitor = fields.Char(string="Lost to", copy=False, tracking=True, help="Who won this deal instead of us.")
    lost_retry_date = fields.Date(
        string="Try Again On",
        copy=False,
        tracking=True,
        help="On this day a to-do for the salesperson is due. Reopening the deal takes both away.",
    )
    lost_retry_activity_id = fields.Many2one(
        "mail.activity", copy=False, readonly=True, ondelete="set null", index="btree_not_null"
    )

    # === Actions === #

    def action_set_lost(self, **additional_values):
        """Write the reason before core archives the deal: a policy may refuse to lose it without."""
        if not self._filter_process_enabled():
            return super().action_set_lost(**additional_values)
        asked = {name: value for name, value in additional_values.items() if name in LOST_FIELDS}
        if asked:
            self.write(asked)
        if reason := self._get_written_reason(additional_values):
            # Whoever may pass what blocks, passes it with the first write that is looked at.
            self.filtered("active").write({"active": False, "stage_move_reason": reason})
        return super().action_set_lost(
            **{name: value for name, value in additional_values.items() if name not in asked}
        )

    # === ORM === #

    @api.model
    def _get_computed_only_fields(self):
        return super()._get_computed_only_fields() | {"lost_retry_activity_id"}

    @contextmanager
    def _around_document_write(self, vals):
        with super()._around_document_write(vals):
            yield
        if "lost_retry_date" in vals:
            lost = self._filter_process_enabled().filtered(lambda lead: lead.won_status == "lost")
            lost.sudo()._plan_retry()  # sudo: to-dos follow their deal, whoever they are for

    # === Policy === #

    def _get_move_blockers(self, vals):
        blockers = super()._get_move_blockers(vals)
        stage = self._get_written_stage(vals)
        if {"active", "probability"}.isdisjoint(vals) or stage.is_won:
            return blockers
        for lead in self.filtered(lambda lead: lead.won_status != "lost"):
            blockers[lead] = blockers.get(lead, []) + lead._get_lost_blockers(vals)
        return blockers

    def _get_lost_blockers(self, vals):
        """:return: a blocker when these values lose the deal, or archive it, without a reason"""
        is_archived = not vals.get("active", self.active)
        is_archiving = is_archived and self.active
        is_losing = is_archived and not vals.get("probability", self.probability)
        if self.won_status == "won" and "stage_id" not in vals and not is_losing:
            return []
        if not (is_archiving or is_losing) or vals.get("lost_reason_id", self.lost_reason_id.id):
            return []
        level = self.env["sales.policy"]._get_level("lost_reason", self._get_process_company(), self.team_id)
        # Core loses an archived deal by a second write: it is warned of once.
        if level == "off" or (level != BLOCK and not is_archiving):
            return []
        return [Blocker("lost_reason", self, self.env._("Say why it is lost."), enforcement=level)]

    def _prepare_blocked_action(self, blockers, stage):
        if any(blocker.code != "lost_reason" for found in blockers.values() for blocker in found):
            return super()._prepare_blocked_action(blockers, stage)
        action = self.env["ir.actions.actions"]._for_xml_id("crm.crm_lead_lost_action")
        action["context"] = {"dialog_size": "medium", "default_lead_ids": [lead.id for lead in blockers]}
        return action, self.env._("Say Why")

    # === Trying again === #

    def _after_stage_moves(self, moves):
        result = super()._after_stage_moves(moves)
        deals = self._filter_process_enabled()
        lost = moves.filtered(lambda move: move.direction == "lost").lead_id & deals
        lost.sudo()._plan_retry()  # sudo: to-dos follow their deal, whoever they are for
        # Taken back, a loss is a correction.
        reopened = moves.filtered(lambda move: move.direction == "reopen" or move._is_loss_taken_back())
        (reopened.lead_id & deals).sudo()._forget_retry()  # sudo: as above
        return result

    def _plan_retry(self):
        """Open a to-do on the day to try again, move the one that is there, or take it away with the day."""
        planned = self.filtered("lost_retry_date")
        (self - planned).lost_retry_activity_id.filtered("active").unlink()
        for lead in planned.filtered(lambda lead: lead.lost_retry_activity_id.active):
            if lead.lost_retry_activity_id.date_deadline != lead.lost_retry_date:
                lead.lost_retry_activity_id.date_deadline = lead.lost_retry_date
        todos = {
            lead: (
                lead.lost_retry_date,
                lead.with_context(lang=lead._get_todo_user().lang).env._("Try this deal again"),
                "",
            )
            for lead in planned
            if not lead.lost_retry_activity_id.active
        }
        planned._open_todos("lost_retry_activity_id", todos)

    def _forget_retry(self):
        self.lost_retry_activity_id.filtered("active").unlink()
        self.filtered(lambda lead: lead.lost_retry_date or lead.lost_competitor).write(
            {"lost_retry_date": False, "lost_competitor": False}
        )
